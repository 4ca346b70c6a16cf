"""What carries bytes to a printer, and perhaps its answers back."""

from __future__ import annotations

from typing import Protocol

CHUNK_BYTES = 4096
#: How long `send` may wait for room.
ROOM_SECONDS = 0.5


class Wire(Protocol):
    """A way to a printer. `open` raises SinkError, the others OSError; all may block
    for a moment.

    `send` answers how many of the bytes were taken, 0 when there is no room now.
    `unsent` is how much has been taken and not left this machine, as far as it can
    tell. `read` answers what came within so many seconds, b"" for nothing; it is not
    called unless `can_read`, which is known after `open`. `finish` closes without
    losing what is under way, `close` at once, and never raises.
    """

    can_read: bool

    def open(self) -> None: ...

    def send(self, data: bytes) -> int: ...

    def unsent(self) -> int: ...

    def read(self, seconds: float) -> bytes: ...

    def finish(self) -> None: ...

    def close(self) -> None: ...
