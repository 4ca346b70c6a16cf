"""Letters on a printer's page: what is there, what stands in, and never a command."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restaurant.core import columns
from restaurant.core.codepages import CODEPAGES, PAGES, encode, fold, folded, width_of
from restaurant.core.columns import plain
from restaurant.core.paper import display_width
from restaurant.core.sheets import Code, Frame, Row, Rule, Text

pages = st.sampled_from(CODEPAGES)
#: Everything that Unicode has, halves of pairs and controls too.
anything = st.text(st.characters(), max_size=120)


@pytest.mark.parametrize(
    ("page", "line"),
    [
        ("cp858", b"Ma\xa1z \x9e2 - \xadsin cebolla! \xa4 \xd5"),
        ("cp1252", b"Ma\xedz \xd72 \x97 \xa1sin cebolla! \xf1 \x80"),
        ("cp437", b"Ma\xa1z x2 - \xadsin cebolla! \xa4 EUR"),
        ("cp866", b"Maiz x2 - !sin cebolla! n EUR"),
        ("gb18030", b"Maiz x2 - !sin cebolla! n EUR"),
    ],
)
def test_accents_on_every_kind_of_page(page, line):
    assert encode("Maíz ×2 — ¡sin cebolla! ñ €", page) == line


@pytest.mark.parametrize("page", CODEPAGES)
def test_every_page_prints_ascii_as_it_is(page):
    text = "".join(map(chr, range(0x20, 0x7F)))
    assert fold(text, page) == text
    assert encode(text, page) == text.encode("ascii")


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("i\u0301", "í"),  # a letter and its accent apart
        ("Łódź Dvořák đ ı", "Lódz Dvorák d i"),
        ("“tacos”… «x»", '"tacos"... «x»'),
        ("½ ﬁlet №5", "½ filet No5"),
        ("hot 🌶\ufe0f!", "hot ?!"),
        ("👍🏽", "?"),
        ("羊肉", "??"),
        ("so\u00adft zero\u200dwidth", "soft zerowidth"),
        ("a\tb\x1b\x9b\x7fc\u2028d", "a b   c d"),
        ("\ud800", "?"),
    ],
)
def test_letters_that_the_page_lacks(typed, printed):
    assert fold(typed, "cp858") == printed


@pytest.mark.parametrize(
    ("page", "typed", "printed"),
    [
        ("gb18030", "Чай с мёдом", "Чай с мёдом"),
        ("gb18030", "Μουσακάς", "Μουσακασ"),
        ("gb18030", "¥12 £3", "￥12 ￡3"),
        ("gb18030", "Crème brûlée", "Creme brulee"),
        ("cp866", "Вареники з вишнею і ґудзик", "Вареники з вишнею i гудзик"),
        ("cp437", "l´eau", "l'eau"),
        ("cp858", "ς і ґ", "? i ?"),
        ("cp866", "¥12 £3", "?12 ?3"),
        ("cp858", "￥12 ￡3", "¥12 £3"),
    ],
)
def test_letters_stay_what_they_are_or_what_readers_take_them_for(page, typed, printed):
    assert fold(typed, page) == printed
    assert len(encode(typed, page)) == width_of(page)(printed)


def test_cyrillic_has_a_page():
    assert encode("Борщ", "cp866") == "Борщ".encode("cp866")
    assert fold("Борщ", "cp1252") == "????"


def test_chinese_has_a_page_and_no_other_page_ever_gets_it():
    text = "2 x 羊肉 Maíz"

    assert encode(text, "gb18030") == b"2 x \xd1\xf2\xc8\xe2 Maiz"
    assert {encode(text, page)[:6] for page in PAGES} == {b"2 x ??"}


def test_chinese_letters_of_four_bytes_are_not_sent_for_printers_have_none():
    assert encode("\U00020000 \u0e01", "gb18030") == b"? ?"


def test_greek_and_cyrillic_are_wide_on_a_chinese_page_and_lines_break_for_it():
    sheet = folded((Row("Σουβλακι και Борщ", "2 x"),), "gb18030")

    lines = columns.lines(sheet, 24, width_of("gb18030"))

    assert [line.text for line in lines] == ["Σουβλακι και", "Борщ             2 x"]
    for line in lines:
        assert len(encode(line.text, "gb18030")) <= 24


def test_a_line_feed_in_a_text_stays_for_whoever_breaks_lines_and_is_never_sent():
    assert fold("a\nb", "cp858") == "a\nb"
    assert encode("a\nb", "cp858") == b"ab"


def test_a_sheet_is_measured_in_the_letters_that_are_printed():
    sheet = (
        Text("½ Æble", first="2 × "),
        Row("Würstchen", "12 €"),
        Frame("— 羊 —"),
        Rule(),
        Code(("1",), "Scan — now", "LNURL"),
    )

    text = plain(folded(sheet, "cp437"), 24)

    assert text.split("\n") == [
        "2 x ½ Æble",
        "Würstchen         12 EUR",
        "+----------------------+",
        "| - ? -                |",
        "+----------------------+",
        "------------------------",
        "Scan - now",
        "LNURL",
        "",
    ]


@given(text=anything, page=pages)
def test_no_text_raises_or_becomes_a_byte_that_printers_obey(text, page):
    raw = encode(text, page)

    assert not [byte for byte in raw if byte < 0x20 or byte == 0x7F]


@given(text=anything, page=pages)
def test_what_was_folded_is_on_the_page_and_stays_as_it_is(text, page):
    once = fold(text, page)

    assert fold(once, page) == once
    assert encode(once, page).decode(page) == once.replace("\n", "")


@given(text=anything, page=st.sampled_from(sorted(PAGES)))
def test_a_letter_of_a_page_takes_one_column_and_one_byte(text, page):
    once = fold(text, page).replace("\n", "")

    assert len(encode(once, page)) == len(once) == display_width(once)
