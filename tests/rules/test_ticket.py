"""What a ticket says and how it lies on the paper."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import (
    NOW,
    a_line,
    a_line_modifier,
    a_print_job,
    a_restaurant,
    an_order,
)
from restaurant.core import paper
from restaurant.core.columns import plain
from restaurant.core.sheets import Size, Text
from restaurant.features.orders.models import Delivery
from restaurant.features.papers.models import LANGUAGES
from restaurant.features.printing import rules as queue
from restaurant.features.ticket_sheets import rules as sheets
from restaurant.features.tickets import rules
from restaurant.features.tickets.models import (
    HeldCourse,
    TicketDocument,
    TicketLine,
    TicketModifier,
    TicketNews,
)

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


GUATEMALA = "America/Guatemala"


def ticket(*lines: Any, **changes: Any) -> TicketDocument:
    order = an_order(*lines, **changes)
    plan = rules.plan(order, a_restaurant(timezone=GUATEMALA), (), NOW)
    return plan.tickets[0].document


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

    assert sheets.ticket_text(document) == (
        "#12 KITCHEN\n"
        "TABLE 7\n"
        "NAME Ana\n"
        "3 guests\n"
        "2026-09-21 08:13\n"
        "PROMISED FOR 08:33\n"
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

    [line] = document.lines
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
                "line_id": line.line_id,
                "course": None,
            }
        ],
        "part": "new",
        "course": None,
        "voided": [],
        "news": [],
        "held": [],
        "delivery": None,
        "replaces": None,
        "reprint": None,
    }


def test_one_ticket_per_station_in_the_order_of_their_first_lines() -> None:
    order = an_order(
        a_line("Margarita", station="bar"),
        a_line("Tacos", station="kitchen"),
        a_line("Beer", station="bar"),
    )

    tickets = rules.plan(order, a_restaurant(), (), NOW).tickets

    found = [(t.station, [line.name for line in t.document.lines]) for t in tickets]
    assert found == [("bar", ["Margarita", "Beer"]), ("kitchen", ["Tacos"])]
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
    assert sheets.ticket_text(ticket(**changes)).split("\n")[1] == place


def test_a_later_round_says_so() -> None:
    [second] = rules.plan(an_order(), a_restaurant(), (), NOW, round_n=2).tickets

    assert second.document.round == 2
    assert sheets.ticket_text(second.document).split("\n")[:2] == [
        "#12 KITCHEN",
        "ROUND 2",
    ]


def test_a_document_of_an_older_version_says_what_it_replaces() -> None:
    document = ticket().copy(update={"round": 3, "replaces": 1, "lines": []})

    text = sheets.ticket_text(document).split("\n")
    assert text[1:3] == ["ROUND 3", "*** CHANGED *** REPLACES ROUND 1"]
    assert "NOTHING TO MAKE" in text
    narrow = sheets.ticket_text(document, 24).split("\n")
    assert narrow[2:4] == ["*** CHANGED *** REPLACES", "ROUND 1"]


# --- what follows the first ticket ------------------------------------------------


def tacos(quantity: int = 2, name: str = "Tacos", **sets: Any) -> TicketLine:
    words = {
        "note": None,
        "allergens": [],
        "modifiers": [TicketModifier(quantity=1, name="Maíz")],
        "line_id": "a",
    }
    return TicketLine(quantity=quantity, name=name, **{**words, **sets})


def later(part: str, **sets: Any) -> TicketDocument:
    """The second ticket of an order of table 7."""
    document = ticket(order_type="dine_in", table_name="7")
    return document.copy(update={"part": part, "round": 2, "lines": [], **sets})


FLAN = tacos(1, "Flan", modifiers=[], line_id="b", note="two spoons please")
LATER = {
    "added": later("added", lines=[tacos(1), FLAN]),
    "void": later("void", voided=[tacos(), FLAN]),
    "changed": later(
        "changed", lines=[FLAN, tacos(3, note="no onion")], voided=[tacos()]
    ),
    "moved": later(
        "moved",
        table="9",
        note="birthday",
        news=[
            TicketNews(what="table", before="7", after="9"),
            TicketNews(what="note", before=None, after="birthday"),
        ],
    ),
    "fired": later(
        "fired",
        course=2,
        lines=[tacos(course=2)],
        held=[HeldCourse(course=3, items=2)],
    ),
    "courses": ticket(
        a_line("Soup"),
        a_line("Steak", course=2),
        a_line("Chips", course=2),
        a_line("Cake", course=3, status="held", quantity=3),
        a_line("Figs", course=None, status="held"),
    ),
    "delivery": ticket(
        order_type="delivery",
        customer_name="Ana",
        delivery=Delivery("4a Calle Oriente 12, blue door behind the fountain", "555"),
    ),
}
GOLDEN = Path(__file__).with_name("golden_tickets.txt")


def golden() -> str:
    """Every kind of later ticket on every usual width of paper."""
    return "".join(
        f"## {name} on {columns}\n{sheets.ticket_text(document, columns)}\n"
        for name, document in LATER.items()
        for columns in (32, 42, 48)
    )


def test_later_tickets_lie_on_paper_as_agreed() -> None:
    assert golden() == GOLDEN.read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("added", "ADD TO #12"),
        ("void", "*** VOID *** #12"),
        ("changed", "*** CHANGED *** #12"),
        ("moved", "MOVED #12"),
        ("fired", "FIRE COURSE 2 #12"),
    ],
)
def test_the_number_s_line_says_what_a_later_ticket_is(name: str, title: str) -> None:
    """Nothing that a guest types comes before it, at any width."""
    for columns in (24, 32, 42, 48):
        text = sheets.ticket_text(LATER[name], columns)
        assert text.split("\n")[:3] == [title, "KITCHEN", "ROUND 2"]


def test_every_line_of_a_void_ticket_says_so() -> None:
    text = sheets.ticket_text(LATER["void"])

    assert "VOID 2 x Tacos" in text.split("\n")
    assert text.count("*** VOID ***") == 2
    assert "DO NOT MAKE" in text


def test_news_that_move_nothing_are_news() -> None:
    news = [
        TicketNews(what="customer_name", before=None, after="Ana"),
        TicketNews(what="covers", before="2", after="3"),
        TicketNews(what="pickup_at", before=None, after="2026-09-21T15:00:00.000Z"),
        TicketNews(what="note", before="nuts", after=None),
        TicketNews(what="phone", before="1", after=None),
    ]

    lines = sheets.ticket_text(later("moved", news=news)).split("\n")

    assert lines[0] == "NEWS FOR #12"
    assert lines[3:8] == [
        "NAME - -> Ana",
        "GUESTS 2 -> 3",
        "PICKUP - -> 2026-09-21 09:00",
        "NO NOTE",
        "PHONE 1 -> -",
    ]
    where = [
        TicketNews(what="order_type", before="dine_in", after="pickup"),
        TicketNews(what="table", before="7", after=None),
    ]
    lines = sheets.ticket_text(later("moved", news=where)).split("\n")
    assert (lines[0], lines[3:5]) == (
        "MOVED #12",
        ["DINE IN -> PICKUP", "TABLE 7 -> NO TABLE"],
    )


def test_long_names_wrap_with_a_hanging_indent() -> None:
    name = "Slow smoked brisket with pickled onions and a lot of patience"
    text = sheets.ticket_text(ticket(a_line(name, quantity=10)), 32)

    assert (
        "10 x Slow smoked brisket with\n"
        "     pickled onions and a lot of\n"
        "     patience\n"
    ) in text


def test_wide_letters_count_twice() -> None:
    text = sheets.ticket_text(ticket(a_line("羊" * 30)), 24)

    assert f"1 x {'羊' * 10}\n    {'羊' * 10}\n    {'羊' * 10}\n" in text


def test_a_guest_cannot_send_commands_to_the_printer() -> None:
    text = sheets.ticket_text(
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

    lines = sheets.ticket_text(document).split("\n")
    assert lines[0] == "#12 KITCHEN"
    assert "*** REPRINT 1 ***" not in [line.strip() for line in lines]


def test_a_reprint_is_marked_at_both_ends_and_linked() -> None:
    job = a_print_job(confirm="in_doubt", state=queue.S.PRINTED)
    copy = queue.reprint_of(job, 2, "new-id", NOW + 5)

    banner = "            *** REPRINT 2 ***\n"
    assert copy.text == banner + job.text + banner
    assert copy.document == {**job.document, "reprint": {"of": job.id, "n": 2}}
    assert (copy.id, copy.reprint_of, copy.reprint_n) == ("new-id", job.id, 2)
    assert (copy.state, copy.attempts, copy.confirm) == (queue.S.QUEUED, 0, None)
    assert copy.position > job.position


def test_a_possible_duplicate_is_marked_until_one_copy_is_confirmed() -> None:
    banner = "        *** POSSIBLE DUPLICATE ***\n"
    text = a_print_job().text

    assert a_print_job().printed_text == text
    in_doubt = a_print_job(confirm="in_doubt")
    assert in_doubt.printed_text == banner + text + banner
    printed = a_print_job(confirm="in_doubt", state=queue.S.PRINTED)
    assert printed.printed_text == text


def test_paper_that_is_too_narrow_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 24 columns"):
        sheets.ticket_text(ticket(), 23)


@given(
    texts=st.lists(any_text, min_size=8, max_size=8),
    columns=st.integers(24, 60),
    quantity=st.integers(1, 999),
    station=any_text,
    part=st.sampled_from(["new", "added", "void"]),
)
def test_any_text_fits_the_paper_and_carries_no_control_character(
    texts: list[str], columns: int, quantity: int, station: str, part: str
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
        delivery=Delivery(order_note, customer),
    )
    [made] = rules.plan(order, a_restaurant(name=restaurant), (), NOW).tickets
    news = [
        TicketNews(what=what, before=note, after=name)
        for what in ("table", "customer_name", "note", "address", "phone")
    ]
    sets = {"part": part, "news": news, "voided": made.document.lines, "course": 1}
    later_one = made.document.copy(update=sets)
    starts = {"new": "#", "added": "ADD TO #", "void": "*** VOID *** #"}

    for document, start in ((made.document, "#"), (later_one, starts[part])):
        text = sheets.ticket_text(document, columns)
        assert all(width_of(each) <= columns for each in text.split("\n"))
        kinds = {unicodedata.category(c) for c in text if c != "\n"}
        assert not kinds & {"Cc", "Cs"}
        assert text.startswith(f"{start}{quantity}")
        assert text.endswith("\n")


@given(text=any_text, columns=st.integers(24, 60))
def test_wrapping_loses_no_visible_letter(text: str, columns: int) -> None:
    printed = sheets.ticket_text(ticket(a_line(text)), columns)

    lines = printed.split("\n")
    first, last = (n for n, line in enumerate(lines) if line == "=" * columns)
    body = "".join("".join(lines[first + 1 : last]).split())
    assert body == "1x" + "".join(paper.printable(text).split())


# --- large paper, and the kitchen's language ------------------------------------------


def texts(document: TicketDocument, language: str = "en") -> list[str]:
    sheet = sheets.ticket_sheet(document, language)
    return [b.first + b.text for b in sheet if isinstance(b, Text)]


def test_what_is_read_from_two_metres_is_large() -> None:
    document = ticket(
        a_line(
            "Tacos", quantity=2, allergens=("milk",), modifiers=(a_line_modifier(),)
        ),
        order_type="dine_in",
        table_name="7",
        customer_name="Ana",
        promised_at=NOW + 20 * 60_000,
    )
    blocks = [b for b in sheets.ticket_sheet(document) if isinstance(b, Text)]
    by_size = {
        size: [b.first + b.text for b in blocks if b.size is size] for size in Size
    }

    assert by_size[Size.HUGE] == ["#12 KITCHEN"]
    assert by_size[Size.LARGE] == ["TABLE 7", "PROMISED FOR 08:33", "2 x Tacos"]
    assert all(b.is_bold for b in blocks if b.size in (Size.HUGE, Size.LARGE))
    assert [b.text for b in blocks if b.is_inverse] == ["ALLERGENS: MILK"]
    [modifier] = [b for b in blocks if b.first == "+ "]
    assert (modifier.text, modifier.is_bold, modifier.indent) == ("Brisket", True, 2)


def test_what_is_void_is_white_on_black_and_what_comes_instead_is_not() -> None:
    blocks = sheets.ticket_sheet(LATER["changed"])
    inverse = [b.first + b.text for b in blocks if isinstance(b, Text) and b.is_inverse]

    assert inverse == ["*** CHANGED *** #12", "VOID 2 x Tacos"]


def test_another_day_s_time_has_its_date() -> None:
    document = ticket(pickup_at=NOW + 24 * 60 * 60_000)

    assert "PICKUP AT 2026-09-22 08:13" in texts(document)


def test_a_kitchen_reads_its_own_language_and_the_guest_s_words_as_they_are() -> None:
    assert texts(LATER["void"], "es") == [
        "*** ANULADO *** #12",
        "KITCHEN",
        "RONDA 2",
        "MESA 7",
        "2026-09-21 08:13",
        "NO PREPARAR:",
        "ANULADO 2 x Tacos",
        "+ Maíz",
        "ANULADO 1 x Flan",
        "ANULADO",
        "Big Jay's Bustaurant",
    ]
    assert texts(LATER["fired"], "es")[0] == "MARCHAR CURSO 2 #12"
    assert "EN ESPERA: curso 3: 2 platos" in texts(LATER["fired"], "es")
    assert texts(LATER["added"], "de")[0] == "NACHTRAG ZU #12"
    assert texts(LATER["moved"], "fr")[:5] == [
        "DÉPLACÉ #12",
        "KITCHEN",
        "TOUR 2",
        "TABLE 7 -> TABLE 9",
        "NOUVELLE NOTE",
    ]
    assert texts(LATER["delivery"], "it")[1:4] == [
        "CONSEGNA",
        "A 4a Calle Oriente 12, blue door behind the fountain",
        "TEL. 555",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", LATER)
def test_every_ticket_is_there_in_every_language(name: str, language: str) -> None:
    document = LATER[name].copy(update={"flags": ["oversold", "disputed"], "covers": 1})
    text = plain(sheets.ticket_sheet(document, language), 24)

    assert "#12" in text.split("\n")[0] or "#12" in text.split("\n")[1]
    assert all(width_of(line) <= 24 for line in text.split("\n"))


def test_what_a_guest_typed_is_never_a_word_to_fill_in() -> None:
    document = ticket(
        a_line("{n}", allergens=("{names}",)),
        order_type="dine_in",
        table_name="{name}{time}",
    )

    assert "TABLE {name}{time}" in texts(document)
    assert "ALLERGENS: {NAMES}" in texts(document)


def test_no_ticket_knows_a_price() -> None:
    line = a_line(price_minor=98_765, modifiers=(a_line_modifier(),))
    document = ticket(line, total_minor=98_765)

    assert "987" not in document.json()


@pytest.mark.parametrize("columns", [32, 42, 48])
def test_a_ticket_of_fifty_lines_stays_right(columns: int) -> None:
    name = "Hamburguesa doble con queso y más cosas!"
    assert len(name) == 40
    modifiers = tuple(a_line_modifier(f"Modifier {n:02}", n) for n in range(1, 13))
    lines = [
        a_line(f"{name}", quantity=n, note=f"note {n}", modifiers=modifiers)
        for n in range(1, 51)
    ]

    text = sheets.ticket_text(ticket(*lines), columns)

    assert all(width_of(line) <= columns for line in text.split("\n"))
    words = " ".join(text.split())
    places = [words.index(f" {n} x Hamburguesa doble") for n in range(1, 51)]
    assert places == sorted(places)
    assert all(f"| note {n} " in text for n in range(1, 51))
    for n in range(2, 13):
        assert text.count(f"  + {n} x Modifier {n:02}\n") == 50
    assert text.count("  + Modifier 01\n") == 50
    assert text.count("-" * columns + "\n") == 49


def test_names_of_every_script_hang_and_fit() -> None:
    names = [
        "كباب لحم مع أرز وسلطة خضراء طازجة",
        "羊肉串加辣椒不要洋葱请快一点",
        "ข้าวผัดกุ้งไข่ดาวน้ำปลาพริก",
    ]
    text = sheets.ticket_text(ticket(*(a_line(name) for name in names)), 24)

    lines = text.split("\n")
    assert all(width_of(line) <= 24 for line in lines)
    joined = "".join(text.split())
    assert all("".join(name.split()) in joined for name in names)
