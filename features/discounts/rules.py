"""Codes, when a discount holds, what a cart gets of it. Pure.

What a discount may be is ``discount_definitions``' subject, what it takes off each
line ``discount_amounts``'.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...core import fields, limits, schedules
from ...core.errors import Conflict, NotFound, Refused, TooMany, invalid
from ...core.ids import sha256_hex, sign
from ...core.money import price_text
from ...core.text import check_text
from ...core.times import rfc3339
from ...models import OrderType
from .models import (
    CodeView,
    Discount,
    DiscountCode,
    DiscountKind,
    DiscountUse,
    DiscountView,
    Limits,
    NewCodes,
    StaffDiscount,
    Trigger,
    Wanted,
)

#: No 0, 1, I, L or O: nobody misreads a code that was made up.
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
MADE_CODE_LENGTH = 10

_CODE_MARKS = "-_."
_LIMITS = ("total", "per_day", "per_guest", "per_code")

# --- codes -----------------------------------------------------------------------


def fold_code(text: str, field: str = "code") -> str:
    """A code as it was typed → as it is stored: no spaces around it, upper case.

    Refused ``discount.code`` when it cannot be one.
    """
    upper = unicodedata.normalize("NFKC", text).strip().upper()
    folded = unicodedata.normalize("NFKC", upper)
    fits = limits.CODE_MIN <= len(folded) <= limits.CODE_MAX
    if not fits or not all(each.isalnum() or each in _CODE_MARKS for each in folded):
        raise Refused(
            "discount.code",
            f"A code has {limits.CODE_MIN} to {limits.CODE_MAX} letters and digits, "
            "and - _ . between them. Please type it again.",
            field=field,
        )
    return folded


def fold_codes(codes: Sequence[str]) -> list[str]:
    """The codes of a cart, folded. Refused ``discount.code`` for one that is none,
    ``discount.codes`` when there are too many, ``discount.twice`` for one again."""
    if len(codes) > limits.CODES_PER_CART_MAX:
        raise Refused(
            "discount.codes",
            f"An order takes at most {limits.CODES_PER_CART_MAX} codes.",
            field="codes",
        )
    folded = [fold_code(code, f"codes.{n}") for n, code in enumerate(codes)]
    for number, code in enumerate(folded):
        if code in folded[:number]:
            raise twice(number)
    return folded


def made_code(secret: str) -> str:
    """A code out of a random text; another text is another code."""
    number = int(sha256_hex(secret), 16)
    digits = []
    for _ in range(MADE_CODE_LENGTH):
        number, digit = divmod(number, len(CODE_ALPHABET))
        digits.append(CODE_ALPHABET[digit])
    return "".join(digits)


def asked_codes(body: NewCodes) -> tuple[str | None, int]:
    """(the code that is named, or None; how many are wanted). Refused unless it is
    one of the two."""
    if (body.code is None) == (body.count is None):
        raise invalid("code", "Send either code or count.")
    if body.code is not None:
        return fold_code(body.code), 1
    count = body.count or 0
    if not 1 <= count <= limits.CODES_AT_ONCE_MAX:
        most = limits.CODES_AT_ONCE_MAX
        raise invalid("count", f"count must be from 1 to {most}.")
    return None, count


def guest_hash_of(secret: str, restaurant_id: str, guest_id: str) -> str:
    """What is stored of a guest's browser; restaurants cannot compare theirs.

    Refused for an id of the wrong length.
    """
    fits = limits.GUEST_ID_MIN <= len(guest_id) <= limits.GUEST_ID_MAX
    if not fits or not guest_id.isascii() or not guest_id.isprintable():
        raise invalid(
            "guest_id",
            f"guest_id must have {limits.GUEST_ID_MIN} to {limits.GUEST_ID_MAX} "
            "plain characters.",
        )
    return sign(secret, "guest", restaurant_id, guest_id).hex()


# --- when ------------------------------------------------------------------------


def holds(discount: Discount, order_type: OrderType, at: int, timezone: str) -> bool:
    """Is it for this type of order, and for this moment?"""
    is_for_type = not discount.order_types or order_type in discount.order_types
    return is_for_type and schedules.holds(discount.schedule, at, timezone)


def in_currency(discounts: Iterable[Discount], currency: str) -> list[Discount]:
    """Those that can be reckoned: without sums, or with sums in this currency."""
    return [
        each for each in discounts if not _has_sums(each) or each.currency == currency
    ]


def scheduled(
    discounts: Iterable[Discount], order_type: OrderType, at: int, timezone: str
) -> list[Discount]:
    """Those that the clock brings about at this moment, oldest first."""
    return [
        each
        for each in discounts
        if each.is_active
        and each.trigger is Trigger.SCHEDULE
        and holds(each, order_type, at, timezone)
    ]


def next_change(discounts: Iterable[Discount], at: int, timezone: str) -> int | None:
    """The next moment at which the clock may bring about others, or None."""
    moments = [
        schedules.next_change(each.schedule, at, timezone)
        for each in discounts
        if each.is_active and each.trigger is Trigger.SCHEDULE
    ]
    return min((moment for moment in moments if moment is not None), default=None)


def public_list(
    discounts: Iterable[Discount],
    menu_categories: Mapping[str, frozenset[str]],
    currency: str,
    at: int,
    timezone: str,
) -> list[dict[str, Any]]:
    """What the clock takes off now, for whichever type of order, as
    ``PublicDiscount``."""
    return [
        {
            "name": each.name,
            "kind": each.kind.value,
            "percent": each.percent,
            "amount": _sum_text(each.amount_minor, currency),
            "buy": each.buy,
            "get": each.get,
            "item_ids": sorted(each.scope.items(menu_categories)),
            "order_types": sorted(kind.value for kind in each.order_types),
            "minimum": _sum_text(each.minimum_minor or None, currency),
        }
        for each in in_currency(discounts, currency)
        if each.is_active
        and each.trigger is Trigger.SCHEDULE
        and schedules.holds(each.schedule, at, timezone)
    ]


def _sum_text(minor: int | None, currency: str) -> str | None:
    return None if minor is None else price_text(minor, currency)


def _has_sums(discount: Discount) -> bool:
    return discount.amount_minor is not None or discount.minimum_minor > 0


# --- what a cart gets ------------------------------------------------------------


def wanted_of(
    discount: Discount,
    menu_categories: Mapping[str, frozenset[str]],
    code: DiscountCode | None,
) -> Wanted:
    """What pricing needs of a discount; ``menu_categories`` are item ids by category
    id."""
    return Wanted(
        discount_id=discount.id,
        name=discount.name,
        trigger=discount.trigger,
        kind=discount.kind,
        percent=discount.percent,
        amount_minor=discount.amount_minor,
        buy=discount.buy,
        get=discount.get,
        item_ids=discount.scope.items(menu_categories),
        minimum_minor=discount.minimum_minor,
        combines=discount.combines,
        code_id=code.id if code else None,
    )


def staff_wanted(
    body: StaffDiscount,
    discounts: Iterable[Discount],
    currency: str,
    number_of_lines: int,
    menu_categories: Mapping[str, frozenset[str]],
    number: int = 0,
) -> Wanted:
    """The discount that staff put on a cart, the cart's ``number``-th: a stored one
    of ``discounts``, which hold now, or a percentage or an amount of their own.

    Refused for a wrong field, ``discount.unknown`` for one that cannot be had.
    """
    field = f"discounts.{number}"
    reason = _reason(body.reason, field)
    line = body.line
    if line is not None and not 0 <= line < number_of_lines:
        raise invalid(f"{field}.line", "line must be the number of a line, from 0.")
    given = [n for n in ("discount_id", "percent", "amount") if _sent(body, n)]
    if len(given) != 1:
        raise invalid(field, "Send one of discount_id, percent and amount.")
    if given == ["discount_id"]:
        stored = _stored(body.discount_id, discounts, field)
        found = wanted_of(stored, menu_categories, None)
        return replace(found, line=line, reason=reason)
    return replace(_own(body, currency, field), line=line, reason=reason)


def check_repeated(given: Sequence[Wanted]) -> None:
    """Refused ``discount.twice`` for a stored discount that staff give a line, or the
    bill, twice."""
    for number, each in enumerate(given):
        for earlier in given[:number]:
            is_same = each.discount_id and each.discount_id == earlier.discount_id
            if is_same and (
                each.line == earlier.line or None in (each.line, earlier.line)
            ):
                raise Refused(
                    "discount.twice",
                    f"{each.name} is given once.",
                    field=f"discounts.{number}.discount_id",
                )


def of_till(wanted: Iterable[Wanted]) -> tuple[Wanted, ...]:
    """The same; what staff give is marked as a till's."""
    return tuple(
        replace(each, is_tills=True) if each.trigger is Trigger.STAFF else each
        for each in wanted
    )


def _sent(body: StaffDiscount, name: str) -> bool:
    return getattr(body, name) is not None


def _reason(text: str, field: str) -> str:
    if not text.strip():
        raise invalid(f"{field}.reason", "Please say why.")
    return check_text(text, f"{field}.reason", limits.NOTE_MAX)


def _stored(
    discount_id: str | None, discounts: Iterable[Discount], field: str
) -> Discount:
    for each in discounts:
        if each.id == discount_id and each.trigger is Trigger.STAFF and each.is_active:
            return each
    raise Refused(
        "discount.unknown",
        "This discount cannot be had now.",
        field=f"{field}.discount_id",
    )


def _own(body: StaffDiscount, currency: str, field: str) -> Wanted:
    """A discount that nobody stored, named by its figure."""
    kind = DiscountKind.PERCENT if body.percent is not None else DiscountKind.AMOUNT
    try:
        if kind is DiscountKind.PERCENT:
            percent = fields.percent_above_zero(body.percent)
            return Wanted(None, f"{percent} %", Trigger.STAFF, kind, percent=percent)
        minor = fields.minor_above_zero(body.amount, currency)
    except ValueError as error:
        raise invalid(f"{field}.{kind}", f"{kind} {error}.") from error
    name = f"{price_text(minor, currency)} {currency}"
    return Wanted(None, name, Trigger.STAFF, kind, amount_minor=minor)


# --- limits ----------------------------------------------------------------------


def is_counted(discount: Discount) -> bool:
    """Is there a limit to how often it counts?"""
    return discount.limits != Limits()


def used_up(wanted: Wanted) -> Conflict:
    return Conflict(
        "discount.used_up",
        f"{wanted.name} is used up.",
        discount=wanted.name,
        discount_id=wanted.discount_id,
    )


def no_guest() -> Refused:
    return Refused(
        "discount.guest",
        "This discount counts guests. Please send the guest_id.",
        field="guest_id",
    )


def unknown_code(number: int) -> Refused:
    """The same for codes that never were and for those that are switched off."""
    return Refused(
        "discount.unknown", "This code is not valid.", field=f"codes.{number}"
    )


def not_now(discount: Discount, number: int) -> Refused:
    return Refused(
        "discount.not_now",
        f"{discount.name} is not for this order, or not for this time.",
        field=f"codes.{number}",
    )


def twice(number: int) -> Refused:
    return Refused(
        "discount.twice",
        "An order takes one code of each discount, and each once.",
        field=f"codes.{number}",
    )


def too_many_guesses(wait_ms: int) -> TooMany:
    return TooMany(
        "discount.guesses",
        "There were too many wrong codes. Please try again in a moment.",
        retry_after=max(1, -(-wait_ms // limits.SECOND_MS)),
    )


def unknown_discount() -> NotFound:
    return NotFound("discount.unknown", "There is no such discount for you.")


def use_told(use: DiscountUse) -> dict[str, Any]:
    """What the journal says about a use: by ids, never by code or guest."""
    return {"discount_id": use.discount_id, "amount_msat": use.amount_msat}


# --- shapes ----------------------------------------------------------------------


def view(discount: Discount, uses: int, codes: int) -> DiscountView:
    amount = discount.amount_minor
    of = {f"limit_{name}": getattr(discount.limits, name) for name in _LIMITS}
    return DiscountView(
        id=discount.id,
        restaurant_id=discount.restaurant_id,
        name=discount.name,
        trigger=discount.trigger.value,
        kind=discount.kind.value,
        percent=discount.percent,
        amount=None if amount is None else price_text(amount, discount.currency),
        currency=discount.currency,
        buy=discount.buy,
        get=discount.get,
        item_ids=sorted(discount.scope.item_ids),
        category_ids=sorted(discount.scope.category_ids),
        order_types=sorted(each.value for each in discount.order_types),
        minimum=price_text(discount.minimum_minor, discount.currency),
        combines=discount.combines,
        **of,
        schedule=schedules.shape(discount.schedule),
        is_active=discount.is_active,
        uses=uses,
        codes=codes,
        created_at=rfc3339(discount.created_at),
    )


def code_view(code: DiscountCode, uses: int) -> CodeView:
    return CodeView(
        id=code.id, code=code.code, uses=uses, created_at=rfc3339(code.created_at)
    )


def change_told(discount: Discount, sent: Iterable[str]) -> dict[str, Any]:
    """What the journal says: which discount, and its figures as they are now."""
    told = view(discount, 0, 0).dict(
        exclude={"id", "restaurant_id", "uses", "codes", "created_at"}
    )
    return {"discount_id": discount.id, "fields": sorted(sent), "discount": told}
