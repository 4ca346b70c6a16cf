"""Printers that are device files, as /dev/usb/lp0: bytes out, and answers back where
the driver has them."""

from __future__ import annotations

import errno
import os
import select
import stat
import termios
import tty
from pathlib import Path

from .sink import SinkError, broken, offline, reason, stalled
from .wire import CHUNK_BYTES

_NO_READING = (errno.EACCES, errno.EINVAL, errno.EPERM, errno.EROFS)


class DeviceWire:
    """A device file; it must exist and is never created."""

    def __init__(self, path: str, stall_seconds: float) -> None:
        self.can_read = False
        self._path = Path(path)
        self._stall = stall_seconds
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

    def write(self, data: bytes) -> None:
        sent = 0
        try:
            while sent < len(data):
                self._writable(bytes_out=sent > 0)
                try:
                    sent += os.write(self._fd, data[sent : sent + CHUNK_BYTES])
                except BlockingIOError:
                    continue
        except OSError as exc:
            raise broken(exc, bytes_out=sent > 0) from exc

    def read(self, seconds: float) -> bytes:
        poller = select.poll()
        poller.register(self._fd, select.POLLIN)
        try:
            if not poller.poll(seconds * 1000):
                return b""
            heard = os.read(self._fd, CHUNK_BYTES)
        except BlockingIOError:
            return b""
        except OSError as exc:
            raise broken(exc, bytes_out=True) from exc
        if not heard:  # the driver has nothing, now and for ever
            self.can_read = False
        return heard

    def drain(self) -> None:
        """The USB driver is writable again when its transfer has ended."""
        self._writable(bytes_out=True)

    def finish(self) -> None:
        """The USB driver throws away a transfer that is under way at close: wait."""
        try:
            self._writable(bytes_out=True)
        finally:
            self.close()

    def _writable(self, *, bytes_out: bool) -> None:
        poller = select.poll()
        poller.register(self._fd, select.POLLOUT)
        events = dict(poller.poll(self._stall * 1000)).get(self._fd)
        if events is None:
            raise stalled(bytes_out=bytes_out)
        if events & (select.POLLHUP | select.POLLERR | select.POLLNVAL):
            raise SinkError(
                "printer.write", "the printer was disconnected", bytes_out=bytes_out
            )

    def close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def cannot_open(path: Path, exc: OSError) -> SinkError:
    """The system does not let us open this path."""
    return offline(f"{path} cannot be opened: {reason(exc)}")
