"""What every paper has in common: words, marks, head and foot, a test, a page."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOW, a_print_job, a_restaurant, an_order
from restaurant.core import sheet_html
from restaurant.core.bitmaps import Bitmap
from restaurant.core.columns import plain
from restaurant.core.sheet_html import SECURITY
from restaurant.core.sheets import Align, Code, Frame, Picture, Row, Size, Space, Text
from restaurant.features.order_views import rules as views
from restaurant.features.orders.models import Books
from restaurant.features.papers import rules
from restaurant.features.papers.models import LANGUAGES, WORDS, Layout, Marks
from restaurant.features.printing.models import PrintJob, PrintState
from restaurant.features.receipts.rules import receipt_document
from restaurant.features.slips import rules as slips
from restaurant.features.slips.models import VoidSlip
from restaurant.features.ticket_sheets import rules as tickets
from restaurant.features.tickets.models import TicketDocument
from restaurant.flows.sheets import sheet_of

DOTS = Bitmap(8, 2, b"\xf0\x0f")
html = partial(sheet_html.html, png=lambda bitmap: bitmap.rows)
SHEET = (Text("the paper"),)


def texts(sheet: Any) -> list[str]:
    return [block.text for block in sheet if isinstance(block, Text)]


# --- words ------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_is_there_in_every_language(language: str) -> None:
    words, english = WORDS[language], WORDS["en"]
    braces = re.compile(r"{\w+}")

    assert set(words) == set(english)
    for name, word in words.items():
        assert word == word.strip() != ""
        assert set(braces.findall(word)) == set(braces.findall(english[name])), name


def test_a_kitchen_reads_its_own_words() -> None:
    spanish = WORDS["es"]

    assert spanish["void"] == "ANULADO"
    assert spanish["add_to"] == "AÑADIR A"
    assert spanish["fire_course"].format(n=2) == "MARCHAR CURSO 2"
    assert spanish["duplicate"] == "POSIBLE DUPLICADO"


# --- marks ------------------------------------------------------------------------


def test_paper_without_marks_stays_as_it_is() -> None:
    assert rules.marked(SHEET, Marks()) == SHEET


def test_marks_stand_white_on_black_at_both_ends() -> None:
    marks = Marks(
        reprint_n=2,
        is_possible_duplicate=True,
        backup_of="Grill",
        copy_n=3,
        copy=1,
        copies=2,
    )
    said = [
        "POSSIBLE DUPLICATE",
        "REPRINT 2",
        "COPY 3",
        "BACKUP OF Grill",
        "COPY 1 OF 2",
    ]

    sheet = rules.marked(SHEET, marks)

    assert texts(sheet) == [*said, "the paper", *reversed(said)]
    banners = [block for block in sheet if block != SHEET[0]]
    assert all(
        (b.size, b.is_bold, b.is_inverse, b.align)
        == (Size.LARGE, True, True, Align.CENTER)
        for b in banners
        if isinstance(b, Text)
    )


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("es", "REIMPRESIÓN 1"),
        ("de", "NACHDRUCK 1"),
        ("fr", "RÉIMPRESSION 1"),
        ("pt", "REIMPRESSÃO 1"),
        ("it", "RISTAMPA 1"),
    ],
)
def test_marks_are_in_the_printer_s_language(language: str, said: str) -> None:
    assert texts(rules.marked((), Marks(reprint_n=1), language)) == [said, said]


def test_a_printer_s_name_is_never_a_word_to_fill_in() -> None:
    marks = Marks(backup_of="{n}{printer}")

    assert texts(rules.marked((), marks)) == ["BACKUP OF {n}{printer}"] * 2


# --- head and foot ----------------------------------------------------------------

DRESSED = Layout(header="Hello\n\n there ", footer="Bye", rail_mm=20)


def test_a_receipt_stands_between_logo_header_and_footer() -> None:
    sheet = rules.dressed(SHEET, DRESSED, "receipt", DOTS)

    assert sheet[0] == Picture(DOTS)
    assert texts(sheet) == ["Hello", " there ", "the paper", "Bye"]
    assert rules.dressed(SHEET, Layout(), "receipt") == SHEET


@pytest.mark.parametrize("kind", ["ticket", "void_slip", "test"])
def test_nothing_else_is_dressed(kind: str) -> None:
    assert rules.dressed(SHEET, DRESSED, kind, DOTS) == SHEET


def test_a_ticket_hangs_below_the_rail() -> None:
    assert rules.hung(SHEET, DRESSED, "ticket") == (Space(20), *SHEET)
    assert rules.hung(SHEET, Layout(), "ticket") == SHEET
    assert rules.hung(SHEET, DRESSED, "receipt") == SHEET


# --- jobs as sheets ---------------------------------------------------------------


def receipt_job(**changes: Any) -> PrintJob:
    order = an_order(id="order")
    shown = views.view(order, Books(paid_msat=order.total_msat))
    paper = receipt_document(a_restaurant(), order, shown, ())
    document = {**paper.dict(), **changes}
    return replace(a_print_job(order), kind="receipt", document=document)


def slip_job() -> PrintJob:
    slip = VoidSlip("1.00 GTQ", 158, "cold", "Paid out in cash.", way="cash")
    paper = slips.slip_document(a_restaurant(), an_order(), slip, "bar", NOW)
    return replace(a_print_job(), kind="void_slip", document=paper.dict())


def test_a_test_print_shows_every_script_and_how_wide_it_is() -> None:
    paper = rules.test_document(a_restaurant(), "Grill", NOW)
    job = replace(a_print_job(), kind="test", document=paper.dict())

    sheet = sheet_of(job, Layout(language="de", paper="58"))

    assert texts(sheet)[:2] == ["TESTDRUCK", "Grill"]
    assert "384 Punkte, 32 Zeichen" in texts(sheet)
    assert "12345678901234567890123456789012" in texts(sheet)
    for sample in (
        "ÄÖÜ",
        "€",
        "Приятного",
        "בתיאבון",
        "羊肉串",
        "ขอ",
        "⚡",
    ):
        assert any(sample in text for text in texts(sheet)), sample
    assert [b.letters for b in sheet if isinstance(b, Code)] == ["TEST 12345"]
    needle = Layout(render="text", codepage="cp858", columns=42)
    assert "letters, code page cp858" in texts(sheet_of(job, needle))


def test_a_ticket_s_job_shows_all_that_happened_to_it() -> None:
    job = replace(
        a_print_job(),
        reprint_n=2,
        confirm="in_doubt",
        state=PrintState.QUEUED,
    )

    sheet = sheet_of(
        job,
        Layout(language="es", rail_mm=8, header="no"),
        copy=2,
        copies=2,
        backup_of="Bar",
    )

    assert sheet[0] == Space(8)
    assert texts(sheet)[:5] == [
        "POSIBLE DUPLICADO",
        "REIMPRESIÓN 2",
        "RESPALDO DE Bar",
        "COPIA 2 DE 2",
        "#12 KITCHEN",
    ]
    assert texts(sheet)[-4:] == texts(sheet)[:4][::-1]
    assert "no" not in texts(sheet)


def test_a_plain_ticket_has_its_document_s_sheet() -> None:
    job = a_print_job()
    document = TicketDocument(**job.document)

    assert sheet_of(job, Layout()) == tickets.ticket_sheet(document)
    assert plain(sheet_of(job, Layout()), 42) == job.text


def test_a_receipt_s_code_leads_where_it_is_told_to_and_nowhere_else() -> None:
    url = "https://pay.example/restaurant/o/order#k=key"
    job = receipt_job(tracking_url="https://old.example")

    def codes(**options: Any) -> list[str]:
        blocks = sheet_of(job, Layout(), **options)
        return [block.letters for block in blocks if isinstance(block, Code)]

    assert codes(tracking_url=url) == [url]
    assert codes() == []


def test_a_receipt_in_the_guest_s_language_that_is_a_copy_says_so_in_it() -> None:
    job = receipt_job(language="fr", copy_n=1)

    sheet = sheet_of(job, Layout(language="es", header="Hola"), logo=DOTS)

    assert texts(sheet)[:2] == ["COPIE 1", "Hola"]
    assert "REÇU #12" in texts(sheet)


def test_a_slip_says_where_the_money_goes_in_the_printer_s_language() -> None:
    assert "Bar ausgezahlt." in texts(sheet_of(slip_job(), Layout(language="de")))
    assert "Paid out in cash." in texts(sheet_of(slip_job(), Layout()))


def test_a_kick_is_an_empty_sheet() -> None:
    assert sheet_of(replace(a_print_job(), kind="drawer", document={}), Layout()) == ()


# --- as a page --------------------------------------------------------------------


class Page(HTMLParser):
    """What a browser finds on it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.words.append(data)


BLOCKS = (
    Text("<b>Soup</b>", Size.LARGE, True, True, Align.CENTER, indent=2),
    Text("Tacos", first="2 x "),
    Row("Total & more", "85.00", indent=1),
    Frame("no\nonion"),
    Code(("10", "01"), "Scan"),
    Picture(DOTS),
    Space(4),
)
TAGS = {
    *("html", "head", "meta", "title", "style", "body", "div", "p", "span", "dl"),
    *("dt", "dd", "pre", "hr", "figure", "figcaption", "svg", "path", "img"),
}


def test_a_page_says_what_the_sheet_says_and_runs_nothing() -> None:
    page = html(BLOCKS, "<Receipt>", "ar", "rtl")
    found = Page(page)

    assert page.startswith('<!doctype html>\n<html lang="ar" dir="rtl">')
    assert {"<b>Soup</b>", "2 x ", "Tacos", "Total & more", "85.00"} <= {*found.words}
    assert found.tags <= TAGS
    assert not {name for name in found.attributes if name.startswith("on")}
    assert not re.search(r"https?:|url\(|@import", page)
    assert "script-src" not in SECURITY


def test_a_page_s_blocks_have_classes_for_their_lengths_but_no_styles() -> None:
    page = html(BLOCKS, "x", "en")

    assert "style" not in Page(page).attributes
    for length in (
        ".indent2{margin-inline-start:2ch}",
        ".indent1{margin-inline-start:1ch}",
        ".space4{height:4mm}",
    ):
        assert page.count(length) == 1
    assert '<div class="large bold inverse center indent2">' in page
    assert '<dl class="indent1">' in page
    assert '<div class="space4"></div>' in page


def test_what_leads_in_stands_on_the_side_where_its_words_begin() -> None:
    page = html((Text("בלי בצל", first="+ "),), "x", "en")

    assert '<div class="hang" dir="auto"><span>+ </span><p>בלי בצל</p></div>' in page


def test_a_row_s_words_stay_whole_and_a_figure_without_room_goes_below() -> None:
    page = html((), "x", "en")

    assert "dl{display:flex;flex-wrap:wrap;" in page
    assert "dt{flex:1 1 auto;width:min-content;min-width:0;" in page


def test_a_code_has_the_white_edge_that_readers_need() -> None:
    page = html((Code(("10", "01")),), "x", "en")

    assert '<svg viewBox="0 0 10 10"' in page
    assert '<path d="M4 4h1v1h-1zM5 5h1v1h-1z"/>' in page


def test_a_page_prints_on_receipt_paper_and_on_large_sheets() -> None:
    page = html((), "x", "en")

    assert "@media print and (max-width:62mm)" in page
    assert "max-width:80mm" in page
    assert "@media print and (min-width:120mm)" in page


@given(st.lists(st.text(st.characters(exclude_categories=())), min_size=4, max_size=4))
def test_no_text_becomes_markup(words: list[str]) -> None:
    name, figure, note, title = words
    sheet = (Text(name), Row(note, figure), Frame(note), Code(("1",), name))

    page = html(sheet, title, "en")

    assert Page(page).tags <= TAGS
    assert Page(page).attributes == Page(html((*sheet,), "", "en")).attributes
    page.encode()
