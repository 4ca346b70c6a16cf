"""The journal over HTTP and WebSocket. A frame is an event row, never a command."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, Query, Request, WebSocket, WebSocketDisconnect
from fastapi.responses import JSONResponse

from ... import services
from ...adapters import system
from ...adapters.wake import Waiter
from ...core import limits
from ...core.errors import RestaurantError, TooMany
from ...models import Role
from ...routing import (
    ApiRoute,
    access_to,
    answer,
    check_address,
    errors,
    parse_object,
    socket_access,
    socket_guest,
)
from .models import JournalPage

router = APIRouter(route_class=ApiRoute)

WATCHERS = (Role.OWNER, Role.KDS, Role.POS, Role.MANAGER)
CLOSE_UNAUTHORIZED = 4401
CLOSE_TOO_MANY = 4429
_open_sockets: Counter[str] = Counter()


@router.get(
    "/api/v1/restaurants/{restaurant_id}/events",
    summary="The journal, oldest first",
    response_model=JournalPage,
    responses=errors(401, 403, 404, 422),
)
async def get_events(
    request: Request,
    restaurant_id: str,
    after: int = Query(0, ge=0, le=limits.JOURNAL_SEQ_MAX),
    limit: int = Query(limits.PAGE_DEFAULT, ge=1, le=limits.PAGE_MAX),
) -> JSONResponse:
    """Rows with a larger ``seq`` than ``after``; ``next`` is the next ``after``."""
    access = await access_to(request, restaurant_id, *WATCHERS)
    return answer(await services.events_after(access.restaurant.id, after, limit))


@router.websocket("/api/v1/restaurants/{restaurant_id}/events/ws")
async def watch_restaurant(websocket: WebSocket, restaurant_id: str) -> None:
    """First message ``{"token", "after"}``; then one frame per journal row.

    Without ``after`` the feed begins with what happens next.
    """

    async def feed(hello: dict[str, Any]) -> None:
        token = hello.get("token")
        access = await socket_access(websocket, token, restaurant_id, *WATCHERS)
        rid = access.restaurant.id
        after = _whole(hello.get("after"))
        if after is None:
            after = await services.journal_head(rid)
        counted = _Counted("staff", rid, limits.WS_PER_RESTAURANT_MAX)
        async with counted, Waiter(f"events:{rid}") as waiter:
            while True:
                page = await services.events_after(rid, after, limits.WS_BATCH_MAX)
                for row in page.data:
                    await websocket.send_json(row.dict())
                    after = row.seq
                if page.next is None:
                    await waiter.wait(limits.WS_LOOK_SECONDS)
                    # a revoked token ends its feed at the next look
                    await socket_access(websocket, token, rid, *WATCHERS)

    await _serve(websocket, feed)


@router.websocket("/api/v1/restaurants/{restaurant_id}/menu/ws")
async def watch_menu(websocket: WebSocket, restaurant_id: str) -> None:
    """Public, by id or slug, without a first message. A frame ``{"version", "shelf",
    "is_open"}`` at once, and whenever the menu or the opening
    changed: time to load it again."""

    async def feed(_: dict[str, Any]) -> None:
        check_address(websocket)
        found = await services.menu_state(restaurant_id, system.now())
        rid = found.restaurant_id
        counted = _Counted("menus", rid, limits.WS_PER_MENU_MAX)
        async with counted, Waiter(f"events:{rid}") as waiter:
            # Read once news wake it: what changed before is in it.
            shown = await services.menu_state(rid, system.now())
            await websocket.send_json(_menu_frame(shown))
            while True:
                await waiter.wait(_seconds_to_look(shown.until))
                state = await services.menu_state(rid, system.now())
                if state != shown:
                    await websocket.send_json(_menu_frame(state))
                    shown = state

    await _serve(websocket, feed, has_hello=False)


def _menu_frame(state: services.MenuState) -> dict[str, Any]:
    return {
        "version": state.version,
        "shelf": state.shelf,
        "is_open": state.is_open,
    }


def _seconds_to_look(until: int | None) -> float:
    """Until the clock changes something, or another process may have."""
    usual = float(limits.WS_GUEST_LOOK_SECONDS)
    if until is None:
        return usual
    return min(usual, max(0.0, (until - system.now()) / 1000))


@router.websocket("/api/v1/orders/{order_id}/ws")
async def watch_order(websocket: WebSocket, order_id: str) -> None:
    """First message ``{"token"}``; a frame is the order whenever it changed."""

    async def feed(hello: dict[str, Any]) -> None:
        await socket_guest(websocket, hello.get("token"), order_id)
        shown: dict[str, Any] | None = None
        counted = _Counted("guests", order_id, limits.WS_PER_ORDER_MAX)
        async with counted, Waiter(f"order:{order_id}") as waiter:
            while True:
                order = (await services.show_order(order_id)).dict()
                if order != shown:
                    await websocket.send_json(order)
                    shown = order
                await waiter.wait(limits.WS_GUEST_LOOK_SECONDS)

    await _serve(websocket, feed)


async def _serve(
    websocket: WebSocket,
    feed: Callable[[dict[str, Any]], Awaitable[None]],
    has_hello: bool = True,
) -> None:
    """Accept, read the first message, feed until the other side goes away."""
    await websocket.accept()
    try:
        hello = "{}"
        if has_hello:
            hello = await asyncio.wait_for(
                websocket.receive_text(), limits.WS_HELLO_SECONDS
            )
        await _until_closed(websocket, feed(parse_object(hello.encode())))
    except TooMany:
        await _close(websocket, CLOSE_TOO_MANY)
    except (RestaurantError, ValueError, KeyError, asyncio.TimeoutError):
        await _close(websocket, CLOSE_UNAUTHORIZED)
    except (WebSocketDisconnect, RuntimeError):
        return


async def _until_closed(websocket: WebSocket, feeding: Awaitable[None]) -> None:
    """Feed until the client closes; whatever it says meanwhile is ignored."""
    tasks = {
        asyncio.ensure_future(feeding),
        asyncio.ensure_future(_drain(websocket)),
    }
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    for task in done:
        task.result()


async def _drain(websocket: WebSocket) -> None:
    while True:
        message = await websocket.receive()
        if message["type"] == "websocket.disconnect":
            return


async def _close(websocket: WebSocket, code: int) -> None:
    try:
        await websocket.close(code)
    except RuntimeError:
        return  # it is closed already


class _Counted:
    """Bounds the sockets of one restaurant or order, and of all of their kind.

    Guests and staff are counted apart: no crowd of guests shuts a kitchen's screen.
    """

    def __init__(self, kind: str, owner_id: str, most: int):
        self._names = (kind, f"{kind}:{owner_id}")
        self._most = (limits.WS_OF_A_KIND_MAX, most)

    async def __aenter__(self) -> None:
        for name, most in zip(self._names, self._most, strict=True):
            if _open_sockets[name] >= most:
                raise TooMany("socket.too_many", "Too many screens are watching.")
        _open_sockets.update(self._names)

    async def __aexit__(self, *_: object) -> None:
        _open_sockets.subtract(self._names)
        if not _open_sockets[self._names[1]]:
            del _open_sockets[self._names[1]]


def _whole(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value <= limits.JOURNAL_SEQ_MAX else None
