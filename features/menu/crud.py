"""The menu's tables. Every query is bounded by count, whatever the menu's size."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from ...core import limits
from ...core.fields import schedule
from ...core.ids import canonical_json
from ...core.schedules import Schedule, ScheduleBody, shape
from ...crud import Conn, Row, in_list
from ...models import OrderType
from ..stock.models import Use, portions_of
from .models import (
    DEFAULT_STATION,
    Category,
    MenuItem,
    Modifier,
    ModifierGroup,
)

Part = TypeVar("Part")

_TABLES = ("modifiers", "modifier_groups", "menu_items", "categories")


class Tree(NamedTuple):
    """A menu as it is stored: ``available`` of each counted stock is free, by its id;
    ``versions`` are the restaurant's (version, stock_version)."""

    categories: tuple[Category, ...]
    versions: tuple[int, int]
    available: Mapping[str, int]


@dataclass(frozen=True)
class _Shelf:
    """A restaurant's counted stocks, and what takes of them."""

    counted: Mapping[str, Row]
    recipes: Mapping[str, tuple[Use, ...]]
    available: Mapping[str, int]

    def of(self, owner_id: str) -> dict[str, Any]:
        """What an item or a modifier tells of its stock."""
        own = self.counted.get(owner_id)
        uses = self.recipes.get(owner_id, ())
        if own is None and not uses:
            return {"stock": None, "reserved": 0, "uses": (), "portions": None}
        if own is not None:
            uses = (Use(owner_id, 1), *uses)
        return {
            "stock": own["on_hand"] if own else None,
            "reserved": own["reserved"] if own else 0,
            "uses": uses,
            "portions": portions_of(uses, self.available),
        }


async def load_tree(conn: Conn, restaurant_id: str) -> Tree:
    """The whole tree in six queries, and the versions as the last of them saw it.
    Read before the tree and equal to these, they prove that nobody wrote in between.
    """
    categories = await conn.all(
        "SELECT * FROM restaurant.categories WHERE restaurant_id = :id "
        "ORDER BY position",
        id=restaurant_id,
    )
    items = await conn.all(
        "SELECT * FROM restaurant.menu_items WHERE restaurant_id = :id "
        "ORDER BY position",
        id=restaurant_id,
    )
    groups = await conn.all(
        "SELECT * FROM restaurant.modifier_groups WHERE restaurant_id = :id "
        "ORDER BY position",
        id=restaurant_id,
    )
    shelf = await _shelf(conn, restaurant_id)
    modifiers = await conn.all(
        "SELECT r.menu_version, r.stock_version, m.* FROM restaurant.restaurants r "
        "LEFT JOIN restaurant.modifiers m ON m.restaurant_id = r.id "
        "WHERE r.id = :id ORDER BY m.position",
        id=restaurant_id,
    )
    versions = (0, 0)
    if modifiers:
        versions = modifiers[0]["menu_version"], modifiers[0]["stock_version"]
    found = [row for row in modifiers if row["id"] is not None]
    tree = _tree(categories, items, groups, found, shelf)
    return Tree(tree, versions, shelf.available)


async def load_figures(
    conn: Conn, restaurant_id: str, categories: Sequence[Category]
) -> tuple[tuple[Category, ...], Mapping[str, int]]:
    """The same tree with its stocks as they stand now, and what of each is free; in
    two queries. For when sales moved the stock and nobody edited the menu."""
    shelf = await _shelf(conn, restaurant_id)
    return tuple(_restocked(each, shelf) for each in categories), shelf.available


def _restocked(category: Category, shelf: _Shelf) -> Category:
    items = tuple(_restocked_item(item, shelf) for item in category.items)
    return replace(category, items=items)


def _restocked_item(item: MenuItem, shelf: _Shelf) -> MenuItem:
    if any(
        _has_moved(each, shelf) for group in item.groups for each in group.modifiers
    ):
        groups = tuple(_restocked_group(group, shelf) for group in item.groups)
        return replace(item, groups=groups, **shelf.of(item.id))
    return replace(item, **shelf.of(item.id)) if _has_moved(item, shelf) else item


def _restocked_group(group: ModifierGroup, shelf: _Shelf) -> ModifierGroup:
    modifiers = tuple(
        replace(each, **shelf.of(each.id)) if _has_moved(each, shelf) else each
        for each in group.modifiers
    )
    return replace(group, modifiers=modifiers)


def _has_moved(entry: MenuItem | Modifier, shelf: _Shelf) -> bool:
    """Does its stock stand differently now? Whatever takes of ingredients may."""
    if entry.id in shelf.recipes:
        return True
    own = shelf.counted.get(entry.id)
    if own is None:
        return bool(entry.uses)
    figures = entry.stock, entry.reserved, len(entry.uses)
    return figures != (own["on_hand"], own["reserved"], 1)


async def load_item(conn: Conn, restaurant_id: str, item_id: str) -> MenuItem | None:
    """One item of the restaurant with its groups, in five queries."""
    values = {"restaurant_id": restaurant_id, "id": item_id}
    item = await conn.one(
        "SELECT i.*, c.station FROM restaurant.menu_items i "
        "JOIN restaurant.categories c ON c.id = i.category_id "
        "WHERE i.id = :id AND i.restaurant_id = :restaurant_id",
        **values,
    )
    if item is None:
        return None
    groups = await conn.all(
        "SELECT * FROM restaurant.modifier_groups "
        "WHERE restaurant_id = :restaurant_id AND menu_item_id = :id "
        "ORDER BY position",
        **values,
    )
    modifiers = await conn.all(
        "SELECT m.* FROM restaurant.modifiers m "
        "JOIN restaurant.modifier_groups g ON g.id = m.group_id "
        "WHERE m.restaurant_id = :restaurant_id AND g.menu_item_id = :id "
        "ORDER BY m.position",
        **values,
    )
    shelf = await _shelf(conn, restaurant_id)
    groups_of = _groups(groups, modifiers, shelf)
    return _item(item, groups_of[item_id], item["station"], shelf)


async def _shelf(conn: Conn, restaurant_id: str) -> _Shelf:
    stocks = await conn.all(
        "SELECT id, on_hand, reserved FROM restaurant.stocks "
        "WHERE restaurant_id = :id AND is_counted",
        id=restaurant_id,
    )
    rows = await conn.all(
        "SELECT owner_id, stock_id, quantity FROM restaurant.recipes "
        "WHERE restaurant_id = :id ORDER BY owner_id, stock_id",
        id=restaurant_id,
    )
    counted = {row["id"]: row for row in stocks}
    return _Shelf(
        counted=counted,
        recipes=_collect(
            [row for row in rows if row["stock_id"] in counted],
            "owner_id",
            lambda row: Use(row["stock_id"], row["quantity"]),
        ),
        available={row["id"]: row["on_hand"] - row["reserved"] for row in stocks},
    )


async def item_of_modifier(conn: Conn, modifier_id: str) -> str | None:
    """The id of the item that offers this modifier."""
    row = await conn.one(
        "SELECT g.menu_item_id FROM restaurant.modifiers m "
        "JOIN restaurant.modifier_groups g ON g.id = m.group_id WHERE m.id = :id",
        id=modifier_id,
    )
    return row["menu_item_id"] if row else None


async def switched_off(
    conn: Conn, item_ids: Iterable[str], modifier_ids: Iterable[str], at: int
) -> set[str]:
    """Of these, what is switched off now; what is gone from the menu is not."""
    found: set[str] = set()
    for table, ids in (("menu_items", item_ids), ("modifiers", modifier_ids)):
        marks, values = in_list("id", sorted(set(ids)))
        rows = await conn.all(
            f"SELECT id FROM restaurant.{table} WHERE id IN {marks} "
            "AND NOT is_available "
            "AND (available_again_at IS NULL OR available_again_at > :at)",
            at=at,
            **values,
        )
        found |= {row["id"] for row in rows}
    return found


async def replace_tree(
    conn: Conn, restaurant_id: str, categories: Iterable[Category]
) -> None:
    """Put this tree in the place of the present one."""
    for table in _TABLES:
        await conn.run(
            f"DELETE FROM restaurant.{table} WHERE restaurant_id = :id",
            id=restaurant_id,
        )
    rows: dict[str, list[Row]] = {table: [] for table in _TABLES}
    for position, category in enumerate(categories):
        _add_category(rows, restaurant_id, position, category)
    for table in _TABLES:
        await conn.insert(table, rows[table])


async def change(
    conn: Conn, table: str, row_id: str, columns: Mapping[str, Any]
) -> None:
    """Set columns of one item or modifier; ``table`` is one of our own names."""
    values = {
        name: canonical_json(value) if isinstance(value, Mapping) else value
        for name, value in columns.items()
    }
    if not columns:
        return
    sets = ", ".join(f"{name} = :{name}" for name in columns)
    await conn.run(
        f"UPDATE restaurant.{table} SET {sets} WHERE id = :row_id",
        row_id=row_id,
        **values,
    )


# --- rows → tree ---------------------------------------------------------------


def _tree(
    categories: Sequence[Row],
    items: Sequence[Row],
    groups: Sequence[Row],
    modifiers: Sequence[Row],
    shelf: _Shelf,
) -> tuple[Category, ...]:
    groups_of = _groups(groups, modifiers, shelf)
    items_of = _by_parent(items, "category_id")
    return tuple(
        Category(
            id=row["id"],
            name=row["name"],
            station=row["station"],
            items=tuple(
                _item(item, groups_of[item["id"]], row["station"], shelf)
                for item in items_of[row["id"]]
            ),
            **_offering(row),
        )
        for row in categories
    )


def _groups(
    groups: Sequence[Row], modifiers: Sequence[Row], shelf: _Shelf
) -> dict[str, tuple[ModifierGroup, ...]]:
    """The groups by the id of their item."""
    modifiers_of = _by_parent(modifiers, "group_id")

    def group(row: Row) -> ModifierGroup:
        return ModifierGroup(
            id=row["id"],
            name=row["name"],
            min=row["min_quantity"],
            max=row["max_quantity"],
            modifiers=tuple(_modifier(each, shelf) for each in modifiers_of[row["id"]]),
        )

    return _collect(groups, "menu_item_id", group)


def _by_parent(rows: Iterable[Row], column: str) -> dict[str, tuple[Row, ...]]:
    return _collect(rows, column, lambda row: row)


def _collect(
    rows: Iterable[Row], column: str, part: Callable[[Row], Part]
) -> dict[str, tuple[Part, ...]]:
    """Parts by their parent's id, in the order of the rows; () for any other."""
    lists: dict[str, list[Part]] = defaultdict(list)
    for row in rows:
        lists[row[column]].append(part(row))
    return defaultdict(tuple, {key: tuple(parts) for key, parts in lists.items()})


def _item(
    row: Row,
    groups: tuple[ModifierGroup, ...],
    station: str | None,
    shelf: _Shelf,
) -> MenuItem:
    return MenuItem(
        id=row["id"],
        name=row["name"],
        description=row["description"],
        image_url=row["image_url"],
        price_minor=row["price_minor"],
        currency=row["currency"],
        tax_rate=row["tax_rate"],
        is_available=bool(row["is_available"]),
        available_again_at=row["available_again_at"],
        is_hidden=bool(row["is_hidden"]),
        allergens=tuple(json.loads(row["allergens"])),
        groups=groups,
        station=station or DEFAULT_STATION,
        tax_rates=json.loads(row["tax_rates"]),
        **_offering(row),
        **shelf.of(row["id"]),
    )


def _modifier(row: Row, shelf: _Shelf) -> Modifier:
    return Modifier(
        id=row["id"],
        name=row["name"],
        price_delta_minor=row["price_delta_minor"],
        is_available=bool(row["is_available"]),
        available_again_at=row["available_again_at"],
        **shelf.of(row["id"]),
    )


@lru_cache(maxsize=limits.SCHEDULES_KEPT_MAX)
def _schedule(document: str) -> Schedule:
    """Many entries share one: it is read once."""
    return schedule(ScheduleBody(**json.loads(document)))


def _offering(row: Row) -> dict[str, Any]:
    """When and for what an entry is offered."""
    stored = row["schedule"]
    return {
        "schedule": _schedule(stored) if stored else None,
        "order_types": tuple(OrderType(each) for each in row["order_types"].split()),
    }


# --- tree → rows ---------------------------------------------------------------


def _add_category(
    rows: dict[str, list[Row]], restaurant_id: str, position: int, category: Category
) -> None:
    rows["categories"].append(
        {
            "id": category.id,
            "restaurant_id": restaurant_id,
            "position": position,
            "name": category.name,
            "station": category.station,
            **_offering_columns(category),
        }
    )
    for place, item in enumerate(category.items):
        _add_item(rows, restaurant_id, category.id, place, item)


def _add_item(
    rows: dict[str, list[Row]],
    restaurant_id: str,
    category_id: str,
    position: int,
    item: MenuItem,
) -> None:
    rows["menu_items"].append(
        {
            "id": item.id,
            "restaurant_id": restaurant_id,
            "category_id": category_id,
            "position": position,
            "name": item.name,
            "description": item.description,
            "image_url": item.image_url,
            "price_minor": item.price_minor,
            "currency": item.currency,
            "tax_rate": item.tax_rate,
            "tax_rates": canonical_json(item.tax_rates),
            "stock": None,  # counted in the ledger
            "is_available": item.is_available,
            "available_again_at": item.available_again_at,
            "is_hidden": item.is_hidden,
            "allergens": canonical_json(item.allergens),
            **_offering_columns(item),
        }
    )
    for place, group in enumerate(item.groups):
        _add_group(rows, restaurant_id, item.id, place, group)


def _add_group(
    rows: dict[str, list[Row]],
    restaurant_id: str,
    item_id: str,
    position: int,
    group: ModifierGroup,
) -> None:
    rows["modifier_groups"].append(
        {
            "id": group.id,
            "restaurant_id": restaurant_id,
            "menu_item_id": item_id,
            "position": position,
            "name": group.name,
            "min_quantity": group.min,
            "max_quantity": group.max,
        }
    )
    rows["modifiers"] += [
        {
            "id": modifier.id,
            "restaurant_id": restaurant_id,
            "group_id": group.id,
            "position": place,
            "name": modifier.name,
            "price_delta_minor": modifier.price_delta_minor,
            "is_available": modifier.is_available,
            "available_again_at": modifier.available_again_at,
        }
        for place, modifier in enumerate(group.modifiers)
    ]


def _offering_columns(entry: Category | MenuItem) -> dict[str, Any]:
    when = canonical_json(shape(entry.schedule).dict()) if entry.schedule else None
    return {"schedule": when, "order_types": " ".join(entry.order_types)}
