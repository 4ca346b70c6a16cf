"""Twenty papers as bytes: a printer shows the dots that were drawn, and no others.

Read back twice: by the decoder of these tests, and beside python-escpos, which draws
the same picture with bytes of its own.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from escpos.printer import Dummy
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from PIL import Image

from builders import a_restaurant
from escpos_machine import decode
from restaurant.adapters import letters, raster
from restaurant.adapters.raster.library import Library
from restaurant.adapters.raster.shaping import Style, pieces
from restaurant.core import columns, escpos
from restaurant.core.bitmaps import Bitmap
from restaurant.core.codepages import CODEPAGES, folded, width_of
from restaurant.core.sheets import Frame, Row, Sheet, Text
from restaurant.features.papers import rules as paper_rules
from restaurant.features.papers.models import Layout, Marks
from restaurant.features.previews.rules import (
    Dish,
    dishes_of,
    sample_receipt,
    sample_slip,
    sample_ticket,
)
from restaurant.features.receipt_sheets.rules import receipt_sheet
from restaurant.features.slips.rules import slip_sheet
from restaurant.features.ticket_sheets.rules import ticket_sheet

AT = 1_770_000_000_000
BUSTAURANT = a_restaurant()
NAMES = (
    ("en", "Tacos Maíz ×2 — ¡sin cebolla!"),
    ("es", "羊肉串 いただきます 잘 먹겠습니다"),
    ("de", "شكراً جزيلاً 2 × (كباب)"),
    ("fr", "בתיאבון Pizza 4"),
    ("pt", "ขอให้อร่อย ผัดไทย"),
    ("it", "🌶 ☕ 🍕 1/2 ½ Καλή Борщ"),
)


def dishes(name: str) -> list[Dish]:
    return [
        Dish(name, 1_250, (name, "large"), ("nuts", name)),
        Dish(f"{name} {name} {name}", 99_999, (), ()),
        Dish("x" * 80, 1, tuple(f"{name} {n}" for n in range(12)), ()),
    ]


def papers() -> dict[str, Sheet]:
    """Twenty sheets: tickets in six languages and scripts, slips, receipts, tests,
    marks of copies, and a ticket of fifty lines."""
    found: dict[str, Sheet] = {}
    for language, name in NAMES:
        food = dishes(name)
        ticket = sample_ticket(BUSTAURANT, food, language, AT)
        slip = sample_slip(BUSTAURANT, food, language, AT)
        receipt = sample_receipt(BUSTAURANT, food, AT)
        receipt.tracking_url = "https://shop.example/o#k=1"
        found[f"ticket-{language}"] = ticket_sheet(ticket, language)
        found[f"slip-{language}"] = slip_sheet(slip, language)
        found[f"receipt-{language}"] = receipt_sheet(receipt, language)
    layout = Layout(rail_mm=30)
    long = sample_ticket(
        BUSTAURANT, [Dish(f"Dish {n}", n) for n in range(50)], "en", AT
    )
    marks = Marks(1, True, "Grill", copy=2, copies=3)
    found["long"] = paper_rules.dressed(
        paper_rules.marked(ticket_sheet(long, "en"), marks, "en"), layout, "ticket"
    )
    document = paper_rules.test_document(BUSTAURANT, "Grill", AT)
    found["test"] = paper_rules.test_sheet(document, layout)
    return found


PAPERS = papers()


def test_there_are_twenty():
    assert len(PAPERS) == 20


@pytest.mark.parametrize(("name", "width"), list(product(PAPERS, [384, 576])))
def test_a_printer_shows_the_dots_that_were_drawn(name, width):
    bitmap = raster.draw(PAPERS[name], width)

    data = escpos.from_bitmap(bitmap)

    [ticket] = decode(data, width)
    assert ticket.bitmap == (bitmap.width, bitmap.height, bitmap.rows)
    assert ticket.sha256 == bitmap.sha256
    assert decode(independent(bitmap), width)[0].bitmap == ticket.bitmap
    assert len(data) < len(independent(bitmap))


def independent(bitmap: Bitmap) -> bytes:
    """The same picture by python-escpos."""
    size = (bitmap.width, bitmap.height)
    printer = Dummy()
    printer.image(
        Image.frombytes("1", size, bitmap.rows, "raw", "1;I"), impl="bitImageRaster"
    )
    return bytes(printer.output)


@pytest.mark.parametrize(("name", "page"), list(product(PAPERS, ["cp858", "gb18030"])))
def test_the_same_papers_in_letters(name, page):
    on_page = folded(PAPERS[name], page)
    lines = columns.lines(on_page, 42, width_of(page))

    [ticket] = decode(escpos.from_lines(lines, page, 42), 504)

    shown = [line.strip() for line in ticket.lines]
    assert shown == [line.text.strip() for line in lines]


@pytest.mark.parametrize("name", PAPERS)
def test_letters_as_a_picture_are_as_wide_as_the_paper_s_columns(name):
    lines = columns.lines(folded(PAPERS[name], "cp858"), 42)

    picture = letters.draw(lines, 42)

    high = sum(54 if line.is_big and line.text.strip() else 30 for line in lines)
    assert (picture.width, picture.height) == (504, high)


def test_a_big_inverse_line_is_drawn_where_it_will_be_printed():
    [line] = columns.lines((Text("VOID", is_inverse=True),), 24)
    big = replace(line, is_big=True)

    picture = letters.draw([big], 24)

    black = Image.frombytes("1", (picture.width, picture.height), picture.rows)
    assert black.getbbox() == (0, 0, 4 * 2 * 12, 48)


def test_letters_are_drawn_with_the_fonts_that_were_put_beside_the_bundled_ones():
    library = Library(Path(__file__).parent / "fonts", with_system=False)
    [alone] = pieces(library, "羊", b"\0", (0, 1), Style(19))

    picture = letters.draw([columns.Line("羊")], 24)

    black = Image.frombytes("1", (picture.width, picture.height), picture.rows)
    mask = alone.glyphs.mask
    assert mask is not None
    assert black.crop(black.getbbox()).tobytes() == mask.crop(mask.getbbox()).tobytes()


def test_letters_without_end_are_cut_off():
    picture = letters.draw([columns.Line("x")] * 5_000, 32)

    assert picture.height < 60_000


anything = st.text(st.characters(), max_size=80)


@examples(max_examples=40)
@given(words=st.tuples(anything, anything, anything), page=st.sampled_from(CODEPAGES))
def test_no_text_whatever_becomes_a_command_or_an_error(words, page):
    one, two, three = words
    sheet = (Text(one), Row(two, three), Frame(three))
    bitmap = raster.draw(sheet, 384)
    lines = columns.lines(folded(sheet, page), 32)

    # `decode` raises on any byte that is not ours
    tickets = decode(escpos.from_bitmap(bitmap), 384)
    decode(escpos.from_lines(lines, page, 32), 384)

    assert [ticket.bitmap for ticket in tickets] == [
        (bitmap.width, bitmap.height, bitmap.rows)
    ]
    assert letters.draw(lines, 32).width == 384


def test_a_menu_without_anything_has_samples_in_every_language():
    from restaurant.features.menu.models import Menu

    empty = Menu("x", 1, ())
    names = {language: dishes_of(empty, language)[1].name for language, _ in NAMES}

    assert len(set(names.values())) == 6
