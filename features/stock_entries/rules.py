"""What of people's entries about stock is let in. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from ...core import fields, limits
from ...core.errors import Conflict, Forbidden, NotFound, Refused, invalid
from ...core.text import check_text, text_fault
from ...core.times import rfc3339
from ...models import Role
from ..stock.models import (
    DifferenceView,
    Fault,
    MoveKind,
    Movement,
    MovementView,
    NamedStock,
    Stock,
    StockKind,
    StockView,
    Wanted,
)
from .models import Ingredient, MovementsBody, NewIngredient, Sums

#: What tills and kitchens may enter; owner and manager may everything.
OF_DEVICES = (MoveKind.RECEIVE, MoveKind.WASTE)
_MANAGERS = (Role.OWNER, Role.MANAGER)
_NEEDS_REASON = (MoveKind.WASTE, MoveKind.ADJUST)
#: The journal's word for each kind.
EVENTS = {
    MoveKind.RECEIVE: "stock.received",
    MoveKind.WASTE: "stock.wasted",
    MoveKind.ADJUST: "stock.adjusted",
    MoveKind.COUNT: "stock.counted",
}


def read_moves(body: MovementsBody, role: Role) -> tuple[Wanted, ...]:
    """The movements of a body, in its order.

    Forbidden ``stock.role``; Refused ``field.invalid``, ``stock.reason``.
    """
    if not 1 <= len(body.movements) <= limits.STOCK_MOVES_MAX:
        most = limits.STOCK_MOVES_MAX
        raise invalid("movements", f"Send 1 to {most} movements.")
    moves = []
    for number, each in enumerate(body.movements):
        kind = MoveKind(each.kind)
        if role not in _MANAGERS and kind not in OF_DEVICES:
            raise Forbidden("stock.role", f"This device may not {kind} stock.")
        _check_quantity(f"movements.{number}.quantity", kind, each.quantity)
        moves.append(Wanted(each.stock_id, kind, each.quantity))
    if any(move.kind in _NEEDS_REASON for move in moves):
        check_reason(body.reason)
    return tuple(moves)


def _check_quantity(field: str, kind: MoveKind, quantity: int) -> None:
    most = limits.STOCK_MAX
    if kind is MoveKind.ADJUST:
        if quantity == 0 or abs(quantity) > most:
            raise invalid(field, f"{field} must be from -{most} to {most}, and not 0.")
        return
    least = 0 if kind is MoveKind.COUNT else 1
    if not least <= quantity <= most:
        raise invalid(field, f"{field} must be from {least} to {most}.")


def read_reason(reason: str | None) -> str | None:
    """The text as it is kept; blank is none. Refused ``text.invalid``."""
    if reason is None or not reason.strip():
        return None
    return check_text(reason, "reason", limits.NOTE_MAX)


def check_reason(reason: str | None) -> None:
    """Refused ``stock.reason`` when there is none."""
    if reason is None or not reason.strip():
        detail = "Please say why, in a few words."
        raise Refused("stock.reason", detail, field="reason")


def check_counts(
    moves: Iterable[Wanted], on_hand: Mapping[str, int | None], reason: str | None
) -> None:
    """A count that differs from what is on hand needs a reason, unless it is the
    first one. Refused ``stock.reason``."""
    known = dict(on_hand)
    for move in moves:
        before = known.get(move.stock_id)
        if move.kind is MoveKind.COUNT:
            if before is not None and move.quantity != before:
                check_reason(reason)
            known[move.stock_id] = move.quantity
        elif before is not None:
            sign = -1 if move.kind is MoveKind.WASTE else 1
            known[move.stock_id] = before + sign * move.quantity


def check_known(moves: Sequence[Wanted], known: Collection[str]) -> None:
    """Refused ``stock.unknown`` with the place of the first that is none of ours."""
    for number, move in enumerate(moves):
        if move.stock_id not in known:
            field = f"movements.{number}.stock_id"
            detail = f"{field}: there is no such stock here."
            raise Refused("stock.unknown", detail, field=field)


def first_counts(moves: Sequence[Wanted], uncounted: Collection[str]) -> list[str]:
    """What nobody counts yet and is counted now, before it moves otherwise.

    Conflict ``stock.not_counted`` with the place of what moves without a count.
    """
    first: dict[str, MoveKind] = {}
    for number, move in enumerate(moves):
        kind = first.setdefault(move.stock_id, move.kind)
        if move.stock_id in uncounted and kind is not MoveKind.COUNT:
            raise Conflict(
                "stock.not_counted",
                "Nobody counts this yet; begin with a count.",
                field=f"movements.{number}.stock_id",
                stock_id=move.stock_id,
            )
    return [key for key in first if key in uncounted]


# --- ingredients -----------------------------------------------------------------


def read_ingredient(body: NewIngredient) -> Ingredient:
    """Refused ``text.invalid``, ``field.invalid`` naming the field."""
    return Ingredient(
        name=fields.check_name(body.name, "name"),
        unit=_unit(body.unit),
        on_hand=_figure("on_hand", body.on_hand),
        low_at=_low_at(body.low_at),
    )


def check_room(names: Collection[str], drafts: Sequence[Ingredient]) -> None:
    """Conflict ``stock.name`` when one of the names is taken, ``stock.too_many``."""
    for draft in drafts:
        if draft.name in names:
            raise name_taken(draft.name)
    most = limits.INGREDIENTS_MAX
    if len(names) + len(drafts) > most:
        detail = f"A restaurant has at most {most} ingredients."
        raise Conflict("stock.too_many", detail)


def new_stock(draft: Ingredient, restaurant_id: str, stock_id: str, at: int) -> Stock:
    """A new ingredient, of which nothing is on hand yet."""
    return Stock(
        id=stock_id,
        restaurant_id=restaurant_id,
        kind=StockKind.INGREDIENT,
        is_counted=True,
        on_hand=0,
        reserved=0,
        moves=0,
        created_at=at,
        name=draft.name,
        unit=draft.unit,
        low_at=draft.low_at,
    )


def read_change(sent: Mapping[str, Any], kind: StockKind) -> dict[str, Any]:
    """The columns that a body sets on a stock of this kind; raises like
    ``read_ingredient``."""
    found: dict[str, Any] = {}
    for name in ("name", "unit"):
        if name not in sent:
            continue
        if kind is not StockKind.INGREDIENT:
            raise invalid(name, f"Only an ingredient's {name} is set here.")
        if sent[name] is None:
            raise invalid(name, f"{name} must not be null.")
        read = _unit if name == "unit" else _name
        found[name] = read(sent[name])
    if "low_at" in sent:
        found["low_at"] = _low_at(sent["low_at"])
    return found


def _name(value: str) -> str:
    return fields.check_name(value, "name")


def _unit(value: str) -> str:
    fault = text_fault(value, limits.UNIT_MAX)
    if not value.strip():
        fault = "must not be empty."
    if fault:
        raise Refused("text.invalid", f"unit {fault}", field="unit")
    return value


def _low_at(value: int | None) -> int | None:
    return None if value is None else _figure("low_at", value)


def _figure(field: str, value: int) -> int:
    if not 0 <= value <= limits.STOCK_MAX:
        raise invalid(field, f"{field} must be from 0 to {limits.STOCK_MAX}.")
    return value


def unknown() -> NotFound:
    return NotFound("stock.unknown", "There is no such stock for you.")


def name_taken(name: str) -> Conflict:
    detail = f"There is an ingredient called {name} already."
    return Conflict("stock.name", detail, field="name")


def in_use(recipes: int, reserved: int) -> Conflict:
    """An ingredient stays while a recipe uses it or orders hold some of it."""
    if recipes:
        detail = f"Used by {recipes} recipe{'s' * (recipes > 1)}; change them first."
    else:
        detail = f"Open orders hold {reserved} of it; please wait for them."
    return Conflict("stock.in_use", detail, used_by=recipes, reserved=reserved)


def check_removable(named: NamedStock) -> None:
    """Conflict ``stock.of_menu``, ``stock.in_use``."""
    if named.stock.kind is not StockKind.INGREDIENT:
        detail = "Set its stock to null on the menu to count it no more."
        raise Conflict("stock.of_menu", detail)
    if named.used_by or named.stock.reserved:
        raise in_use(named.used_by, named.stock.reserved)


# --- the journal -----------------------------------------------------------------


def told(
    moves: Iterable[Wanted], reason: str | None
) -> list[tuple[str, dict[str, Any]]]:
    """(event, payload) for each kind of movement, in the order of their first; of
    long lists the first entries and how many there are."""
    by_kind: dict[MoveKind, list[dict[str, Any]]] = {}
    for move in moves:
        shown = {"stock_id": move.stock_id, "quantity": move.quantity}
        by_kind.setdefault(move.kind, []).append(shown)
    return [
        (
            EVENTS[kind],
            {
                "movements": shown[: limits.STOCK_MOVES_TOLD_MAX],
                "count": len(shown),
                "reason": reason,
            },
        )
        for kind, shown in by_kind.items()
    ]


# --- shapes ----------------------------------------------------------------------


def view(named: NamedStock) -> StockView:
    stock = named.stock
    return StockView(
        id=stock.id,
        kind=stock.kind,
        name=named.name,
        menu_item_id=named.menu_item_id,
        unit=stock.unit,
        is_counted=stock.is_counted,
        on_hand=stock.on_hand,
        reserved=stock.reserved,
        available=stock.available,
        low_at=stock.low_at,
        is_low=is_low(stock),
        used_by=named.used_by,
    )


def is_low(stock: Stock) -> bool:
    low_at = stock.low_at
    return stock.is_counted and low_at is not None and stock.available <= low_at


def movement_view(movement: Movement, numbers: Mapping[str, int]) -> MovementView:
    """``numbers`` are the orders' by id."""
    return MovementView(
        stock_id=movement.stock_id,
        seq=movement.seq,
        at=rfc3339(movement.at),
        kind=movement.kind,
        quantity=movement.quantity,
        on_hand_delta=movement.on_hand_delta,
        reserved_delta=movement.reserved_delta,
        on_hand=movement.on_hand,
        reserved=movement.reserved,
        reason=movement.reason,
        actor=movement.actor,
        order_id=movement.order_id,
        order_number=numbers.get(movement.order_id or ""),
    )


def difference_view(
    fault: Fault, stock: Stock | None, name: str | None, sums: Sums
) -> DifferenceView:
    return DifferenceView(
        stock_id=fault.stock_id,
        name=name,
        problem=fault.problem,
        seq=fault.seq,
        on_hand=stock.on_hand if stock else None,
        on_hand_of_ledger=sums.on_hand,
        reserved=stock.reserved if stock else None,
        reserved_of_ledger=sums.reserved,
    )
