"""The command `printer-pi`: run, test and status."""
# ruff: noqa: T201 its output is what it is for

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sqlite3
import sys
from collections.abc import Sequence
from datetime import datetime

from . import __version__, daemon, transports
from .config import DEFAULT_PATH, Config, ConfigError, Printer, load
from .journal import FILE_NAME, Entry, Journal
from .render import render

EXIT_OK, EXIT_FAILED, EXIT_CONFIG = 0, 1, 2
_TEST_TEXT = """\
printer-pi {version}
Printer: {name}
Code page {codepage}, {columns} columns
{ruler}
Maíz ×2 — ¡sin cebolla!
ñ Ñ á é í ó ú ü ¿? € 85.00
{rule}
If every letter above is right, this
printer is set up well.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code is 0, 1 (failed) or 2 (configuration)."""
    arguments = _parser().parse_args(argv)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")
    logging.getLogger("printer_pi").setLevel(logging.INFO)
    path = arguments.config or os.environ.get("PRINTER_PI_CONFIG") or DEFAULT_PATH
    try:
        config = load(path, os.environ, need_server=arguments.command == "run")
        if arguments.command == "run":
            return _run(config)
        return _test(config) if arguments.command == "test" else _status(config)
    except ConfigError as exc:
        print(*exc.faults, sep="\n", file=sys.stderr)
        return EXIT_CONFIG
    except (OSError, sqlite3.Error) as exc:
        print(f"state_dir cannot be used: {exc}", file=sys.stderr)
        return EXIT_FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="printer-pi",
        description="Print the tickets of an LNbits restaurant on receipt printers.",
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, says in (
        ("run", "fetch and print tickets until stopped"),
        ("test", "print a test ticket on every printer, without the server"),
        ("status", "show the last jobs and those in doubt"),
    ):
        command = commands.add_parser(name, help=says, description=says)
        command.add_argument(
            "--config",
            metavar="PATH",
            help=f"configuration (default: $PRINTER_PI_CONFIG or {DEFAULT_PATH})",
        )
    return parser


def _run(config: Config) -> int:
    asyncio.run(daemon.serve(config))
    return EXIT_OK


def _test(config: Config) -> int:
    failed = False
    for printer in config.printers:
        for target in printer.targets:
            sink = transports.make(target, printer.stall_seconds)
            try:
                sink.open(f"test-{printer.name}")
                sink.write(render(sink.format, _test_text(printer), "", printer))
                sink.finish()
                print(f"{printer.name}: test ticket sent to {target.uri}")
            except transports.SinkError as exc:
                failed = True
                print(f"{printer.name}: {exc}", file=sys.stderr)
            finally:
                sink.close()
    return EXIT_FAILED if failed else EXIT_OK


def _test_text(printer: Printer) -> str:
    return _TEST_TEXT.format(
        version=__version__,
        name=printer.name,
        codepage=printer.codepage,
        columns=printer.columns,
        ruler=("1234567890" * 5)[: printer.columns],
        rule="-" * printer.columns,
    )


def _status(config: Config) -> int:
    if not (config.state_dir / FILE_NAME).exists():
        print(f"nothing printed yet (no journal in {config.state_dir})")
        return EXIT_OK
    journal = Journal(config.state_dir, read_only=True)
    try:
        for printer in config.printers:
            last = journal.last(printer.name)
            waiting = len(journal.unacked(printer.name))
            print(f"{printer.name}: {_entry(last) if last else 'nothing printed yet'}")
            if waiting:
                print(f"{printer.name}: {waiting} printed, not yet acknowledged")
        doubtful = journal.in_doubt()
        print(f"printing now or in doubt: {len(doubtful)}")
        for entry in doubtful:
            print(f"  {entry.printer}: {_entry(entry)}")
    finally:
        journal.close()
    return EXIT_OK


def _entry(entry: Entry) -> str:
    at = entry.acked_at or entry.printed_at or entry.started_at
    moment = datetime.fromtimestamp(at / 1000).astimezone().isoformat(" ", "seconds")
    order = f" (order {entry.order_number})" if entry.order_number else ""
    note = f", {entry.note}" if entry.note else ""
    return f"job {entry.job_id}{order} {entry.state} {moment}{note}"
