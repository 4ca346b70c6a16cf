"""What a discount may be: read from a request, checked against the menu and the
other discounts. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from ...core import fields, limits, schedules
from ...core.errors import Refused, invalid
from ...core.schedules import ALWAYS, ScheduleBody
from ..discounts.models import (
    Discount,
    DiscountBody,
    DiscountKind,
    Limits,
    Scope,
    Trigger,
)

_MAY_BE_NULL = {"percent", "amount"}
#: The fields that each kind is made of, beside those of all.
_OF_KIND: dict[DiscountKind, frozenset[str]] = {
    DiscountKind.PERCENT: frozenset({"percent"}),
    DiscountKind.AMOUNT: frozenset({"amount"}),
    DiscountKind.BUY_GET: frozenset({"percent", "buy", "get"}),
    DiscountKind.FREE_ITEM: frozenset({"percent", "get"}),
}
_KIND_FIELDS = ("percent", "amount", "buy", "get")
_LIMITS = ("total", "per_day", "per_guest", "per_code")


@dataclass(frozen=True)
class Wares:
    """What a menu offers, as far as a scope may name it: the ids of its items by
    the ids of their categories."""

    categories: Mapping[str, frozenset[str]]

    @property
    def items(self) -> frozenset[str]:
        return frozenset().union(*self.categories.values())


# --- making and changing ---------------------------------------------------------


def new_discount(
    body: DiscountBody,
    discount_id: str,
    restaurant_id: str,
    wares: Wares,
    currency: str,
    at: int,
) -> Discount:
    """The discount that a request asks for; Refused names the first wrong field."""
    for field in ("name", "trigger", "kind"):
        if getattr(body, field) is None:
            raise invalid(field, f"{field} is missing.")
    empty = Discount(
        id=discount_id,
        restaurant_id=restaurant_id,
        name="",
        trigger=Trigger.CODE,
        kind=DiscountKind.PERCENT,
        percent=None,
        amount_minor=None,
        currency=currency,
        buy=0,
        get=1,
        scope=Scope(),
        order_types=frozenset(),
        minimum_minor=0,
        combines=True,
        limits=Limits(),
        schedule=ALWAYS,
        is_active=True,
        created_at=at,
    )
    return changed(empty, body, wares, currency)


def changed(old: Discount, body: DiscountBody, wares: Wares, currency: str) -> Discount:
    """The discount with what was sent; everything else stays.

    Sums are in ``currency``, which is the restaurant's. Refused names the first
    wrong field, ``discount.scope`` an id that is not on the menu.
    """
    sent = body.dict(exclude_unset=True)
    for field, value in sent.items():
        if value is None and field not in _MAY_BE_NULL and not _is_limit(field):
            raise invalid(field, f"{field} must not be null.")
    _check_currency(old, sent, currency)
    values = _plain_values(sent)
    values |= _sums(sent, currency)
    values["scope"] = _scope(old.scope, sent, wares)
    values["limits"] = _limits(old.limits, sent)
    if body.schedule is not None:
        values["schedule"] = _schedule(body.schedule)
    new = _of_one_kind(replace(old, **values), sent)
    _check_trigger(new)
    return new


def _is_limit(field: str) -> bool:
    return field.startswith("limit_")


def _plain_values(sent: Mapping[str, Any]) -> dict[str, Any]:
    as_sent = ("trigger", "kind", "combines", "is_active")
    values = {name: sent[name] for name in as_sent if name in sent}
    if "name" in sent:
        values["name"] = fields.check_name(sent["name"], "name")
    if "order_types" in sent:
        values["order_types"] = frozenset(sent["order_types"])
    if "percent" in sent:
        given = sent["percent"]
        values["percent"] = (
            None
            if given is None
            else _read("percent", given, fields.percent_above_zero)
        )
    for name in ("buy", "get"):
        if name in sent:
            values[name] = _in_range(name, sent[name], limits.BUY_GET_MAX)
    return values


def _sums(sent: Mapping[str, Any], currency: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if "amount" in sent:
        given = sent["amount"]
        read = partial(fields.minor_above_zero, currency=currency)
        values["amount_minor"] = None if given is None else _read("amount", given, read)
    if "minimum" in sent:
        read = partial(fields.price_minor, currency=currency)
        values["minimum_minor"] = _read("minimum", sent["minimum"], read)
    return values | ({"currency": currency} if values else {})


def _check_currency(old: Discount, sent: Mapping[str, Any], currency: str) -> None:
    """A discount whose sums are in another currency gets all its sums anew."""
    if old.currency == currency or not sent.keys() & {"amount", "minimum"}:
        return
    for field, minor in (("amount", old.amount_minor), ("minimum", old.minimum_minor)):
        if minor and field not in sent:
            raise invalid(
                field, f"{field} is in {old.currency}; send it in {currency}."
            )


def _scope(old: Scope, sent: Mapping[str, Any], wares: Wares) -> Scope:
    if "item_ids" in sent:
        ids = _known("item_ids", sent["item_ids"], wares.items)
        old = replace(old, item_ids=ids)
    if "category_ids" in sent:
        ids = _known("category_ids", sent["category_ids"], wares.categories.keys())
        old = replace(old, category_ids=ids)
    return old


def _known(field: str, sent: Sequence[str], known: Set[str]) -> frozenset[str]:
    if len(sent) > limits.SCOPE_MAX:
        raise invalid(field, f"{field} may have at most {limits.SCOPE_MAX} entries.")
    for each in sent:
        if each not in known:
            raise Refused(
                "discount.scope", f"{each} is not on the menu.", field=field, id=each
            )
    return frozenset(sent)


def _limits(old: Limits, sent: Mapping[str, Any]) -> Limits:
    values = {}
    for name in _LIMITS:
        field = f"limit_{name}"
        if field in sent:
            value, most = sent[field], limits.DISCOUNT_USES_MAX
            values[name] = None if value is None else _in_range(field, value, most)
    return replace(old, **values)


def _schedule(body: ScheduleBody) -> schedules.Schedule:
    return _read("schedule", body, fields.schedule)  # type: ignore[no-any-return]


def _read(field: str, value: Any, reader: Any) -> Any:
    try:
        return reader(value)
    except ValueError as error:
        raise invalid(field, f"{field} {error}.") from error


def _in_range(field: str, value: int, most: int) -> int:
    if not 1 <= value <= most:
        raise invalid(field, f"{field} must be from 1 to {most}.")
    return value


# --- what belongs together -------------------------------------------------------


def _of_one_kind(new: Discount, sent: Mapping[str, Any]) -> Discount:
    """Without what another kind left behind; Refused for what is missing, or was
    sent and is for another kind."""
    own = _OF_KIND[new.kind]
    for field in _KIND_FIELDS:
        if field not in own and sent.get(field) is not None:
            raise invalid(field, f"{field} is not for a discount of kind {new.kind}.")
    percent = new.percent if "percent" in own else None
    if new.kind in (DiscountKind.BUY_GET, DiscountKind.FREE_ITEM):
        percent = percent or "100"
    new = replace(
        new,
        percent=percent,
        amount_minor=new.amount_minor if "amount" in own else None,
        buy=new.buy if "buy" in own else 0,
        get=new.get if "get" in own else 1,
    )
    if new.kind is DiscountKind.PERCENT and new.percent is None:
        raise invalid("percent", "percent is missing.")
    if new.kind is DiscountKind.AMOUNT and new.amount_minor is None:
        raise invalid("amount", "amount is missing.")
    if new.kind is DiscountKind.BUY_GET and not new.buy:
        raise invalid("buy", "buy is missing.")
    if new.kind is DiscountKind.FREE_ITEM and new.scope == Scope():
        raise invalid("item_ids", "Please say which items or categories are free.")
    return new


def _check_trigger(new: Discount) -> None:
    if new.limits.per_code is not None and new.trigger is not Trigger.CODE:
        raise invalid("limit_per_code", "limit_per_code is for discounts with codes.")
    if new.limits.per_guest is not None and new.trigger is Trigger.STAFF:
        raise invalid("limit_per_guest", "Discounts by staff know no guest.")


def reach(discount: Discount) -> tuple[object, ...]:
    """What decides whether it meets another one."""
    return (
        *(discount.is_active, discount.trigger, discount.schedule),
        *(discount.order_types, discount.scope),
    )


def check_overlap(
    new: Discount, discounts: Iterable[Discount], wares: Wares, yesterday: str
) -> None:
    """Refused ``discount.overlap`` when the clock would bring about the discount
    and another one for the same lines at the same time.

    Those whose last day was before ``yesterday`` (an ISO date) are over.
    """
    for other in _brought_by_clock(discounts):
        is_over = (other.schedule.last_day or yesterday) < yesterday
        if other.id != new.id and not is_over and _meet(new, other, wares):
            raise Refused(
                "discount.overlap",
                f"{other.name} is for the same lines at the same time.",
                field="schedule",
                discount_id=other.id,
                name=other.name,
            )


def _brought_by_clock(discounts: Iterable[Discount]) -> Iterator[Discount]:
    return (d for d in discounts if d.is_active and d.trigger is Trigger.SCHEDULE)


def _meet(one: Discount, other: Discount, wares: Wares) -> bool:
    if not list(_brought_by_clock([one])):
        return False
    types = (one.order_types, other.order_types)
    scopes = (
        one.scope.items(wares.categories),
        other.scope.items(wares.categories),
    )
    return (
        (not all(types) or bool(types[0] & types[1]))
        and (not all(scopes) or bool(scopes[0] & scopes[1]))
        and schedules.overlap(one.schedule, other.schedule)
    )
