"""Each way out of the machine: what counts as sent, and what an error says."""

from __future__ import annotations

import io
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from printer_pi.sink import SinkError
from printer_pi.tcp import TcpSink
from printer_pi.terminal import TerminalSink
from printer_pi.transports import Sink, make
from printer_pi.uris import parse

BIG = b"x" * 8_000_000  # more than any socket or pipe buffers


def send(sink: Sink, data: bytes, title: str = "t") -> None:
    sink.open(title)
    try:
        sink.write(data)
        sink.finish()
    finally:
        sink.close()


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def tcp(listener: socket.socket, stall: float = 5.0) -> TcpSink:
    port = listener.getsockname()[1]
    sink = TcpSink("127.0.0.1", port, stall)
    sink.connect_seconds, sink.close_seconds = 0.3, 0.2
    return sink


def test_tcp_sends_everything_and_closes(listener: socket.socket) -> None:
    got = bytearray()

    def printer() -> None:
        connection, _ = listener.accept()
        with connection:
            while chunk := connection.recv(65536):
                got.extend(chunk)

    thread = threading.Thread(target=printer)
    thread.start()
    send(tcp(listener), BIG)
    thread.join(10)
    assert bytes(got) == BIG


def test_tcp_does_not_need_the_printer_to_close(listener: socket.socket) -> None:
    send(tcp(listener), b"ticket")
    connection, _ = listener.accept()
    with connection:
        assert connection.recv(100) == b"ticket"


def test_tcp_nobody_there_is_before_the_first_byte(listener: socket.socket) -> None:
    sink = tcp(listener)
    listener.close()
    with pytest.raises(
        SinkError, match="does not answer: Connection refused"
    ) as caught:
        sink.probe()
    assert (caught.value.code, caught.value.bytes_out) == ("printer.offline", False)


def test_tcp_a_stalled_printer_leaves_doubt(listener: socket.socket) -> None:
    with pytest.raises(SinkError, match="takes no more") as caught:
        send(tcp(listener, stall=0.2), BIG)
    assert (caught.value.code, caught.value.bytes_out) == ("printer.stalled", True)


def test_tcp_what_only_this_machine_has_is_not_on_the_printer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        sink = tcp(server, stall=0.2)
        sink.open("t")
        sink.write(b"x" * 40_000)  # our own buffer takes it
        with pytest.raises(SinkError, match="takes no more") as caught:
            sink.finish()
    assert caught.value.bytes_out


def test_tcp_a_printer_that_receives_but_drops_the_line_leaves_doubt(
    listener: socket.socket,
) -> None:
    def printer() -> None:
        connection, _ = listener.accept()
        connection.recv(10)
        # Unread data makes the system answer with a reset, as a crash does.
        connection.close()

    thread = threading.Thread(target=printer)
    thread.start()
    with pytest.raises(SinkError) as caught:
        send(tcp(listener), BIG)
    thread.join(10)
    assert caught.value.bytes_out


def test_a_device_is_never_created(tmp_path: Path) -> None:
    sink = make(parse(f"file://{tmp_path}/lp0"), 1.0)
    with pytest.raises(SinkError, match="No such file"):
        sink.open("")
    assert not (tmp_path / "lp0").exists()


def test_a_device_that_is_a_plain_file_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "lp0").write_bytes(b"precious")
    with pytest.raises(SinkError, match=r"add \?mode=append"):
        make(parse(f"file://{tmp_path}/lp0"), 1.0).probe()
    assert (tmp_path / "lp0").read_bytes() == b"precious"


def test_a_device_takes_the_bytes(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "lp0")
    sink = make(parse(f"file://{tmp_path}/lp0"), 1.0)
    with pytest.raises(SinkError, match="cannot be opened"):
        sink.probe()  # a pipe nobody reads
    reader = os.open(tmp_path / "lp0", os.O_RDONLY | os.O_NONBLOCK)
    send(sink, b"\x1b@ticket")
    assert os.read(reader, 100) == b"\x1b@ticket"
    os.close(reader)


def test_a_device_that_stalls_or_goes_away_leaves_doubt(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "lp0")
    reader = os.open(tmp_path / "lp0", os.O_RDONLY | os.O_NONBLOCK)
    sink = make(parse(f"file://{tmp_path}/lp0"), 0.1)
    with pytest.raises(SinkError, match="takes no more") as caught:
        send(sink, BIG)
    assert caught.value.bytes_out
    sink.open("")
    os.close(reader)
    with pytest.raises(SinkError, match="disconnected") as caught:
        sink.write(b"x")
    assert not caught.value.bytes_out
    sink.close()


def test_a_plain_file_grows(tmp_path: Path) -> None:
    path = tmp_path / "all.bin"
    sink = make(parse(f"file://{path}?mode=append"), 1.0)
    sink.probe()
    send(sink, b"one\n")
    send(sink, b"two\n")
    assert path.read_bytes() == b"one\ntwo\n"


def test_a_plain_file_must_be_one(tmp_path: Path) -> None:
    with pytest.raises(SinkError, match="Is a directory"):
        make(parse(f"file://{tmp_path}?mode=append"), 1.0).probe()


def test_a_directory_gets_whole_files_with_safe_names(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "tickets"
    sink = make(parse(f"dir://{folder}"), 1.0)
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
    sink = make(parse(f"dir://{tmp_path}?format=escpos"), 1.0)
    sink.open("t")
    sink.write(b"half")
    sink.close()
    assert list(tmp_path.iterdir()) == []


def test_a_directory_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    with pytest.raises(SinkError, match="cannot be opened") as caught:
        make(parse(f"dir://{tmp_path}/file/sub"), 1.0).probe()
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
