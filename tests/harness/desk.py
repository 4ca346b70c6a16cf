"""A restaurant with one device of every role, for tests about who may do what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from httpx import AsyncClient, Response

from . import API
from .inprocess import Wallet

ROLES = ("manager", "pos", "kds", "printer")


@dataclass
class Desk:
    """One restaurant; `call` speaks as its owner unless told otherwise."""

    client: AsyncClient
    wallet: Wallet
    restaurant: dict[str, Any]
    tokens: dict[str, str]
    foreign: Wallet

    @property
    def id(self) -> str:
        return str(self.restaurant["id"])

    @property
    def path(self) -> str:
        return f"/restaurants/{self.id}"

    def header(self, who: str) -> dict[str, str]:
        """The credential of owner, reader, a device's role, foreign or nobody."""
        if who in self.tokens:
            return {"Authorization": f"Bearer {self.tokens[who]}"}
        known: dict[str, dict[str, str]] = {
            "owner": self.wallet.admin,
            "reader": self.wallet.invoice,
            "foreign": self.foreign.admin,
            "unknown": {"X-Api-Key": "f" * 32},
            "nobody": {},
        }
        return known[who]

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        who: str = "owner",
        headers: dict[str, str] | None = None,
        **more: Any,
    ) -> Response:
        """One request below the API's prefix."""
        return await self.client.request(
            method,
            API + path,
            headers={**self.header(who), **(headers or {})},
            **({"json": body} if body is not None else {}),
            **more,
        )

    async def done(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """The JSON of a request that must succeed."""
        response = await self.call(method, path, body, **more)
        assert response.is_success, response.text
        return response.json() if response.content else None

    async def put_menu(self, *items: dict[str, Any], **category: Any) -> Any:
        """Store one category with these items; the stored tree."""
        food = {"name": "Food", "items": list(items), **category}
        return await self.done("PUT", f"{self.path}/menu", {"categories": [food]})

    async def menu(self) -> Any:
        """The public menu."""
        return await self.done("GET", f"{self.path}/menu", who="nobody")

    async def tree(self) -> Any:
        """The whole menu as the owner sees it."""
        return await self.done("GET", f"{self.path}/menu?all=1")

    async def events(self) -> list[tuple[str, dict[str, Any]]]:
        """The journal, oldest first, as (event, payload)."""
        page = await self.done("GET", f"{self.path}/events?limit=500")
        return [(row["event"], row["payload"]) for row in page["data"]]


async def open_desk(
    client: AsyncClient, wallet: Wallet, foreign: Wallet, **profile: Any
) -> Desk:
    """Open a restaurant that sells in quetzales, and pair its devices."""
    from restaurant import services
    from restaurant.adapters import system
    from restaurant.features.devices.models import NewDevice
    from restaurant.models import Actor, Role

    owner = Actor(Role.OWNER)
    desk = Desk(client, wallet, {}, {}, foreign)
    body = {"name": "Big Jay's Bustaurant", "currency": "GTQ", **profile}
    desk.restaurant = await desk.done("POST", "/restaurants", body)
    # The use case itself: what HTTP makes of it is told by the tests of devices.
    for role in ROLES:
        device = NewDevice(name=role, role=role)
        paired = await services.pair_device(desk.id, device, owner, None, system.now())
        desk.tokens[role] = paired.body["token"]
    return desk
