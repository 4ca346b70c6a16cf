"""The printer's bytes: exact for what we know, harmless for whatever people type."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escpos_machine import commands, decode
from restaurant.core import columns, escpos
from restaurant.core.bitmaps import Bitmap
from restaurant.core.codepages import CODEPAGES, PAGES, folded, width_of
from restaurant.core.columns import Line
from restaurant.core.sheets import Align, Code, Frame, Row, Rule, Text

INIT, CUT = b"\x1b@", b"\x1dVB0"
anything = st.text(st.characters(), max_size=60)
pages = st.sampled_from(CODEPAGES)


def bitmap_of(*rows: str) -> Bitmap:
    """Dots from pictures in letters: "#" is black."""
    width = len(rows[0])
    stride = (width + 7) // 8
    packed = [
        int(row.translate({35: "1", 46: "0"}).ljust(stride * 8, "0"), 2) for row in rows
    ]
    return Bitmap(width, len(rows), b"".join(n.to_bytes(stride, "big") for n in packed))


def noise(width: int, height: int, seed: int, ink: float = 0.5) -> Bitmap:
    """Rows of random dots, blank ones among them."""
    dice = Random(seed)
    stride = width // 8
    rows = [
        dice.randbytes(stride) if dice.random() < ink else bytes(stride)
        for _ in range(height)
    ]
    return Bitmap(width, height, b"".join(rows))


# --- dots ----------------------------------------------------------------------


def test_a_picture_byte_for_byte():
    picture = bitmap_of("#.......#.......", "........########")

    assert escpos.from_bitmap(picture) == (
        INIT + b"\x1dv0\x00\x02\x00\x02\x00\x80\x80\x00\xff" + CUT
    )


def test_blank_paper_costs_a_byte_a_row_and_is_never_left_to_the_feed():
    picture = Bitmap(576, 300, bytes(72 * 300))

    assert escpos.from_bitmap(picture) == b"".join(
        [
            INIT,
            b"\x1dv0\x00\x01\x00\xff\x00" + bytes(255),
            b"\x1dv0\x00\x01\x00\x2d\x00" + bytes(45),
            CUT,
        ]
    )


def test_white_paper_at_the_right_is_not_sent():
    rows = b"\xff".ljust(72, b"\0") * 100

    assert len(escpos.from_bitmap(Bitmap(576, 100, rows))) == len(INIT + CUT) + 8 + 100


@pytest.mark.parametrize("width", [384, 512, 576])
@pytest.mark.parametrize("height", [1, 15, 16, 254, 255, 256, 511, 1_000])
@pytest.mark.parametrize("ink", [0.0, 0.03, 0.5, 1.0])
def test_a_printer_shows_exactly_the_same_dots(width, height, ink):
    picture = noise(width, height, seed=height, ink=ink)

    [ticket] = decode(escpos.from_bitmap(picture), width)

    assert ticket.bitmap == (width, height, picture.rows)
    assert ticket.sha256 == picture.sha256
    assert ticket.is_cut


def test_no_band_is_taller_than_small_printers_take():
    data = escpos.from_bitmap(noise(576, 2_000, seed=1, ink=0.9))

    heights = [
        int.from_bytes(command.raw[6:8], "little")
        for command in commands(data)
        if command.name == "GS v 0"
    ]
    assert sum(heights) == 2_000
    assert max(heights) <= 255


def test_a_picture_without_rows_is_only_a_cut():
    assert escpos.from_bitmap(Bitmap(576, 0, b"")) == INIT + CUT


@pytest.mark.parametrize(
    ("cut", "end"),
    [("full", b"\x1dVA0"), ("partial", b"\x1dVB0"), ("none", b"\x1bd\x05")],
)
def test_paper_ends_as_the_layout_says(cut, end):
    assert escpos.from_bitmap(bitmap_of("#" * 8), cut=cut).endswith(b"\xff" + end)
    assert escpos.from_lines([Line("x")], "cp858", 42, cut=cut).endswith(b"x\n" + end)


@pytest.mark.parametrize(
    ("buzzer", "sound"),
    [
        ("none", b""),
        ("escpos", b"\x1bB\x02\x03"),
        ("epson", b"\x1b(A\x04\x00\x30\x37\x02\x0a"),
        ("drawer", b"\x1bp\x01\x19\xfa"),
    ],
)
def test_a_buzzer_sounds_before_the_paper(buzzer, sound):
    data = escpos.from_bitmap(bitmap_of("#" * 8), buzzer=buzzer, drawer_pin=5)
    assert data.startswith(INIT + sound + b"\x1dv0")


def test_a_drawer_is_kicked_at_its_pin_and_by_nothing_else():
    assert escpos.kick(2) == b"\x1bp\x00\x19\xfa"
    assert escpos.kick(5) == b"\x1bp\x01\x19\xfa"
    for data in (
        escpos.from_bitmap(noise(576, 400, seed=2)),
        escpos.from_lines([Line("x\x1bp\x00\x19\xfa")], "cp858", 42),
    ):
        assert "ESC p" not in [command.name for command in commands(data)]


# --- letters -------------------------------------------------------------------


def test_a_whole_ticket_of_letters_byte_for_byte():
    lines = [
        Line("#42 KITCHEN", is_big=True, is_bold=True),
        Line("*** VOID ***", is_big=True, is_inverse=True, align=Align.CENTER),
        Line("Maíz ×2 — ¡sin cebolla!"),
        Line("ñ €", align=Align.END),
        Line("a name that is too long to be doubled", is_big=True),
        Line("", is_big=True, is_inverse=True),
    ]

    assert escpos.from_lines(lines, "cp858", 42) == b"".join(
        [
            b"\x1b@\x1c.\x1bt\x13",
            b"\x1d!\x11\x1bE\x01#42 KITCHEN\x1bE\x00\x1d!\x00\n",
            b"\x1d!\x11    \x1dB\x01*** VOID ***\x1dB\x00\x1d!\x00\n",
            b"Ma\xa1z \x9e2 - \xadsin cebolla!\n",
            b" " * 39 + b"\xa4 \xd5\n",
            b"\x1d!\x01a name that is too long to be doubled\x1d!\x00\n",
            b"\n",
            b"\x1dVB0",
        ]
    )


@pytest.mark.parametrize(("page", "number"), sorted(PAGES.items()))
def test_a_page_is_chosen_once_and_chinese_is_switched_off(page, number):
    data = escpos.from_lines([Line("é"), Line("羊"), Line("x")], page, 32)

    names = [command.name for command in commands(data)]
    assert data.startswith(b"\x1b@\x1c.\x1bt" + bytes([number]))
    assert names.count("ESC t") == 1
    assert "FS &" not in names


def test_chinese_is_switched_on_and_off_again_where_the_page_is_chinese():
    data = escpos.from_lines([Line("羊肉 Maíz")], "gb18030", 32)

    assert data == b"\x1b@\x1c&\xd1\xf2\xc8\xe2 Maiz\n\x1c.\x1dVB0"
    [ticket] = decode(data, 384)
    assert ticket.lines == ["羊肉 Maiz"]


def test_no_style_outlives_its_line():
    loud = Line("loud", is_big=True, is_bold=True, is_inverse=True)

    [ticket] = decode(escpos.from_lines([loud, Line("calm")], "cp858", 32), 384)

    assert [line.style.is_inverse for line in ticket.styled] == [True, False]
    assert [line.style.is_bold for line in ticket.styled] == [True, False]
    assert [line.style.wide for line in ticket.styled] == [2, 1]


def test_the_paper_shows_the_lines_as_the_plain_text_does():
    sheet = (
        Text("#42", is_bold=True, align=Align.CENTER),
        Row("Würstchen mit Kartoffelsalat und Senf", "12.50 €"),
        Frame("no nuts\n¡nada!"),
        Rule(is_heavy=True),
        Code(("1",), "Money back:", "LNURL1" * 12),
    )
    on_page = folded(sheet, "cp858")
    lines = columns.lines(on_page, 32)

    [ticket] = decode(escpos.from_lines(lines, "cp858", 32), 384)

    assert [line.strip() for line in ticket.lines] == [
        line.strip() for line in columns.plain(on_page, 32).split("\n")[:-1]
    ]


EVIL = "x\x1bp\x00\x19\xfa\x1dV\x00\x10\x04\x01\x9b\x7f\x1c&\x1b@y"


@pytest.mark.parametrize("page", CODEPAGES)
def test_a_guest_cannot_send_commands(page):
    data = escpos.from_lines([Line(EVIL)], page, 42)

    harmless = escpos.from_lines([Line("x")], page, 42)
    assert names_of(data) == names_of(harmless)
    assert b"\x10\x04" not in data


def names_of(data: bytes) -> list[str]:
    return [command.name for command in commands(data)]


@given(
    words=st.lists(anything, max_size=6),
    page=pages,
    width=st.sampled_from([32, 42, 48]),
    style=st.tuples(st.booleans(), st.booleans(), st.booleans()),
    align=st.sampled_from(Align),
)
def test_no_text_ever_carries_a_command(words, page, width, style, align):
    lines = [Line(word, *style, align=align) for word in words]

    data = escpos.from_lines(lines, page, width)

    # `commands` raises on any byte that is neither a letter nor ours
    found = list(commands(data))
    ours = [c.raw for c in found if c.name not in ("text", "LF")]
    styles = (b"\x1d!", b"\x1bE", b"\x1dB")
    frame = [raw for raw in ours if not raw.startswith(styles)]
    assert frame[0] == INIT
    assert frame[-1] == CUT
    assert len(frame) == 4
    assert [c.name for c in found].count("LF") == len(words)


@given(
    texts=st.lists(anything, min_size=4, max_size=4),
    page=pages,
    width=st.sampled_from([32, 42, 48]),
)
def test_a_sheet_of_any_words_prints_lines_that_fit_the_paper(texts, page, width):
    one, two, three, four = texts
    sheet = (Text(one, first="2 x "), Row(two, three), Frame(four), Rule())
    lines = columns.lines(folded(sheet, page), width, width_of(page))

    tickets = decode(escpos.from_lines(lines, page, width), width * 12)

    shown = [line for ticket in tickets for line in ticket.lines]
    assert len(shown) == len(lines)
    assert shown[-1] == "-" * width
