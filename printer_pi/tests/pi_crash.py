"""Runs the daemon and kills it hard at a named point: `pi_crash.py POINT CONFIG`."""

import os
import sys

from printer_pi.byte_printer import BytePrinter
from printer_pi.cli import main
from printer_pi.client import Client
from printer_pi.journal import Journal
from printer_pi.tcp import TcpWire

EXIT_CODE = 137


def die(*_args: object, **_fields: object) -> None:
    os._exit(EXIT_CODE)


def after(owner: type, name: str) -> None:
    real = getattr(owner, name)

    async def wrapped(*args: object) -> None:
        await real(*args)
        die()

    setattr(owner, name, wrapped)


def half_a_ticket(self: BytePrinter, data: bytes) -> None:
    self._push(data[: len(data) // 2])
    self._drain()
    die()


def a_ticket(self: BytePrinter, data: bytes) -> None:
    self._push(data)
    self._drain()
    die()


# A printer without a way back is not waited for as long as a real one.
BytePrinter.state_seconds = BytePrinter.confirm_seconds = 0.3
TcpWire.close_seconds = 0.2

point, config = sys.argv[1:]
if point == "before the first byte":
    BytePrinter.write = die  # type: ignore[method-assign]
elif point == "in mid-ticket":
    BytePrinter.write = half_a_ticket  # type: ignore[method-assign]
elif point == "sent, not confirmed":
    BytePrinter.write = a_ticket  # type: ignore[method-assign]
elif point == "printed, not recorded":
    Journal.printed = die  # type: ignore[method-assign]
elif point == "recorded, not acked":
    Client.ack = die  # type: ignore[method-assign,assignment]
elif point == "acked, not recorded":
    after(Client, "ack")
elif point == "claimed, not started":
    Client.start = die  # type: ignore[method-assign,assignment]
elif point == "started, not recorded":
    after(Client, "start")
elif point != "nowhere":
    raise SystemExit(f"no such point: {point}")
sys.exit(main(["run", "--config", config]))
