"""What carries bytes to a printer, and perhaps its answers back."""

from __future__ import annotations

from typing import Protocol

CHUNK_BYTES = 4096


class Wire(Protocol):
    """A way to a printer. All methods block and raise SinkError.

    `open`, `write` (any number), `drain`, `finish`. `drain` returns when every byte
    has left this machine, as surely as it can tell; `finish` closes without losing
    any. `read` answers what came within so many seconds, b"" for nothing; it is not
    called unless `can_read`, which is known after `open`. `close` drops everything
    and never raises.
    """

    can_read: bool

    def open(self) -> None: ...

    def write(self, data: bytes) -> None: ...

    def read(self, seconds: float) -> bytes: ...

    def drain(self) -> None: ...

    def finish(self) -> None: ...

    def close(self) -> None: ...
