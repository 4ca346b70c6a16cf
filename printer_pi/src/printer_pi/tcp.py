"""Network printers that take raw bytes: connect, send, wait until they have arrived."""

from __future__ import annotations

import array
import contextlib
import fcntl
import os
import socket
import termios
import time

from .sink import SinkError, offline, reason
from .wire import CHUNK_BYTES, ROOM_SECONDS

_CONNECT_PAUSE_SECONDS = 0.25
# A printer without power is noticed after half a minute of silence.
_ALIVE = (
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 10),
    (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 5),
    (socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 4),
    # A question or a ticket's end must not wait for the answer to what went before.
    (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),
)


class TcpWire:
    """A network printer that takes raw data, usually on port 9100."""

    can_read = True

    connect_seconds = 5.0
    close_seconds = 2.0

    def __init__(self, host: str, port: int) -> None:
        self._address = (host, port)
        self._socket: socket.socket | None = None

    def open(self) -> None:
        """Connect; small printers refuse for a moment after the last connection."""
        allowed = self.connect_seconds
        deadline = time.monotonic() + allowed
        while True:
            try:
                sock = socket.create_connection(self._address, allowed)
            except ConnectionRefusedError as exc:
                if time.monotonic() + _CONNECT_PAUSE_SECONDS >= deadline:
                    raise self._offline(exc) from exc
                time.sleep(_CONNECT_PAUSE_SECONDS)
            except OSError as exc:
                raise self._offline(exc) from exc
            else:
                for option in _ALIVE:
                    sock.setsockopt(*option)
                self._socket = sock
                return

    def _offline(self, exc: OSError) -> SinkError:
        host, port = self._address
        return offline(f"{host}:{port} does not answer: {reason(exc)}")

    def send(self, data: bytes) -> int:
        sock = self._connected()
        sock.settimeout(ROOM_SECONDS)
        try:
            return sock.send(data[:CHUNK_BYTES])
        except TimeoutError:
            return 0

    def unsent(self) -> int:
        """Bytes the other side has not confirmed; 0 where the system cannot tell."""
        sock = self._connected()
        count = array.array("i", [0])
        with contextlib.suppress(OSError):
            fcntl.ioctl(sock.fileno(), termios.TIOCOUTQ, count)
        error = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if error:
            raise OSError(error, os.strerror(error))
        return count[0]

    def read(self, seconds: float) -> bytes:
        sock = self._connected()
        sock.settimeout(max(seconds, 0.001))
        try:
            heard = sock.recv(CHUNK_BYTES)
        except TimeoutError:
            return b""
        if not heard:
            raise ConnectionAbortedError("the printer hung up")
        return heard

    def finish(self) -> None:
        sock = self._connected()
        try:
            sock.shutdown(socket.SHUT_WR)
            self._await_close(sock)
        finally:
            self.close()

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
            raise ConnectionAbortedError("not connected")
        return self._socket

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None
