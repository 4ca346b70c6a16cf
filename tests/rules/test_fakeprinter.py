"""The printer that the other tests believe: what it reads, prints, answers, refuses."""

import socket
from contextlib import contextmanager

import pytest

from fakeprinter import FakePrinter, UnknownBytesError, commands, decode

INIT, CUT = b"\x1b@", b"\x1dV\x42\x30"
PAPER, COVER, ONLINE = b"\x10\x04\x04", b"\x10\x04\x02", b"\x10\x04\x01"
PROCESS = b"\x1d(H\x06\x0000"
#: 16 dots across, 3 rows.
DOTS = bytes([0b10000000, 1, 0, 0, 255, 255])
RASTER = b"\x1dv0\x00\x02\x00\x03\x00" + DOTS


def ticket(text: str = "Tacos") -> bytes:
    return INIT + b"\x1bt\x13" + text.encode("cp858") + b"\n" + CUT


@contextmanager
def connected(printer):
    with socket.create_connection(("127.0.0.1", printer.port), 10) as sock:
        sock.settimeout(10)
        yield sock


def asked(sock, command: bytes, length: int = 1) -> bytes:
    sock.sendall(command)
    return received(sock, length)


def received(sock, length: int) -> bytes:
    found = b""
    while len(found) < length:
        piece = sock.recv(length - len(found))
        assert piece, f"closed after {found!r}"
        found += piece
    return found


@pytest.fixture
def printer():
    with FakePrinter() as running:
        yield running


# --- reading -----------------------------------------------------------------


def test_letters_are_read_in_their_page_with_their_looks():
    data = (
        INIT
        + b"\x1bt\x13Ma\xa1z \xd5\n"
        + b"\x1bE\x01\x1d!\x11\x1dB\x01VOID\x1dB\x00\x1d!\x00\x1bE\x00 all\n"
        + CUT
    )
    [found] = decode(data)
    assert found.lines == ["Maíz €", "VOID all"]
    big = found.styled[1].style
    assert (big.wide, big.high, big.is_bold, big.is_inverse) == (2, 2, True, True)
    assert len(found.rows) == 30 + 48 + 48
    assert found.is_cut


def test_chinese_letters_are_read_between_their_two_commands():
    [found] = decode(INIT + b"\x1c&" + "羊肉".encode("gb18030") + b"\x1c.\n" + CUT)
    assert found.lines == ["羊肉"]


def test_a_line_that_is_too_long_goes_on_below():
    [found] = decode(ticket("x" * 50))
    assert found.lines == ["x" * 48, "xx"]


def test_a_picture_comes_out_dot_by_dot():
    [found] = decode(INIT + RASTER + CUT, width=16)
    assert found.bitmap == (16, 3, DOTS)
    assert [found.image.getpixel((x, 0)) for x in (0, 1, 15)] == [0, 255, 0]
    assert len(found.rows) == 3 + 0x30


def test_columns_of_dots_make_the_same_picture():
    columns = bytes.fromhex("a00000" + "200000" * 14 + "a00000")
    data = INIT + b"\x1b*\x21\x10\x00" + columns + b"\x1bJ\x18" + CUT
    [found] = decode(data, width=16)
    assert found.bitmap == (16, 24, DOTS + bytes(2 * 21))


def test_columns_of_dots_wait_for_their_feed():
    columns = b"\x1b*\x21\x01\x00\xff\xff\xff"
    with pytest.raises(UnknownBytesError, match="behind ESC"):
        decode(INIT + columns + CUT)
    with pytest.raises(UnknownBytesError, match="do not feed all"):
        decode(INIT + columns + b"\x1bJ\x10" + CUT)


def test_copies_are_tickets_of_their_own():
    assert [t.lines for t in decode(ticket("a") + ticket("b"))] == [["a"], ["b"]]


def test_what_is_not_cut_ends_with_the_next_beginning():
    first, second = decode(INIT + b"a\n" + INIT + b"b\n")
    assert (first.lines, first.is_cut) == (["a"], False)
    assert (second.lines, second.is_cut) == (["b"], False)


def test_a_code_of_the_printers_own_is_kept():
    stored = b"\x1d(k\x08\x001P0HELLO"
    data = INIT + b"\x1d(k\x04\x001A2\x00" + stored + b"\x1d(k\x03\x001Q0" + CUT
    [found] = decode(data)
    assert found.codes == [b"HELLO"]


@pytest.mark.parametrize(
    "wrong",
    [
        b"\x1b\x69",  # another cut
        b"\x1bt\x07",  # a page of no Latin letters
        b"\x1dv0\x03\x01\x00\x01\x00\xff",
        b"\x1dV\x05",
        b"\x07",
        b"\x00",
        b"\x7f",
        b"\x1b",
        b"\x1dv0\x00\x02\x00\x03\x00\xff",
        b"a\x1bp\x00\x19",
        b"letters " + RASTER,
    ],
)
def test_what_we_never_send_is_an_error(wrong):
    with pytest.raises(UnknownBytesError):
        decode(INIT + wrong)
    if b"letters" not in wrong:
        with pytest.raises(UnknownBytesError):
            list(commands(INIT + wrong))


def test_a_stream_is_split_into_its_commands():
    names = [command.name for command in commands(ticket() + RASTER + PAPER)]
    assert names == ["ESC @", "ESC t", "text", "LF", "GS V", "GS v 0", "DLE EOT"]


# --- printing over the network -------------------------------------------------


def test_a_ticket_in_small_pieces_is_one_ticket(printer):
    data = ticket() + b"\x1bp\x00\x19\xfa\x1bB\x02\x03"
    with connected(printer) as sock:
        for byte in data:
            sock.sendall(bytes([byte]))
        printer.wait(lambda: printer.beeps)
    assert [t.lines for t in printer.tickets] == [["Tacos"]]
    assert (printer.drawers, printer.beeps, printer.cuts) == (1, 1, 1)
    assert printer.raw == data


def test_it_says_what_is_wrong_with_it(printer):
    with connected(printer) as sock:
        assert [asked(sock, c) for c in (ONLINE, COVER, PAPER)] == [b"\x12"] * 3
        printer.set(paper="low", is_drawer_open=True)
        assert asked(sock, PAPER) == b"\x1e"
        assert asked(sock, ONLINE) == b"\x16"
        assert asked(sock, b"\x1dr\x01") == b"\x03"
        printer.set(paper="out")
        assert asked(sock, PAPER) == b"\x7e"
        assert asked(sock, COVER) == b"\x32"
        printer.set(paper="ok", is_cover_open=True)
        assert asked(sock, COVER) == b"\x16"
        assert asked(sock, ONLINE) == b"\x1e"


def test_it_tells_when_a_ticket_is_on_paper(printer):
    printer.set(paper="out")
    with connected(printer) as sock:
        sock.sendall(ticket() + PROCESS + b"ab!~")
        assert asked(sock, PAPER) == b"\x7e"
        assert printer.tickets == []
        printer.set(paper="ok")
        assert received(sock, 7) == b'7"ab!~\0'
    assert [t.lines for t in printer.tickets] == [["Tacos"]]


def test_paper_that_ends_within_a_ticket_and_comes_back_makes_one_ticket(printer):
    printer.set(rows_left=40)
    with connected(printer) as sock:
        sock.sendall(ticket() + PROCESS + b"0000")
        printer.wait(lambda: printer.switches.paper == "out")
        assert len(printer.unfinished.rows) == 40
        printer.set(paper="ok")
        received(sock, 7)
    [found] = printer.tickets
    assert len(found.rows) == 30 + 48


def test_a_mute_printer_prints_and_says_nothing(printer):
    printer.set(is_mute=True)
    with connected(printer) as sock:
        sock.sendall(PAPER + PROCESS + b"0000" + ticket())
        printer.wait(lambda: printer.tickets)
        printer.set(is_mute=False)
        assert asked(sock, PAPER) == b"\x12"


def test_a_printer_that_loses_power_keeps_the_beginning_of_a_ticket(printer):
    data = ticket()
    printer.set(die_after=len(data) - 2)
    with connected(printer) as sock:
        sock.sendall(data)
        with pytest.raises(ConnectionResetError):
            received(sock, 1)
    with connected(printer) as sock:
        sock.sendall(data)
        printer.wait(lambda: printer.cuts)
    assert [t.is_cut for t in printer.tickets] == [False, True]


def test_a_printer_that_reads_no_more_holds_the_ticket_up(printer):
    printer.set(stall_after=3)
    with connected(printer) as sock:
        sock.sendall(ticket())
        printer.wait(lambda: printer.switches.stall_after == 0)
        assert printer.raw == ticket()[:3]
        printer.set(stall_after=None)
        printer.wait(lambda: printer.tickets)
    assert printer.raw == ticket()


def test_what_was_on_its_way_when_the_cable_was_pulled_is_lost(printer):
    printer.set(stall_after=8)
    with connected(printer) as sock:
        sock.sendall(ticket())
        printer.wait(lambda: printer.switches.stall_after == 0)
        printer.hang_up()
        printer.set(stall_after=None)
        with pytest.raises(ConnectionResetError):
            received(sock, 1)
    with connected(printer) as sock:
        sock.sendall(ticket("Agua"))
        printer.wait(lambda: printer.tickets)
    assert [t.lines for t in printer.tickets] == [["Agua"]]


def test_a_full_printer_takes_no_more_until_it_can_print():
    printer = FakePrinter(buffer_bytes=100, is_cover_open=True)
    with printer, connected(printer) as sock:
        sock.sendall(ticket("x" * 500))
        printer.wait(lambda: len(printer.raw) == 100)
        printer.set(is_cover_open=False)
        printer.wait(lambda: printer.tickets)


def test_a_printer_that_refuses_can_be_reached_again_at_its_port(printer):
    printer.set(is_refusing=True)
    with pytest.raises(ConnectionRefusedError), connected(printer):
        pass
    printer.set(is_refusing=False)
    with connected(printer) as sock:
        sock.sendall(ticket())
        printer.wait(lambda: printer.tickets)


def test_one_connection_is_served_after_the_other(printer):
    with connected(printer) as first:
        first.sendall(b"\x1b@a\n")
        printer.wait(lambda: printer.unfinished)
        with connected(printer) as second:
            second.sendall(b"b\n" + CUT)
            first.sendall(CUT)
            printer.wait(lambda: printer.cuts == 1)
            first.close()
            printer.wait(lambda: printer.cuts == 2)
    assert [t.lines for t in printer.tickets] == [["a"], ["b"]]


def test_wrong_bytes_end_the_connection_and_fail_the_test():
    printer = FakePrinter().start()
    with connected(printer) as sock:
        sock.sendall(INIT + b"Maria\x1bp")
        sock.sendall(b"\x05\x19\xfa")
        with pytest.raises(ConnectionResetError):
            received(sock, 1)
    with pytest.raises(AssertionError, match="ESC p never has 0x05"):
        printer.stop()
