"""A restaurant with printers that ask by themselves, and its queue as staff sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from builders import a_line, an_order, stored_restaurant, stored_tickets

from . import API
from .cloudprnt_client import StarPrinter
from .epson_client import EpsonPrinter
from .inprocess import Wallet
from .queue import stored_receipt


@dataclass
class Bistro:
    http: Any
    wallet: Wallet
    restaurant: Any
    last_at: int = 0

    async def add(self, kind: str, **body: Any) -> dict[str, Any]:
        """A new printer's view, with its address."""
        answer = await self.http.post(
            f"{API}/restaurants/{self.restaurant.id}/printers",
            headers=self.wallet.admin,
            json={"name": kind, "kind": kind, **body},
        )
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    async def star(self, **body: Any) -> tuple[dict[str, Any], StarPrinter]:
        """A Star printer that was asked already what it is."""
        made = await self.add("cloudprnt", **body)
        printer = StarPrinter(self.http, made["secret_url"])
        assert await printer.poll() == {"jobReady": False}
        return made, printer

    async def epson(self, **body: Any) -> tuple[dict[str, Any], EpsonPrinter]:
        made = await self.add("epson", **body)
        return made, EpsonPrinter(self.http, made["secret_url"])

    async def change(self, printer: dict[str, Any], **body: Any) -> None:
        answer = await self.http.patch(
            f"{API}/printers/{printer['id']}", headers=self.wallet.admin, json=body
        )
        assert answer.status_code == 200, answer.text

    async def shown(self, printer: dict[str, Any]) -> dict[str, Any]:
        """The printer as staff sees it."""
        answer = await self.http.get(
            f"{API}/restaurants/{self.restaurant.id}/printers",
            headers=self.wallet.admin,
        )
        assert answer.status_code == 200, answer.text
        [found] = [p for p in answer.json()["data"] if p["id"] == printer["id"]]
        view: dict[str, Any] = found
        return view

    async def ticket(self, name: str = "Tacos", station: str = "kitchen") -> str:
        """A ticket for a station; its order's id."""
        from restaurant.adapters import system

        self.last_at = max(system.now(), self.last_at + 1)
        line = a_line(name, station=station)
        order = an_order(line, restaurant_id=self.restaurant.id)
        return str((await stored_tickets(self.restaurant, order, self.last_at)).id)

    async def receipt(self) -> None:
        await stored_receipt(self.restaurant)

    async def kick(self) -> None:
        """The cash drawer shall open."""
        from restaurant.adapters import system
        from restaurant.crud import transaction
        from restaurant.flows.ticketing import kick_drawer

        order = an_order(restaurant_id=self.restaurant.id)
        async with transaction() as conn:
            assert await kick_drawer(conn, self.restaurant, order, system.now())

    async def jobs(self) -> list[dict[str, Any]]:
        """The queue and its past, oldest first."""
        answer = await self.http.get(
            f"{API}/restaurants/{self.restaurant.id}/print_jobs",
            headers=self.wallet.admin,
        )
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["data"]
        return found

    async def job(self) -> dict[str, Any]:
        [job] = await self.jobs()
        return job

    async def preview(self, job_id: str) -> Any:
        """The picture that staff sees of a job."""
        answer = await self.http.get(
            f"{API}/print_jobs/{job_id}/preview.png", headers=self.wallet.admin
        )
        assert answer.status_code == 200, answer.text
        return answer


async def open_bistro(client: Any, wallet: Wallet) -> Bistro:
    restaurant = await stored_restaurant(wallet, receipt_station="bar")
    return Bistro(client, wallet, restaurant)
