"""Chooses the way out of this machine that belongs to a configured address."""

from __future__ import annotations

import sys
from typing import TextIO

from .files import DeviceSink, DirSink, FileSink
from .sink import Sink, SinkError
from .tcp import TcpSink
from .terminal import TerminalSink
from .uris import Target

__all__ = ["Sink", "SinkError", "make"]


def make(target: Target, stall_seconds: float, stream: TextIO | None = None) -> Sink:
    """The sink for a configured address; `stream` replaces stdout for terminals.

    `stall_seconds` is how long a printer may take no byte in the middle of a ticket.
    """
    if target.kind == "tcp":
        return TcpSink(target.host, target.port, stall_seconds)
    if target.kind == "device":
        return DeviceSink(target.path, target.format, stall_seconds)
    if target.kind == "file":
        return FileSink(target.path, target.format)
    if target.kind == "dir":
        return DirSink(target.path, target.format)
    return TerminalSink(stream or sys.stdout)
