"""Slips with a QR code and drawers that open: their bytes, and what never happens."""

from __future__ import annotations

import contextlib
import hashlib
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from pi_printer import TcpPrinter, letters
from pi_server import DROP, Answer, PrintServer
from pi_setup import FastTime, config, printer, running
from printer_pi import qr
from printer_pi.client import Client, Job, connect
from printer_pi.config import Config, ConfigError, Server, load
from printer_pi.journal import Journal
from printer_pi.render import kick, render
from printer_pi.tcp import TcpSink
from printer_pi.ticket import DUPLICATE_BANNER

KICK = b"\x1b\x70\x00\x19\xfa"
LNURL = "LNURL1DP68GURN8GHJ7MRWW4EXCTNXD9SHG6NPVCHXXMMD9AKXUATJDSKHW6T5DPJ8YCTH8AEK2UM"
TEXT = (
    "#42 MONEY BACK\nBig Jay's\n"
    "Scan this to take your money back:\n"
    f"{LNURL[:42]}\n{LNURL[42:]}\n"
)


def a_code(side: int = 21) -> list[str]:
    """Square rows that have nothing in common with their mirror images."""
    return [
        "".join(str(int((7 * row + 3 * column) % 5 < 2)) for column in range(side))
        for row in range(side)
    ]


def content(**document: Any) -> dict[str, Any]:
    document = {"type": "slip/1", "lnurl": LNURL, "qr": a_code(), **document}
    return {"type": "slip/1", "document": document, "text": TEXT}


DRAWER = {"type": "drawer/1", "document": {"type": "drawer/1"}, "text": ""}


def slip(form: str = "escpos", **fields: Any) -> bytes:
    modules = fields.pop("modules", a_code())
    copies, duplicate = fields.pop("copies", 1), fields.pop("duplicate", False)
    return render(
        form,  # type: ignore[arg-type]
        TEXT,
        "42",
        printer("tcp://x", **fields),
        copies=copies,
        duplicate=duplicate,
        secret=LNURL,
        modules=modules,
    )


def unrastered(data: bytes) -> tuple[bytes, list[str]]:
    """Printer data without its pictures, and the pictures' rows of dots below each
    other; told apart from the code under test."""
    rest, rows = bytearray(), []
    while (at := data.find(b"\x1dv0\x00")) >= 0:
        rest += data[:at]
        wide = int.from_bytes(data[at + 4 : at + 6], "little")
        high = int.from_bytes(data[at + 6 : at + 8], "little")
        band, data = data[at + 8 : at + 8 + wide * high], data[at + 8 + wide * high :]
        assert len(band) == wide * high
        for top in range(0, len(band), wide):
            rows.append("".join(f"{b:08b}" for b in band[top : top + wide]))
    return bytes(rest) + data, rows


def as_modules(rows: list[str], scale: int) -> list[str]:
    """The code that a camera sees, after a check of its white edge."""
    dark = [i for i, row in enumerate(rows) if "1" in row]
    top, bottom = dark[0], dark[-1] + 1
    left = min(row.index("1") for row in rows if "1" in row)
    right = max(row.rindex("1") for row in rows if "1" in row) + 1
    assert min(top, len(rows) - bottom, left, len(rows[0]) - right) >= 4 * scale
    assert abs(left - (len(rows[0]) - right)) <= 1
    return [row[left:right:scale] for row in rows[top:bottom:scale]]


# --- bytes --------------------------------------------------------------------------


def test_a_whole_slip_byte_for_byte() -> None:
    data = slip(modules=["1" * 21] * 21)

    # 504 dots: 189 white, 126 black, 189 white.
    black = b"\x00" * 23 + b"\x07" + b"\xff" * 15 + b"\xe0" + b"\x00" * 23
    assert data == (
        b"\x1b@\x1bt\x13"
        b"\x1d!\x11#42 MONEY BACK\n\x1d!\x00"
        b"Big Jay's\n"
        b"Scan this to take your money back:\n"
        b"\x1dv0\x00\x3f\x00\xae\x00"
        + b"\x00" * 63 * 24
        + black * 126
        + b"\x00" * 63 * 24
        + b"\x1dVB0"
    )


@pytest.mark.parametrize(
    ("columns", "side", "scale"),
    [(32, 21, 6), (42, 21, 6), (48, 57, 6), (32, 57, 5), (32, 177, 2)],
)
def test_a_code_is_as_large_as_the_paper_allows(
    columns: int, side: int, scale: int
) -> None:
    _, rows = unrastered(slip(columns=columns, modules=a_code(side)))

    assert {len(row) for row in rows} == {columns * 12}
    assert as_modules(rows, scale) == a_code(side)


def test_a_tall_code_goes_out_in_bands() -> None:
    data = slip(modules=a_code(45))

    heads = [
        data[at : at + 8] for at in range(len(data)) if data.startswith(b"\x1dv0", at)
    ]
    assert heads == [b"\x1dv0\x00\x3f\x00\xff\x00", b"\x1dv0\x00\x3f\x00\x3f\x00"]
    assert as_modules(unrastered(data)[1], 6) == a_code(45)


# LNURL with the error level M: 33 rows in hexadecimal.
REAL = [
    *("1fc0ceb7f", "104bcdf41", "175b9075d", "17575445d", "175cacf5d"),
    *("105575041", "1fd55557f", "001e23d00", "17cff317c", "0b9326583"),
    *("18cc36c71", "12a8449cb", "1b4e04877", "062f7cba0", "0760c84d1"),
    *("15959a5ac", "0867936cf", "0fa0da3a4", "1f45d9d83", "02a7cfca8"),
    *("035350e43", "1d16642e3", "12f4f2d11", "1010aacf1", "1568ec1f2"),
    *("001b85319", "1fc7b5355", "105f23113", "1758c5bff", "1759f8985"),
    *("175bc30ac", "104c9239d", "1fd6c7a24"),
]


def test_a_real_code_is_sent_as_python_escpos_sends_it() -> None:
    """The hash is of the output of python-escpos 3.1 for the same picture, and ZXing
    has read that picture: it says LNURL."""
    modules = [f"{int(row, 16):033b}" for row in REAL]

    data = slip(columns=32, modules=modules)

    picture = data[data.index(b"\x1dv0") : -len(b"\x1dVB0")]
    assert hashlib.sha256(picture).hexdigest() == (
        "94907657e87bf609f8db55ffbeb50a1c80dd121a0cb376e65ea02e4d054df77a"
    )


def test_paper_that_is_too_narrow_gets_no_code() -> None:
    assert qr.draw(a_code(), 28) == []
    assert qr.draw([], 504) == []
    assert len(qr.draw(a_code(), 29)) == 29


def test_the_code_takes_the_place_of_the_letters() -> None:
    shown, rows = unrastered(slip())

    assert rows
    assert letters(shown) == [
        *("#42 MONEY BACK", "Big Jay's", "Scan this to take your money back:")
    ]


@pytest.mark.parametrize("columns", [32, 42, 48])
@pytest.mark.parametrize("fields", [{"pictures": False}, {"modules": ()}])
def test_a_printer_that_cannot_draw_prints_the_letters(
    columns: int, fields: dict[str, Any]
) -> None:
    shown, rows = unrastered(slip(columns=columns, **fields))

    assert rows == []
    assert "".join(letters(shown)).endswith(LNURL)


@pytest.mark.parametrize("form", ["text", "frame"])
def test_people_read_the_letters(form: str) -> None:
    words = "".join(c for c in slip(form).decode() if c.isalnum())

    assert LNURL in words


def test_every_copy_has_its_code_and_a_doubtful_one_its_banner() -> None:
    data = slip(copies=2, duplicate=True)

    shown, rows = unrastered(data)
    assert len(rows) == 2 * 29 * 6
    assert sum(DUPLICATE_BANNER in line for line in letters(shown)) == 4


def test_only_the_secret_itself_is_taken_out() -> None:
    text = f"#42\nnot {LNURL}\n{LNURL}X\n"
    data = render(
        *("escpos", text, "42", printer("tcp://x")), secret=LNURL, modules=a_code()
    )

    shown, _ = unrastered(data)
    assert "".join(letters(shown)).count("LNURL1") == 2


def test_a_kick_is_one_command_and_words_for_people() -> None:
    assert kick("escpos", "42", printer("tcp://x", columns=32, cut=False)) == KICK
    assert kick("text", "42", printer("dir:///x")) == b"#42 DRAWER OPENS\n"
    assert "#42 DRAWER OPENS" in kick("frame", "42", printer("terminal:")).decode()


# --- what the server sends ------------------------------------------------------------


async def claimed(answer: dict[str, Any]) -> Job:
    http = connect(Server("https://x.example", "r1", "rdt_secret"))
    http._transport = httpx.MockTransport(lambda _: httpx.Response(200, json=answer))
    http._mounts = {}
    job = await Client(http, "r1").claim("counter", ())
    assert job is not None
    return job


def answer(job_content: Any) -> dict[str, Any]:
    return {"id": "j1", "lease_token": "l1", "content": job_content}


@pytest.mark.asyncio
async def test_a_slip_and_a_kick_are_understood() -> None:
    job = await claimed(answer(content()))
    assert (job.type, job.secret, job.qr) == ("slip/1", LNURL, tuple(a_code()))
    assert (job.fault, job.is_kick) == ("", False)
    assert "LNURL" not in repr(job)
    assert a_code()[0] not in repr(job)

    opens = await claimed(answer(DRAWER))
    assert (opens.type, opens.fault, opens.is_kick) == ("drawer/1", "", True)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "changes",
    [
        {"qr": None},
        {"qr": "1" * 441},
        {"qr": a_code()[:-1]},
        {"qr": a_code(22)},
        {"qr": a_code(181)},
        {"qr": [*a_code()[:-1], "2" * 21]},
        {"qr": [*a_code()[:-1], 1]},
        {"lnurl": None},
        {"lnurl": ""},
    ],
    ids=lambda changes: str(changes)[:30],
)
async def test_a_code_that_is_none_leaves_the_letters(changes: dict[str, Any]) -> None:
    job = await claimed(answer(content(**changes)))

    assert (job.fault, job.secret, job.qr) == ("", "", ())


@pytest.mark.asyncio
@pytest.mark.parametrize("document", [None, [], "x"])
async def test_a_slip_without_a_document_is_its_text(document: Any) -> None:
    job = await claimed(answer({**content(), "document": document}))

    assert (job.fault, job.qr, job.text) == ("", (), TEXT)


@pytest.mark.asyncio
@pytest.mark.parametrize("unknown", ["slip/2", "drawer", None, ["slip/1"], {}])
async def test_what_is_not_known_is_said(unknown: Any) -> None:
    job = await claimed(answer({**content(), "type": unknown}))

    assert job.fault.endswith("prints drawer/1, slip/1, ticket/1 only")


# --- the daemon -----------------------------------------------------------------------


@dataclass
class Counter:
    """A server, a printer and a configuration that joins them."""

    state_dir: Path
    server: PrintServer = field(default_factory=PrintServer)
    printer: TcpPrinter = field(default_factory=TcpPrinter)
    pace: FastTime = field(default_factory=FastTime)

    def config(self, *more: str) -> Config:
        name = printer(self.printer.uri, *more, name="counter")
        return config(self.server.url, self.state_dir, name)

    def note(self, job_id: str) -> None:
        """As left behind by a daemon that died with the bytes going out."""
        with contextlib.closing(Journal(self.state_dir)) as journal:
            now = self.pace.clock().now_ms()
            journal.begin(job_id, "counter", "42", "lease-0", now)


@contextlib.asynccontextmanager
async def counter(tmp_path: Path) -> AsyncIterator[Counter]:
    place = Counter(tmp_path / "state")
    await place.server.start()
    await place.printer.start()
    try:
        yield place
    finally:
        await place.printer.stop()
        await place.server.stop()


@pytest.mark.asyncio
async def test_slips_tickets_and_kicks_share_a_printer(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with counter(tmp_path) as c:
        await c.server.add("j1", kind="drawer", content=DRAWER)
        await c.server.add("j2", kind="void_slip", content=content())
        await c.server.add("j3")
        async with running(c.config(), c.pace):
            await c.server.until_state("j3", "printed")

        opened, slipped, ticket = c.printer.tickets
        assert opened == KICK
        assert as_modules(unrastered(slipped)[1], 6) == a_code()
        assert letters(ticket) == ["#42", "TICKET j3"]
        assert [job["state"] for job in c.server.jobs.values()] == ["printed"] * 3
        assert c.server.count("fail") == 0
    assert "LNURL" not in caplog.text
    assert "j1 (order 42) opened the drawer" in caplog.text


@pytest.mark.asyncio
async def test_a_drawer_is_opened_at_the_first_target_alone(tmp_path: Path) -> None:
    copies = tmp_path / "copies"
    async with counter(tmp_path) as c:
        await c.server.add("j1", kind="drawer", content=DRAWER)
        await c.server.add("j2")
        async with running(c.config(f"dir://{copies}?format=escpos"), c.pace):
            await c.server.until_state("j2", "printed")

        assert c.printer.tickets[0] == KICK
        assert len(list(copies.iterdir())) == 1


@pytest.mark.asyncio
async def test_no_go_no_kick(tmp_path: Path) -> None:
    async with counter(tmp_path) as c:
        c.server.answers["start"] = [Answer(409, {"code": "job.lease"})]
        await c.server.add("j1", kind="drawer", content=DRAWER)
        async with running(c.config(), c.pace):
            await c.server.until(lambda: c.server.count("claim") == 2)
            await c.printer.until(lambda: c.printer.connections == 0)

        assert c.printer.tickets == []


@pytest.mark.asyncio
async def test_a_drawer_that_may_be_open_is_left_alone(tmp_path: Path) -> None:
    async with counter(tmp_path) as c:
        c.note("j1")
        await c.server.add("j1", kind="drawer", content=DRAWER)
        async with running(c.config(), c.pace):
            await c.server.until_state("j1", "dead")

        (failure,) = c.server.bodies("fail")
        assert (failure["code"], failure["retryable"], failure["in_doubt"]) == (
            *("drawer.in_doubt", False, True),
        )
        assert c.printer.tickets == []


@pytest.mark.asyncio
async def test_a_kick_that_is_given_out_again_is_only_acked(tmp_path: Path) -> None:
    async with counter(tmp_path) as c:
        c.server.answers["ack"] = [DROP]
        await c.server.add("j1", kind="drawer", content=DRAWER)
        async with running(c.config(), c.pace):
            await c.server.until(lambda: c.server.count("ack") == 2)
            await c.server.requeue("j1")
            await c.server.until_state("j1", "printed")

        assert c.printer.tickets == [KICK]


@pytest.mark.asyncio
@pytest.mark.parametrize("bytes_out", [True, False])
async def test_a_printer_that_fails_under_a_kick_is_not_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bytes_out: bool
) -> None:
    from printer_pi.sink import SinkError

    def fails(self: TcpSink, data: bytes) -> None:
        raise SinkError("printer.write", "cut off", bytes_out=bytes_out)

    async with counter(tmp_path) as c:
        monkeypatch.setattr(TcpSink, "write", fails)
        await c.server.add("j1", kind="drawer", content=DRAWER)
        async with running(c.config(), c.pace):
            await c.server.until_state("j1", "dead")

        (failure,) = c.server.bodies("fail")
        assert (failure["retryable"], failure["in_doubt"]) == (False, bytes_out)


# --- the configuration ----------------------------------------------------------------


def test_a_printer_draws_unless_its_owner_says_no(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    entry = '[[printer]]\nname = "a"\nuri = "tcp://h"\n'

    def pictures(more: str) -> bool:
        path.write_text(entry + more, encoding="utf-8")
        return load(path, {}, need_server=False).printers[0].pictures

    assert pictures("") is True
    assert pictures("pictures = false\n") is False
    with pytest.raises(ConfigError, match="printer 1: pictures must be true or false"):
        pictures('pictures = "no"\n')
