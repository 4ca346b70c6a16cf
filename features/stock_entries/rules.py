"""What of people's entries about stock is let in. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from ...core import fields, limits
from ...core.errors import Conflict, Forbidden, NotFound, Refused, invalid
from ...core.text import check_text, text_fault
from ...models import Role
from ..stock.models import MoveKind, StockKind, Wanted
from .models import Ingredient, MovementsBody, NewIngredient

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


# --- ingredients -----------------------------------------------------------------


def read_ingredient(body: NewIngredient) -> Ingredient:
    """Refused ``text.invalid``, ``field.invalid`` naming the field."""
    return Ingredient(
        name=fields.check_name(body.name, "name"),
        unit=_unit(body.unit),
        on_hand=_figure("on_hand", body.on_hand),
        low_at=_low_at(body.low_at),
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


def too_many() -> Conflict:
    most = limits.INGREDIENTS_MAX
    return Conflict("stock.too_many", f"There are {most} ingredients already.")


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
