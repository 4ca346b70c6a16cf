"""What every way out of this machine has in common: the steps, the state, the error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from .uris import Format

#: How it is known that a ticket is on paper, from the surest to the least.
Confirm = Literal["process_id", "gs_r", "ipp", "drain", "none"]
Paper = Literal["ok", "low", "out"]

OFFLINE = "printer.offline"
PAPER_OUT = "printer.paper_out"
COVER_OPEN = "printer.cover_open"
ERROR = "printer.error"
FAULTS = {
    OFFLINE: "the printer is offline",
    PAPER_OUT: "the paper is out",
    COVER_OPEN: "the cover is open",
    ERROR: "the printer reports an error",
}


class SinkError(Exception):
    """The printer did not take the ticket.

    `bytes_out` tells whether any byte may have reached it; `code` is for the server.
    """

    def __init__(self, code: str, message: str, *, bytes_out: bool) -> None:
        super().__init__(message)
        self.code = code
        self.bytes_out = bytes_out


@dataclass(frozen=True)
class Status:
    """A printer in its own words; None where it says nothing. `fault` is a key of
    FAULTS while it prints nothing."""

    is_online: bool = True
    paper: Paper | None = None
    cover: Literal["closed", "open"] | None = None
    drawer: Literal["open", "closed"] | None = None
    fault: str | None = None
    confirm: Confirm | None = None


@dataclass(frozen=True)
class Known:
    """What a printer was found to answer: how it confirms, whether it tells its
    state."""

    confirm: Confirm
    has_status: bool


class Sink(Protocol):
    """One place for tickets. All methods block and raise SinkError.

    A ticket is `open`, `write` (all of it), `finish`; `finish` returns when the ticket
    is out as surely as this printer can tell, and says how. `close` drops whatever is
    open and never raises. `probe` prints nothing and fails when a ticket could not be
    printed now. `status` is what is known of the printer, `on_status` is called with
    it, from any thread, when it changes. `known` may be set to what was found earlier.
    """

    status: Status
    on_status: Callable[[Status], None]
    known: Known | None

    @property
    def format(self) -> Format: ...

    def probe(self) -> None: ...

    def open(self, title: str, /) -> None: ...

    def write(self, data: bytes) -> None: ...

    def finish(self) -> Confirm: ...

    def close(self) -> None: ...


class Quiet:
    """The state of a place that has none of its own: files and terminals."""

    def __init__(self) -> None:
        self.status = Status(confirm="drain")
        self.on_status: Callable[[Status], None] = lambda _: None
        self.known: Known | None = None


def reason(exc: OSError) -> str:
    """The system's words for an error, without numbers and paths."""
    return exc.strerror or str(exc) or type(exc).__name__


def offline(message: str) -> SinkError:
    """The printer cannot be opened; nothing was sent."""
    return SinkError(OFFLINE, message, bytes_out=False)


def faulty(fault: str, *, bytes_out: bool) -> SinkError:
    """The printer says of itself that it cannot print."""
    return SinkError(fault, FAULTS[fault], bytes_out=bytes_out)


def stalled(*, bytes_out: bool) -> SinkError:
    """The printer has taken no byte for as long as we are willing to hold on."""
    return SinkError(
        "printer.stalled", "the printer takes no more", bytes_out=bytes_out
    )


def broken(exc: OSError, *, bytes_out: bool) -> SinkError:
    """Writing failed, before or after the first byte."""
    return SinkError("printer.write", reason(exc), bytes_out=bytes_out)
