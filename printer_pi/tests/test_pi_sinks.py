"""Files, directories and terminals: what counts as sent, and what an error says."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from pi_setup import printer
from printer_pi.sink import SinkError
from printer_pi.terminal import TerminalSink
from printer_pi.transports import Sink, make
from printer_pi.uris import parse


def send(sink: Sink, data: bytes, title: str = "t") -> str:
    sink.open(title)
    try:
        sink.write(data)
        return sink.finish()
    finally:
        sink.close()


def a_sink(uri: str) -> Sink:
    return make(parse(uri), printer(uri))


def test_a_plain_file_grows(tmp_path: Path) -> None:
    path = tmp_path / "all.bin"
    sink = a_sink(f"file://{path}?mode=append")
    sink.probe()
    send(sink, b"one\n")
    send(sink, b"two\n")
    assert path.read_bytes() == b"one\ntwo\n"


def test_a_plain_file_must_be_one(tmp_path: Path) -> None:
    with pytest.raises(SinkError, match="Is a directory"):
        a_sink(f"file://{tmp_path}?mode=append").probe()


def test_a_directory_gets_whole_files_with_safe_names(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "tickets"
    sink = a_sink(f"dir://{folder}")
    sink.probe()
    send(sink, b"one", "42-kitchen-../../etc/x")
    send(sink, b"two", "42-kitchen-../../etc/x")
    send(sink, b"three", "...")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        "42-kitchen-_etc_x.txt": b"one",
        "42-kitchen-_etc_x-2.txt": b"two",
        "ticket.txt": b"three",
    }


def test_a_directory_shows_nothing_of_an_unfinished_ticket(tmp_path: Path) -> None:
    sink = a_sink(f"dir://{tmp_path}?format=escpos")
    sink.open("t")
    sink.write(b"half")
    sink.close()
    assert list(tmp_path.iterdir()) == []


def test_a_directory_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    with pytest.raises(SinkError, match="cannot be opened") as caught:
        a_sink(f"dir://{tmp_path}/file/sub").probe()
    assert not caught.value.bytes_out


def test_a_terminal_that_knows_only_ascii() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    send(TerminalSink(stream), "┌─ k ─┐\n│ ñ   │\n└─────┘\n".encode())
    assert raw.getvalue() == b"+- k -+\n| ?   |\n+-----+\n"


def test_a_terminal_that_is_gone() -> None:
    stream = io.StringIO()
    stream.close()
    with pytest.raises(SinkError, match="terminal is gone"):
        TerminalSink(stream).probe()
