"""Printers that are files: devices, plain files that grow, directories of tickets."""

from __future__ import annotations

import os
import re
import select
import stat
from pathlib import Path

from .sink import SinkError, broken, offline, reason, stalled
from .uris import Format

CHUNK_BYTES = 4096


class DeviceSink:
    """A device file such as /dev/usb/lp0; it must exist and is never created."""

    def __init__(self, path: str, form: Format, stall_seconds: float) -> None:
        self.format: Format = form
        self._path = Path(path)
        self._stall = stall_seconds
        self._fd = -1

    def probe(self) -> None:
        self.open("")
        self.close()

    def open(self, _title: str, /) -> None:
        try:
            if stat.S_ISREG(self._path.stat().st_mode):
                raise offline(f"{self._path} is a plain file; add ?mode=append")
            flags = os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY
            self._fd = os.open(self._path, flags)
        except OSError as exc:
            raise _cannot_open(self._path, exc) from exc

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


class FileSink:
    """A plain file every ticket is appended to; created when missing."""

    def __init__(self, path: str, form: Format) -> None:
        self.format: Format = form
        self._path = Path(path)
        self._fd = -1

    def probe(self) -> None:
        self.open("")
        self.close()

    def open(self, _title: str, /) -> None:
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NONBLOCK
            self._fd = os.open(self._path, flags | os.O_NOCTTY, 0o644)
        except OSError as exc:
            raise _cannot_open(self._path, exc) from exc
        if not stat.S_ISREG(os.fstat(self._fd).st_mode):
            self.close()
            raise offline(f"{self._path} is not a plain file; leave out ?mode=append")

    def write(self, data: bytes) -> None:
        _write_all(self._fd, data)

    def finish(self) -> None:
        try:
            os.fsync(self._fd)
        except OSError as exc:
            raise broken(exc, bytes_out=True) from exc
        finally:
            self.close()

    def close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def _cannot_open(path: Path, exc: OSError) -> SinkError:
    return offline(f"{path} cannot be opened: {reason(exc)}")


def _write_all(fd: int, data: bytes) -> None:
    sent = 0
    try:
        while sent < len(data):
            sent += os.write(fd, data[sent:])
    except OSError as exc:
        raise broken(exc, bytes_out=sent > 0) from exc


class DirSink:
    """A directory that gets one new file for every ticket, whole or not at all."""

    def __init__(self, path: str, form: Format) -> None:
        self.format: Format = form
        self._path = Path(path)
        self._suffix = ".txt" if form == "text" else ".escpos"
        self._title = ""
        self._fd = -1
        self._part: Path | None = None

    def probe(self) -> None:
        try:
            self._path.mkdir(parents=True, exist_ok=True)
        except OSError as exc:
            raise _cannot_open(self._path, exc) from exc
        if not os.access(self._path, os.W_OK | os.X_OK):
            raise offline(f"{self._path} is not writable")

    def open(self, title: str, /) -> None:
        self.probe()
        self._title = (
            re.sub(r"[^A-Za-z0-9_-]+", "_", title).strip("_")[:120] or "ticket"
        )
        self._part = self._path / f".{self._title}.part"
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
            self._fd = os.open(self._part, flags, 0o644)
        except OSError as exc:
            raise _cannot_open(self._path, exc) from exc

    def write(self, data: bytes) -> None:
        try:
            _write_all(self._fd, data)
        except SinkError as exc:  # nothing is visible before finish
            raise SinkError(exc.code, str(exc), bytes_out=False) from exc

    def finish(self) -> None:
        """Publish the file under a name of its own and wait for the disk."""
        part = self._part
        if part is None:
            raise offline("not open")
        published = False
        try:
            os.fsync(self._fd)
            part.rename(self._free_name())
            published = True
            _sync_directory(self._path)
        except OSError as exc:
            raise broken(exc, bytes_out=published) from exc
        finally:
            self.close()

    def _free_name(self) -> Path:
        name = self._path / f"{self._title}{self._suffix}"
        count = 1
        while name.exists():
            count += 1
            name = self._path / f"{self._title}-{count}{self._suffix}"
        return name

    def close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
        if self._part is not None:
            self._part.unlink(missing_ok=True)
            self._part = None


def _sync_directory(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
