"""The printer's bytes: exact for what we know, harmless for whatever people type."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pi_printer import SIZE, letters, read_paper
from pi_setup import printer
from printer_pi import escpos
from printer_pi.render import render
from printer_pi.ticket import DUPLICATE_BANNER

INIT, CUT = b"\x1b@", b"\x1dVB0"


def paper(text: str, number: str = "", **fields: Any) -> bytes:
    duplicate = fields.pop("duplicate", False)
    copies = fields.pop("copies", 1)
    return render(
        "escpos",
        text,
        number,
        printer("tcp://x", **fields),
        copies=copies,
        duplicate=duplicate,
    )


def test_a_whole_ticket_byte_for_byte() -> None:
    assert paper("#42  Kitchen\nMaíz ×2 — ¡sin cebolla!\nñ €", "42") == (
        b"\x1b@\x1bt\x13"
        b"\x1d!\x11#42  Kitchen\n\x1d!\x00"
        b"Ma\xa1z \x9e2 - \xadsin cebolla!\n"
        b"\xa4 \xd5\n"
        b"\x1dVB0"
    )


def test_a_void_ticket_byte_for_byte() -> None:
    text = "*** VOID *** #12\nKITCHEN\nVOID 2 x Tacos\n               *** VOID ***\n"
    assert paper(text, "12") == (
        b"\x1b@\x1bt\x13"
        b"\x1d!\x11\x1dB\x01*** VOID *** #12\x1dB\x00\n\x1d!\x00"
        b"KITCHEN\nVOID 2 x Tacos\n"
        b"\x1d!\x11\x1dB\x01       *** VOID ***\x1dB\x00\n\x1d!\x00"
        b"\x1dVB0"
    )


@pytest.mark.parametrize(
    ("codepage", "page", "line"),
    [
        ("cp858", 19, b"Ma\xa1z \x9e2 - \xadsin cebolla! \xa4 \xd5"),
        ("cp1252", 16, b"Ma\xedz \xd72 \x97 \xa1sin cebolla! \xf1 \x80"),
        ("cp437", 0, b"Ma\xa1z x2 - \xadsin cebolla! \xa4 EUR"),
        ("cp866", 17, b"Maiz x2 - !sin cebolla! n EUR"),
    ],
)
def test_accents_on_every_kind_of_page(codepage: str, page: int, line: bytes) -> None:
    text = "Maíz ×2 — ¡sin cebolla! ñ €"
    expected = INIT + b"\x1bt" + bytes([page]) + line + b"\n" + CUT
    assert paper(text, codepage=codepage) == expected


@pytest.mark.parametrize("codepage", escpos.CODE_PAGES)
def test_every_page_prints_ascii_as_it_is(codepage: str) -> None:
    text = "".join(map(chr, range(0x21, 0x7F)))
    shown = letters(paper(text, codepage=codepage, columns=48), codepage)
    assert "".join(shown) == text


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("i\u0301", "í"),  # a letter and its accent apart
        ("Łódź Dvořák", "Lódz Dvorák"),
        ("“tacos”…", '"tacos"...'),
        ("½ ﬁlet", "½ filet"),
        ("hot 🌶\ufe0f!", "hot ?!"),
        ("👍🏽", "?"),
        ("羊肉", "??"),
        ("so\u00adft zero\u200dwidth", "soft zerowidth"),
        ("a\tb\r\nc", "a b\nc"),
    ],
)
def test_letters_the_page_lacks(typed: str, printed: str) -> None:
    assert letters(paper(typed)) == printed.split("\n")


def test_a_guest_cannot_send_commands() -> None:
    evil = "x\x1bp\x00\x19\xfa\x1dV\x00\x10\x04\x01\x9b\x7fy"
    parts = read_paper(paper(evil))
    assert [p for p in parts if p[:1] in (b"\x1b", b"\x1d")] == [
        INIT,
        b"\x1bt\x13",
        CUT,
    ]


@given(
    text=st.text(max_size=200),
    number=st.text(max_size=8),
    codepage=st.sampled_from(sorted(escpos.CODE_PAGES)),
    copies=st.integers(1, 3),
    duplicate=st.booleans(),
)
def test_no_text_ever_carries_a_command(
    text: str, number: str, codepage: str, copies: int, duplicate: bool
) -> None:
    data = paper(
        text, number, codepage=codepage, copies=copies, duplicate=duplicate, columns=32
    )
    parts = read_paper(data)  # raises on any byte that is neither letter nor ours
    commands = [part for part in parts if part[:1] in (b"\x1b", b"\x1d")]
    sizes = [part for part in commands if part.startswith(SIZE)]
    frame = [INIT, b"\x1bt" + bytes([escpos.CODE_PAGES[codepage]]), CUT]
    styles = (SIZE, escpos.INVERSE)
    assert [c for c in commands if not c.startswith(styles)] == frame * copies
    assert all(size[2] in (0x11, 0x01) for size in sizes[::2])
    assert all(size[2] == 0 for size in sizes[1::2])
    assert all(len(line) <= 32 for line in letters(data, codepage))


def test_copies_and_no_cut() -> None:
    assert paper("a", copies=2, cut=False) == (INIT + b"\x1bt\x13a\n\x1bd\x05") * 2


def test_the_banner_stands_above_and_below_on_every_copy() -> None:
    shown = letters(paper("soup", duplicate=True, copies=2))
    banner = DUPLICATE_BANNER.center(42).rstrip()
    assert shown == [banner, "soup", banner] * 2


def test_big_letters_are_only_tall_when_double_width_does_not_fit() -> None:
    data = paper("#42 " + "x" * 20, "42")
    assert b"\x1d!\x01#42 xxx" in data


def test_a_centred_number_stays_centred_in_double_width() -> None:
    data = paper("#42".center(42).rstrip(), "42")
    assert b"\x1d!\x11         #42\n" in data
