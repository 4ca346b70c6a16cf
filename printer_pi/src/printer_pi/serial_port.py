"""Printers on a serial port, by pyserial (the extra `serial`)."""

from __future__ import annotations

import select
import time
from typing import Any

from .sink import broken, offline, stalled
from .wire import CHUNK_BYTES

_PAUSE_SECONDS = 0.02


class SerialWire:
    """A serial printer, 8N1 at a fixed speed; its DTR wire, on our CTS, may stop us."""

    can_read = True

    def __init__(
        self, path: str, baud: int, stall_seconds: float, *, has_flow: bool = False
    ) -> None:
        self._path, self._baud = path, baud
        self._has_flow = has_flow
        self._stall = stall_seconds
        self._port: Any = None

    def open(self) -> None:
        try:
            import serial
        except ImportError:
            raise offline("serial: needs pyserial, install printer-pi[serial]") from None
        try:
            self._port = serial.Serial(
                self._path,
                self._baud,
                timeout=0,
                write_timeout=0,
                exclusive=True,
                rtscts=self._has_flow,
            )
        except (OSError, ValueError) as exc:
            words = getattr(exc, "strerror", None) or str(exc)
            raise offline(f"{self._path} cannot be opened: {words}") from exc

    def write(self, data: bytes) -> None:
        sent = 0
        try:
            while sent < len(data):
                if not select.select([], [self._port], [], self._stall)[1]:
                    raise stalled(bytes_out=sent > 0)
                sent += self._port.write(data[sent : sent + CHUNK_BYTES]) or 0
        except OSError as exc:  # pyserial's own errors are OSErrors
            raise broken(exc, bytes_out=sent > 0) from exc

    def read(self, seconds: float) -> bytes:
        try:
            self._port.timeout = seconds
            heard: bytes = self._port.read(1)
            if heard:
                heard += self._port.read(self._port.in_waiting)
        except OSError as exc:
            raise broken(exc, bytes_out=True) from exc
        return heard

    def drain(self) -> None:
        """Wait until the port has sent everything."""
        deadline = time.monotonic() + self._stall
        before = -1
        try:
            while waiting := self._port.out_waiting:
                if waiting != before:
                    before, deadline = waiting, time.monotonic() + self._stall
                elif time.monotonic() > deadline:
                    raise stalled(bytes_out=True)
                time.sleep(_PAUSE_SECONDS)
        except OSError as exc:
            raise broken(exc, bytes_out=True) from exc

    def finish(self) -> None:
        try:
            self.drain()
        finally:
            self.close()

    def close(self) -> None:
        if self._port is not None:
            self._port.close()
            self._port = None
