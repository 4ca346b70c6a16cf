"""Printers that are files: plain ones that grow, and directories of tickets."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from .device import cannot_open
from .sink import Confirm, Quiet, SinkError, broken, offline
from .uris import Format


class FileSink(Quiet):
    """A plain file every ticket is appended to; created when missing."""

    def __init__(self, path: str, form: Format) -> None:
        super().__init__()
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
            raise cannot_open(self._path, exc) from exc
        if not stat.S_ISREG(os.fstat(self._fd).st_mode):
            self.close()
            raise offline(f"{self._path} is not a plain file; leave out ?mode=append")

    def write(self, data: bytes) -> None:
        _write_all(self._fd, data)

    def finish(self) -> Confirm:
        """Wait for the disk."""
        try:
            os.fsync(self._fd)
        except OSError as exc:
            raise broken(exc, bytes_out=True) from exc
        finally:
            self.close()
        return "drain"

    def close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def _write_all(fd: int, data: bytes) -> None:
    sent = 0
    try:
        while sent < len(data):
            sent += os.write(fd, data[sent:])
    except OSError as exc:
        raise broken(exc, bytes_out=sent > 0) from exc


class DirSink(Quiet):
    """A directory that gets one new file for every ticket, whole or not at all."""

    def __init__(self, path: str, form: Format) -> None:
        super().__init__()
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
            raise cannot_open(self._path, exc) from exc
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
            raise cannot_open(self._path, exc) from exc

    def write(self, data: bytes) -> None:
        try:
            _write_all(self._fd, data)
        except SinkError as exc:  # nothing is visible before finish
            raise SinkError(exc.code, str(exc), bytes_out=False) from exc

    def finish(self) -> Confirm:
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
        return "drain"

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
