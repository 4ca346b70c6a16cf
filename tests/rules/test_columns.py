"""A sheet as lines of letters: every block, on every width, whatever is typed."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restaurant.core.bitmaps import Bitmap
from restaurant.core.columns import Line, lines, plain
from restaurant.core.sheets import (
    Align,
    Code,
    Frame,
    Picture,
    Row,
    Rule,
    Sheet,
    Size,
    Space,
    Text,
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


def on_24(*blocks: object) -> list[str]:
    return plain(blocks, 24).split("\n")[:-1]  # type: ignore[arg-type]


def test_a_paragraph_hangs_below_what_follows_its_lead() -> None:
    assert on_24(Text("slow smoked brisket for two", first="10 x ", indent=2)) == [
        "  10 x slow smoked",
        "       brisket for two",
    ]


def test_empty_words_take_no_line_unless_something_leads_in() -> None:
    assert on_24(Text(""), Text("  "), Text("", first="1 x ")) == ["1 x"]


@pytest.mark.parametrize(
    ("align", "shown"),
    [
        (Align.START, "Noodles"),
        (Align.CENTER, "        Noodles"),
        (Align.END, "                 Noodles"),
    ],
)
def test_a_paragraph_stands_where_it_shall(align: Align, shown: str) -> None:
    assert on_24(Text("Noodles", align=align)) == [shown]


def test_wide_letters_are_centered_by_their_width() -> None:
    assert on_24(Text("羊肉串", align=Align.CENTER)) == [" " * 9 + "羊肉串"]


def test_a_banner_is_one_without_white_on_black() -> None:
    banner = Text("COPY 1", is_inverse=True, align=Align.CENTER)

    assert on_24(banner) == ["     *** COPY 1 ***"]
    assert on_24(Text("ALLERGENS: MILK", is_inverse=True)) == ["ALLERGENS: MILK"]


def test_a_line_says_how_it_looks_and_has_no_spaces_for_its_place() -> None:
    sheet = (
        Text("a", Size.HUGE, is_bold=True, is_inverse=True, align=Align.CENTER),
        Text("b", Size.SMALL, align=Align.END),
        Frame("c", Size.LARGE),
        Row("d", "1", is_bold=True),
    )

    assert lines(sheet, 24) == [
        Line("*** a ***", True, True, True, Align.CENTER),
        Line("b", False, False, False, Align.END),
        Line("+----------------------+", True, True),
        Line("| c                    |", True, True),
        Line("+----------------------+", True, True),
        Line("d                      1", False, True),
    ]


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        (Row("Total", "85.00"), ["Total              85.00"]),
        (Row("", "85.00"), ["                   85.00"]),
        (Row("Total", ""), ["Total"]),
        (Row("羊肉串", "85.00", indent=2), ["  羊肉串           85.00"]),
        (
            Row("Tacos with much patience", "85.00"),
            ["Tacos with much patience", "                   85.00"],
        ),
        (
            Row("Tacos with so much patience", "85.00"),
            ["Tacos with so much", "patience           85.00"],
        ),
        (
            Row("Total", "1" * 30),
            ["Total", "1" * 24, " " * 18 + "1" * 6],
        ),
    ],
)
def test_a_figure_stands_at_the_right_of_its_last_line(
    row: Row, shown: list[str]
) -> None:
    assert on_24(row) == shown


def test_lines_frames_and_spaces() -> None:
    sheet = (Rule(), Rule(is_heavy=True), Space(4), Space(5), Frame("a\nb", indent=2))

    assert on_24(*sheet) == [
        "-" * 24,
        "=" * 24,
        "",
        "",
        "",
        "  +--------------------+",
        "  | a                  |",
        "  | b                  |",
        "  +--------------------+",
    ]


def test_a_code_is_its_letters_and_a_picture_nothing() -> None:
    picture = Picture(Bitmap(8, 1, b"\xff"))

    assert on_24(Code(("1",), "Scan", "HTTPS://" + "A" * 20), picture) == [
        "Scan",
        "HTTPS://" + "A" * 16,
        "AAAA",
    ]
    assert on_24(Code(("1",), "Scan")) == []


@pytest.mark.parametrize("columns", [0, 23])
def test_paper_that_is_too_narrow_is_refused(columns: int) -> None:
    with pytest.raises(ValueError, match="at least 24 columns"):
        plain((), columns)


# --- whatever is typed --------------------------------------------------------------

NASTY = ["\x1b@", "\x1dV\x00", "\x9b31m", "\x00", "\u202egnirts", "\ud800", "\ufeff"]
texts = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=80),
    st.lists(st.sampled_from([*NASTY, "羊肉", "عربي", "🌶️", "word", "\n", " "])).map(
        "".join
    ),
)
sizes, aligns = st.sampled_from(list(Size)), st.sampled_from(list(Align))
indents, flags = st.integers(0, 12), st.booleans()
blocks = st.one_of(
    st.builds(Text, texts, sizes, flags, flags, aligns, texts.map(lambda t: t[:9])),
    st.builds(Row, texts, texts, sizes, flags, indents),
    st.builds(Frame, texts, sizes, flags, indents),
    st.builds(Code, st.just(("1",)), texts, texts),
    st.builds(Rule, flags),
    st.builds(Space, st.integers(0, 60)),
)


@given(sheet=st.lists(blocks, max_size=6).map(tuple), columns=st.integers(24, 80))
def test_no_line_is_wider_than_the_paper_and_no_letter_is_a_command(
    sheet: Sheet, columns: int
) -> None:
    text = plain(sheet, columns)

    assert all(width_of(line) <= columns for line in text.split("\n"))
    kinds = {unicodedata.category(char) for char in text if char != "\n"}
    assert not kinds & {"Cc", "Cs"}
    assert not set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u200b\ufeff") & set(text)


@given(left=texts, right=texts, columns=st.integers(24, 60))
def test_a_row_loses_no_letter(left: str, right: str, columns: int) -> None:
    letters = "".join(plain((Row(left, right),), columns).split())
    both = plain((Text(left), Text(right)), columns)

    assert letters == "".join(both.split())
