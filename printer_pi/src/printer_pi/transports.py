"""Chooses the way out of this machine that belongs to a configured address."""

from __future__ import annotations

import sys
import threading
from dataclasses import replace
from typing import TextIO

from .byte_printer import BytePrinter
from .config import Printer
from .device import DeviceWire
from .files import DirSink, FileSink
from .ipp_printer import IppPrinter
from .serial_port import SerialWire
from .sink import Sink, SinkError
from .tcp import TcpWire
from .terminal import TerminalSink
from .uris import Target
from .usb_port import UsbWire
from .wire import Wire

__all__ = ["Sink", "SinkError", "make", "make_all", "make_impatient"]

#: Where nobody waits for paper: a copy, or somebody at a keyboard.
PATIENCE_SECONDS = 30


def make_all(
    printer: Printer,
    stream: TextIO | None = None,
    halt: threading.Event | None = None,
) -> list[Sink]:
    """The sinks of a printer's addresses, the one that counts first. Copies are not
    waited for: they would hold up the tickets behind them."""
    first, *more = printer.targets
    copies = [make_impatient(target, printer, stream) for target in more]
    return [make(first, printer, stream, halt), *copies]


def make_impatient(
    target: Target, printer: Printer, stream: TextIO | None = None
) -> Sink:
    """A sink that waits for no paper, and not long for anything else."""
    halt = threading.Event()
    halt.set()
    seconds = min(printer.stall_seconds, PATIENCE_SECONDS)
    return make(target, replace(printer, stall_seconds=seconds), stream, halt)


def make(
    target: Target,
    printer: Printer,
    stream: TextIO | None = None,
    halt: threading.Event | None = None,
) -> Sink:
    """The sink for a configured address; `stream` replaces stdout for terminals.

    `halt` is set when the daemon ends: nobody waits for paper then.
    """
    if target.kind == "file":
        return FileSink(target.path, target.format)
    if target.kind == "dir":
        return DirSink(target.path, target.format)
    if target.kind == "terminal":
        return TerminalSink(stream or sys.stdout)
    if target.kind == "ipp":
        return IppPrinter(target.url, target.path, printer.stall_seconds, halt=halt)
    return BytePrinter(
        _wire(target),
        printer.stall_seconds,
        confirm="none" if target.format == "text" else printer.confirm,
        drawer_open=printer.drawer_open,
        halt=halt,
        form=target.format,
    )


def _wire(target: Target) -> Wire:
    if target.kind == "tcp":
        return TcpWire(target.host, target.port)
    if target.kind == "serial":
        return SerialWire(target.path, target.baud, has_flow=target.has_flow)
    if target.kind == "usb":
        return UsbWire(target.vendor, target.product, target.serial)
    return DeviceWire(target.path)
