"""The configuration: the TOML file, its environment overrides, every fault by name."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from . import uris
from .byte_printer import ConfirmSetting

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

DEFAULT_PATH = "/etc/printer-pi.toml"
DEFAULT_STATE_DIR = "~/.local/state/printer-pi"
SERVICE_STATE_DIR = Path("/var/lib/printer-pi")
DEFAULT_STALL_SECONDS = 300
#: How long a server may hold a claim open: as ever, at least, at most.
DEFAULT_HOLD_SECONDS = 25
_HOLD = (DEFAULT_HOLD_SECONDS, 0, 25)
MODEL_LETTERS_MAX = 120
CONFIRMS: tuple[ConfirmSetting, ...] = get_args(ConfirmSetting)
# What the server decides since it draws the tickets: told, and then left alone.
RETIRED = ("columns", "codepage", "cut", "pictures")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _.-]{0,63}")
_TOKEN = re.compile(r"rdt_[\x21-\x7e]+")


class ConfigError(Exception):
    """The configuration cannot be used; `faults` holds one sentence for each fault."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Server:
    """Where the jobs come from; `url` is the base address of LNbits."""

    url: str
    restaurant: str
    token: str = field(repr=False)


@dataclass(frozen=True)
class Printer:
    """One printer. The first target is the one confirmed; the others get a copy.

    `width` of the paper in millimetres (0: unknown) and `model` are told to the
    server. `drawer_open` is the level of the drawer's wire that means open.
    """

    name: str
    targets: tuple[uris.Target, ...]
    stations: tuple[str, ...] = ()
    width: Literal[0, 58, 80] = 0
    model: str = ""
    confirm: ConfirmSetting = "auto"
    drawer_open: Literal["", "high", "low"] = ""
    stall_seconds: int = DEFAULT_STALL_SECONDS


@dataclass(frozen=True)
class Config:
    """The whole configuration; `server` is None only where it was not needed.
    `notes` are sentences on what is not wrong, but has no effect. `hold_seconds`: how
    long the server may hold a claim open; 0: it answers at once."""

    server: Server | None
    printers: tuple[Printer, ...]
    state_dir: Path
    notes: tuple[str, ...] = ()
    hold_seconds: int = DEFAULT_HOLD_SECONDS


def load(
    path: str | Path, env: Mapping[str, str], *, need_server: bool = True
) -> Config:
    """Read and check the file at `path`; raises ConfigError with every fault in it.

    `env` overrides: PRINTER_PI_URL, PRINTER_PI_RESTAURANT, PRINTER_PI_TOKEN. Without
    `need_server` the table [server] may be missing (test and status do not call it).
    """
    reader = _Reader(_toml(Path(path)), env)
    reader.known(reader.tree, "", ("server", "printer", "state_dir", "hold_seconds"))
    server = reader.server() if need_server else None
    printers = reader.printers()
    state_dir = reader.state_dir()
    hold = reader.whole(reader.tree, "", "hold_seconds", *_HOLD)
    if reader.faults:
        raise ConfigError(reader.faults)
    return Config(server, printers, state_dir, tuple(reader.notes), hold)


def _toml(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            tree: dict[str, Any] = tomllib.load(file)
            return tree
    except OSError as exc:
        raise ConfigError(
            [f"The configuration {path} cannot be read: {exc.strerror}."]
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise ConfigError([f"The configuration {path} is not TOML: {exc}."]) from None


class _Reader:
    """Walks the TOML tree and collects faults instead of stopping at the first."""

    def __init__(self, tree: dict[str, Any], env: Mapping[str, str]) -> None:
        self.tree = tree
        self.env = env
        self.faults: list[str] = []
        self.notes: list[str] = []

    def fault(self, key: str, says: str) -> None:
        self.faults.append(f"{key} {says}.")

    def known(self, table: dict[str, Any], prefix: str, keys: tuple[str, ...]) -> None:
        for key in table:
            if key not in keys:
                self.fault(f"{prefix}{key}", "is not a key printer-pi knows")

    # -- [server] ---------------------------------------------------------------

    def server(self) -> Server | None:
        table = self.tree.get("server", {})
        if not isinstance(table, dict):
            self.fault("server", "must be a table, written [server]")
            return None
        self.known(table, "server.", ("url", "restaurant", "token", "token_file"))
        url = self._text(table, "server.url", "PRINTER_PI_URL").rstrip("/")
        restaurant = self._text(table, "server.restaurant", "PRINTER_PI_RESTAURANT")
        token = self._token(table)
        if url and (fault := url_fault(url)):
            self.fault("server.url", fault)
        if token and not _TOKEN.fullmatch(token):
            self.fault(
                "server.token", 'must be a device token, which starts with "rdt_"'
            )
        return Server(url, restaurant, token)

    def _text(self, table: dict[str, Any], key: str, variable: str) -> str:
        value = self.env.get(variable) or table.get(key.split(".")[-1])
        if value is None:
            self.fault(key, f"is missing (or set {variable})")
            return ""
        if not isinstance(value, str) or not value.strip():
            self.fault(key, "must be a text that is not empty")
            return ""
        return value.strip()

    def _token(self, table: dict[str, Any]) -> str:
        if self.env.get("PRINTER_PI_TOKEN"):
            return self.env["PRINTER_PI_TOKEN"].strip()
        if "token" in table and "token_file" in table:
            self.fault("server.token", "and server.token_file exclude each other")
            return ""
        if "token" in table:
            return self._text(table, "server.token", "PRINTER_PI_TOKEN")
        if "token_file" in table:
            path = self._text(table, "server.token_file", "PRINTER_PI_TOKEN")
            return self._token_file(path) if path else ""
        if self.env.get("CREDENTIALS_DIRECTORY"):
            return self._token_file(f"{self.env['CREDENTIALS_DIRECTORY']}/token")
        self.fault("server.token", "is missing (or set PRINTER_PI_TOKEN)")
        return ""

    def _token_file(self, path: str) -> str:
        try:
            token = Path(path).read_text("utf-8").strip()
        except OSError as exc:
            self.fault("server.token_file", f"{path} cannot be read: {exc.strerror}")
            return ""
        except UnicodeDecodeError:
            token = ""
        if not token:
            self.fault("server.token_file", f"{path} holds no token")
        return token

    # -- [[printer]] ------------------------------------------------------------

    def printers(self) -> tuple[Printer, ...]:
        tables = self.tree.get("printer")
        if not isinstance(tables, list) or not tables:
            self.fault("printer", "is missing: write at least one [[printer]]")
            return ()
        found = []
        for number, table in enumerate(tables, start=1):
            if not isinstance(table, dict):
                self.fault(f"printer {number}", "must be a table, written [[printer]]")
                continue
            found.append(self._printer(table, f"printer {number}: "))
        names = [printer.name for printer in found]
        for name in sorted({n for n in names if n and names.count(n) > 1}):
            self.fault("printer: name", f'"{name}" is used twice')
        return tuple(found)

    def _printer(self, table: dict[str, Any], prefix: str) -> Printer:
        for key in RETIRED:
            if key in table:
                says = "has no effect any more: see the printer on the staff page"
                self.notes.append(f"{prefix}{key} {says}.")
        keys = ("name", "uri", "stations", "width", "model", "confirm", "drawer_open")
        self.known(table, prefix, (*keys, "stall_seconds", *RETIRED))
        name = table.get("name", "")
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            self.fault(
                f"{prefix}name", "must be 1 to 64 letters, digits, spaces, _ . or -"
            )
            name = ""
        model = table.get("model", "")
        if not isinstance(model, str) or len(model) > MODEL_LETTERS_MAX:
            self.fault(
                f"{prefix}model",
                f"must be a text of at most {MODEL_LETTERS_MAX} letters",
            )
            model = ""
        return Printer(
            name=name,
            targets=self._targets(table, prefix),
            stations=self._stations(table, prefix),
            width=self._one_of(table, prefix, "width", 0, (58, 80)),
            model=model,
            confirm=self._one_of(table, prefix, "confirm", "auto", CONFIRMS),
            drawer_open=self._one_of(table, prefix, "drawer_open", "", ("high", "low")),
            stall_seconds=self.whole(
                *(table, prefix, "stall_seconds", DEFAULT_STALL_SECONDS), 5, 3600
            ),
        )

    def _targets(self, table: dict[str, Any], prefix: str) -> tuple[uris.Target, ...]:
        value = table.get("uri")
        listed = value if isinstance(value, list) else [value]
        texts = [uri for uri in listed if isinstance(uri, str) and uri]
        if not texts or len(texts) != len(listed):
            self.fault(f"{prefix}uri", f"must be one address or a list: {uris.FORMS}")
            return ()
        targets = []
        for uri in texts:
            try:
                targets.append(uris.parse(uri))
            except ValueError as exc:
                self.fault(f"{prefix}uri", f'"{uri}" {exc}')
        return tuple(targets)

    def _stations(self, table: dict[str, Any], prefix: str) -> tuple[str, ...]:
        value = table.get("stations", [])
        if not isinstance(value, list) or not all(
            isinstance(station, str) and station for station in value
        ):
            self.fault(f"{prefix}stations", 'must be a list of names, as ["kitchen"]')
            return ()
        return tuple(value)

    def _one_of(
        self,
        table: dict[str, Any],
        prefix: str,
        key: str,
        default: Any,
        allowed: tuple[Any, ...],
    ) -> Any:
        value = table.get(key, default)
        if key not in table or (value in allowed and not isinstance(value, bool)):
            return value
        words = ", ".join(map(str, allowed))
        self.fault(f"{prefix}{key}", f"must be one of {words}")
        return default

    def whole(
        self,
        table: dict[str, Any],
        prefix: str,
        key: str,
        default: int,
        least: int,
        most: int,
    ) -> int:
        value = table.get(key, default)
        if type(value) is not int or not least <= value <= most:
            self.fault(f"{prefix}{key}", f"must be a whole number, {least} to {most}")
            return default
        return value

    # -- state_dir --------------------------------------------------------------

    def state_dir(self) -> Path:
        value = self.tree.get("state_dir")
        if value is not None and (not isinstance(value, str) or not value):
            self.fault("state_dir", "must be the path of a directory")
        elif value:
            return Path(value).expanduser()
        # systemd lists several directories with colons; ours is the first.
        given = self.env.get("STATE_DIRECTORY", "").split(":")[0]
        if given:
            return Path(given)
        # root looks after the service: its journal is the one to show.
        if os.geteuid() == 0 and SERVICE_STATE_DIR.is_dir():
            return SERVICE_STATE_DIR
        return Path(DEFAULT_STATE_DIR).expanduser()


def find(given: str | None, env: Mapping[str, str]) -> str:
    """The configuration's path: the one given, $PRINTER_PI_CONFIG, the one systemd
    hands to the service as its credential `config`, or the default."""
    path = given or env.get("PRINTER_PI_CONFIG")
    if path:
        return path
    credential = Path(env.get("CREDENTIALS_DIRECTORY") or "/nowhere") / "config"
    return str(credential) if credential.is_file() else DEFAULT_PATH


def url_fault(url: str) -> str:
    """Why this cannot be the address of LNbits; "" when it can."""
    try:
        parts = urlsplit(url)
        is_http = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        is_http = False
    if not is_http:
        return "must be an http:// or https:// address"
    # It would stand in logs, and be sent in place of the token.
    return "must not hold a name or a password" if "@" in parts.netloc else ""
