"""The printer addresses of the configuration: which forms exist and what they mean."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

Kind = Literal["tcp", "device", "serial", "usb", "ipp", "file", "dir", "terminal"]
Format = Literal["escpos", "text", "frame"]

DEFAULT_PORT = 9100
IPP_PORT = 631
DEFAULT_BAUD = 9600
FORMS = (
    '"tcp://host:9100", "file:///dev/usb/lp0", "serial:///dev/ttyUSB0?baud=38400", '
    '"usb://04b8:0e15", "ipp://host/ipp/print", "cups://queue", '
    '"file:///path?mode=append", "dir:///path" or "terminal:"'
)


@dataclass(frozen=True)
class Target:
    """One place tickets go to.

    `host`/`port` are for tcp; `path` for files and serial ports, `baud` and
    `has_flow` (RTS/CTS) for the latter; `vendor`, `product` and `serial` (empty: any)
    for USB; `url` is the http address of an IPP printer, `path` then its name there.
    """

    uri: str
    kind: Kind
    format: Format
    host: str = ""
    port: int = 0
    path: str = ""
    baud: int = 0
    has_flow: bool = False
    vendor: int = 0
    product: int = 0
    serial: str = ""
    url: str = ""


def parse(uri: str) -> Target:
    """Read one printer address; ValueError says in a few words what is wrong."""
    parts = urlsplit(uri)
    reader = _READERS.get(parts.scheme)
    if reader is None:
        raise ValueError(f"must be one of {FORMS}")
    return reader(uri, parts)


def _tcp(uri: str, parts: SplitResult) -> Target:
    if not parts.hostname:
        raise ValueError("needs a host, as in tcp://192.168.1.50:9100")
    if parts.path not in ("", "/") or parts.query or parts.username:
        raise ValueError("takes a host and a port only, as in tcp://192.168.1.50:9100")
    port = _port(parts, DEFAULT_PORT)
    return Target(uri, "tcp", "escpos", host=parts.hostname, port=port)


def _port(parts: SplitResult, default: int) -> int:
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port == 0:
        raise ValueError("has a port that is not a number from 1 to 65535")
    return port or default


def _path(uri: str, parts: SplitResult) -> Target:
    path = _absolute(parts)
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
    _none_left(options)
    return Target(uri, kind, "escpos" if form == "escpos" else "text", path=path)


def _absolute(parts: SplitResult) -> str:
    path = unquote(parts.path)
    if parts.netloc or not path.startswith("/") or "\0" in path:
        raise ValueError(
            f"needs an absolute path after three slashes, as in {parts.scheme}:///path"
        )
    return path


def _none_left(options: dict[str, str]) -> None:
    if options:
        raise ValueError(f'has an unknown option "{next(iter(options))}"')


def _serial(uri: str, parts: SplitResult) -> Target:
    path = _absolute(parts)
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    baud = options.pop("baud", str(DEFAULT_BAUD))
    if not re.fullmatch(r"[1-9][0-9]{2,6}", baud):
        raise ValueError('has a baud rate that is none, as in "?baud=38400"')
    flow = options.pop("flow", "none")
    if flow not in ("none", "rtscts"):
        raise ValueError('has an unknown flow; use "none" or "rtscts"')
    _none_left(options)
    has_flow = flow == "rtscts"
    return Target(uri, "serial", "escpos", path=path, baud=int(baud), has_flow=has_flow)


def _usb(uri: str, parts: SplitResult) -> Target:
    found = re.fullmatch(r"([0-9a-fA-F]{4}):([0-9a-fA-F]{4})", parts.netloc)
    if not found or parts.query:
        raise ValueError("needs two numbers of lsusb, as in usb://04b8:0e15")
    vendor, product = (int(number, 16) for number in found.groups())
    serial = unquote(parts.path).strip("/")
    return Target(uri, "usb", "escpos", vendor=vendor, product=product, serial=serial)


def _ipp(uri: str, parts: SplitResult) -> Target:
    if not parts.hostname or len(parts.path) < 2 or parts.query:
        raise ValueError("needs a host and a path, as in ipp://192.168.1.60/ipp/print")
    if "@" in parts.netloc:
        raise ValueError("takes no name and no password")
    scheme = "https" if parts.scheme == "ipps" else "http"
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    url = f"{scheme}://{host}:{_port(parts, IPP_PORT)}{parts.path}"
    return Target(uri, "ipp", "escpos", url=url, path=uri)


def _cups(uri: str, parts: SplitResult) -> Target:
    """`cups://queue` of this machine, or `cups://host/queue` of another."""
    queue = parts.path.strip("/")
    host = parts.netloc if queue else "localhost"
    queue = queue or parts.netloc
    if not re.fullmatch(r"[A-Za-z0-9_.%-]+", queue) or parts.query:
        raise ValueError("needs the name of a queue, as in cups://kitchen")
    other = urlsplit(f"ipp://{host}/printers/{queue}")
    made = _ipp(f"ipp://{host}/printers/{queue}", other)
    return Target(uri, "ipp", "escpos", url=made.url, path=made.path)


def _terminal(uri: str, _parts: SplitResult) -> Target:
    if uri not in ("terminal:", "terminal://"):
        raise ValueError('must be written "terminal:"')
    return Target(uri, "terminal", "frame")


_READERS: dict[str, Callable[[str, SplitResult], Target]] = {
    "tcp": _tcp,
    "file": _path,
    "dir": _path,
    "serial": _serial,
    "usb": _usb,
    "ipp": _ipp,
    "ipps": _ipp,
    "cups": _cups,
    "terminal": _terminal,
}
