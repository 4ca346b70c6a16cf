"""Reading an uploaded menu, and settling its ids and stock. Pure."""

from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from pydantic import ValidationError

from ...core import fields, limits, schedules
from ...core.errors import Refused
from ...core.money import price_text
from ...core.schedules import Schedule, ScheduleBody
from ...core.text import text_fault
from ...models import OrderType
from ..menu.models import (
    DEFAULT_STATION,
    Category,
    KnownIds,
    MenuItem,
    Modifier,
    ModifierGroup,
)
from .models import MenuDraft

Value = TypeVar("Value")

ORDER_TYPES = {each.value for each in OrderType}


def read_menu(body: Mapping[str, Any], currency: str, fiat: Set[str]) -> MenuDraft:
    """The menu of an upload, without faults.

    ``currency`` is the restaurant's, ``fiat`` what this server knows. Refused
    ``menu.invalid`` with ``faults`` (the first 200) and ``fault_count``.
    """
    upload = _Upload(currency, fiat)
    root = _Node(body, "", upload)
    most = limits.CATEGORIES_MAX
    categories = tuple(_category(node) for node in root.nodes("categories", most, True))
    upload.check_sizes()
    if upload.fault_count:
        raise Refused(
            "menu.invalid",
            f"This menu has {upload.fault_count} faults; nothing was stored."
            if upload.fault_count > 1
            else "This menu has a fault; nothing was stored.",
            faults=upload.faults,
            fault_count=upload.fault_count,
        )
    return MenuDraft(
        categories,
        frozenset(upload.stock_set),
        frozenset(upload.modifier_stock_set),
    )


@dataclass
class _Upload:
    """What is known of an upload while it is read."""

    currency: str
    fiat: Set[str]
    faults: list[dict[str, str]] = field(default_factory=list)
    fault_count: int = 0
    seen: dict[str, set[str]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    stock_set: set[str] = field(default_factory=set)
    modifier_stock_set: set[str] = field(default_factory=set)

    def fault(self, path: str, code: str, detail: str) -> None:
        self.fault_count += 1
        if len(self.faults) < limits.FAULTS_SHOWN_MAX:
            self.faults.append({"path": path, "code": code, "detail": detail})

    def check_sizes(self) -> None:
        for kind, most in (
            ("items", limits.ITEMS_MAX),
            ("modifier_groups", limits.GROUPS_MAX),
            ("modifiers", limits.MODIFIERS_MAX),
        ):
            count = self.counts.get(kind, 0)
            if count > most:
                detail = f"There are {count} {kind}, at most {most} are allowed."
                self.fault("categories", "menu.too_large", detail)


@dataclass
class _Node:
    """One object of an upload at its path. A faulty field is noted, and answered
    by a stand-in, so that reading goes on to the next fault."""

    raw: Mapping[str, Any]
    path: str
    upload: _Upload

    def at(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def fault(self, name: str, code: str, detail: str) -> None:
        self.upload.fault(self.at(name), code, detail)

    def nodes(self, name: str, most: int, required: bool = False) -> Iterator["_Node"]:
        """The objects of a list."""
        for number, raw in enumerate(self._list(name, most, required)):
            node = _Node(raw, f"{self.at(name)}[{number}]", self.upload)
            if isinstance(raw, dict):
                counts = self.upload.counts
                counts[name] = counts.get(name, 0) + 1
                yield node
            else:
                self.upload.fault(node.path, "field.invalid", "must be an object.")

    def _list(self, name: str, most: int, required: bool = False) -> list[Any]:
        raw = self.raw.get(name)
        if raw is None and not required:
            return []
        if not isinstance(raw, list):
            missing = raw is None
            code = "field.missing" if missing else "field.invalid"
            self.fault(name, code, "is missing." if missing else "must be a list.")
            return []
        if len(raw) > most:
            detail = f"has {len(raw)} entries, at most {most} are allowed."
            self.fault(name, "menu.too_large", detail)
        return raw

    def id(self, kind: str) -> str:
        """The id or alias of the upload, unique in its kind; empty when absent."""
        value = self.raw.get("id")
        if value is None or value == "":
            return ""
        if not isinstance(value, str) or len(value) > limits.NAME_MAX:
            detail = f"must be text of at most {limits.NAME_MAX} characters."
            self.fault("id", "field.invalid", detail)
            return ""
        seen = self.upload.seen.setdefault(kind, set())
        if value in seen:
            self.fault("id", "id.duplicate", f"is used twice among the {kind}.")
        seen.add(value)
        return value

    def name(self, name: str = "name") -> str:
        value = self.raw.get(name)
        if value is None:
            self.fault(name, "field.missing", "is missing.")
        elif not isinstance(value, str):
            self.fault(name, "field.invalid", "must be text.")
        elif fault := fields.name_fault(value):
            self.fault(name, "text.invalid", fault)
        else:
            return value
        return ""

    def names(self, name: str, most: int) -> tuple[str, ...]:
        """A list of names."""
        found = []
        for number, value in enumerate(self._list(name, most)):
            path = f"{self.at(name)}[{number}]"
            if not isinstance(value, str):
                self.upload.fault(path, "field.invalid", "must be text.")
            elif fault := fields.name_fault(value):
                self.upload.fault(path, "text.invalid", fault)
            else:
                found.append(value)
        return tuple(found)

    def lines(self, name: str, most: int) -> str:
        """A text that may be absent and have several lines."""
        value = self.raw.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.fault(name, "field.invalid", "must be text.")
            return ""
        if fault := text_fault(value, most, lines=True):
            self.fault(name, "text.invalid", fault)
        return value

    def flag(self, name: str, default: bool) -> bool:
        value = self.raw.get(name)
        if value is not None and not isinstance(value, bool):
            self.fault(name, "field.invalid", "must be true or false.")
        return value if isinstance(value, bool) else default

    def whole(self, name: str, low: int, high: int) -> int | None:
        """A whole number, or None when it is absent or faulty."""
        value = self.raw.get(name)
        if value is None:
            return None
        is_whole = isinstance(value, int) and not isinstance(value, bool)
        if is_whole and low <= value <= high:
            return int(value)
        detail = f"must be a whole number from {low} to {high}."
        self.fault(name, "field.invalid", detail)
        return None

    def read(self, name: str, reader: Callable[[Any], Value]) -> Value | None:
        """What the reader makes of it, or None when it is absent or faulty."""
        value = self.raw.get(name)
        if value is None:
            return None
        try:
            return reader(value)
        except ValueError as error:
            self.fault(name, "field.invalid", f"{str(error).rstrip('.')}.")
            return None

    def percents(self, name: str) -> dict[str, str]:
        """A percentage by order type, for some or all of them."""
        raw = self.raw.get(name)
        if raw is None:
            return {}
        if not isinstance(raw, dict) or not raw.keys() <= ORDER_TYPES:
            known = ", ".join(sorted(ORDER_TYPES))
            detail = f"must be an object with some of {known}."
            self.fault(name, "field.invalid", detail)
            return {}
        node = _Node(raw, self.at(name), self.upload)
        read = {each: node.read(each, fields.percent) for each in sorted(raw)}
        return {each: percent for each, percent in read.items() if percent is not None}

    def schedule(self) -> Schedule | None:
        """When it is offered; None is always."""
        return self.read("schedule", _schedule)

    def order_types(self) -> tuple[OrderType, ...]:
        """For what it is offered, in the usual order; empty is everything."""
        sent = self._list("order_types", len(ORDER_TYPES))
        is_known = all(isinstance(each, str) and each in ORDER_TYPES for each in sent)
        if not is_known or len(set(sent)) < len(sent):
            known = ", ".join(sorted(ORDER_TYPES))
            detail = f"must name some of {known}, each once."
            self.fault("order_types", "field.invalid", detail)
            return ()
        return tuple(each for each in OrderType if each in sent)


def _schedule(value: Any) -> Schedule | None:
    shape = "must be an object with windows (days, starts, ends), first_day, last_day"
    if not isinstance(value, dict):
        raise ValueError(shape)
    try:
        body = ScheduleBody(**value)
    except ValidationError as error:
        raise ValueError(shape) from error
    read = fields.schedule(body)
    return None if read == schedules.ALWAYS else read


def _category(node: _Node) -> Category:
    has_station = node.raw.get("station") is not None
    station = node.name("station") if has_station else None
    return Category(
        id=node.id("categories"),
        name=node.name(),
        station=station,
        items=tuple(
            _item(item, station or DEFAULT_STATION)
            for item in node.nodes("items", limits.ITEMS_MAX)
        ),
        schedule=node.schedule(),
        order_types=node.order_types(),
    )


def _item(node: _Node, station: str) -> MenuItem:
    upload = node.upload
    faults_before = upload.fault_count
    currency = _currency(node)
    switched_on, again_at = _switch(node)
    item_id = node.id("items")
    if node.flag("stock_set", False):
        upload.stock_set.add(item_id)
    if node.raw.get("price") is None:
        node.fault("price", "field.missing", "is missing.")
    price = node.read("price", lambda value: fields.price_minor(value, currency))
    item = MenuItem(
        id=item_id,
        name=node.name(),
        description=node.lines("description", limits.DESCRIPTION_MAX),
        image_url=node.read("image_url", fields.image_url),
        price_minor=price or 0,
        currency=currency,
        tax_rate=node.read("tax_rate", fields.percent),
        stock=node.whole("stock", 0, limits.STOCK_MAX),
        is_available=switched_on,
        available_again_at=again_at,
        is_hidden=node.flag("is_hidden", False),
        allergens=node.names("allergens", limits.ALLERGENS_MAX),
        groups=tuple(
            _group(group, currency)
            for group in node.nodes("modifier_groups", limits.GROUPS_PER_ITEM_MAX)
        ),
        station=station,
        tax_rates=node.percents("tax_rates"),
        schedule=node.schedule(),
        order_types=node.order_types(),
    )
    if upload.fault_count == faults_before and item.lowest_price < 0:
        lowest = price_text(item.lowest_price, currency)
        node.fault("price", "price.below_zero", f"could fall to {lowest} {currency}.")
    return item


def _group(node: _Node, currency: str) -> ModifierGroup:
    modifiers = tuple(
        _modifier(modifier, currency)
        for modifier in node.nodes("modifiers", limits.MODIFIERS_PER_GROUP_MAX)
    )
    low = node.whole("min", 0, limits.QUANTITY_MAX) or 0
    high = node.whole("max", 1, limits.QUANTITY_MAX)
    if high is not None and low > high:
        node.fault("min", "group.range", f"must not be more than max, {high}.")
    if low and not modifiers:
        node.fault("modifiers", "group.range", f"are too few to choose {low}.")
    return ModifierGroup(
        id=node.id("modifier groups"),
        name=node.name(),
        min=low,
        max=high,
        modifiers=modifiers,
    )


def _modifier(node: _Node, currency: str) -> Modifier:
    switched_on, again_at = _switch(node)
    delta = node.read(
        "price_delta", lambda value: fields.price_delta_minor(value, currency)
    )
    modifier_id = node.id("modifiers")
    if node.flag("stock_set", False):
        node.upload.modifier_stock_set.add(modifier_id)
    return Modifier(
        id=modifier_id,
        name=node.name(),
        price_delta_minor=delta or 0,
        is_available=switched_on,
        available_again_at=again_at,
        stock=node.whole("stock", 0, limits.STOCK_MAX),
    )


def _currency(node: _Node) -> str:
    fiat = node.upload.fiat
    read = node.read("currency", lambda value: fields.known_currency(value, fiat))
    return read or node.upload.currency


def _switch(node: _Node) -> tuple[bool, int | None]:
    """Whether it is on, and if not, the moment of its return. A past moment is no
    fault here: the tree may have been on somebody's screen since."""
    switched_on = node.flag("is_available", True)
    again_at = node.read("available_again_at", fields.moment)
    return switched_on, None if switched_on else again_at


# --- ids and stock -----------------------------------------------------------


def known_in(categories: tuple[Category, ...]) -> KnownIds:
    """What the present tree holds; under the restaurant's lock no sale moves it."""
    items = [item for category in categories for item in category.items]
    groups = [group for item in items for group in item.groups]
    return KnownIds(
        categories=frozenset(category.id for category in categories),
        stock_of_item={item.id: item.stock for item in items},
        groups=frozenset(group.id for group in groups),
        stock_of_modifier={m.id: m.stock for group in groups for m in group.modifiers},
    )


def settle_ids(
    draft: MenuDraft, known: KnownIds, fresh: Callable[[], str]
) -> tuple[Category, ...]:
    """The tree as it is stored: ids of ours stay, any other becomes a fresh one.

    The stock of an item or modifier that stays is its live figure, unless the upload
    sets it.
    """

    def modifier(sent: Modifier) -> Modifier:
        if sent.id not in known.stock_of_modifier:
            return replace(sent, id=fresh())
        live = known.stock_of_modifier[sent.id]
        is_set = sent.id in draft.modifier_stock_set
        return sent if is_set else replace(sent, stock=live)

    def group(sent: ModifierGroup) -> ModifierGroup:
        return replace(
            sent,
            id=sent.id if sent.id in known.groups else fresh(),
            modifiers=tuple(modifier(each) for each in sent.modifiers),
        )

    def item(sent: MenuItem) -> MenuItem:
        groups = tuple(group(each) for each in sent.groups)
        if sent.id not in known.stock_of_item:
            return replace(sent, id=fresh(), groups=groups)
        live = known.stock_of_item[sent.id]
        stock = sent.stock if sent.id in draft.stock_set else live
        return replace(sent, stock=stock, groups=groups)

    return tuple(
        replace(
            sent,
            id=sent.id if sent.id in known.categories else fresh(),
            items=tuple(item(each) for each in sent.items),
        )
        for sent in draft.categories
    )


def stock_moves(
    categories: tuple[Category, ...], known: KnownIds
) -> dict[str, int | None]:
    """The new figure of every item whose stock an upload changes; None also for what
    was counted and is gone."""
    items = [item for category in categories for item in category.items]
    return _moves({item.id: item.stock for item in items}, known.stock_of_item)


def modifier_stock_moves(
    categories: tuple[Category, ...], known: KnownIds
) -> dict[str, int | None]:
    """As ``stock_moves``, of modifiers."""
    figures = {
        modifier.id: modifier.stock
        for category in categories
        for item in category.items
        for group in item.groups
        for modifier in group.modifiers
    }
    return _moves(figures, known.stock_of_modifier)


def _moves(
    figures: Mapping[str, int | None], live: Mapping[str, int | None]
) -> dict[str, int | None]:
    gone = {each: None for each in live if each not in figures}
    return {
        each: figure
        for each, figure in {**figures, **gone}.items()
        if figure != live.get(each)
    }
