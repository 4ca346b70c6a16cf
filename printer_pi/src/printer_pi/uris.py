"""The printer addresses of the configuration: which forms exist and what they mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

Kind = Literal["tcp", "device", "file", "dir", "terminal"]
Format = Literal["escpos", "text", "frame"]

DEFAULT_PORT = 9100
FORMS = (
    '"tcp://host:9100", "file:///dev/usb/lp0", "file:///path?mode=append", '
    '"dir:///path" or "terminal:"'
)


@dataclass(frozen=True)
class Target:
    """One place tickets go to. `host`/`port` are for tcp, `path` for files."""

    uri: str
    kind: Kind
    format: Format
    host: str = ""
    port: int = 0
    path: str = ""


def parse(uri: str) -> Target:
    """Read one printer address; ValueError says in a few words what is wrong."""
    parts = urlsplit(uri)
    if parts.scheme == "tcp":
        return _tcp(uri, parts)
    if parts.scheme in ("file", "dir"):
        return _path(uri, parts)
    if parts.scheme == "terminal":
        if uri not in ("terminal:", "terminal://"):
            raise ValueError('must be written "terminal:"')
        return Target(uri, "terminal", "frame")
    raise ValueError(f"must be one of {FORMS}")


def _tcp(uri: str, parts: SplitResult) -> Target:
    try:
        port = parts.port
    except ValueError:
        raise ValueError("has a port that is not a number from 1 to 65535") from None
    if not parts.hostname:
        raise ValueError("needs a host, as in tcp://192.168.1.50:9100")
    if port == 0:
        raise ValueError("has a port that is not a number from 1 to 65535")
    if parts.path not in ("", "/") or parts.query or parts.username:
        raise ValueError("takes a host and a port only, as in tcp://192.168.1.50:9100")
    return Target(uri, "tcp", "escpos", host=parts.hostname, port=port or DEFAULT_PORT)


def _path(uri: str, parts: SplitResult) -> Target:
    path = unquote(parts.path)
    if parts.netloc or not path.startswith("/") or "\0" in path:
        raise ValueError(
            f"needs an absolute path after three slashes, as in {parts.scheme}:///path"
        )
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    kind: Kind = "dir"
    default: Format = "text"
    if parts.scheme == "file":
        mode = options.pop("mode", None)
        if mode not in (None, "append"):
            raise ValueError('has an unknown mode; only "mode=append" exists')
        kind = "file" if mode else "device"
        if mode and path.startswith("/dev/"):
            raise ValueError("is a device; leave out ?mode=append")
        default = "escpos"
    form = options.pop("format", default)
    if form not in ("escpos", "text"):
        raise ValueError('has an unknown format; use "escpos" or "text"')
    if options:
        raise ValueError(f'has an unknown option "{next(iter(options))}"')
    return Target(uri, kind, "escpos" if form == "escpos" else "text", path=path)
