"""A new machine prints its code, staff type it in, and its first ticket comes out."""

from __future__ import annotations

import re
from typing import Any

from fakeprinter import FakePrinter
from harness import eventually
from harness.printing import Pi

CODE = re.compile(r"\b[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}\b")


async def test_a_machine_is_paired_by_the_code_that_it_prints(
    line: Any, tmp_path: Any
) -> None:
    with FakePrinter() as printer:
        pi = Pi(tmp_path / "new", "", None, {"counter": printer.uri})
        words = ("pair", "--url", line.proxy.url, "--name", "Counter Pi")
        pairing = pi.launch(*words)
        [slip] = await eventually(lambda: printer.tickets, 60)
        [code] = CODE.findall(slip.text)
        assert code in pi.log
        assert [code in each.decode() for each in slip.codes] == [True]

        body = {"code": code.lower(), "stations": ["kitchen"]}
        path = f"/restaurants/{line.shop.id}/pairings"
        made = line.shop.call("POST", path, body)["device"]

        assert (made["name"], made["stations"]) == ("Counter Pi", ["kitchen"])
        await eventually(lambda: pairing.poll() is not None, 60)
        assert pairing.returncode == 0, pi.log
        with pi:
            line.shop.paid("kitchen")
            await line.until("printed")
            assert len(printer.tickets) == 2
        counter = line.shop.printers()["counter"]
        assert line.shop.jobs()[0]["taken_by"] == counter["id"]


async def test_a_code_that_nobody_types_in_ends_with_a_word(
    line: Any, tmp_path: Any
) -> None:
    with FakePrinter() as printer:
        pi = Pi(tmp_path / "new", "", None, {"counter": printer.uri})
        pairing = pi.launch("pair", "--url", line.proxy.url)
        await eventually(lambda: printer.tickets, 60)

        line.shop.pass_pairings()  # ten minutes pass

        await eventually(lambda: pairing.poll() is not None, 60)
        assert pairing.returncode != 0
        assert "rdt_" not in pi.config.read_text()
