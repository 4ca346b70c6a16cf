"""Stock as CSV: what we write is read back as it was; what others write is judged."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restaurant.core import limits
from restaurant.core.errors import Refused
from restaurant.core.text import text_fault
from restaurant.features.stock_entries.models import Ingredient
from restaurant.features.stock_sheets import rules
from restaurant.features.stock_sheets.models import (
    COLUMNS,
    SheetPlan,
    SheetStock,
)

FLOUR = SheetStock("i1", "ingredient", "Flour", "g", 500, 20, 100)
TACO = SheetStock("m1", "item", "Taco", None, 7, 0, None)
NOTHING = SheetPlan({}, {}, ())

numbers = st.integers(0, limits.STOCK_MAX)


def texts(most: int) -> Any:
    """Names as the doors allow them, often with what spreadsheets trip over."""
    odd = st.sampled_from([*"=+-@'\",;|\\ \t\n\r{}<>&%", "😀", "é", "日"])
    plain = st.characters(exclude_categories=["Cs", "Cc"])
    return st.text(st.one_of(odd, plain), min_size=1, max_size=most).filter(
        lambda t: bool(t.strip()) and text_fault(t, most) is None
    )


ids = st.text("abcXYZ019_-", min_size=1, max_size=22)
stocks = st.lists(
    st.builds(
        SheetStock,
        id=ids,
        kind=st.sampled_from(["item", "modifier", "ingredient"]),
        name=texts(30),
        unit=st.none() | texts(10),
        on_hand=st.none() | numbers,
        reserved=numbers,
        low_at=st.none() | numbers,
    ),
    max_size=8,
    unique_by=lambda stock: stock.id,
)


def faults_of(text: str, *known: SheetStock) -> list[tuple[int, str | None]]:
    """Where a sheet is wrong."""
    with pytest.raises(Refused) as caught:
        rules.plan(rules.read_sheet(text), known)
    assert (caught.value.code, caught.value.facts["field"]) == ("stock.csv", "csv")
    assert all(fault["detail"] for fault in caught.value.facts["faults"])
    return [(fault["row"], fault["column"]) for fault in caught.value.facts["faults"]]


def plan_of(text: str, *known: SheetStock) -> SheetPlan:
    return rules.plan(rules.read_sheet(text), known)


@contextmanager
def suppress_refusal() -> Iterator[None]:
    """What is inside may work, or be refused as a sheet with faults."""
    try:
        yield
    except Refused as refused:
        if refused.code != "stock.csv" or not refused.facts["fault_count"]:
            raise


# --- round trip ------------------------------------------------------------------


@given(stocks)
def test_what_is_exported_asks_for_nothing_when_it_is_imported(known):
    assert plan_of(rules.written(known), *known) == NOTHING


@given(stocks, st.data())
def test_what_is_exported_brings_older_figures_back(known, data):
    """Whatever was counted and marked meanwhile, the sheet puts its own in place."""
    changed = [
        SheetStock(
            *(old.id, old.kind, old.name, old.unit, data.draw(numbers)),
            *(old.reserved, data.draw(st.none() | numbers)),
        )
        for old in known
    ]
    pairs = list(zip(known, changed, strict=True))

    found = plan_of(rules.written(known), *changed)

    assert found.counts == {
        old.id: old.on_hand
        for old, new in pairs
        if old.on_hand is not None and old.on_hand != new.on_hand
    }
    assert found.low_at == {
        old.id: old.low_at for old, new in pairs if old.low_at != new.low_at
    }


@given(stocks, st.sampled_from([",", ";", "\t"]), st.sampled_from(["", "\ufeff"]))
def test_every_spreadsheets_way_of_writing_reads_the_same(known, separator, bom):
    import csv
    import io

    rows = list(csv.reader(io.StringIO(rules.written(known), newline="")))
    order = [3, 7, 0, 1, 5, 2, 4, 6]
    out = io.StringIO()
    quoting = csv.QUOTE_ALL if separator == "\t" else csv.QUOTE_MINIMAL
    writer = csv.writer(out, delimiter=separator, lineterminator="\n", quoting=quoting)
    writer.writerows([row[n] for n in order] for row in rows)

    assert plan_of(bom + out.getvalue(), *known) == NOTHING


@given(texts(40))
def test_no_cell_begins_like_a_formula_and_guarding_is_undone(text):
    guarded = rules.guarded(text)

    assert not guarded.startswith(("=", "+", "-", "@"))
    assert rules.unguarded(guarded) == text


@given(st.text(max_size=200))
def test_any_text_at_all_is_read_or_refused_with_rows(text):
    with suppress_refusal():
        rules.read_sheet(text)


@given(st.text(st.sampled_from("id,;\"'\r\n\0=low_aton_handkindame19 "), max_size=120))
def test_hostile_text_under_a_true_header_is_read_or_refused(text):
    with suppress_refusal():
        plan_of("id,kind,name,unit,on_hand,low_at\r\n" + text, FLOUR, TACO)


# --- writing ---------------------------------------------------------------------


def test_the_sheet_is_as_documented():
    odd = SheetStock("-x", "modifier", '=HYPERLINK("a","b")', None, None, 0, None)

    assert rules.written([FLOUR, TACO, odd]) == (
        "id,kind,name,unit,on_hand,reserved,available,low_at\r\n"
        "i1,ingredient,Flour,g,500,20,480,100\r\n"
        "m1,item,Taco,,7,0,7,\r\n"
        '\'-x,modifier,"\'=HYPERLINK(""a"",""b"")",,,0,,\r\n'
    )


def test_no_stock_at_all_is_a_header():
    assert rules.written([]) == ",".join(COLUMNS) + "\r\n"


# --- reading ---------------------------------------------------------------------


def test_counts_by_id_or_by_kind_and_name():
    text = "kind;name;id;on_hand\n;;i1;5\nitem;Taco;;6\n"

    assert plan_of(text, FLOUR, TACO) == SheetPlan({"i1": 5, "m1": 6}, {}, ())


def test_what_the_sheet_does_not_have_stays():
    assert plan_of("id,on_hand\ni1,\nm1,7\n", FLOUR, TACO) == NOTHING
    assert plan_of("id,low_at\ni1,\nm1,3\n", FLOUR, TACO) == SheetPlan(
        {}, {"i1": None, "m1": 3}, ()
    )


def test_an_item_that_was_not_counted_begins_to_be():
    loose = SheetStock("m2", "item", "Soup", None, None, 0, None)

    assert plan_of("id,on_hand\nm2,0\n", loose) == SheetPlan({"m2": 0}, {}, ())


def test_what_nobody_counts_is_marked_only_together_with_a_count():
    loose = SheetStock("m2", "item", "Soup", None, None, 0, None)

    assert faults_of("id,low_at\nm2,5\n", loose) == [(2, "low_at")]
    both = plan_of("id,on_hand,low_at\nm2,9,5\n", loose)
    assert both == SheetPlan({"m2": 9}, {"m2": 5}, ())


def test_an_unknown_ingredient_is_new():
    text = "kind,name,unit,on_hand,low_at\nIngredient,Salt,g,1000,50\n"

    added = (Ingredient("Salt", "g", 1000, 50),)
    assert plan_of(text, FLOUR) == SheetPlan({}, {}, added)
    without = "kind,name,unit\ningredient,Salt,g\n"
    assert plan_of(without, FLOUR).added == (Ingredient("Salt", "g", 0, None),)


def test_blank_lines_and_cells_at_the_end_are_nothing():
    text = "id,on_hand,,\r\n\r\ni1,5,,\r\n,,,\r\n\r\n"

    assert plan_of(text, FLOUR) == SheetPlan({"i1": 5}, {}, ())


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", [(1, None)]),
        ("\ufeff", [(1, None)]),
        ("on_hand\n5\n", [(1, None)]),
        ("name,on_hand\nFlour,5\n", [(1, None)]),
        ("id,price\ni1,5\n", [(1, "price")]),
        ("id,,on_hand\ni1,,5\n", [(1, "")]),
        ("id,on_hand,On_Hand\ni1,5,5\n", [(1, "on_hand")]),
        ("id,on_hand\ni1,-1\n", [(2, "on_hand")]),
        ("id,on_hand\ni1,1.5\n", [(2, "on_hand")]),
        ('id,on_hand\ni1,"1,000"\n', [(2, "on_hand")]),
        ("id,on_hand\ni1,5 g\n", [(2, "on_hand")]),
        ("id,on_hand\ni1,1000001\n", [(2, "on_hand")]),
        ("id,on_hand\ni1,٣\n", [(2, "on_hand")]),
        ("id,low_at\ni1,1e3\n", [(2, "low_at")]),
        ("id,on_hand\n,5\n", [(2, None)]),
        ("id,on_hand\ni1,5,7\n", [(2, None)]),
        ("id,on_hand\nnobody,5\n", [(2, "id")]),
        ("id,on_hand\ni1,5\ni1,6\n", [(3, None)]),
        ("id,kind,name,on_hand\ni1,,,5\n,ingredient,Flour,6\n", [(3, None)]),
        ("id,kind,on_hand\ni1,item,5\n", [(2, "kind")]),
        ("id,kind,on_hand\ni1,spice,5\n", [(2, "kind")]),
        ("id,unit,on_hand\ni1,kg,5\n", [(2, "unit")]),
        ("id,unit,on_hand\nm1,kg,5\n", [(2, "unit")]),
        ("kind,name,on_hand\nitem,Burger,5\n", [(2, "name")]),
        ("kind,name,on_hand\ningredient,Salt,5\n", [(2, "unit")]),
        ("kind,name,unit\ningredient,A\u202eB,g\n", [(2, "name")]),
        ("kind,name,unit\ningredient,Salt," + "g" * 21 + "\n", [(2, "unit")]),
        ("kind,name,unit\ningredient," + "x" * 121 + ",g\n", [(2, "name")]),
        ('id,on_hand\ni1,"5\n', [(2, None)]),
        ('id,on_hand\ni1,"5"x\n', [(2, None)]),
    ],
)
def test_a_fault_is_named_with_its_row(text, where):
    assert faults_of(text, FLOUR, TACO) == where


def test_a_name_that_two_have_needs_the_id():
    twin = SheetStock("m9", "item", "Taco", None, 1, 0, None)

    assert faults_of("kind,name,on_hand\nitem,Taco,5\n", TACO, twin) == [(2, "name")]
    assert plan_of("id,on_hand\nm9,5\n", TACO, twin).counts == {"m9": 5}


def test_every_fault_is_listed_at_once_and_the_list_is_bounded():
    lines = "".join(f"x{n},-1\n" for n in range(300))

    with pytest.raises(Refused) as caught:
        rules.read_sheet("id,on_hand\n" + lines)
    assert caught.value.facts["fault_count"] == 300
    rows = [fault["row"] for fault in caught.value.facts["faults"]]
    assert rows == list(range(2, 202))


def test_a_sheet_is_bounded():
    most = limits.STOCK_CSV_ROWS_MAX
    known = [SheetStock(f"x{n}", "item", "x", None, 1, 0, None) for n in range(most)]
    lines = [f"x{n},1" for n in range(most)]

    assert plan_of("\n".join(["id,on_hand", *lines]), *known) == NOTHING
    text = "\n".join(["id,on_hand", *lines, "one-more,1"])
    assert faults_of(text, *known) == [(most + 2, None)]
