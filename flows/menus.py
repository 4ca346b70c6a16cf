"""The menu on its hottest path: kept in memory, together with its public bytes.

For up to a second after its last look at the versions a menu is served without the
database; then one query tells whether it changed, in this process or another. A
writer calls ``forget_menu`` right after its commit: whoever asks later looks anew,
and a look that was under way then counts for nobody but those who wait for it.
"""

import asyncio
import gzip
import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..core import limits
from ..core.errors import NotFound, Unavailable
from ..crud import Conn, read
from ..features.menu import crud, rules
from ..features.menu.models import Menu
from ..features.restaurants import crud as restaurants
from ..features.restaurants.models import Restaurant

GZIP_LEVEL = 6
_NEVER = -limits.DAY_MS


@dataclass(frozen=True)
class Snapshot:
    """A restaurant and its menu as they stood together at one moment."""

    restaurant: Restaurant
    menu: Menu


@dataclass(frozen=True)
class PublicMenu:
    """What is sent to everybody: JSON, the same gzipped, and its weak ETag."""

    body: bytes
    gzipped: bytes
    etag: str


@dataclass(frozen=True)
class StaffMenu:
    """The whole tree as JSON (``MenuView``) and its version."""

    body: bytes
    version: int


@dataclass
class _Kept:
    """One restaurant in memory; ``public`` holds from ``since`` until ``until``."""

    snapshot: Snapshot
    looked_at: int = _NEVER
    public: PublicMenu | None = None
    since: int = 0
    until: int | None = None
    building: asyncio.Lock = field(default_factory=asyncio.Lock)

    def public_at(self, at: int) -> PublicMenu | None:
        holds = self.since <= at and (self.until is None or at < self.until)
        return self.public if holds else None


_kept: OrderedDict[str, _Kept] = OrderedDict()
_id_of_slug: dict[str, str] = {}
_looks: dict[str, asyncio.Task[_Kept]] = {}
_writes = 0


async def menu_snapshot(id_or_slug: str, at: int) -> Snapshot:
    """The restaurant and its menu; NotFound ``restaurant.unknown``."""
    return (await _get(id_or_slug, at)).snapshot


async def public_menu(id_or_slug: str, at: int) -> PublicMenu:
    """The menu for everybody at this moment; NotFound ``restaurant.unknown``."""
    kept = await _get(id_or_slug, at)
    return kept.public_at(at) or await _build(kept, at)


async def staff_menu(restaurant_id: str, at: int) -> StaffMenu:
    """The whole tree, looked up anew."""
    snapshot = (await _look_once(restaurant_id, at)).snapshot
    return await staff_answer(snapshot, at)


async def staff_answer(snapshot: Snapshot, at: int) -> StaffMenu:
    """The snapshot for staff; a large one is written while others are served."""

    def write() -> bytes:
        return _json(rules.staff_tree(snapshot.restaurant, snapshot.menu, at))

    return StaffMenu(await asyncio.to_thread(write), snapshot.menu.version)


def forget_menu(restaurant_id: str) -> None:
    """Right after a commit: the next reader looks whether the menu changed."""
    global _writes
    _writes += 1
    _looks.clear()
    kept = _kept.get(restaurant_id)
    if kept:
        kept.looked_at = _NEVER


async def _get(key: str, at: int) -> _Kept:
    kept = _find(key)
    if kept and 0 <= at - kept.looked_at <= limits.MENU_RECHECK_MS:
        return kept
    return await _look_once(key, at)


def _find(key: str) -> _Kept | None:
    restaurant_id = _id_of_slug.get(key, key)
    kept = _kept.get(restaurant_id)
    if kept:
        _kept.move_to_end(restaurant_id)
    return kept


async def _look_once(key: str, at: int) -> _Kept:
    """Everybody who asks while a look is under way shares it."""
    look = _looks.get(key)
    if look is None:
        look = _looks[key] = asyncio.create_task(_look(key, at))
        look.add_done_callback(lambda done: _end_look(key, done))
    return await asyncio.shield(look)


def _end_look(key: str, done: asyncio.Task[_Kept]) -> None:
    if _looks.get(key) is done:
        del _looks[key]
    if not done.cancelled():
        done.exception()  # whoever asked has it, or nobody waits any more


async def _look(key: str, at: int) -> _Kept:
    writes_before = _writes
    async with read() as conn:
        kept = _find(key)
        if not kept or not await _is_current(conn, kept.snapshot.restaurant):
            kept = _keep(await _load(conn, key))
    kept.looked_at = at if _writes == writes_before else _NEVER
    return kept


async def _is_current(conn: Conn, known: Restaurant) -> bool:
    versions = await restaurants.versions_of(conn, known.id)
    return versions == (known.version, known.stock_version)


async def _load(conn: Conn, key: str) -> Snapshot:
    """Five queries; again when somebody wrote in between."""
    for _ in range(limits.MENU_LOAD_TRIES):
        restaurant = await restaurants.load(conn, key)
        if restaurant is None:
            raise NotFound("restaurant.unknown", "There is no such restaurant.")
        categories, versions = await crud.load_tree(conn, restaurant.id)
        if versions == (restaurant.version, restaurant.stock_version):
            menu = Menu(restaurant.id, restaurant.version, categories)
            return Snapshot(restaurant, menu)
    raise Unavailable("menu.busy", "The menu is being changed. Please try again.")


def _keep(snapshot: Snapshot) -> _Kept:
    restaurant = snapshot.restaurant
    _drop(restaurant.id)
    kept = _kept[restaurant.id] = _Kept(snapshot)
    _id_of_slug[restaurant.slug] = restaurant.id
    while len(_kept) > limits.MENU_CACHE_MAX:
        _drop(next(iter(_kept)))
    return kept


def _drop(restaurant_id: str) -> None:
    kept = _kept.pop(restaurant_id, None)
    if kept and _id_of_slug.get(kept.snapshot.restaurant.slug) == restaurant_id:
        del _id_of_slug[kept.snapshot.restaurant.slug]


async def _build(kept: _Kept, at: int) -> PublicMenu:
    """Write the public bytes, once however many ask, while others are served."""
    async with kept.building:
        public = kept.public_at(at)
        if public is None:
            until = rules.next_change(kept.snapshot.menu, at)
            public = await asyncio.to_thread(_public, kept.snapshot, at, until)
            kept.public, kept.since, kept.until = public, at, until
    return public


def _public(snapshot: Snapshot, at: int, until: int | None) -> PublicMenu:
    restaurant = snapshot.restaurant
    body = _json(rules.public_tree(restaurant, snapshot.menu, at))
    versions = f"{restaurant.version}.{restaurant.stock_version}"
    return PublicMenu(
        body=body,
        gzipped=gzip.compress(body, GZIP_LEVEL, mtime=0),
        etag=f'W/"{restaurant.id}.{versions}.{until or 0}"',
    )


def _json(tree: Mapping[str, Any]) -> bytes:
    return json.dumps(tree, ensure_ascii=False, separators=(",", ":")).encode()
