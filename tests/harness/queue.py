"""A restaurant with a print queue, spoken to over HTTP by devices and staff."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from builders import (
    StoredDevice,
    a_line,
    an_order,
    stored_device,
    stored_restaurant,
    stored_tickets,
)

from . import API
from .inprocess import Wallet


@dataclass
class Queue:
    """Everybody who has to do with one restaurant's paper."""

    http: Any
    wallet: Wallet
    restaurant: Any
    devices: dict[str, StoredDevice] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return f"{API}/restaurants/{self.restaurant.id}"

    async def device(self, name: str, *stations: str, role: str = "printer") -> Any:
        """The device of that name; made when it is asked for first."""
        if name not in self.devices:
            made = await stored_device(self.restaurant, role, *stations)
            self.devices[name] = made
        return self.devices[name]

    async def call(
        self, method: str, path: str, body: Any = None, who: str | None = None
    ) -> Any:
        """As the owner, or as a device."""
        headers = self.devices[who].header if who else self.wallet.admin
        return await self.http.request(method, path, headers=headers, json=body)

    async def ok(self, *arguments: Any, **more: Any) -> Any:
        answer = await self.call(*arguments, **more)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    async def order(self, *stations: str, **changes: Any) -> Any:
        """An order with a line for each station (one for the kitchen if none)."""
        changes.setdefault("restaurant_id", self.restaurant.id)
        lines = [a_line(f"Dish of {name}", station=name) for name in stations]
        order = an_order(*lines, **changes)
        return await stored_tickets(self.restaurant, order, self.now())

    async def receipt(self) -> None:
        await stored_receipt(self.restaurant)

    def now(self) -> int:
        from restaurant.adapters import system

        return system.now()

    # --- printers ---------------------------------------------------------------

    async def printers(self) -> dict[str, dict[str, Any]]:
        """All of them, by their names."""
        page = await self.ok("GET", f"{self.path}/printers")
        assert page["next"] is None
        return {printer["name"]: printer for printer in page["data"]}

    async def printer(
        self, name: str, /, *stations: str, **change: Any
    ) -> dict[str, Any]:
        """A device of its own with one printer, both of that name."""
        await self.device(name, *stations)
        await self.claim(name)
        found = (await self.printers())[name]
        return await self.change(found, **change) if change else found

    async def change(self, printer: dict[str, Any], **change: Any) -> Any:
        return await self.ok("PATCH", f"{API}/printers/{printer['id']}", change)

    async def status(self, name: str, **said: Any) -> Any:
        """The device `name` tells how its printer of that name is."""
        body = {"printers": [{"name": name, **said}]}
        told = await self.ok("POST", f"{self.path}/printers/status", body, who=name)
        return told["printers"][0]

    # --- jobs -------------------------------------------------------------------

    async def claim(self, name: str, **body: Any) -> dict[str, Any] | None:
        """One look of the printer `name`; None: nothing for it."""
        path = f"{self.path}/print_jobs/claim"
        answer = await self.call("POST", path, {"printers": [name], **body}, who=name)
        assert answer.status_code in (200, 204), answer.text
        return answer.json() if answer.status_code == 200 else None

    async def say(self, what: str, job: dict[str, Any], who: str, **body: Any) -> Any:
        """`start`, `renew`, `ack` or `fail` by the lease; the bare answer."""
        method = "PUT" if what in ("ack", "fail") else "POST"
        sent = {"lease_token": job["lease_token"], **body}
        return await self.call(
            method, f"{API}/print_jobs/{job['id']}/{what}", sent, who
        )

    async def said(self, *arguments: Any, **body: Any) -> Any:
        answer = await self.say(*arguments, **body)
        assert answer.is_success, answer.text
        return answer.json()

    async def fail(self, job: dict[str, Any], who: str, code: str, **more: Any) -> Any:
        return await self.said("fail", job, who, error="it broke", code=code, **more)

    async def jobs(self, query: str = "", who: str | None = None) -> Any:
        path = f"{self.path}/print_jobs?limit=500{query}"
        return (await self.ok("GET", path, who=who))["data"]

    async def job(self, job_id: str) -> dict[str, Any]:
        [found] = [job for job in await self.jobs() if job["id"] == job_id]
        return found

    async def events(self, *beginnings: str) -> list[tuple[str, dict[str, Any]]]:
        """The journal's (event, payload) of events that begin like that."""
        from restaurant.crud import read
        from restaurant.features.journal import crud as journal

        async with read() as conn:
            rows = await journal.rows_after(conn, self.restaurant.id, 0, 10_000)
        wanted = beginnings or ("",)
        return [
            (row.event, row.payload) for row in rows if row.event.startswith(wanted)
        ]


async def stored_receipt(restaurant: Any) -> None:
    """A receipt of nobody's order waits for whoever prints it."""
    from restaurant.adapters import system
    from restaurant.crud import transaction
    from restaurant.features.previews import rules
    from restaurant.features.printing import crud as jobs
    from restaurant.features.printing.models import PrintJob

    at = system.now()
    document = rules.sample_receipt(restaurant, [rules.Dish("Tacos", 4500)], at)
    job = PrintJob(
        id=system.new_id(),
        restaurant_id=restaurant.id,
        order_id=None,
        order_number=42,
        station="counter",
        kind="receipt",
        round=1,
        document=document.dict(),
        text="",
        created_at=at,
        position=at,
    )
    async with transaction() as conn:
        assert await jobs.add(conn, job)


async def open_queue(http: Any, wallet: Wallet) -> Queue:
    return Queue(http, wallet, await stored_restaurant(wallet))
