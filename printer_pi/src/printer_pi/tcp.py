"""Network printers that take raw bytes: connect, send, wait until they have arrived."""

from __future__ import annotations

import array
import contextlib
import fcntl
import os
import socket
import termios
import time

from .sink import SinkError, broken, offline, reason, stalled
from .uris import Format

CHUNK_BYTES = 4096
_CONNECT_PAUSE_SECONDS = 0.25
_DRAIN_PAUSE_SECONDS = 0.02


class TcpSink:
    """A network printer that takes raw data, usually on port 9100."""

    format: Format = "escpos"

    connect_seconds = 5.0
    close_seconds = 2.0

    def __init__(self, host: str, port: int, stall_seconds: float) -> None:
        self._address = (host, port)
        self._stall = stall_seconds
        self._socket: socket.socket | None = None

    def probe(self) -> None:
        self.open("")
        self.close()

    def open(self, _title: str, /) -> None:
        """Connect; small printers refuse for a moment after the last connection."""
        allowed = self.connect_seconds
        deadline = time.monotonic() + allowed
        while True:
            try:
                self._socket = socket.create_connection(self._address, allowed)
                return
            except ConnectionRefusedError as exc:
                if time.monotonic() + _CONNECT_PAUSE_SECONDS >= deadline:
                    raise self._offline(exc) from exc
                time.sleep(_CONNECT_PAUSE_SECONDS)
            except OSError as exc:
                raise self._offline(exc) from exc

    def _offline(self, exc: OSError) -> SinkError:
        host, port = self._address
        return offline(f"{host}:{port} does not answer: {reason(exc)}")

    def write(self, data: bytes) -> None:
        sock = self._connected()
        sock.settimeout(self._stall)
        sent = 0
        try:
            while sent < len(data):
                sent += sock.send(data[sent : sent + CHUNK_BYTES])
        except TimeoutError as exc:
            raise stalled(bytes_out=sent > 0) from exc
        except OSError as exc:
            raise broken(exc, bytes_out=sent > 0) from exc

    def finish(self) -> None:
        """Wait until the printer's side has received every byte, then close."""
        sock = self._connected()
        try:
            self._drain(sock)
            sock.shutdown(socket.SHUT_WR)
            self._await_close(sock)
        except OSError as exc:
            raise broken(exc, bytes_out=True) from exc
        finally:
            self.close()

    def _drain(self, sock: socket.socket) -> None:
        waiting = _unsent(sock)
        deadline = time.monotonic() + self._stall
        while waiting:
            if time.monotonic() > deadline:
                raise stalled(bytes_out=True)
            time.sleep(_DRAIN_PAUSE_SECONDS)
            before, waiting = waiting, _unsent(sock)
            if waiting < before:
                deadline = time.monotonic() + self._stall

    def _await_close(self, sock: socket.socket) -> None:
        """Read what the printer still says; many never close their side themselves."""
        deadline = time.monotonic() + self.close_seconds
        while (left := deadline - time.monotonic()) > 0:
            sock.settimeout(left)
            try:
                if not sock.recv(CHUNK_BYTES):
                    return
            except TimeoutError:
                return

    def _connected(self) -> socket.socket:
        if self._socket is None:
            raise offline("not connected")
        return self._socket

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def _unsent(sock: socket.socket) -> int:
    """Bytes the other side has not confirmed; 0 where the system cannot tell."""
    count = array.array("i", [0])
    with contextlib.suppress(OSError):
        fcntl.ioctl(sock.fileno(), termios.TIOCOUTQ, count)
    error = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if error:
        raise OSError(error, os.strerror(error))
    return count[0]
