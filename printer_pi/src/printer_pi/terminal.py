"""Tickets for people: framed text on a terminal or another text stream."""

from __future__ import annotations

from collections.abc import Callable
from typing import TextIO

from .sink import Confirm, Quiet, SinkError, offline
from .uris import Format


class TerminalSink(Quiet):
    """Framed tickets on a terminal or any other text stream."""

    format: Format = "frame"
    _ASCII_FRAME = str.maketrans("┌┐└┘─│", "++++-|")

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream

    def probe(self) -> None:
        if self._stream.closed:
            raise offline("the terminal is gone")

    def open(self, _title: str, /) -> None:
        self.probe()

    def write(self, data: bytes) -> None:
        text = data.decode("utf-8")
        encoding = self._stream.encoding or "utf-8"
        if encoding.lower().replace("-", "") != "utf8":
            text = text.translate(self._ASCII_FRAME)
            text = text.encode(encoding, "replace").decode(encoding)
        self._guard(lambda: self._stream.write(text))

    def finish(self) -> Confirm:
        self._guard(self._stream.flush)
        return "drain"

    def _guard(self, step: Callable[[], object]) -> None:
        try:
            step()
        except (OSError, ValueError) as exc:
            raise SinkError("printer.write", str(exc), bytes_out=True) from exc

    def close(self) -> None:
        """The terminal stays open; it is not ours."""
