"""What a ticket says and how it lies on the paper."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import (
    MINUTE,
    NOW,
    a_line,
    a_line_modifier,
    a_print_job,
    a_restaurant,
    an_order,
)
from restaurant.core import paper
from restaurant.features.orders.models import Order
from restaurant.features.printing import rules
from restaurant.features.printing.models import TicketDocument
from restaurant.models import Flag

NASTY = ["\x1b@", "\x1dV\x00", "\x9b31m", "\x00", "\u202egnirts", "\ud800", "\ufeff"]
any_text = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=200),
    st.lists(st.sampled_from([*NASTY, "羊肉", "عربي", "🌶️", "word", "\n", " "])).map(
        "".join
    ),
)


def width_of(line: str) -> int:
    """Display width, told apart from the code under test."""
    invisible = {"Mn", "Me", "Cf"}
    return sum(
        0
        if unicodedata.category(char) in invisible
        else 1 + (unicodedata.east_asian_width(char) in {"W", "F"})
        for char in line
    )


def ticket(*lines: Any, **changes: Any) -> TicketDocument:
    order = an_order(*lines, **changes)
    return rules.tickets_of(order, a_restaurant(timezone="America/Guatemala"), NOW)[
        0
    ].document


def test_a_whole_ticket() -> None:
    document = ticket(
        a_line(
            "Tacos",
            quantity=2,
            note="no onion",
            allergens=("gluten", "milk"),
            modifiers=(
                a_line_modifier("Maíz"),
                a_line_modifier("Chicken", quantity=2),
            ),
        ),
        a_line("羊肉串"),
        order_type="dine_in",
        table_name="7",
        covers=3,
        customer_name="Ana",
        note="allergic to peanuts\nbirthday",
        promised_at=NOW + 20 * 60_000,
        flags=("oversold", "refund_due"),
    )

    assert rules.ticket_text(document) == (
        "#12 KITCHEN\n"
        "TABLE 7\n"
        "Ana\n"
        "3 guests\n"
        "2026-09-21 08:13\n"
        "PROMISED FOR 2026-09-21 08:33\n"
        "!! OVERSOLD !!\n"
        "+----------------------------------------+\n"
        "| allergic to peanuts                    |\n"
        "| birthday                               |\n"
        "+----------------------------------------+\n"
        "==========================================\n"
        "2 x Tacos\n"
        "  + Maíz\n"
        "  + 2 x Chicken\n"
        "  ALLERGENS: GLUTEN, MILK\n"
        "  +--------------------------------------+\n"
        "  | no onion                             |\n"
        "  +--------------------------------------+\n"
        "------------------------------------------\n"
        "1 x 羊肉串\n"
        "==========================================\n"
        "Big Jay's Bustaurant\n"
    )


def test_the_document_says_what_a_station_needs_and_no_price() -> None:
    document = ticket(
        a_line("Tacos", note="no onion", modifiers=(a_line_modifier("Maíz"),)),
        id="abc",
        customer_name="Ana",
    )

    assert document.dict() == {
        "type": "ticket/1",
        "kind": "ticket",
        "restaurant": "Big Jay's Bustaurant",
        "timezone": "America/Guatemala",
        "local_time": "2026-09-21 08:13",
        "order_id": "abc",
        "order_number": 12,
        "order_type": "pickup",
        "station": "kitchen",
        "round": 1,
        "table": None,
        "customer_name": "Ana",
        "covers": None,
        "note": None,
        "flags": [],
        "placed_at": "2026-09-21T14:12:20.000Z",
        "paid_at": "2026-09-21T14:13:20.000Z",
        "pickup_at": None,
        "promised_at": None,
        "lines": [
            {
                "quantity": 1,
                "name": "Tacos",
                "note": "no onion",
                "allergens": [],
                "modifiers": [{"quantity": 1, "name": "Maíz"}],
            }
        ],
        "replaces": None,
        "reprint": None,
    }


def test_one_ticket_per_station_in_the_order_of_their_first_lines() -> None:
    order = an_order(
        a_line("Margarita", station="bar"),
        a_line("Tacos", station="kitchen"),
        a_line("Beer", station="bar"),
    )

    tickets = rules.tickets_of(order, a_restaurant(), NOW)

    found = [(t.station, [line.name for line in t.document.lines]) for t in tickets]
    assert found == [("bar", ["Margarita", "Beer"]), ("kitchen", ["Tacos"])]
    assert all(t.text == rules.ticket_text(t.document) for t in tickets)
    assert all(t.document.station == t.station for t in tickets)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"order_type": "dine_in"}, "DINE IN"),
        ({"order_type": "dine_in", "table_name": "Terrace 4"}, "TABLE Terrace 4"),
        ({"order_type": "pickup"}, "PICKUP"),
        ({"order_type": "pickup", "table_name": "7"}, "PICKUP TABLE 7"),
        ({"order_type": "delivery"}, "DELIVERY"),
    ],
)
def test_the_second_line_says_where_it_goes(
    changes: dict[str, object], place: str
) -> None:
    assert rules.ticket_text(ticket(**changes)).split("\n")[1] == place


def test_a_later_round_says_so() -> None:
    [second] = rules.tickets_of(an_order(), a_restaurant(), NOW, round_n=2)

    assert second.document.round == 2
    assert second.text.split("\n")[:2] == ["#12 KITCHEN", "ROUND 2"]


def test_a_ticket_says_which_one_on_paper_it_replaces() -> None:
    order = an_order(a_line("Tacos", station="kitchen"))

    kitchen, bar = rules.tickets_of(
        order, a_restaurant(), NOW, 3, {"kitchen": 1, "bar": 2}
    )

    assert (kitchen.station, kitchen.document.replaces) == ("kitchen", 1)
    assert kitchen.text.split("\n")[1:3] == [
        "ROUND 3",
        "*** CHANGED *** REPLACES ROUND 1",
    ]
    assert (bar.station, bar.document.replaces, bar.document.lines) == ("bar", 2, [])
    assert "NOTHING TO MAKE" in bar.text.split("\n")
    narrow = rules.ticket_text(kitchen.document, 24).split("\n")
    assert narrow[2:4] == ["*** CHANGED *** REPLACES", "ROUND 1"]


def test_a_station_is_told_only_what_is_news_to_it() -> None:
    order = an_order(a_line("Tacos"), table_name="7")
    job = a_print_job(order)
    later = replace(order, flags=frozenset({Flag.OVERPAID}), paid_at=NOW + 1)
    moved = replace(order, table_name="8")
    more = replace(order, lines=(*order.lines, a_line("Flan")))

    def is_news(changed: Order) -> bool:
        [ticket] = rules.tickets_of(changed, a_restaurant(), NOW + MINUTE, 2)
        return not rules.says_the_same(job, ticket)

    assert [is_news(each) for each in (order, later, moved, more)] == [
        False,
        False,
        True,
        True,
    ]


def test_long_names_wrap_with_a_hanging_indent() -> None:
    name = "Slow smoked brisket with pickled onions and a lot of patience"
    text = rules.ticket_text(ticket(a_line(name, quantity=10)), 32)

    assert (
        "10 x Slow smoked brisket with\n"
        "     pickled onions and a lot of\n"
        "     patience\n"
    ) in text


def test_wide_letters_count_twice() -> None:
    text = rules.ticket_text(ticket(a_line("羊" * 30)), 24)

    assert f"1 x {'羊' * 10}\n    {'羊' * 10}\n    {'羊' * 10}\n" in text


def test_a_guest_cannot_send_commands_to_the_printer() -> None:
    text = rules.ticket_text(
        ticket(
            a_line("Tacos\x1b@\x1dV\x00", note="a\x9bb\tc\u202e\ufeffd\u2028e\ud800"),
        )
    )

    assert "1 x Tacos @ V\n" in text
    assert "| a b cd e?" in text


def test_a_guest_cannot_write_above_the_order_number() -> None:
    document = ticket(
        a_line("#99 BAR"), customer_name="#98", note="#97\n*** REPRINT 1 ***"
    )

    lines = rules.ticket_text(document).split("\n")
    assert lines[0] == "#12 KITCHEN"
    assert "*** REPRINT 1 ***" not in [line.strip() for line in lines]


def test_a_reprint_is_marked_at_both_ends_and_linked() -> None:
    job = a_print_job(confirm="in_doubt", state=rules.S.PRINTED)
    copy = rules.reprint_of(job, 2, "new-id", NOW + 5)

    banner = "            *** REPRINT 2 ***\n"
    assert copy.text == banner + job.text + banner
    assert copy.document == {**job.document, "reprint": {"of": job.id, "n": 2}}
    assert (copy.id, copy.reprint_of, copy.reprint_n) == ("new-id", job.id, 2)
    assert (copy.state, copy.attempts, copy.confirm) == (rules.S.QUEUED, 0, None)
    assert copy.position > job.position


def test_a_possible_duplicate_is_marked_until_one_copy_is_confirmed() -> None:
    banner = "        *** POSSIBLE DUPLICATE ***\n"
    text = a_print_job().text

    assert a_print_job().printed_text == text
    in_doubt = a_print_job(confirm="in_doubt")
    assert in_doubt.printed_text == banner + text + banner
    printed = a_print_job(confirm="in_doubt", state=rules.S.PRINTED)
    assert printed.printed_text == text


def test_paper_that_is_too_narrow_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 24 columns"):
        rules.ticket_text(ticket(), 23)


@given(
    texts=st.lists(any_text, min_size=8, max_size=8),
    columns=st.integers(24, 60),
    quantity=st.integers(1, 999),
    station=any_text,
)
def test_any_text_fits_the_paper_and_carries_no_control_character(
    texts: list[str], columns: int, quantity: int, station: str
) -> None:
    name, note, modifier, allergen, customer, order_note, table, restaurant = texts
    line = a_line(
        name,
        quantity=quantity,
        note=note,
        station=station,
        allergens=(allergen, "milk"),
        modifiers=(a_line_modifier(modifier, quantity),),
    )
    order = an_order(
        line,
        customer_name=customer,
        note=order_note,
        table_name=table,
        number=quantity,
        covers=quantity,
        pickup_at=NOW,
        promised_at=NOW,
        flags=("unavailable", "paid_late", "disputed", "oversold"),
    )
    [made] = rules.tickets_of(order, a_restaurant(name=restaurant), NOW)

    text = rules.ticket_text(made.document, columns)

    assert all(width_of(each) <= columns for each in text.split("\n"))
    assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in text if c != "\n")
    assert text.startswith(f"#{quantity}")
    assert text.endswith("\n")


@given(text=any_text, columns=st.integers(24, 60))
def test_wrapping_loses_no_visible_letter(text: str, columns: int) -> None:
    printed = rules.ticket_text(ticket(a_line(text)), columns)

    lines = printed.split("\n")
    first, last = (n for n, line in enumerate(lines) if line == "=" * columns)
    body = "".join("".join(lines[first + 1 : last]).split())
    assert body == "1x" + "".join(paper.printable(text).split())
