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
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from ..adapters.wake import wake
from ..core import limits
from ..core.errors import NotFound, Unavailable
from ..crud import Conn, read
from ..features.combos import crud as combos
from ..features.combos import rules as combo_rules
from ..features.combos.models import Combo
from ..features.discounts import crud as discounts
from ..features.discounts import rules as discount_rules
from ..features.discounts.models import Discount, DiscountCode
from ..features.menu import crud, rules
from ..features.menu.models import Menu
from ..features.opening import rules as opening_rules
from ..features.price_lists import crud as price_lists
from ..features.price_lists import rules as price_list_rules
from ..features.price_lists.models import PriceList
from ..features.restaurants import crud as restaurants
from ..features.restaurants.models import Restaurant
from ..features.tables import crud as tables
from ..models import OrderType

GZIP_LEVEL = 6
_NEVER = -limits.DAY_MS


@dataclass(frozen=True)
class Offers:
    """What changes a menu's prices: lists, combos, discounts."""

    price_lists: tuple[PriceList, ...] = ()
    combos: tuple[Combo, ...] = ()
    discounts: tuple[Discount, ...] = ()
    #: Codes that were looked up. Taking one away moves the restaurant's version on.
    codes: dict[str, DiscountCode] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Snapshot:
    """A restaurant, its menu and its offers as they stood together at one moment."""

    restaurant: Restaurant
    menu: Menu
    offers: Offers = Offers()
    _repriced: dict[str, Menu] = field(default_factory=dict, compare=False)

    def price_list(
        self, order_type: OrderType, zone: str | None, at: int
    ) -> PriceList | None:
        """The price list that holds for such an order now, if one does."""
        lists, timezone = self.offers.price_lists, self.restaurant.timezone
        return price_list_rules.chosen(lists, order_type, zone, at, timezone)

    def menu_for(self, price_list: PriceList | None) -> Menu:
        """The menu with a list's prices, reckoned once."""
        if price_list is None:
            return self.menu
        if price_list.id not in self._repriced:
            menu = price_list_rules.repriced(self.menu, price_list)
            self._repriced[price_list.id] = menu
        return self._repriced[price_list.id]

    @cached_property
    def shelf(self) -> str:
        """What everybody sees of the stock, in a word: most sales change nothing."""
        wanted = (group.min for combo in self.offers.combos for group in combo.groups)
        shown = limits.LEFT_SHOWN_UP_TO + 1 if self.restaurant.show_left else 1
        return rules.shelf_of(self.menu, max(shown, *wanted, 1))


@dataclass(frozen=True)
class PublicMenu:
    """What is sent to everybody: JSON, the same gzipped, and its weak ETag.

    It holds from ``since``, and before ``until`` if something will change it.
    """

    body: bytes
    gzipped: bytes
    etag: str
    since: int
    until: int | None

    def holds(self, at: int) -> bool:
        return self.since <= at and (self.until is None or at < self.until)


@dataclass(frozen=True)
class MenuState:
    """A menu's version, what is left of its stocks in a word, and whether orders are
    taken. It holds from ``since``, and before ``until`` if the clock will change the
    menu or the opening."""

    restaurant_id: str
    version: int
    shelf: str
    is_open: bool
    since: int
    until: int | None

    def holds(self, at: int) -> bool:
        return self.since <= at and (self.until is None or at < self.until)


@dataclass(frozen=True)
class StaffMenu:
    """The whole tree as JSON (``MenuView``) and its version."""

    body: bytes
    version: int


@dataclass
class _Kept:
    """One restaurant in memory; its public menus by the price list that holds."""

    snapshot: Snapshot
    looked_at: int = _NEVER
    variants: dict[str | None, PublicMenu] = field(default_factory=dict)
    building: asyncio.Lock = field(default_factory=asyncio.Lock)
    state: MenuState | None = None

    def public_at(self, price_list: PriceList | None, at: int) -> PublicMenu | None:
        variant = self.variants.get(price_list.id if price_list else None)
        return variant if variant and variant.holds(at) else None


_kept: OrderedDict[str, _Kept] = OrderedDict()
_id_of_slug: dict[str, str] = {}
_looks: dict[str, asyncio.Task[_Kept]] = {}
_writes = 0


async def menu_snapshot(id_or_slug: str, at: int) -> Snapshot:
    """The restaurant and its menu; NotFound ``restaurant.unknown``."""
    return (await _get(id_or_slug, at)).snapshot


async def public_menu(
    id_or_slug: str,
    at: int,
    order_type: OrderType = OrderType.PICKUP,
    table: str | None = None,
) -> PublicMenu:
    """The menu for everybody at this moment, with the prices for such an order at
    this table; NotFound ``restaurant.unknown``."""
    kept = await _get(id_or_slug, at)
    zone = await zone_of(kept.snapshot, table)
    price_list = kept.snapshot.price_list(order_type, zone, at)
    return kept.public_at(price_list, at) or await _build(kept, price_list, at)


async def menu_state(id_or_slug: str, at: int) -> MenuState:
    """What tells whether the menu or the opening changed; reckoned once for all who
    watch. NotFound ``restaurant.unknown``."""
    kept = await _get(id_or_slug, at)
    if kept.state is None or not kept.state.holds(at):
        kept.state = _state(kept.snapshot, at)
    return kept.state


def _state(snapshot: Snapshot, at: int) -> MenuState:
    restaurant = snapshot.restaurant
    lists, timezone = snapshot.offers.price_lists, restaurant.timezone
    changes = (
        next_change(snapshot, at),
        price_list_rules.next_change(lists, at, timezone),
    )
    return MenuState(
        restaurant_id=restaurant.id,
        version=restaurant.version,
        shelf=snapshot.shelf,
        is_open=opening_rules.opening_at(restaurant, None, at).is_open,
        since=at,
        until=min((each for each in changes if each is not None), default=None),
    )


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


def announce_menu(restaurant_id: str) -> None:
    """After a commit that changed what is offered, or at which price: readers look
    again, and every screen does."""
    forget_menu(restaurant_id)
    wake(f"events:{restaurant_id}")


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
        versions = await _versions(conn, kept)
        if not kept or versions is None or versions[0] != _menu_version(kept):
            kept = _keep(await _load(conn, key))
        elif versions[1] != kept.snapshot.restaurant.stock_version:
            kept = _restock(kept, await _restocked(conn, kept.snapshot, versions[1]))
    kept.looked_at = at if _writes == writes_before else _NEVER
    return kept


async def _versions(conn: Conn, kept: _Kept | None) -> tuple[int, int] | None:
    """(version, stock_version) as they are now, of a restaurant that is kept."""
    if kept is None:
        return None
    return await restaurants.versions_of(conn, kept.snapshot.restaurant.id)


def _menu_version(kept: _Kept) -> int:
    return kept.snapshot.restaurant.version


async def _restocked(conn: Conn, known: Snapshot, stock_version: int) -> Snapshot:
    """The same menu with the figures of its stocks as they are now.

    Figures that are newer than ``stock_version`` are read again at the next look.
    """
    menu, restaurant = known.menu, known.restaurant
    categories, available = await crud.load_figures(
        conn, menu.restaurant_id, menu.categories
    )
    restaurant = restaurant.copy(update={"stock_version": stock_version})
    menu = replace(menu, categories=categories, available=available)
    return Snapshot(restaurant, menu, known.offers)


async def _load(conn: Conn, key: str) -> Snapshot:
    """Ten queries; again when somebody wrote in between."""
    for _ in range(limits.MENU_LOAD_TRIES):
        restaurant = await restaurants.load(conn, key)
        if restaurant is None:
            raise NotFound("restaurant.unknown", "There is no such restaurant.")
        offers = Offers(
            price_lists=await price_lists.all_of(conn, restaurant.id),
            combos=await combos.all_of(conn, restaurant.id),
            discounts=await discounts.all_of(conn, restaurant.id),
        )
        tree = await crud.load_tree(conn, restaurant.id)
        if tree.versions == (restaurant.version, restaurant.stock_version):
            menu = Menu(
                restaurant.id,
                restaurant.version,
                tree.categories,
                tree.available,
                restaurant.timezone,
            )
            return Snapshot(restaurant, menu, offers)
    raise Unavailable("menu.busy", "The menu is being changed. Please try again.")


def _keep(snapshot: Snapshot) -> _Kept:
    restaurant = snapshot.restaurant
    _drop(restaurant.id)
    kept = _kept[restaurant.id] = _Kept(snapshot)
    _id_of_slug[restaurant.slug] = restaurant.id
    while len(_kept) > limits.MENU_CACHE_MAX:
        _drop(next(iter(_kept)))
    return kept


def _restock(before: _Kept, snapshot: Snapshot) -> _Kept:
    """Keep the new figures; what was written for everybody stays true while nothing
    is sold out or back."""
    kept = _keep(snapshot)
    if before.snapshot.shelf == snapshot.shelf:
        kept.variants, kept.state = before.variants, before.state
    return kept


def _drop(restaurant_id: str) -> None:
    kept = _kept.pop(restaurant_id, None)
    if kept and _id_of_slug.get(kept.snapshot.restaurant.slug) == restaurant_id:
        del _id_of_slug[kept.snapshot.restaurant.slug]


async def zone_of(snapshot: Snapshot, table: str | None) -> str | None:
    """The part of the house in which a table stands, if that matters to any price."""
    if not table or not any(each.zones for each in snapshot.offers.price_lists):
        return None
    if not table.isprintable():  # no database takes every text
        return None
    async with read() as conn:
        found = await tables.by_name_or_id(conn, snapshot.restaurant.id, table)
    return found.zone if found else None


async def _build(kept: _Kept, price_list: PriceList | None, at: int) -> PublicMenu:
    """Write the public bytes, once however many ask, while others are served."""
    async with kept.building:
        public = kept.public_at(price_list, at)
        if public is None:
            public = await asyncio.to_thread(_public, kept.snapshot, price_list, at)
            kept.variants[price_list.id if price_list else None] = public
    return public


def _public(snapshot: Snapshot, price_list: PriceList | None, at: int) -> PublicMenu:
    restaurant, offers = snapshot.restaurant, snapshot.offers
    menu, timezone = snapshot.menu_for(price_list), restaurant.timezone
    tree = rules.public_tree(
        *(restaurant, menu, at),
        opening_rules.view(opening_rules.opening_at(restaurant, None, at)),
        shelf=snapshot.shelf,
        price_list=price_list.name if price_list else None,
        combos=combo_rules.public_tree(offers.combos, menu, at, timezone),
        discounts=discount_rules.public_list(
            *(offers.discounts, menu.item_ids_of, restaurant.currency, at, timezone)
        ),
    )
    body = _json(tree)
    until = next_change(snapshot, at)
    versions = f"{restaurant.version}.{snapshot.shelf}"
    prices = price_list.id if price_list else "menu"
    return PublicMenu(
        body=body,
        gzipped=gzip.compress(body, GZIP_LEVEL, mtime=0),
        etag=f'W/"{restaurant.id}.{versions}.{prices}.{until or 0}"',
        since=at,
        until=until,
    )


def next_change(snapshot: Snapshot, at: int) -> int | None:
    """When the clock alone changes what a variant shows; which variant holds is
    found out anew by everybody who asks."""
    offers, timezone = snapshot.offers, snapshot.restaurant.timezone
    changes = (
        rules.next_change(snapshot.menu, at),
        combo_rules.next_change(offers.combos, at, timezone),
        discount_rules.next_change(offers.discounts, at, timezone),
        opening_rules.next_change(snapshot.restaurant, at),
    )
    return min((each for each in changes if each is not None), default=None)


def _json(tree: Mapping[str, Any]) -> bytes:
    return json.dumps(tree, ensure_ascii=False, separators=(",", ":")).encode()
