"""Pairing: the code on screen and paper, the answer into the configuration."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from fakeprinter import FakePrinter
from pi_server import DROP, Answer, PrintServer
from printer_pi.config import Server, load
from printer_pi.pairing import PairingError, check_writable, save

HERE = Path(__file__).parent
SERVER = Server("https://x.example", "r1", 'rdt_"quoted"')
PRINTER = '[[printer]]\nname = "kitchen"\nuri = "tcp://10.0.0.5" # here\n'


# --- the file -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (PRINTER, "[server]\n…\n" + PRINTER),
        (
            '# mine\nstate_dir = "/s"\n\n' + PRINTER,
            '# mine\nstate_dir = "/s"\n\n[server]\n…\n' + PRINTER,
        ),
        (
            PRINTER + '\n[server] # old\nurl = "http://a"\ntoken = "rdt_1"\n',
            PRINTER + "\n[server]\n…",
        ),
        (
            "[ server ]\ntoken_file = '/t'\n\n" + PRINTER + PRINTER.replace("ki", "Ki"),
            "[server]\n…\n" + PRINTER + PRINTER.replace("ki", "Ki"),
        ),
        ('state_dir = "/s"', 'state_dir = "/s"\n[server]\n…'),
    ],
)
def test_only_the_server_changes(tmp_path: Path, old: str, new: str) -> None:
    path = tmp_path / "c.toml"
    path.write_text(old, "utf-8")
    save(path, SERVER)
    keys = 'url = "https://x.example"\nrestaurant = "r1"\ntoken = "rdt_\\"quoted\\""\n'
    assert path.read_text("utf-8") == new.replace("…", keys.rstrip("\n") + "\n", 1)
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]
    if "printer" in old:
        assert load(path, {}).server == SERVER


@pytest.mark.parametrize(
    "old",
    ['server = { url = "http://a" }\n', 'server.url = "http://a"\n', "a = '''\n["],
)
def test_a_file_of_an_unusual_form_is_left_and_no_token_lost(
    tmp_path: Path, old: str
) -> None:
    path = tmp_path / "c.toml"
    path.write_text(old, "utf-8")
    with pytest.raises(PairingError, match=r"put the contents of .*c\.toml\.server"):
        save(path, SERVER)
    assert path.read_text("utf-8") == old
    aside = tmp_path / "c.toml.server"
    assert "rdt_" in aside.read_text("utf-8")
    assert aside.stat().st_mode & 0o777 == 0o600


def test_a_place_for_the_token_is_there_before_it_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(PairingError, match="cannot be written: No such file"):
        check_writable(tmp_path / "none" / "c.toml")


# --- the command ----------------------------------------------------------------------


class Desk:
    """A server, a printer, a configuration, and the command in a process."""

    def __init__(self, folder: Path) -> None:
        self.server, self.printer = PrintServer(), FakePrinter(width=384)
        self.config = folder / "c.toml"
        self.tickets = folder / "tickets"

    async def start(self) -> None:
        await self.server.start()
        self.printer.start()
        self.config.write_text(
            f'[[printer]]\nname = "kitchen"\nwidth = 58\nuri = "{self.printer.uri}"\n'
            f'[[printer]]\nname = "bar"\nmodel = "X"\nuri = "dir://{self.tickets}"\n',
            "utf-8",
        )

    async def pair(self, *more: str) -> asyncio.subprocess.Process:
        command = ("pair", "--url", self.server.url + "/", "--name", "Pi in the bar")
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "printer_pi", *command),
            *("--config", str(self.config), *more),
            env={**os.environ, "PYTHONPATH": str(HERE.parent / "src")},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )


@pytest_asyncio.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    made = Desk(tmp_path)
    await made.start()
    yield made
    await made.server.stop()
    await asyncio.to_thread(made.printer.stop)


async def ended(process: asyncio.subprocess.Process) -> tuple[int | None, str, str]:
    out, errors = await asyncio.wait_for(process.communicate(), 20)
    return process.returncode, out.decode(), errors.decode()


@pytest.mark.asyncio
async def test_a_code_on_screen_and_paper_then_a_complete_configuration(
    desk: Desk,
) -> None:
    desk.server.answers["collect"] = [DROP, Answer(429, headers={"Retry-After": "0"})]
    process = await desk.pair()
    await desk.server.until(lambda: desk.server.count("collect") >= 1)
    desk.server.pairing["token"] = "rdt_new"
    code, out, errors = await ended(process)
    assert (code, errors) == (0, "")
    assert f"On the staff page of {desk.server.url}, type: ABCD-EFGH\n" in out
    assert f"Paired: {desk.config} is complete." in out
    assert "rdt_new" not in out
    assert "pairing-secret" not in out
    assert desk.server.pairing["asked"] == {
        "name": "Pi in the bar",
        "printers": [{"name": "kitchen", "width": 58}, {"name": "bar", "model": "X"}],
    }
    (ticket,) = desk.printer.tickets
    assert "ABCD-EFGH" in ticket.lines
    assert ticket.codes == [f"{desk.server.url}/restaurant/#pair=ABCD-EFGH".encode()]
    assert "ABCD-EFGH" in (desk.tickets / "pair-bar.txt").read_text("utf-8")
    assert load(desk.config, {}).server == Server(desk.server.url, "r1", "rdt_new")
    assert desk.config.stat().st_mode & 0o777 == 0o600


@pytest.mark.asyncio
async def test_a_code_that_ran_out_is_told(desk: Desk) -> None:
    before = desk.config.read_text("utf-8")
    desk.server.answers["collect"] = [Answer(410, {"code": "pairing.expired"})]
    code, _, errors = await ended(await desk.pair())
    assert (code, errors) == (1, "The code is not good any more: pair again.\n")
    assert desk.config.read_text("utf-8") == before


@pytest.mark.asyncio
async def test_a_server_that_gives_no_code_is_told(desk: Desk) -> None:
    desk.server.answers["pairings"] = [Answer(429, {"detail": "Too many."})]
    code, _, errors = await ended(await desk.pair())
    assert code == 1
    assert errors == f"{desk.server.url} gives no code to pair with: 429 Too many.\n"
    moved = {"Location": "https://lnbits.example/restaurant?key=secret"}
    desk.server.answers["pairings"] = [Answer(301, headers=moved)]
    _, _, errors = await ended(await desk.pair())
    there = "301, it leads to https://lnbits.example"
    assert errors == f"{desk.server.url} gives no code to pair with: {there}\n"
    assert desk.printer.tickets == []


@pytest.mark.asyncio
async def test_ctrl_c_changes_nothing(desk: Desk) -> None:
    before = desk.config.read_text("utf-8")
    process = await desk.pair()
    await desk.server.until(lambda: desk.server.count("collect") >= 1)
    process.send_signal(signal.SIGINT)
    code, _, errors = await ended(process)
    assert (code, errors) == (1, "stopped\n")
    assert desk.config.read_text("utf-8") == before
    assert [path.name for path in desk.config.parent.glob(".*")] == []


@pytest.mark.asyncio
async def test_a_printer_that_is_off_does_not_stop_the_pairing(desk: Desk) -> None:
    await asyncio.to_thread(lambda: desk.printer.set(is_cover_open=True))
    process = await desk.pair()
    await desk.server.until(lambda: desk.server.count("collect") >= 1)
    desk.server.pairing["token"] = "rdt_new"
    code, out, errors = await ended(process)
    assert (code, errors) == (0, "kitchen: the cover is open\n")
    assert "bar: printed at dir://" in out


@pytest.mark.asyncio
async def test_the_address_must_be_one(desk: Desk) -> None:
    code, _, errors = await ended(await desk.pair("--url", "https://me:a@lnbits"))
    assert (code, errors) == (1, "--url must not hold a name or a password.\n")
    code, _, errors = await ended(await desk.pair("--url", "lnbits.example"))
    assert (code, errors) == (*(1, "--url must be an http:// or https:// address.\n"),)
