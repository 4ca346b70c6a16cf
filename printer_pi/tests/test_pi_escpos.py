"""The printer's language: what it says is understood, and no text becomes a command."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escpos_machine import decode
from pi_setup import printer
from printer_pi import escpos, pages, plain
from printer_pi.pairing import Invitation
from printer_pi.sink import Status


def told(data: bytes) -> list[tuple[str, bytes]]:
    return [(r.kind, r.value) for r in escpos.replies(bytearray(data))]


def test_answers_are_told_apart() -> None:
    assert told(b"\x12") == [("state", b"\x12")]
    assert told(b"\x00") == [("sensor", b"\x00")]
    assert told(b"\x37\x22ABCD\x00") == [("process_id", b"ABCD")]
    # Automatic status and flow control are nobody's answer.
    assert told(b"\x11\x13\x14\x00\x00\x0f\x1a") == [("state", b"\x1a")]
    assert told(b"\x0c\x37\x22!~ 1\x00\x12") == [
        *(("sensor", b"\x0c"), ("process_id", b"!~ 1"), ("state", b"\x12")),
    ]


@given(st.lists(st.sampled_from([b"\x12", b"\x00", b"\x37\x22abcd\x00", b"\x11"])))
def test_answers_may_come_in_any_pieces(parts: list[bytes]) -> None:
    whole = b"".join(parts)
    heard, found = bytearray(), []
    for byte in whole:
        heard.append(byte)
        found += list(escpos.replies(heard))
    assert [(r.kind, r.value) for r in found] == told(whole)
    assert not heard


@given(st.binary(max_size=40))
def test_noise_is_no_error(noise: bytes) -> None:
    told(noise)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({1: 0x12, 2: 0x12, 4: 0x12}, {"paper": "ok", "cover": "closed"}),
        ({1: 0x12, 2: 0x12, 4: 0x1E}, {"paper": "low", "cover": "closed"}),
        (
            {1: 0x1A, 2: 0x32, 4: 0x7E},
            {"paper": "out", "cover": "closed", "fault": "printer.paper_out"},
        ),
        (
            {1: 0x1A, 2: 0x16, 4: 0x12},
            {"paper": "ok", "cover": "open", "fault": "printer.cover_open"},
        ),
        (
            {1: 0x1A, 2: 0x52, 4: 0x12},
            {"paper": "ok", "cover": "closed", "fault": "printer.error"},
        ),
        (
            {1: 0x1A, 2: 0x12, 4: 0x12},
            {"paper": "ok", "cover": "closed", "fault": "printer.offline"},
        ),
        ({}, {}),
    ],
)
def test_states_mean_what_they_mean(
    answers: dict[int, int], expected: dict[str, Any]
) -> None:
    is_online = answers.get(1, 0x12) == 0x12
    assert escpos.status(answers) == Status(**{"is_online": is_online, **expected})


def test_a_drawer_is_watched_where_its_wire_is_known() -> None:
    assert escpos.status({1: 0x16}).drawer is None
    assert escpos.status({1: 0x16}, "high").drawer == "open"
    assert escpos.status({1: 0x16}, "low").drawer == "closed"
    assert escpos.status({1: 0x12}, "low").drawer == "open"


def test_letters_are_kept_or_none_is() -> None:
    assert escpos.lossless("Maíz ×2 — ¡ñ!\n") == b"Maiz x2 - !n!\n"
    assert escpos.lossless("羊肉") is None
    assert escpos.lossless("عربي") is None
    assert escpos.lossless("a\u200db\x07c") == b"abc"
    assert escpos.letters("ä羊€") == b"\x84?EUR"


@given(st.text(max_size=60))
def test_no_text_is_a_command(text: str) -> None:
    for raw in (escpos.letters(text), escpos.lossless(text) or b""):
        assert all(byte == 0x0A or (byte >= 0x20 and byte != 0x7F) for byte in raw)
    shown = plain.as_text(text, 1).decode("utf-8")
    assert all(
        char == "\n" or not (char < " " or "\x7f" <= char < "\xa0") for char in shown
    )


def test_frames_are_as_wide_as_their_widest_line() -> None:
    shown = plain.as_frames("羊肉\n" + "x" * 50, "kitchen", 2).decode()
    lines = shown.splitlines()
    assert {plain.width(line) for line in lines} == {54}
    assert lines[0].startswith("┌─ kitchen ─")
    assert len(lines) == 8


def test_the_test_ticket_is_letters_a_ruler_and_a_cut() -> None:
    page = pages.test(printer("tcp://10.0.0.5"))
    (ticket,) = decode(page.data_for("escpos", "kitchen"))
    assert ticket.is_cut
    assert ticket.lines[0] == "TEST"
    assert ticket.styled[0].style.wide == 2
    assert "Äpfel, Öl, Übung, ß, é è ñ ç, ¡sin cebolla!" in ticket.lines
    assert "Printer: kitchen" in ticket.lines


def test_the_pairing_ticket_has_its_code_in_large_letters_and_as_a_qr_code() -> None:
    invitation = Invitation("ABCD-EFGH", "2026-11-21T12:10:00Z", "p1", "s")
    page = pages.pair("https://x.example", invitation)
    (ticket,) = decode(page.data_for("escpos", "kitchen"), 384)
    large = [line.text for line in ticket.styled if line.style.wide == 2]
    assert large == ["ABCD-EFGH"]
    assert ticket.codes == [b"https://x.example/restaurant/#pair=ABCD-EFGH"]
    assert "ABCD-EFGH" in page.data_for("frame", "kitchen").decode()
    assert "ABCD-EFGH" in page.data_for("text", "kitchen").decode()
