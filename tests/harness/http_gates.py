"""A proxy between printer-pi and the server that stops calls where a test says.

    gate = proxy.hold("start", "after")     the next `…/start` stops behind the server
    gate.wait()                             … it is there: the server has answered
    pi.kill(); gate.drop()                  nobody ever gets the answer

So a process can be killed exactly between two calls.
"""

from __future__ import annotations

import http.client
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import urlsplit

When = Literal["before", "after"]
PATIENCE_SECONDS = 90
_OUR_OWN = ("connection", "content-length", "transfer-encoding", "host")


class Gate:
    """One call that is stopped; it waits for `open` or `drop`. `path` is the call's."""

    def __init__(self) -> None:
        self.path = ""
        self.reached = threading.Event()
        self.decided = threading.Event()
        self.passes = False

    def wait(self, seconds: float = PATIENCE_SECONDS) -> None:
        """Until a call stands at the gate."""
        assert self.reached.wait(seconds), "nothing came to the gate"

    def open(self) -> None:
        """Let the call, or its answer, go on."""
        self.passes = True
        self.decided.set()

    def drop(self) -> None:
        """The call, or its answer, is lost."""
        self.decided.set()


class Proxy:
    """`with Proxy(server.url) as proxy:` relays at `proxy.url`."""

    def __init__(self, target: str) -> None:
        self.target = urlsplit(target)
        #: What was asked, by the last word of its path, in the order of arrival.
        self.calls: list[str] = []
        #: Nothing passes: the network is gone.
        self.is_down = False
        self._gates: dict[tuple[str, When], list[Gate]] = {}
        self._lock = threading.Lock()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = True
        self._http.block_on_close = False
        self._thread = threading.Thread(target=self._http.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def __enter__(self) -> Proxy:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.drop_all()
        self.is_down = True
        self._http.shutdown()
        self._http.server_close()

    def hold(self, step: str, when: When) -> Gate:
        """Stop the next call of that name before or after the server had it."""
        gate = Gate()
        with self._lock:
            self._gates.setdefault((step, when), []).append(gate)
        return gate

    def drop_all(self) -> None:
        """Nothing waits any more."""
        with self._lock:
            gates = [gate for found in self._gates.values() for gate in found]
            self._gates.clear()
        for gate in gates:
            gate.drop()

    def count(self, step: str) -> int:
        return self.calls.count(step)

    def lets_pass(self, step: str, when: When, path: str) -> bool:
        """Whether the call goes on; it waits here while its gate is closed."""
        if self.is_down:
            return False
        with self._lock:
            waiting = self._gates.get((step, when))
            gate = waiting.pop(0) if waiting else None
        if gate is None:
            return True
        gate.path = path
        gate.reached.set()
        gate.decided.wait(PATIENCE_SECONDS)
        return gate.passes

    def forward(
        self, method: str, path: str, body: bytes, headers: dict[str, str]
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        """The server's answer; OSError or HTTPException without one."""
        assert self.target.hostname
        link = http.client.HTTPConnection(
            self.target.hostname, self.target.port or 80, timeout=PATIENCE_SECONDS
        )
        try:
            link.request(method, path, body or None, headers)
            answer = link.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            link.close()


def _handler(proxy: Proxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Headers and body leave at once, not after the other side's patience.
        wbufsize = -1

        def relay(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            step = urlsplit(self.path).path.rsplit("/", 1)[-1]
            proxy.calls.append(step)
            try:
                done = proxy.lets_pass(step, "before", self.path) and self.pass_on(
                    step, body
                )
            except (OSError, http.client.HTTPException):
                done = False
            self.close_connection = not done

        def pass_on(self, step: str, body: bytes) -> bool:
            given = {
                name: value
                for name, value in self.headers.items()
                if name.lower() not in _OUR_OWN
            }
            status, headers, content = proxy.forward(
                self.command, self.path, body, given
            )
            if not proxy.lets_pass(step, "after", self.path):
                return False
            self.send_response_only(status)
            for name, value in headers:
                if name.lower() not in _OUR_OWN:
                    self.send_header(name, value)
            if status != 204:
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            with suppress(OSError):  # whoever asked may be dead by now
                self.wfile.write(content)
                self.wfile.flush()
            return True

        do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = relay  # noqa: N815

        def log_message(self, *_: Any) -> None:
            """Stay quiet: ``calls`` tells what was asked."""

    return Handler
