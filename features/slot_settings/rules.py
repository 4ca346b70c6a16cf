"""Reading the settings of slots and of how long orders take. Pure.

Nothing that is refused here changes anything.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from ...core import limits
from ...core.errors import Refused, invalid
from ...core.money import plain_decimal
from ...models import Number, OrderType
from ..restaurants.models import LoadStep, SlotRule

_SLOT_RANGES: dict[str, tuple[int, int]] = {
    "minutes": (limits.SLOT_MINUTES_MIN, limits.SLOT_MINUTES_MAX),
    "lead_minutes": (0, limits.SLOT_LEAD_MINUTES_MAX),
    "days_ahead": (0, limits.SLOT_DAYS_AHEAD_MAX),
    "orders": (1, limits.SLOT_CAPACITY_MAX),
    "items": (1, limits.SLOT_CAPACITY_MAX),
}


def read_settings(sent: Mapping[str, Any]) -> dict[str, Any]:
    """The stored form of what was sent of these settings; types are right already,
    and nothing is null.

    Refused ``field.invalid`` or ``slots.repeated``, naming the field.
    """
    readers = {"slots": _slots, "prep_by_load": _prep_by_load}
    return {name: read(sent[name]) for name, read in readers.items() if name in sent}


def _slots(sent: Sequence[Mapping[str, Any]]) -> list[SlotRule]:
    rules = [_slot(f"slots.{n}", SlotRule(**each)) for n, each in enumerate(sent)]
    seen: set[OrderType] = set()
    for rule in rules:
        if rule.order_type in seen:
            raise Refused(
                "slots.repeated",
                f"slots may have one entry for {rule.order_type} only.",
                field="slots",
            )
        seen.add(rule.order_type)
    return rules


def _slot(path: str, rule: SlotRule) -> SlotRule:
    for name, (low, high) in _SLOT_RANGES.items():
        value = getattr(rule, name)
        if value is not None:
            _check_range(f"{path}.{name}", low, high, value)
    if rule.value is None:
        return rule
    return rule.copy(update={"value": _value(f"{path}.value", rule.value)})


def _value(path: str, value: Number) -> str:
    """A sum in the restaurant's currency, which is known only with the rest."""
    try:
        number = plain_decimal(value)
    except ValueError as error:
        raise invalid(path, f"{path} {error}.") from error
    if number <= 0:
        raise invalid(path, f"{path} must be above zero.")
    return f"{number:f}"


def _prep_by_load(sent: Sequence[Mapping[str, Any]]) -> list[LoadStep]:
    field, most = "prep_by_load", limits.LOAD_STEPS_MAX
    if len(sent) > most:
        raise invalid(field, f"{field} may have at most {most} entries.")
    steps = [_step(f"{field}.{n}", LoadStep(**each)) for n, each in enumerate(sent)]
    for number, (one, other) in enumerate(pairwise(steps), start=1):
        if other.from_orders <= one.from_orders:
            path = f"{field}.{number}.from_orders"
            raise invalid(path, f"{path} must be above the one before it.")
    return steps


def _step(path: str, step: LoadStep) -> LoadStep:
    most = limits.OPEN_ORDERS_MAX
    _check_range(f"{path}.from_orders", 1, most, step.from_orders)
    _check_range(f"{path}.minutes", 0, limits.PREP_MINUTES_MAX, step.minutes)
    return step


def _check_range(path: str, low: int, high: int, value: int) -> None:
    if not low <= value <= high:
        raise invalid(path, f"{path} must be from {low} to {high}.")
