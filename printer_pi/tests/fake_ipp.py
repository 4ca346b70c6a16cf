"""A print queue that speaks IPP: it keeps its jobs and can be told to be at fault."""

from __future__ import annotations

import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TAGS = {int: 0x21, bool: 0x22, str: 0x44}


def group(tag: int, attributes: dict[str, Any]) -> bytes:
    out = bytes([tag])
    for name, value in attributes.items():
        for number, one in enumerate(value if isinstance(value, list) else [value]):
            key = b"" if number else name.encode()
            raw = (
                bytes([one])
                if isinstance(one, bool)
                else struct.pack(">i", one)
                if isinstance(one, int)
                else one.encode()
            )
            out += struct.pack(">BH", TAGS[type(one)], len(key)) + key
            out += struct.pack(">H", len(raw)) + raw
    return out


def parse(body: bytes) -> tuple[int, dict[str, list[bytes]], bytes]:
    """Operation, attributes and document of a request; written apart from the code
    under test."""
    version, operation, _ = struct.unpack(">HHi", body[:8])
    assert version == 0x0101
    at, found, name = 8, {}, ""
    assert body[at] == 1
    at += 1
    while body[at] != 3:
        (size,) = struct.unpack(">H", body[at + 1 : at + 3])
        key = body[at + 3 : at + 3 + size].decode()
        at += 3 + size
        (size,) = struct.unpack(">H", body[at : at + 2])
        name = key or name
        found.setdefault(name, []).append(body[at + 2 : at + 2 + size])
        at += 2 + size
    assert list(found)[:3] == [
        *("attributes-charset", "attributes-natural-language", "printer-uri"),
    ]
    return operation, found, body[at + 1 :]


class Queue:
    """`with Queue() as queue:` listens; `printer` is what it says of itself, `states`
    the job's states one after the other, the last for ever."""

    def __init__(self) -> None:
        self.printer: dict[str, Any] = {
            "printer-state": 3,
            "printer-state-reasons": ["none"],
            "printer-is-accepting-jobs": True,
            "document-format-supported": ["application/octet-stream"],
        }
        self.states: list[int | None] = [5, 9]
        self.refusal = 0
        self.answers_print = True
        self.documents: list[bytes] = []
        self.requests: list[tuple[int, dict[str, list[bytes]]]] = []
        self._news = threading.Condition()
        queue = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                assert self.headers["Content-Type"] == "application/ipp"
                body = self.rfile.read(int(self.headers["Content-Length"]))
                reply = queue.answer(*parse(body))
                if not reply:
                    self.close_connection = True
                    return
                self.send_response(200)
                self.send_header("Content-Length", str(len(reply)))
                self.end_headers()
                self.wfile.write(reply)

            def log_message(self, *_: Any) -> None:
                return None

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def uri(self) -> str:
        return f"ipp://127.0.0.1:{self._server.server_port}/printers/kitchen"

    @property
    def operations(self) -> list[int]:
        return [operation for operation, _ in self.requests]

    def wait(self, operation: int, times: int = 1) -> None:
        with self._news:
            assert self._news.wait_for(
                lambda: self.operations.count(operation) >= times, 60
            )

    def answer(
        self, operation: int, given: dict[str, list[bytes]], document: bytes
    ) -> bytes:
        with self._news:
            self.requests.append((operation, given))
            self._news.notify_all()
        assert given["printer-uri"] == [self.uri.encode()]
        if operation == 0x000B:
            return self._reply(0, group(4, self.printer))
        if operation == 0x0002:
            if self.refusal:
                return self._reply(self.refusal, b"")
            self.documents.append(document)
            job = group(2, {"job-id": 7, "job-state": 3})
            return self._reply(0, job) if self.answers_print else b""
        assert given["job-id"] == [struct.pack(">i", 7)]
        if operation == 0x0008:
            return self._reply(0, b"")
        state = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        if state is None:
            return self._reply(0x0406, b"")
        return self._reply(0, group(2, {"job-state": state}))

    def _reply(self, status: int, groups: bytes) -> bytes:
        first = group(1, {"attributes-charset": "utf-8"})
        return struct.pack(">HHi", 0x0101, status, 1) + first + groups + b"\x03"

    def __enter__(self) -> Queue:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(60)
