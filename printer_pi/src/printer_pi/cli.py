"""The command `printer-pi`: pair, test, status and run."""
# ruff: noqa: T201 its output is what it is for

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sqlite3
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from . import __version__, daemon, pages, pairing, transports
from .config import DEFAULT_PATH, Config, ConfigError, Printer, find, load
from .journal import FILE_NAME, Entry, Journal, Seen, SeenRelays
from .sink import FAULTS, SinkError, Status

EXIT_OK, EXIT_FAILED, EXIT_CONFIG = 0, 1, 2
_COMMANDS = (
    ("pair", "connect this machine with a restaurant, by a short code"),
    ("test", "print a test ticket on every printer, without the server"),
    ("status", "show the printers, their last jobs and those in doubt"),
    ("run", "fetch and print tickets until stopped"),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code is 0, 1 (failed) or 2 (configuration)."""
    arguments = _parser().parse_args(argv)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")
    logging.getLogger("printer_pi").setLevel(logging.INFO)
    path = find(arguments.config, os.environ)
    try:
        config = load(path, os.environ, need_server=arguments.command == "run")
        if arguments.command == "run":
            asyncio.run(daemon.serve(config))
            return EXIT_OK
        if arguments.command == "pair":
            return _pair(config, Path(path), arguments.url, arguments.name)
        return _test(config) if arguments.command == "test" else _status(config)
    except ConfigError as exc:
        print(*exc.faults, sep="\n", file=sys.stderr)
        return EXIT_CONFIG
    except (OSError, sqlite3.Error) as exc:
        print(f"state_dir cannot be used: {exc}", file=sys.stderr)
        return EXIT_FAILED
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return EXIT_FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="printer-pi",
        description="Print the tickets of an LNbits restaurant on receipt printers.",
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, says in _COMMANDS:
        command = commands.add_parser(name, help=says, description=says)
        command.add_argument(
            "--config",
            metavar="PATH",
            help=f"configuration (default: $PRINTER_PI_CONFIG or {DEFAULT_PATH})",
        )
        if name == "pair":
            command.add_argument("--url", required=True, help="address of LNbits")
            command.add_argument(
                "--name", default="", help="what staff call this machine"
            )
    return parser


# -- pair and test ------------------------------------------------------------------


def _pair(config: Config, path: Path, url: str, name: str) -> int:
    try:
        pairing.check_writable(path)
        with pairing.Pairing(url, name, config.printers) as pair:
            invitation = pair.begin()
            print(f"On the staff page of {pair.url}, type: {invitation.code}")
            print(f"Good until {_local(invitation.expires_at)}; Ctrl-C ends it.")
            for printer in config.printers:
                _print(printer, pages.pair(pair.url, invitation))
            found = pair.wait()
        pairing.save(path, found)
    except pairing.PairingError as exc:
        print(exc, file=sys.stderr)
        return EXIT_FAILED
    print(f"Paired: {path} is complete. (Re)start the service, or: printer-pi run")
    return EXIT_OK


def _test(config: Config) -> int:
    done = [_print(printer, pages.test(printer)) for printer in config.printers]
    return EXIT_OK if all(done) else EXIT_FAILED


def _print(printer: Printer, page: pages.Page) -> bool:
    """Put a page on every address of a printer; whether all took it."""
    is_done = True
    for target in printer.targets:
        sink = transports.make_impatient(target, printer)
        try:
            sink.open(f"{page.name}-{printer.name}")
            sink.write(page.data_for(sink.format, printer.name))
            confirm = sink.finish()
            print(f"{printer.name}: printed at {target.uri}, confirmed by {confirm}")
        except SinkError as exc:
            is_done = False
            print(f"{printer.name}: {exc}", file=sys.stderr)
        finally:
            sink.close()
    return is_done


# -- status -------------------------------------------------------------------------


def _status(config: Config) -> int:
    is_running = daemon.is_running(config.state_dir)
    print(f"printer-pi {__version__} {'runs' if is_running else 'does not run'}")
    if not (config.state_dir / FILE_NAME).exists():
        for printer in config.printers:
            print(_line(printer, None if is_running else _ask(printer)))
        print(f"nothing printed yet (no journal in {config.state_dir})")
        return EXIT_OK
    journal = Journal(config.state_dir, read_only=True)
    try:
        for printer in config.printers:
            seen = journal.printer(printer.name, printer.targets[0].uri)
            print(_line(printer, seen if is_running else _ask(printer)))
            last = journal.last(printer.name)
            print(f"  {_entry(last) if last else 'nothing printed yet'}")
            waiting = len(journal.unacked(printer.name))
            if waiting:
                print(f"  {waiting} printed, not yet acknowledged")
        if is_running:
            print(f"hints: {_hints(journal.relays())}")
        doubtful = journal.in_doubt()
        print(f"printing now or in doubt: {len(doubtful)}")
        for entry in doubtful:
            print(f"  {entry.printer}: {_entry(entry)}")
    finally:
        journal.close()
    return EXIT_OK


def _hints(seen: SeenRelays | None) -> str:
    """Whether the running service listens for hints, and where."""
    if seen is None or not seen.connected:
        return "off, the server names no relays"
    if seen.wake_key is None:
        return "off, install printer-pi[nostr] to listen at " + ", ".join(
            seen.connected
        )
    relays = [
        f"{url} {'connected' if is_there else 'not connected'}"
        for url, is_there in seen.connected.items()
    ]
    return f"on, {', '.join(relays)}, as of {_moment(seen.at)}"


def _ask(printer: Printer) -> Seen:
    """How the printer is now; only while no daemon talks to it."""
    sink = transports.make(printer.targets[0], printer)
    try:
        sink.probe()
    except SinkError as exc:
        fault = exc.code if exc.code in FAULTS else "printer.error"
        is_online = sink.status.is_online and fault != "printer.offline"
        told = replace(sink.status, fault=fault, is_online=is_online)
        return Seen(sink.known, told, 0)
    return Seen(sink.known, sink.status, 0)


def _line(printer: Printer, seen: Seen | None) -> str:
    """A printer with its address and all that is known of it."""
    parts = [f"{printer.name}: {printer.targets[0].uri}"]
    if seen is None:
        return f"{parts[0]}, not yet asked"
    parts += _words(seen.status)
    parts.append(f"confirmed by {seen.status.confirm or 'what is not yet known'}")
    if seen.at:
        parts.append(f"as of {_moment(seen.at)}")
    return ", ".join(parts)


def _words(status: Status) -> list[str]:
    says = ["online" if status.is_online else "offline"]
    if status.fault:
        says.append(FAULTS[status.fault])
    for name in ("paper", "cover", "drawer"):
        value = getattr(status, name)
        if value:
            says.append(f"{name} {value}")
    return says


def _entry(entry: Entry) -> str:
    at = entry.acked_at or entry.printed_at or entry.started_at
    order = f" (order {entry.order_number})" if entry.order_number else ""
    note = f", {entry.note}" if entry.note else ""
    return f"job {entry.job_id}{order} {entry.state} {_moment(at)}{note}"


def _moment(at: int) -> str:
    return datetime.fromtimestamp(at / 1000).astimezone().isoformat(" ", "seconds")


def _local(rfc3339: str) -> str:
    """A moment of the server by this machine's clock; as it came if it is none."""
    try:
        moment = datetime.fromisoformat(rfc3339.replace("Z", "+00:00"))
    except ValueError:
        return rfc3339
    return moment.astimezone().strftime("%H:%M:%S")
