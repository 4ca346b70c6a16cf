"""Staff decides what is offered at which price: price lists and combos.

Who changed which price from what to what, and when, stands in the journal.
"""

from typing import Any

from ..adapters import rates, system
from ..core import limits
from ..core.errors import Conflict
from ..crud import Conn, read, transaction
from ..features.combos import crud as combos
from ..features.combos import rules as combo_rules
from ..features.combos.models import Combo, ComboBody, ComboPage, ComboView
from ..features.idempotency.models import Answer, RequestKey
from ..features.journal.models import Entry
from ..features.menu import crud as menus
from ..features.menu import rules as menu_rules
from ..features.menu.models import Menu
from ..features.price_lists import crud as price_lists
from ..features.price_lists import rules
from ..features.price_lists.models import (
    PriceList,
    PriceListBody,
    PriceListPage,
    PriceListView,
)
from ..features.restaurants import crud as restaurants
from ..features.restaurants.models import Restaurant
from ..models import Actor
from .managing import locked
from .menus import announce_menu
from .once import Claim, once
from .recording import record

# --- price lists -----------------------------------------------------------------


async def add_price_list(
    restaurant_id: str,
    body: PriceListBody,
    actor: Actor,
    key: RequestKey | None,
    at: int,
) -> Answer:
    """A new price list behind the others: 201.

    Refused for a wrong field or an overlap, Conflict ``price_lists.too_many``.
    """
    list_id = system.new_id()

    async def work(claim: Claim) -> Answer:
        async with transaction() as conn:
            restaurant = await locked(conn, restaurant_id)
            present = await price_lists.all_of(conn, restaurant_id)
            if len(present) >= limits.PRICE_LISTS_MAX:
                raise Conflict(
                    "price_lists.too_many", "Please remove a price list first."
                )
            blank = rules.blank(
                *(list_id, restaurant_id, restaurant.currency),
                *(rules.next_position(present), at),
            )
            menu = await _menu(conn, restaurant)
            new = rules.with_wishes(blank, body, menu, restaurant.currency)
            rules.check_overlap(new, present)
            await price_lists.save(conn, new)
            told = {"price_list_id": list_id, **rules.settings_told(new)}
            told |= menu_rules.told_changes(rules.price_changes(None, new))
            await _record(conn, restaurant_id, "price_list.added", told, actor, at)
            answer = Answer(201, rules.view(new).dict(), list_id)
            await claim.finish(conn, answer)
        announce_menu(restaurant_id)
        return answer

    return await once(key, work, at)


async def price_lists_of(restaurant_id: str) -> PriceListPage:
    """All of them, in the order in which they are asked."""
    async with read() as conn:
        found = await price_lists.all_of(conn, restaurant_id)
    return PriceListPage(data=[rules.view(each) for each in found], next=None)


async def show_price_list(restaurant_id: str, list_id: str) -> PriceListView:
    async with read() as conn:
        return rules.view(await _own_list(conn, restaurant_id, list_id))


async def change_price_list(
    restaurant_id: str, list_id: str, body: PriceListBody, actor: Actor, at: int
) -> PriceListView:
    """Change what was sent; the same values change nothing. Refused for a wrong
    field or an overlap."""
    async with transaction() as conn:
        restaurant = await locked(conn, restaurant_id)
        old = await _own_list(conn, restaurant_id, list_id)
        menu = await _menu(conn, restaurant)
        new = rules.with_wishes(old, body, menu, restaurant.currency)
        if new == old:
            return rules.view(old)
        rules.check_overlap(new, await price_lists.all_of(conn, restaurant_id))
        await price_lists.save(conn, new)
        told = {
            "price_list_id": list_id,
            **_differences(rules.settings_told(old), rules.settings_told(new)),
            **menu_rules.told_changes(rules.price_changes(old, new)),
        }
        await _record(conn, restaurant_id, "price_list.changed", told, actor, at)
    announce_menu(restaurant_id)
    return rules.view(new)


async def remove_price_list(
    restaurant_id: str, list_id: str, actor: Actor, at: int
) -> None:
    """The list is gone, and its prices with it; orders keep what they cost."""
    async with transaction() as conn:
        await locked(conn, restaurant_id)
        old = await _own_list(conn, restaurant_id, list_id)
        await price_lists.delete(conn, list_id)
        told = {
            "price_list_id": list_id,
            "name": old.name,
            **menu_rules.told_changes(rules.price_changes(old, None)),
        }
        await _record(conn, restaurant_id, "price_list.removed", told, actor, at)
    announce_menu(restaurant_id)


async def _own_list(conn: Conn, restaurant_id: str, list_id: str) -> PriceList:
    found = await price_lists.load(conn, list_id)
    if found is None or found.restaurant_id != restaurant_id:
        raise rules.unknown_list()
    return found


# --- combos ----------------------------------------------------------------------


async def add_combo(
    restaurant_id: str,
    body: ComboBody,
    actor: Actor,
    key: RequestKey | None,
    at: int,
) -> Answer:
    """A new combo behind the others: 201.

    Refused for a wrong field, Conflict ``combos.too_many``.
    """
    combo_id = system.new_id()

    async def work(claim: Claim) -> Answer:
        async with transaction() as conn:
            restaurant = await locked(conn, restaurant_id)
            present = await combos.all_of(conn, restaurant_id)
            if len(present) >= limits.COMBOS_MAX:
                raise Conflict("combos.too_many", "Please remove a combo first.")
            blank = combo_rules.blank(
                *(combo_id, restaurant_id, restaurant.currency),
                *(combo_rules.next_position(present), at),
            )
            new = await _wished(conn, restaurant, blank, body)
            await combos.save(conn, new)
            told = {"combo_id": combo_id, **combo_rules.told(new)}
            await _record(conn, restaurant_id, "combo.added", told, actor, at)
            answer = Answer(201, combo_rules.view(new).dict(), combo_id)
            await claim.finish(conn, answer)
        announce_menu(restaurant_id)
        return answer

    return await once(key, work, at)


async def combos_of(restaurant_id: str) -> ComboPage:
    """All of them, in the order in which they are shown."""
    async with read() as conn:
        found = await combos.all_of(conn, restaurant_id)
    return ComboPage(data=[combo_rules.view(each) for each in found], next=None)


async def show_combo(restaurant_id: str, combo_id: str) -> ComboView:
    async with read() as conn:
        return combo_rules.view(await _own_combo(conn, restaurant_id, combo_id))


async def change_combo(
    restaurant_id: str, combo_id: str, body: ComboBody, actor: Actor, at: int
) -> ComboView:
    """Change what was sent; the same values change nothing. Refused for a wrong
    field."""
    async with transaction() as conn:
        restaurant = await locked(conn, restaurant_id)
        old = await _own_combo(conn, restaurant_id, combo_id)
        new = await _wished(conn, restaurant, old, body)
        if new == old:
            return combo_rules.view(old)
        await combos.save(conn, new)
        told = {
            "combo_id": combo_id,
            **_differences(combo_rules.told(old), combo_rules.told(new)),
        }
        await _record(conn, restaurant_id, "combo.changed", told, actor, at)
    announce_menu(restaurant_id)
    return combo_rules.view(new)


async def remove_combo(
    restaurant_id: str, combo_id: str, actor: Actor, at: int
) -> None:
    """The combo is gone; orders keep what they cost."""
    async with transaction() as conn:
        await locked(conn, restaurant_id)
        old = await _own_combo(conn, restaurant_id, combo_id)
        await combos.delete(conn, combo_id)
        told = {"combo_id": combo_id, "name": old.name}
        await _record(conn, restaurant_id, "combo.removed", told, actor, at)
    announce_menu(restaurant_id)


async def _own_combo(conn: Conn, restaurant_id: str, combo_id: str) -> Combo:
    found = await combos.load(conn, combo_id)
    if found is None or found.restaurant_id != restaurant_id:
        raise combo_rules.unknown_combo()
    return found


async def _wished(
    conn: Conn, restaurant: Restaurant, old: Combo, body: ComboBody
) -> Combo:
    menu = await _menu(conn, restaurant)
    return combo_rules.with_wishes(old, body, menu, rates.allowed(), system.new_id)


# --- shared ----------------------------------------------------------------------


async def _menu(conn: Conn, restaurant: Restaurant) -> Menu:
    """The menu as it stands while the restaurant is locked."""
    tree = await menus.load_tree(conn, restaurant.id)
    return Menu(restaurant.id, restaurant.version, tree.categories, tree.available)


def _differences(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """What was set and what it was before."""
    names = [name for name in new if new[name] != old[name]]
    return {
        "changed": {name: new[name] for name in names},
        "before": {name: old[name] for name in names},
    }


async def _record(
    conn: Conn,
    restaurant_id: str,
    event: str,
    told: dict[str, Any],
    actor: Actor,
    at: int,
) -> None:
    """Guests see another menu from the commit on; the journal says why."""
    await restaurants.bump_version(conn, restaurant_id)
    await record(conn, restaurant_id, [Entry(event, actor, payload=told)], at)
