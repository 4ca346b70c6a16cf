"""The ways to a printer: what counts as sent, what comes back, what an error says."""

from __future__ import annotations

import array
import errno
import os
import socket
import struct
import threading
import tty
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import usb.backend
import usb.core

from escpos_machine import Machine
from pi_setup import printer
from printer_pi.byte_printer import BytePrinter
from printer_pi.serial_port import SerialWire
from printer_pi.sink import SinkError
from printer_pi.tcp import TcpWire
from printer_pi.transports import make
from printer_pi.uris import parse
from printer_pi.usb_port import UsbWire
from printer_pi.wire import Wire

BIG = b"x" * 2_000_000  # more than any socket or pipe buffers
TICKET = b"\x1b@soup\n\x1dVB0"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TcpWire, "connect_seconds", 0.3)
    monkeypatch.setattr(TcpWire, "close_seconds", 0.2)


def send(sink: Any, data: bytes) -> str:
    sink.open("t")
    try:
        sink.write(data)
        return str(sink.finish())
    finally:
        sink.close()


# --- network ------------------------------------------------------------------------


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def tcp(listener: socket.socket, stall: float = 5.0) -> BytePrinter:
    wire = TcpWire("127.0.0.1", listener.getsockname()[1])
    return BytePrinter(wire, stall, confirm="none")


def test_tcp_sends_everything_and_closes(listener: socket.socket) -> None:
    got = bytearray()

    def take() -> None:
        connection, _ = listener.accept()
        with connection:
            while chunk := connection.recv(65536):
                got.extend(chunk)

    thread = threading.Thread(target=take)
    thread.start()
    assert send(tcp(listener), BIG) == "none"
    thread.join(60)
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
    assert (sink.status.is_online, sink.status.fault) == (False, "printer.offline")


def test_tcp_a_stalled_printer_leaves_doubt(listener: socket.socket) -> None:
    sink = tcp(listener, stall=0.2)
    with pytest.raises(SinkError, match="takes no more") as caught:
        send(sink, BIG)
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


def test_tcp_a_printer_that_drops_the_line_leaves_doubt(
    listener: socket.socket,
) -> None:
    def take() -> None:
        connection, _ = listener.accept()
        connection.recv(10)
        # Unread data makes the system answer with a reset, as a crash does.
        connection.close()

    thread = threading.Thread(target=take)
    thread.start()
    with pytest.raises(SinkError) as caught:
        send(tcp(listener), BIG)
    thread.join(60)
    assert caught.value.bytes_out


def test_tcp_what_the_printer_confirmed_needs_no_clean_end(
    listener: socket.socket,
) -> None:
    """Some answer the end of a connection with a reset."""

    def serve() -> None:
        connection, _ = listener.accept()
        machine = Machine(576, lambda data: void(connection.sendall(data)))
        while chunk := connection.recv(4096):
            machine.take(chunk)
        reset = struct.pack("ii", 1, 0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
        connection.close()

    thread = threading.Thread(target=serve)
    thread.start()
    sink = BytePrinter(TcpWire("127.0.0.1", listener.getsockname()[1]), 5.0)
    assert send(sink, TICKET) == "process_id"
    thread.join(60)


# --- device files -------------------------------------------------------------------


def device(path: Path | str, **fields: Any) -> BytePrinter:
    made = make(parse(f"file://{path}"), printer(f"file://{path}", **fields))
    assert isinstance(made, BytePrinter)
    return made


def test_a_device_is_never_created(tmp_path: Path) -> None:
    with pytest.raises(SinkError, match="No such file"):
        device(tmp_path / "lp0").open("")
    assert not (tmp_path / "lp0").exists()


def test_a_device_that_is_a_plain_file_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "lp0").write_bytes(b"precious")
    with pytest.raises(SinkError, match=r"add \?mode=append"):
        device(tmp_path / "lp0").probe()
    assert (tmp_path / "lp0").read_bytes() == b"precious"


def test_a_device_without_a_way_back_takes_the_bytes(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "lp0")
    sink = device(tmp_path / "lp0")
    with pytest.raises(SinkError, match="cannot be opened"):
        sink.probe()  # a pipe nobody reads
    reader = os.open(tmp_path / "lp0", os.O_RDONLY | os.O_NONBLOCK)
    assert send(sink, b"\x1b@ticket") == "drain"
    assert os.read(reader, 100) == b"\x1b@ticket"
    os.close(reader)


def test_a_device_that_stalls_or_goes_away_leaves_doubt(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "lp0")
    reader = os.open(tmp_path / "lp0", os.O_RDONLY | os.O_NONBLOCK)
    sink = device(tmp_path / "lp0", stall_seconds=0.1)
    with pytest.raises(SinkError, match="takes no more") as caught:
        send(sink, BIG)
    assert caught.value.bytes_out
    sink.open("")
    os.close(reader)
    with pytest.raises(SinkError, match="disconnected") as caught:
        sink.write(b"x")
    assert not caught.value.bytes_out
    sink.close()


# --- lines with a printer at their other end ----------------------------------------


class Line:
    """A printer at the far end of a terminal line."""

    def __init__(self, **switches: Any) -> None:
        self._far, self._near = os.openpty()
        tty.setraw(self._far)
        tty.setraw(self._near)
        self.path = os.ttyname(self._near)
        self.machine = Machine(576, lambda data: void(os.write(self._far, data)))
        for name, value in switches.items():
            object.__setattr__(self.machine.switches, name, value)
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                self.machine.take(os.read(self._far, 4096))
            except OSError:  # the near side was closed for good
                return

    def end(self) -> None:
        os.close(self._near)
        self._thread.join(60)
        os.close(self._far)


def void(_: object) -> None:
    return None


@pytest.fixture
def line() -> Iterator[Line]:
    made = Line()
    yield made
    made.end()


def test_a_device_with_a_way_back_confirms(line: Line) -> None:
    sink = device(line.path)
    assert send(sink, TICKET) == "process_id"
    assert (sink.status.paper, sink.status.cover) == ("ok", "closed")
    assert [ticket.lines for ticket in line.machine.tickets] == [["soup"]]


def test_a_serial_printer_confirms(line: Line) -> None:
    uri = f"serial://{line.path}?baud=38400"
    sink = make(parse(uri), printer(uri))
    assert send(sink, TICKET * 20) == "process_id"
    assert len(line.machine.tickets) == 20
    assert send(sink, TICKET) == "process_id"


def test_a_serial_port_that_is_not_there() -> None:
    sink = BytePrinter(SerialWire("/dev/ttyNONE", 9600), 1)
    with pytest.raises(SinkError, match="/dev/ttyNONE cannot be opened") as caught:
        sink.probe()
    assert caught.value.code == "printer.offline"


# --- USB ----------------------------------------------------------------------------


class Bus(usb.backend.IBackend):
    """A bus with one printer: its descriptors, and a pipe each way."""

    def __init__(self, interface_class: int = 7, has_in: bool = True) -> None:
        self.answers = bytearray()
        self.machine = Machine(576, self.answers.extend)
        self.claimed = False
        self.is_gone = self.is_full = False
        self.serial_index = 0  # of the name that its serial number has
        self._class = interface_class
        self._endpoints = [(0x81, 2)] * has_in + [(0x02, 2), (0x83, 3)]

    def enumerate_devices(self) -> Iterator[str]:
        return iter([] if self.is_gone else ["printer"])

    def get_device_descriptor(self, dev: str) -> Any:
        numbers = {"idVendor": 0x04B8, "idProduct": 0x0E15, "bNumConfigurations": 1}
        zeros = (
            *("bLength", "bDescriptorType", "bcdUSB", "bDeviceClass"),
            *("bDeviceSubClass", "bDeviceProtocol", "bMaxPacketSize0", "bcdDevice"),
            *("iManufacturer", "iProduct", "iSerialNumber", "port_number", "speed"),
        )
        more = {"bus": 1, "address": 2, "port_numbers": None}
        fields = {**dict.fromkeys(zeros, 0), **numbers, **more}
        fields["iSerialNumber"] = self.serial_index
        return SimpleNamespace(**fields)

    def get_configuration_descriptor(self, dev: str, config: int) -> Any:
        return SimpleNamespace(
            bLength=9,
            bDescriptorType=2,
            wTotalLength=32,
            bNumInterfaces=1,
            bConfigurationValue=1,
            iConfiguration=0,
            bmAttributes=0x80,
            bMaxPower=1,
            extra_descriptors=b"",
        )

    def get_interface_descriptor(
        self, dev: str, intf: int, alt: int, config: int
    ) -> Any:
        if intf or alt:
            raise IndexError
        return SimpleNamespace(
            bLength=9,
            bDescriptorType=4,
            bInterfaceNumber=0,
            bAlternateSetting=0,
            bNumEndpoints=len(self._endpoints),
            bInterfaceClass=self._class,
            bInterfaceSubClass=1,
            bInterfaceProtocol=2,
            iInterface=0,
            extra_descriptors=b"",
        )

    def get_endpoint_descriptor(
        self, dev: str, ep: int, intf: int, alt: int, config: int
    ) -> Any:
        address, kind = self._endpoints[ep]
        return SimpleNamespace(
            bLength=7,
            bDescriptorType=5,
            bEndpointAddress=address,
            bmAttributes=kind,
            wMaxPacketSize=64,
            bInterval=0,
            bRefresh=0,
            bSynchAddress=0,
            extra_descriptors=b"",
        )

    def ctrl_transfer(self, *_: Any) -> int:
        raise usb.core.USBError("Access denied", errno=errno.EACCES)

    def open_device(self, dev: str) -> str:
        return dev

    def close_device(self, dev_handle: str) -> None:
        return None

    def get_configuration(self, dev_handle: str) -> int:
        return 1

    def is_kernel_driver_active(self, dev_handle: str, intf: int) -> bool:
        return False

    def claim_interface(self, dev_handle: str, intf: int) -> None:
        self.claimed = True

    def release_interface(self, dev_handle: str, intf: int) -> None:
        self.claimed = False

    def bulk_write(
        self, dev_handle: str, ep: int, intf: int, data: Any, timeout: int
    ) -> int:
        assert (ep, self.claimed) == (0x02, True)
        if self.is_gone:
            raise usb.core.USBError("No such device", errno=errno.ENODEV)
        if self.is_full:
            raise usb.core.USBTimeoutError("timed out", errno=errno.ETIMEDOUT)
        taken = bytes(data)[:1000]
        self.machine.take(taken)
        return len(taken)

    def bulk_read(
        self, dev_handle: str, ep: int, intf: int, buff: Any, timeout: int
    ) -> int:
        assert ep == 0x81
        if not self.answers:
            raise usb.core.USBTimeoutError("timed out", errno=errno.ETIMEDOUT)
        count = min(len(buff), len(self.answers))
        buff[:count] = array.array("B", self.answers[:count])
        del self.answers[:count]
        return count


def usb_printer(bus: Bus, serial: str = "", **fields: Any) -> BytePrinter:
    wire: Wire = UsbWire(0x04B8, 0x0E15, serial, backend=bus)
    return BytePrinter(wire, fields.pop("stall", 1.0), **fields)


def test_a_usb_printer_confirms() -> None:
    bus = Bus()
    sink = usb_printer(bus)
    assert send(sink, TICKET * 200) == "process_id"
    assert len(bus.machine.tickets) == 200
    assert bus.claimed is False
    assert sink.status.paper == "ok"


@pytest.mark.parametrize(
    "change",
    [lambda: Bus(interface_class=255), lambda: Bus(has_in=False)],
    ids=["a vendor's own class", "no way back"],
)
def test_usb_printers_differ(change: Callable[[], Bus]) -> None:
    bus = change()
    assert send(usb_printer(bus), TICKET) in ("process_id", "drain")
    assert [ticket.lines for ticket in bus.machine.tickets] == [["soup"]]


def test_a_usb_printer_that_is_not_there() -> None:
    bus = Bus()
    bus.is_gone = True
    with pytest.raises(SinkError, match="no USB printer 04b8:0e15 X1") as caught:
        usb_printer(bus, "X1").probe()
    assert caught.value.code == "printer.offline"


def test_a_usb_printer_that_goes_or_stalls_leaves_doubt() -> None:
    bus = Bus()
    sink = usb_printer(bus, confirm="none", stall=0.0)
    sink.open("")
    sink.write(b"\x1b@half")
    bus.is_gone = True
    with pytest.raises(SinkError, match="No such device") as caught:
        sink.write(b"a ticket")
    assert caught.value.bytes_out
    bus.is_gone, bus.is_full = False, True
    sink.open("")
    with pytest.raises(SinkError, match="takes no more") as caught:
        sink.write(b"a ticket")
    assert not caught.value.bytes_out


def test_a_printer_that_takes_no_question_is_off_and_waited_for_no_longer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing is on its way yet: `stall_seconds` is for tickets."""
    monkeypatch.setattr(BytePrinter, "stuck_seconds", 0.1)
    bus = Bus()
    bus.is_full = True
    sink = usb_printer(bus, stall=3600.0)
    failures: list[SinkError] = []

    def probe() -> None:
        try:
            sink.probe()
        except SinkError as exc:
            failures.append(exc)

    thread = threading.Thread(target=probe, daemon=True)
    thread.start()
    thread.join(60)
    (failure,) = failures
    assert (failure.code, failure.bytes_out) == ("printer.offline", False)


def test_a_usb_printer_that_does_not_let_itself_be_read_says_so() -> None:
    """Its serial number is asked for, and this user may not open it."""
    bus = Bus()
    bus.serial_index = 3
    with pytest.raises(SinkError, match=r"cannot be opened: .*permission") as caught:
        usb_printer(bus, "X1").probe()
    assert caught.value.code == "printer.offline"
