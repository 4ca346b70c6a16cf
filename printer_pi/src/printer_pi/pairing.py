"""Connects this machine with a restaurant: a short code that staff type in, and what
comes back for it, written into the configuration."""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import quote

import httpx

from . import __version__
from .client import ANSWER_SECONDS, API, leads, retry_after
from .config import Printer, Server, url_fault

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

POLL_SECONDS = 2.0
_WAITING, _GONE = 202, (404, 410)
_TABLE = re.compile(r"^\s*\[")
_SERVER = re.compile(r"^\s*\[\s*server\s*\]\s*(#.*)?$")


class PairingError(Exception):
    """Not paired; the message is for whoever stands before this machine."""


@dataclass(frozen=True)
class Invitation:
    """What staff need: the code, and until when it is good (RFC 3339)."""

    code: str
    expires_at: str
    id: str
    secret: str = field(repr=False)


class Pairing:
    """One attempt at one server; use it in a `with` block."""

    poll_seconds = POLL_SECONDS

    def __init__(self, url: str, name: str, printers: Sequence[Printer]) -> None:
        self.url = url.rstrip("/")
        if fault := url_fault(self.url):
            raise PairingError(f"--url {fault}.")
        self._name = name or os.uname().nodename or "printer-pi"
        self._printers = printers
        self._http = httpx.Client(
            base_url=f"{self.url}{API}",
            headers={"User-Agent": f"printer-pi/{__version__}"},
            timeout=ANSWER_SECONDS,
        )
        self._invitation: Invitation | None = None

    def __enter__(self) -> Pairing:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

    def begin(self) -> Invitation:
        """Ask for a code. PairingError when the server gives none."""
        body = {"name": self._name, "printers": list(map(_printer, self._printers))}
        try:
            answer = self._http.post("/pairings", json=body)
        except httpx.HTTPError as exc:
            raise PairingError(f"{self.url} does not answer: {exc}") from exc
        data = _json(answer)
        parts = [data.get(key) for key in ("code", "expires_at", "id", "secret")]
        if answer.status_code != 201 or not all(isinstance(p, str) for p in parts):
            says = _says(answer, data)
            raise PairingError(f"{self.url} gives no code to pair with: {says}")
        self._invitation = Invitation(*map(str, parts))
        return self._invitation

    def wait(self) -> Server:
        """Ask until staff have typed the code. PairingError when they did not in time,
        or never will."""
        if self._invitation is None:
            raise PairingError("There is no code yet.")
        path = f"/pairings/{quote(self._invitation.id, safe='')}/collect"
        body = {"secret": self._invitation.secret}
        while True:
            pause = self.poll_seconds
            try:
                answer = self._http.post(path, json=body)
            except httpx.HTTPError:
                time.sleep(pause)  # a network that comes back; the code has its time
                continue
            if answer.status_code == 200:
                return self._collected(_json(answer))
            if answer.status_code in _GONE:
                raise PairingError("The code is not good any more: pair again.")
            if 400 <= answer.status_code < 500 and answer.status_code != 429:
                raise PairingError(f"Refused: {_says(answer, _json(answer))}")
            time.sleep(max(pause, retry_after(answer) or 0.0))

    def _collected(self, data: dict[str, Any]) -> Server:
        restaurant, token = data.get("restaurant_id"), data.get("token")
        if not isinstance(restaurant, str) or not isinstance(token, str):
            raise PairingError("The server's answer holds no token: pair again.")
        return Server(self.url, restaurant, token)


def _printer(printer: Printer) -> dict[str, Any]:
    told: dict[str, Any] = {"name": printer.name}
    if printer.width:
        told["width"] = printer.width
    if printer.model:
        told["model"] = printer.model
    return told


def _json(answer: httpx.Response) -> dict[str, Any]:
    try:
        data = answer.json()
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def _says(answer: httpx.Response, data: dict[str, Any]) -> str:
    detail = data.get("detail")
    words = detail if isinstance(detail, str) else ""
    words = "".join(char for char in words if char.isprintable())[:200]
    return f"{answer.status_code} {words}".strip() + leads(answer)


# --- the configuration file -------------------------------------------------------


def check_writable(path: Path) -> None:
    """PairingError when a file beside `path` cannot be made: the token is shown once,
    so there must be a place for it before it is asked for."""
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent):
            pass
    except OSError as exc:
        raise PairingError(f"{path} cannot be written: {exc.strerror}.") from exc


def save(path: Path, server: Server) -> None:
    """Put [server] into the configuration, all else as it was, for its owner's eyes
    only. PairingError names the file that holds the token when that failed."""
    section = _section(server)
    old = path.read_text("utf-8")
    new = _with_section(old, section)
    if not _is_same_but_server(old, new, server):
        aside = path.with_name(f"{path.name}.server")
        _write(aside, section)
        raise PairingError(
            f"Paired, but {path} has an unusual form:"
            f" put the contents of {aside} into it yourself."
        )
    _write(path, new)


def _section(server: Server) -> str:
    keys = {"url": server.url, "restaurant": server.restaurant, "token": server.token}
    lines = [f"{key} = {json.dumps(value)}" for key, value in keys.items()]
    return "\n".join(["[server]", *lines]) + "\n"


def _with_section(text: str, section: str) -> str:
    """The file with this [server] in place of its own, or before its first table."""
    lines = text.splitlines(keepends=True)
    tables = [n for n, line in enumerate(lines) if _TABLE.match(line)]
    start = next((n for n in tables if _SERVER.match(lines[n].rstrip())), None)
    if start is None:
        start = end = tables[0] if tables else len(lines)
    else:
        end = next((n for n in tables if n > start), len(lines))
    before, after = "".join(lines[:start]), "".join(lines[end:])
    if before and not before.endswith("\n"):
        before += "\n"
    return f"{before}{section}\n{after}" if after else f"{before}{section}"


def _is_same_but_server(old: str, new: str, server: Server) -> bool:
    try:
        was, now = tomllib.loads(old), tomllib.loads(new)
    except tomllib.TOMLDecodeError:
        return False
    was["server"] = {
        "url": server.url,
        "restaurant": server.restaurant,
        "token": server.token,
    }
    return was == now


def _write(path: Path, text: str) -> None:
    """The whole file at once, mode 600, on disk when this returns."""
    fd, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    part = Path(name)
    try:
        with os.fdopen(fd, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(fd)
        part.replace(path)
    except OSError as exc:
        raise PairingError(f"{path} cannot be written: {exc.strerror}.") from exc
    finally:
        part.unlink(missing_ok=True)
