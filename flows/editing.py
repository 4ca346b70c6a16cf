"""Staff changes the menu: the whole tree, one item, or one modifier."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..adapters import rates, system
from ..core.errors import NotFound
from ..core.times import rfc3339
from ..crud import Conn, transaction
from ..features.journal.models import Entry
from ..features.menu import crud, rules
from ..features.menu.models import (
    ItemChange,
    ItemChangedView,
    Menu,
    MenuItem,
    ModifierChange,
    ModifierChangedView,
)
from ..features.opening.models import NEXT_OPENING
from ..features.opening.rules import next_opening
from ..features.restaurants import crud as restaurants
from ..features.restaurants.models import Restaurant
from ..features.stock import crud as stocks
from ..features.stock.models import StockKind
from ..features.uploads import rules as uploads
from ..models import Actor
from .managing import locked
from .menus import Snapshot, StaffMenu, announce_menu, staff_answer
from .recording import record
from .stocking import count


async def replace_menu(
    restaurant: Restaurant,
    body: Mapping[str, Any],
    if_match: str | None,
    actor: Actor,
    at: int,
) -> StaffMenu:
    """Put the uploaded tree in the place of the menu; the tree as it is stored.

    Refused ``menu.invalid`` with all faults, Changed ``menu.changed``.
    """
    fiat = rates.allowed()
    # A large tree takes a while to read: others are served meanwhile.
    draft = await asyncio.to_thread(uploads.read_menu, body, restaurant.currency, fiat)
    async with transaction() as conn:
        present = await locked(conn, restaurant.id)
        rules.check_version(if_match, present.version)
        before = (await crud.load_tree(conn, present.id)).categories
        known = uploads.known_in(before)
        categories = uploads.settle_ids(draft, known, system.new_id)
        await crud.replace_tree(conn, present.id, categories)
        moves = uploads.stock_moves(categories, known)
        of_modifiers = uploads.modifier_stock_moves(categories, known)
        await count(conn, present, moves, StockKind.ITEM, actor, at)
        await count(conn, present, of_modifiers, StockKind.MODIFIER, actor, at)
        await stocks.drop_recipes_of_the_gone(conn, present.id)
        await restaurants.bump_version(conn, present.id)
        after = await crud.load_tree(conn, present.id)
        menu = Menu(
            present.id,
            present.version + 1,
            after.categories,
            after.available,
            present.timezone,
        )
        told = {
            "version": menu.version,
            "categories": len(categories),
            "items": len(menu.items),
            "stock": {**moves, **of_modifiers},
        }
        old = Menu(present.id, present.version, before)
        entries = [
            Entry("menu.replaced", actor, payload=told),
            *_price_entries(old.items.values(), menu.items.values(), actor),
        ]
        await record(conn, present.id, entries, at)
    announce_menu(present.id)
    return await staff_answer(Snapshot(present, menu), at)


async def change_item(
    restaurant_id: str, item_id: str, body: ItemChange, actor: Actor, at: int
) -> ItemChangedView:
    """Change what was sent of one item: availability, price, texts, stock.

    Forbidden for what the role may not change, Refused for a wrong field.
    """
    sent = body.dict(exclude_unset=True)
    rules.check_change_rights(set(sent), actor.role)
    async with transaction() as conn:
        restaurant = await locked(conn, restaurant_id)
        _settle_return(sent, restaurant, at)
        old = await _item(conn, restaurant_id, item_id)
        new = rules.changed_item(old, sent, at)
        columns = rules.differences(old, new)
        version = restaurant.version
        if "stock" in columns:
            figures = {item_id: new.stock}
            await count(conn, restaurant, figures, StockKind.ITEM, actor, at)
        if columns:
            await crud.change(conn, "menu_items", item_id, _own(columns))
            told = {"menu_item_id": item_id, "changed": columns}
            entries = [
                Entry("menu.item_changed", actor, payload=told),
                *_price_entries([old], [new], actor),
            ]
            version = await _journal(conn, restaurant, entries, at)
            new = await _item(conn, restaurant_id, item_id)
    if columns:
        announce_menu(restaurant_id)
    shown = rules.staff_item(new, at)
    return ItemChangedView(**shown, restaurant_id=restaurant_id, version=version)


async def change_modifier(
    restaurant_id: str, modifier_id: str, body: ModifierChange, actor: Actor, at: int
) -> ModifierChangedView:
    """Change what was sent of one modifier; raises like ``change_item``."""
    sent = body.dict(exclude_unset=True)
    rules.check_change_rights(set(sent), actor.role)
    async with transaction() as conn:
        restaurant = await locked(conn, restaurant_id)
        _settle_return(sent, restaurant, at)
        item_id = await crud.item_of_modifier(conn, modifier_id) or ""
        item = await _item(conn, restaurant_id, item_id)
        old, new = rules.changed_modifier(item, modifier_id, sent, at)
        columns = rules.differences(old, new)
        version = restaurant.version
        if "stock" in columns:
            figures = {modifier_id: new.stock}
            await count(conn, restaurant, figures, StockKind.MODIFIER, actor, at)
        if columns:
            await crud.change(conn, "modifiers", modifier_id, _own(columns))
            told = {
                "menu_item_id": item.id,
                "modifier_id": modifier_id,
                "changed": columns,
            }
            entries = [
                Entry("menu.item_changed", actor, payload=told),
                *_price_entries([item], [rules.with_modifier(item, new)], actor),
            ]
            version = await _journal(conn, restaurant, entries, at)
            new = rules.modifier_of(await _item(conn, restaurant_id, item_id), new.id)
    if columns:
        announce_menu(restaurant_id)
    return ModifierChangedView(
        **rules.staff_modifier(new, item.currency, at),
        menu_item_id=item.id,
        restaurant_id=restaurant_id,
        version=version,
    )


def _own(columns: Mapping[str, Any]) -> dict[str, Any]:
    """The menu's own columns; stock is the ledger's."""
    return {name: value for name, value in columns.items() if name != "stock"}


def _settle_return(sent: dict[str, Any], restaurant: Restaurant, at: int) -> None:
    """ "Until we open again" becomes the moment that it means now."""
    if sent.get("available_again_at") == NEXT_OPENING:
        sent["available_again_at"] = rfc3339(next_opening(restaurant, at))


async def _item(conn: Conn, restaurant_id: str, item_id: str) -> MenuItem:
    item = await crud.load_item(conn, restaurant_id, item_id)
    if item is None:
        raise NotFound("item.unknown", "This is not on the menu any more.")
    return item


def _price_entries(
    old: Iterable[MenuItem], new: Iterable[MenuItem], actor: Actor
) -> list[Entry]:
    """Who changed which price, if any did."""
    changes = rules.price_changes(old, new)
    if not changes:
        return []
    told = rules.told_changes(changes)
    return [Entry("menu.prices_changed", actor, payload=told)]


async def _journal(
    conn: Conn, restaurant: Restaurant, entries: Sequence[Entry], at: int
) -> int:
    """Journal a changed entry; the menu's new version."""
    await restaurants.bump_version(conn, restaurant.id)
    await record(conn, restaurant.id, entries, at)
    return restaurant.version + 1
