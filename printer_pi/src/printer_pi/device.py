"""Printers that are device files, as /dev/usb/lp0: bytes out, and answers back where
the driver has them."""

from __future__ import annotations

import errno
import os
import select
import stat
import termios
import time
import tty
from pathlib import Path

from .sink import SinkError, offline, reason
from .wire import CHUNK_BYTES, ROOM_SECONDS

_NO_READING = (errno.EACCES, errno.EINVAL, errno.EPERM, errno.EROFS)


class DeviceWire:
    """A device file; it must exist and is never created."""

    def __init__(self, path: str) -> None:
        self.can_read = False
        self._path = Path(path)
        self._fd = -1

    def open(self) -> None:
        try:
            mode = self._path.stat().st_mode
            if stat.S_ISREG(mode):
                raise offline(f"{self._path} is a plain file; add ?mode=append")
            self._open(stat.S_ISCHR(mode))
        except OSError as exc:
            raise cannot_open(self._path, exc) from exc

    def _open(self, may_read: bool) -> None:
        flags = os.O_NONBLOCK | os.O_NOCTTY
        self.can_read = may_read
        try:
            way = os.O_RDWR if may_read else os.O_WRONLY
            self._fd = os.open(self._path, way | flags)
        except OSError as exc:
            if not may_read or exc.errno not in _NO_READING:
                raise
            self.can_read = False
            self._fd = os.open(self._path, os.O_WRONLY | flags)
        if os.isatty(self._fd):  # bytes as they are, not lines of a keyboard
            tty.setraw(self._fd, termios.TCSANOW)

    def send(self, data: bytes) -> int:
        if not self._is_writable(ROOM_SECONDS):
            return 0
        try:
            return os.write(self._fd, data[:CHUNK_BYTES])
        except BlockingIOError:
            return 0

    def unsent(self) -> int:
        """The USB driver is writable again when its transfer has ended."""
        return 0 if self._is_writable(0) else 1

    def read(self, seconds: float) -> bytes:
        if not self._events(select.POLLIN, seconds):
            return b""
        try:
            heard = os.read(self._fd, CHUNK_BYTES)
        except BlockingIOError:
            return b""
        if not heard:  # some drivers say at once that there is nothing
            time.sleep(seconds)
        return heard

    def finish(self) -> None:
        """The USB driver throws away a transfer that is under way at close: it is
        over, for nothing was unsent any more."""
        self.close()

    def _is_writable(self, seconds: float) -> bool:
        events = self._events(select.POLLOUT, seconds)
        if events & (select.POLLHUP | select.POLLERR | select.POLLNVAL):
            raise ConnectionAbortedError("the printer was disconnected")
        return bool(events)

    def _events(self, wanted: int, seconds: float) -> int:
        poller = select.poll()
        poller.register(self._fd, wanted)
        return dict(poller.poll(seconds * 1000)).get(self._fd, 0)

    def close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def cannot_open(path: Path, exc: OSError) -> SinkError:
    """The system does not let us open this path."""
    return offline(f"{path} cannot be opened: {reason(exc)}")
