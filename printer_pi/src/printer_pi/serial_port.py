"""Printers on a serial port, by pyserial (the extra `serial`)."""

from __future__ import annotations

import select
from typing import Any

from .sink import offline
from .wire import CHUNK_BYTES, ROOM_SECONDS


class SerialWire:
    """A serial printer, 8N1 at a fixed speed; its DTR wire, on our CTS, may stop us."""

    can_read = True

    def __init__(self, path: str, baud: int, *, has_flow: bool = False) -> None:
        self._path, self._baud = path, baud
        self._has_flow = has_flow
        self._port: Any = None

    def open(self) -> None:
        try:
            import serial
        except ImportError:
            raise offline(
                "serial: needs pyserial, install printer-pi[serial]"
            ) from None
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

    def send(self, data: bytes) -> int:
        if not select.select([], [self._port], [], ROOM_SECONDS)[1]:
            return 0
        return int(self._port.write(data[:CHUNK_BYTES]) or 0)

    def unsent(self) -> int:
        return int(self._port.out_waiting)

    def read(self, seconds: float) -> bytes:
        self._port.timeout = seconds
        heard: bytes = self._port.read(1)
        return heard + self._port.read(self._port.in_waiting) if heard else b""

    def finish(self) -> None:
        self.close()

    def close(self) -> None:
        if self._port is not None:
            self._port.close()
            self._port = None
