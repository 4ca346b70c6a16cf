"""What every way out of this machine has in common: the steps and the error."""

from __future__ import annotations

from typing import Protocol

from .uris import Format


class SinkError(Exception):
    """The printer did not take the ticket.

    `bytes_out` tells whether any byte may have reached it; `code` is for the server.
    """

    def __init__(self, code: str, message: str, *, bytes_out: bool) -> None:
        super().__init__(message)
        self.code = code
        self.bytes_out = bytes_out


class Sink(Protocol):
    """One place for tickets. All methods block and raise SinkError.

    A ticket is `open`, `write` (all of it), `finish`; `finish` returns when the data
    has left this machine. `close` drops whatever is open and never raises. `probe`
    sends nothing and fails when a ticket could not be printed now.
    """

    @property
    def format(self) -> Format: ...

    def probe(self) -> None: ...

    def open(self, title: str, /) -> None: ...

    def write(self, data: bytes) -> None: ...

    def finish(self) -> None: ...

    def close(self) -> None: ...


def reason(exc: OSError) -> str:
    """The system's words for an error, without numbers and paths."""
    return exc.strerror or str(exc) or type(exc).__name__


def offline(message: str) -> SinkError:
    """The printer cannot be opened; nothing was sent."""
    return SinkError("printer.offline", message, bytes_out=False)


def stalled(*, bytes_out: bool) -> SinkError:
    """The printer has taken no byte for as long as we are willing to hold on."""
    return SinkError(
        "printer.stalled", "the printer takes no more", bytes_out=bytes_out
    )


def broken(exc: OSError, *, bytes_out: bool) -> SinkError:
    """Writing failed, before or after the first byte."""
    return SinkError("printer.write", reason(exc), bytes_out=bytes_out)
