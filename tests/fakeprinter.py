"""A receipt printer without hardware: it listens on TCP and prints into memory.

    python tests/fakeprinter.py --port 9100 --out tickets/     and then, on its stdin:
    paper out | paper ok | cover open | cover closed | offline on | mute on | …

It answers and stops as hardware does; what it understands is in `escpos_machine`.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import socket
import struct
import sys
import threading
from collections.abc import Callable
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any

from escpos_machine import (
    Command,
    Line,
    Machine,
    Style,
    Switches,
    Ticket,
    UnknownBytesError,
    commands,
    decode,
)

__all__ = [
    "Command",
    "FakePrinter",
    "Line",
    "Style",
    "Switches",
    "Ticket",
    "UnknownBytesError",
    "commands",
    "decode",
]


class FakePrinter:
    """`with FakePrinter() as printer:` listens on 127.0.0.1 from a thread of its own.

    `printer.set(paper="out")` turns switches (see ``Switches``) and returns when they
    hold. One connection is served at a time, as by hardware; others wait.
    `buffer_bytes` bounds what it takes while it cannot print. `stop` raises
    AssertionError when it met bytes that we never send (`errors`).
    """

    def __init__(
        self,
        port: int = 0,
        *,
        width: int = 576,
        host: str = "127.0.0.1",
        buffer_bytes: int | None = None,
        **switches: Any,
    ) -> None:
        self.host, self.port = host, port
        self.buffer_bytes = buffer_bytes
        self.errors: list[str] = []
        self.connections = 0
        self.received = bytearray()
        self.machine = Machine(width, self._answer)
        self.machine.switches = Switches(**switches)
        self._writer: asyncio.StreamWriter | None = None
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._news = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    # -- what tests look at -------------------------------------------------------

    @property
    def uri(self) -> str:
        return f"tcp://{self.host}:{self.port}"

    @property
    def switches(self) -> Switches:
        return self.machine.switches

    @property
    def tickets(self) -> list[Ticket]:
        """What was cut off, and what a later start left uncut."""
        return list(self.machine.tickets)

    @property
    def unfinished(self) -> Ticket | None:
        return self.machine.unfinished

    @property
    def raw(self) -> bytes:
        """Every byte that ever came."""
        return bytes(self.received)

    @property
    def drawers(self) -> int:
        return self.machine.drawers

    @property
    def beeps(self) -> int:
        return self.machine.beeps

    @property
    def cuts(self) -> int:
        return self.machine.cuts

    def wait(self, condition: Callable[[], Any], seconds: float = 20.0) -> Any:
        """Block until the condition holds, looking whenever bytes came; its value."""
        with self._news:
            found = self._news.wait_for(condition, seconds)
        assert found, f"not within {seconds} s: {self.machine.switches}"
        return found

    # -- life ---------------------------------------------------------------------

    def start(self) -> FakePrinter:
        self._thread.start()
        self._run(self._prepare())
        return self

    def stop(self) -> None:
        """Switch it off; AssertionError for bytes that we never send."""
        self._run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()
        assert not self.errors, self.errors

    def set(self, **switches: Any) -> None:
        """Turn switches; what waited is printed now, if it can be."""
        self._run(self._set(**switches))

    def hang_up(self) -> None:
        """Pull the cable: the connection ends, and what it did not take yet is lost."""
        self._run(self._hang_up())

    def __enter__(self) -> FakePrinter:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            with contextlib.suppress(AssertionError):
                self.stop()
        else:
            self.stop()

    def _run(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(20)

    # -- within the loop ------------------------------------------------------------

    async def _prepare(self) -> None:
        self._changed = asyncio.Event()
        self._alone = asyncio.Lock()
        await self._listen()

    async def _listen(self) -> None:
        if self.switches.is_refusing and self.port:
            return
        listening = socket.create_server((self.host, self.port), backlog=8)
        # Like the real ones it has little memory, so it is full soon.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
        self.port = listening.getsockname()[1]
        if self.switches.is_refusing:
            listening.close()
            return
        self._server = await asyncio.start_server(
            self._connection, sock=listening, limit=4096
        )

    def _hush(self) -> None:
        """Let nobody new in; whoever is connected stays."""
        if self._server:
            self._server.close()
            self._server = None

    async def _close(self) -> None:
        self._hush()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _set(self, **switches: Any) -> None:
        was = self.switches
        self.machine.switches = replace(was, **switches)
        if self.switches.is_refusing != was.is_refusing:
            self._hush()
            await self._listen()
        self._work(b"")
        self._changed.set()

    async def _hang_up(self) -> None:
        for task in list(self._tasks):
            task.cancel()

    def _answer(self, data: bytes) -> None:
        writer = self._writer
        if writer and not self.switches.is_mute and not writer.is_closing():
            writer.write(data)

    def _work(self, data: bytes) -> bool:
        """Take bytes; False when they are none of ours."""
        try:
            if data:
                self.received += data
                self.machine.take(data)
            else:
                self.machine.work()
        except UnknownBytesError as exc:
            self.errors.append(str(exc))
            self.machine.reset()
            return False
        finally:
            with self._news:
                self._news.notify_all()
        return True

    async def _connection(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            async with self._alone:
                self.connections += 1
                self._writer = writer
                await self._serve(reader, writer)
        except (asyncio.CancelledError, OSError):
            _reset(writer)
        finally:
            self._tasks.discard(task)
            if self._writer is writer:
                self._writer = None
            self.machine.hang_up()
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        waiting = b""
        while True:
            waiting = waiting or await reader.read(4096)
            if not waiting:
                return
            # Looked at now: switches may have been turned while nothing came.
            room = self._room()
            if room <= 0:
                self._changed.clear()
                await self._changed.wait()
                continue
            chunk, waiting = waiting[:room], waiting[room:]
            is_dead = self._count(len(chunk))
            if not self._work(chunk) or is_dead:
                self.machine.reset()
                _reset(writer)
                return

    def _room(self) -> int:
        """How many bytes it takes now."""
        limits = [4096, self.switches.die_after, self.switches.stall_after]
        if self.buffer_bytes is not None:
            limits.append(self.buffer_bytes - len(self.machine.waiting))
        return min(limit for limit in limits if limit is not None)

    def _count(self, taken: int) -> bool:
        """Count the bytes down; whether the printer dies now."""
        die, stall = self.switches.die_after, self.switches.stall_after
        self.machine.switches = replace(
            self.switches,
            die_after=None if die is None or die <= taken else die - taken,
            stall_after=None if stall is None else max(0, stall - taken),
        )
        return die is not None and die <= taken


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close with a reset, so that the other side's data are lost."""
    sock = writer.get_extra_info("socket")
    with contextlib.suppress(OSError):
        at_once = struct.pack("ii", 1, 0)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
    writer.transport.abort()


# --- on its own --------------------------------------------------------------

WORDS: dict[str, dict[str, Any]] = {
    "paper ok": {"paper": "ok"},
    "paper low": {"paper": "low"},
    "paper out": {"paper": "out"},
    "cover open": {"is_cover_open": True},
    "cover closed": {"is_cover_open": False},
    "offline on": {"is_offline": True},
    "offline off": {"is_offline": False},
    "mute on": {"is_mute": True},
    "mute off": {"is_mute": False},
    "refuse on": {"is_refusing": True},
    "refuse off": {"is_refusing": False},
}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description="A receipt printer on TCP that prints into PNG files.",
        epilog="While it runs it reads from stdin: " + " | ".join(WORDS),
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9100)
    parser.add_argument("--width", type=int, default=576, choices=(384, 576))
    parser.add_argument("--paper", default="ok", choices=("ok", "low", "out"))
    parser.add_argument("--out", type=Path, help="folder for the tickets")
    given = parser.parse_args(arguments)
    printer = FakePrinter(
        given.port, host=given.host, width=given.width, paper=given.paper
    )
    printer.start()
    print(f"printing on {printer.uri}", flush=True)
    threading.Thread(target=_listen_to_words, args=(printer,), daemon=True).start()
    with contextlib.suppress(KeyboardInterrupt):
        _report(printer, given.out)
    with contextlib.suppress(AssertionError):
        printer.stop()
    return 0


def _listen_to_words(printer: FakePrinter) -> None:
    for line in sys.stdin:
        word = " ".join(line.split())
        if word in WORDS:
            printer.set(**WORDS[word])
        elif word:
            print(f"say one of: {', '.join(WORDS)}", flush=True)


def _report(printer: FakePrinter, folder: Path | None) -> None:
    """Show every ticket and what is wrong, until interrupted."""
    shown = faults = drawers = 0
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    while True:
        for ticket in printer.tickets[shown:]:
            shown += 1
            print(f"ticket {shown}: {len(ticket.rows)} rows", *ticket.lines, sep="\n")
            if folder:
                ticket.image.save(folder / f"{shown:04d}.png")
                (folder / f"{shown:04d}.txt").write_text(ticket.text)
        for error in printer.errors[faults:]:
            faults += 1
            print(f"unknown bytes: {error}")
        if printer.drawers > drawers:
            drawers = printer.drawers
            print(f"the drawer opened ({drawers})")
        sys.stdout.flush()
        seen = (shown, faults, drawers)
        with contextlib.suppress(AssertionError):
            printer.wait(partial(_is_news, printer, seen), 3600)


def _is_news(printer: FakePrinter, seen: tuple[int, int, int]) -> bool:
    return _figures(printer) != seen


def _figures(printer: FakePrinter) -> tuple[int, int, int]:
    return len(printer.machine.tickets), len(printer.errors), printer.drawers


assert {f.name for f in fields(Switches)} >= {key for w in WORDS.values() for key in w}

if __name__ == "__main__":
    raise SystemExit(main())
