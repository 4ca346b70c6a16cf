"""Runs the daemon and kills it hard at a named point: `pi_crash.py POINT CONFIG`."""

import os
import sys

from printer_pi.cli import main
from printer_pi.client import Client
from printer_pi.journal import Journal
from printer_pi.tcp import TcpSink

EXIT_CODE = 137


def die(*_args: object, **_fields: object) -> None:
    os._exit(EXIT_CODE)


def after(owner: type, name: str) -> None:
    real = getattr(owner, name)

    async def wrapped(*args: object) -> None:
        await real(*args)
        die()

    setattr(owner, name, wrapped)


def half_a_ticket(self: TcpSink, data: bytes) -> None:
    self._connected().sendall(data[: len(data) // 2])
    self._drain(self._connected())
    die()


point, config = sys.argv[1:]
if point == "before the first byte":
    TcpSink.write = die  # type: ignore[method-assign]
elif point == "in mid-ticket":
    TcpSink.write = half_a_ticket  # type: ignore[method-assign]
elif point == "printed, not recorded":
    Journal.printed = die  # type: ignore[method-assign]
elif point == "recorded, not acked":
    Client.ack = die  # type: ignore[method-assign,assignment]
elif point == "acked, not recorded":
    after(Client, "ack")
elif point == "started, not recorded":
    after(Client, "start")
else:
    raise SystemExit(f"no such point: {point}")
sys.exit(main(["run", "--config", config]))
