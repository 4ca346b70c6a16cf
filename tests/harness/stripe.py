"""A local double of Stripe's public API: checkout sessions, disputes, webhooks.

Only what LNbits' StripeWallet and our look at disputes use, in the shapes of Stripe's
API reference. A session waits until a test pays it, or lets it expire; the whole API
can be made to fail. The hosted page pays with one click, for tests in a browser.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx

SECRET_KEY = "sk_test_double"
SIGNING_SECRET = "whsec_double"
DAY_SECONDS = 86_400
#: Stripe takes nothing below about half a dollar.
MINIMUM_MINOR = 50
BROKEN = {
    "error": (500, b'{"error": {"type": "api_error"}}'),
    "garbage": (200, b"<html>We will be back soon</html>"),
    "refuse": (402, b'{"error": {"type": "card_error"}}'),
    "deny": (403, b'{"error": {"type": "invalid_request_error"}}'),
}


@dataclass
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    form: dict[str, str]


@dataclass
class Stripe:
    """``start()`` it, point LNbits at ``url``, and play the card holder."""

    mode: str = "ok"  # or: hang, or one of BROKEN
    webhook_url: str | None = None
    sessions: dict[str, dict[str, Any]] = field(default_factory=dict)
    disputes: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.awake = Event()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.server.daemon_threads = True
        self.thread = Thread(target=self.server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def start(self) -> Stripe:
        self.thread.start()
        return self

    def stop(self) -> None:
        self.awake.set()
        self.server.shutdown()
        self.server.server_close()

    # --- the card holder ---------------------------------------------------------

    def session_at(self, url: str) -> dict[str, Any]:
        """The session behind a checkout's address."""
        return self.sessions[urlsplit(url).path.rpartition("/")[2]]

    def pay(self, url: str, amount_minor: int | None = None) -> dict[str, Any]:
        """Pay a session, exactly or with another amount; answers it."""
        session = self.session_at(url)
        session |= {
            "status": "complete",
            "payment_status": "paid",
            "payment_intent": f"pi_{uuid.uuid4().hex}",
        }
        if amount_minor is not None:
            session["amount_total"] = amount_minor
        return session

    def expire(self, url: str) -> dict[str, Any]:
        """Nobody paid within a day, and another day went by."""
        session = self.session_at(url)
        session |= {"status": "expired", "url": None}
        session["expires_at"] = int(time.time()) - DAY_SECONDS - 1
        return session

    def contest(self, url: str, status: str = "needs_response") -> dict[str, Any]:
        """The card holder's bank disputes a paid session, or moves its dispute on."""
        session = self.session_at(url)
        dispute = self.disputes.setdefault(
            session["payment_intent"],
            {
                "id": f"du_{uuid.uuid4().hex}",
                "object": "dispute",
                "amount": session["amount_total"],
                "currency": session["currency"],
                "payment_intent": session["payment_intent"],
                "reason": "fraudulent",
            },
        )
        dispute["status"] = status
        return dispute

    # --- webhooks ------------------------------------------------------------------

    def completed(self, url: str) -> tuple[bytes, dict[str, str]]:
        """Body and headers of ``checkout.session.completed`` for this session."""
        return self.event("checkout.session.completed", self.session_at(url))

    def event(
        self,
        kind: str,
        thing: dict[str, Any],
        secret: str = SIGNING_SECRET,
        at: int | None = None,
    ) -> tuple[bytes, dict[str, str]]:
        """Body and headers of a signed webhook; ``at`` in seconds."""
        told = {
            "id": f"evt_{uuid.uuid4().hex}",
            "object": "event",
            "type": kind,
            "data": {"object": thing},
        }
        body = json.dumps(told).encode()
        stamp = int(time.time()) if at is None else at
        signed = f"{stamp}.".encode() + body
        signature = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/json",
            "Stripe-Signature": f"t={stamp},v1={signature}",
        }
        return body, headers

    def deliver(self, url: str) -> httpx.Response | None:
        """Send ``completed`` to ``webhook_url``, if there is one."""
        if self.webhook_url is None:
            return None
        body, headers = self.completed(url)
        return httpx.post(self.webhook_url, content=body, headers=headers)

    # --- the API -------------------------------------------------------------------

    def open_session(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        item = "line_items[0]"
        amount = int(form[f"{item}[price_data][unit_amount]"])
        amount *= int(form[f"{item}[quantity]"])
        if form.get("mode") != "payment" or not form["success_url"].startswith("http"):
            return _fault(400, "parameter_invalid")
        if amount < MINIMUM_MINOR:
            return _fault(400, "amount_too_small")
        session_id = f"cs_test_{uuid.uuid4().hex}"
        metadata = {
            found[1]: value
            for name, value in form.items()
            if (found := re.fullmatch(r"metadata\[(\w+)\]", name))
        }
        session = {
            "id": session_id,
            "object": "checkout.session",
            "status": "open",
            "payment_status": "unpaid",
            "payment_intent": None,
            "amount_total": amount,
            "currency": form[f"{item}[price_data][currency]"],
            "expires_at": int(time.time()) + DAY_SECONDS,
            "metadata": metadata,
            "success_url": form["success_url"],
            "url": f"{self.url}/pay/{session_id}",
        }
        self.sessions[session_id] = session
        return 200, session

    def reply(self, asked: Asked, authorization: str | None) -> tuple[int, bytes]:
        """What goes out, in whatever mode the API is."""
        self.asked.append(asked)
        if self.mode == "hang":
            self.awake.wait()
        if self.mode in BROKEN:
            return BROKEN[self.mode]
        is_known = authorization == f"Bearer {SECRET_KEY}"
        status, body = self.answer(asked) if is_known else _fault(401, "api_key")
        return status, json.dumps(body).encode()

    def answer(self, asked: Asked) -> tuple[int, dict[str, Any]]:
        """Status and JSON of one API request."""
        path = asked.path.removeprefix("/v1")
        if asked.method == "POST" and path == "/checkout/sessions":
            return self.open_session(asked.form)
        if asked.method == "GET" and path == "/balance":
            return 200, {"object": "balance", "available": [{"amount": 0}]}
        if asked.method == "GET" and path == "/disputes":
            found = self.disputes.get(asked.form.get("payment_intent", ""))
            return 200, {"object": "list", "data": [found] if found else []}
        session = self.sessions.get(path.removeprefix("/checkout/sessions/"))
        if asked.method == "GET" and session:
            return 200, session
        return _fault(404, "resource_missing")


def _fault(status: int, code: str) -> tuple[int, dict[str, Any]]:
    return status, {"error": {"type": "invalid_request_error", "code": code}}


def _handler(stripe: Stripe) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            if url.path.startswith("/pay/"):
                return self._send(200, _PAGE.encode(), "text/html")
            found = {name: values[0] for name, values in parse_qs(url.query).items()}
            return self._api(Asked("GET", url.path, found))

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            form = dict(parse_qsl(self.rfile.read(length).decode()))
            if self.path.startswith("/pay/"):
                return self._click(self.path)
            return self._api(Asked("POST", self.path, form))

        def _click(self, path: str) -> None:
            session = stripe.pay(path)
            stripe.deliver(path)
            self.send_response(303)
            self.send_header("Location", session["success_url"])
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _api(self, asked: Asked) -> None:
            status, body = stripe.reply(asked, self.headers.get("Authorization"))
            self._send(status, body, "application/json")

        def _send(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with suppress(OSError):  # whoever asked did not wait
                self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Stay quiet: ``asked`` tells what was asked."""

    return Handler


_PAGE = """<!doctype html><title>Pay</title>
<form method="post"><button>Pay</button></form>
"""
