"""Reading the settings of slots, times and budgets. Pure.

Nothing that is refused here changes anything.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

from ...core import fields, limits
from ...core.errors import Refused, invalid
from ...core.money import plain_decimal
from ...models import OrderType
from ..restaurants.models import LoadStep, SlotRule

_RANGES: dict[str, tuple[int, int]] = {
    "prep_minutes": (0, limits.PREP_MINUTES_MAX),
    "busy_from_orders": (1, limits.OPEN_ORDERS_MAX),
    "busy_extra_minutes": (0, limits.PREP_MINUTES_MAX),
    "accept_within_minutes": (1, limits.ACCEPT_MINUTES_MAX),
    "open_orders_per_address_max": (1, limits.OPEN_ORDERS_MAX),
    "open_orders_per_device_max": (1, limits.OPEN_ORDERS_MAX),
}
_SLOT_RANGES: dict[str, tuple[int, int]] = {
    "minutes": (limits.SLOT_MINUTES_MIN, limits.SLOT_MINUTES_MAX),
    "lead_minutes": (0, limits.SLOT_LEAD_MINUTES_MAX),
    "days_ahead": (0, limits.SLOT_DAYS_AHEAD_MAX),
    "orders": (1, limits.SLOT_CAPACITY_MAX),
    "items": (1, limits.SLOT_CAPACITY_MAX),
}
#: Of these null means that nothing is set.
MAY_BE_NULL = {"prep_minutes", "busy_from_orders"}


def read_settings(sent: Mapping[str, Any]) -> dict[str, Any]:
    """The stored form of what was sent of these settings; types are right already.

    Refused ``field.invalid`` or ``slots.repeated``, naming the field.
    """
    readers = {
        "slots": _slots,
        "prep_by_load": _prep_by_load,
        "tab_limit": partial(_sum, "tab_limit"),
        **{name: partial(_in_range, name, *ends) for name, ends in _RANGES.items()},
    }
    return {
        name: None if sent[name] is None and name in MAY_BE_NULL else read(sent[name])
        for name, read in readers.items()
        if name in sent
    }


def _in_range(path: str, low: int, high: int, value: int) -> int:
    if not low <= value <= high:
        raise invalid(path, f"{path} must be from {low} to {high}.")
    return value


def _sum(path: str, value: Any) -> str:
    """A sum in the restaurant's currency, which is known only with the rest."""
    try:
        return fields.sum_text(value)
    except ValueError as error:
        raise invalid(path, f"{path} {error}.") from error


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
    for name, ends in _SLOT_RANGES.items():
        value = getattr(rule, name)
        if value is not None:
            _in_range(f"{path}.{name}", *ends, value)
    if rule.value is None:
        return rule
    value = _sum(f"{path}.value", rule.value)
    if not plain_decimal(value):
        raise invalid(f"{path}.value", f"{path}.value must be above zero.")
    return rule.copy(update={"value": value})


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
    _in_range(f"{path}.from_orders", 1, limits.OPEN_ORDERS_MAX, step.from_orders)
    _in_range(f"{path}.minutes", 0, limits.PREP_MINUTES_MAX, step.minutes)
    return step
