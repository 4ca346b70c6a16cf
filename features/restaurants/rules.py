"""What a restaurant's settings may be, how its slug is made, who sees what. Pure."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Set
from functools import partial
from typing import Any

from ...core import fields, limits
from ...core.errors import invalid
from ...core.money import (
    cash_step,
    is_lightning_unit,
    plain_decimal,
    price_text,
    round_digits,
    to_minor,
)
from ...core.text import check_text
from ...core.times import rfc3339, rfc3339_or_none, zone_of
from ...models import OrderType
from ..opening.models import OpeningView
from .models import (
    AcceptedPayment,
    Busy,
    ChargeKind,
    ChargeRule,
    HouseRate,
    Pause,
    Profile,
    PublicProfile,
    Restaurant,
    RestaurantView,
)

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_FOREIGN_REGIONS = {"posix", "right"}

#: Longest text, and whether it may have several lines.
_TEXTS: dict[str, tuple[int, bool]] = {
    "description": (limits.DESCRIPTION_MAX, True),
    "legal_name": (limits.NAME_MAX, False),
    "address": (limits.NOTE_MAX, True),
    "tax_id": (limits.NAME_MAX, False),
    "receipt_footer": (limits.NOTE_MAX, True),
}
_RANGES: dict[str, tuple[int, int]] = {
    "order_expiry_seconds": (
        limits.ORDER_EXPIRY_SECONDS_MIN,
        limits.ORDER_EXPIRY_SECONDS_MAX,
    ),
    "quote_seconds": (limits.QUOTE_SECONDS_MIN, limits.QUOTE_SECONDS_MAX),
    "open_orders_max": (1, limits.OPEN_ORDERS_MAX),
    "open_orders_per_table_max": (1, limits.OPEN_ORDERS_MAX),
    "open_orders_per_address_max": (1, limits.OPEN_ORDERS_MAX),
    "open_orders_per_device_max": (1, limits.OPEN_ORDERS_MAX),
    "prep_minutes": (0, limits.PREP_MINUTES_MAX),
    "busy_from_orders": (1, limits.OPEN_ORDERS_MAX),
    "busy_extra_minutes": (0, limits.PREP_MINUTES_MAX),
    "accept_within_minutes": (1, limits.ACCEPT_MINUTES_MAX),
    "withdraw_days": (limits.WITHDRAW_DAYS_MIN, limits.WITHDRAW_DAYS_MAX),
    "reserve_guest_percent": (limits.RESERVE_PERCENT_MIN, 100),
    "tip_days": (0, limits.TIP_DAYS_MAX),
}
_MAY_BE_NULL = {
    *("image_url", "cash_rounding", "receipt_station", "tip_round_to"),
    *("prep_minutes", "busy_from_orders"),
}
_CHOICES: dict[str, tuple[str, ...]] = {
    "stock_policy": ("settle", "reserve"),
    "print_on": ("paid", "accepted"),
    "receipt_on": ("never", "paid", "completed"),
}
#: Said in the journal by their name only: they may hold a person's data.
_UNTOLD = {"name", "image_url", "print_relays", *_TEXTS}


# --- settings ----------------------------------------------------------------


def read_settings(sent: Mapping[str, Any], fiat: Set[str]) -> dict[str, Any]:
    """The stored form of the settings that were sent; types are right already.

    ``fiat`` holds the currency codes that this server knows. Refused names the
    first wrong field.
    """
    return {field: _read(field, value, fiat) for field, value in sent.items()}


def _read(field: str, value: Any, fiat: Set[str]) -> Any:
    if value is None:
        if field in _MAY_BE_NULL:
            return None
        raise invalid(field, f"{field} must not be null.")
    if field == "name":
        return fields.check_name(value, field)
    if field in _TEXTS:
        length, lines = _TEXTS[field]
        return check_text(value, field, length, lines=lines)
    readers: dict[str, Callable[[Any], Any]] = {
        "slug": _slug,
        "image_url": fields.image_url,
        "currency": partial(fields.known_currency, fiat=fiat),
        "timezone": _timezone,
        "day_starts_at": fields.clock,
        "tax_rate": fields.percent,
        "tip_options": _tip_options,
        "accepted_payments": partial(_accepted_payments, fiat=fiat),
        "cash_rounding": _money,
        "receipt_station": partial(fields.check_name, field=field),
        "print_relays": _relays,
        "refund_approval_limit": _money,
        "refund_fee_percent": fields.percent,
        "tax_rates": _by_order_type(fields.percent),
        "charges": _charges,
        "minimum_order": _by_order_type(_money),
        "rate_markup_percent": _markup,
        "house_rates": partial(_house_rates, fiat=fiat),
        "till_discount_percent": fields.percent,
        "tip_round_to": _money,
        "tab_limit": _money,
        **{name: partial(_in_range, *ends) for name, ends in _RANGES.items()},
        **{name: partial(_one_of, known) for name, known in _CHOICES.items()},
    }
    try:
        return readers[field](value) if field in readers else value
    except ValueError as error:
        raise invalid(field, f"{field} {str(error).rstrip('.')}.") from error


def _slug(value: str) -> str:
    if len(value) > limits.SLUG_MAX or not _SLUG.fullmatch(value):
        raise ValueError(
            f"may have up to {limits.SLUG_MAX} small letters a-z, digits, and single "
            "hyphens between them"
        )
    return value


def _relays(value: list[str]) -> list[str]:
    """Addresses of Nostr relays, each once."""
    relays = list(dict.fromkeys(fields.relay_url(url) for url in value))
    if len(relays) > limits.PRINT_RELAYS_MAX:
        raise ValueError(f"may have at most {limits.PRINT_RELAYS_MAX} entries")
    return relays


def _timezone(value: str) -> str:
    zone = zone_of(value)
    # Names of places mean the same everywhere; "localtime" or "right/…" do not.
    region, _, place = value.partition("/")
    is_place = bool(place) and region not in _FOREIGN_REGIONS
    if zone is None or not (is_place or value == "UTC"):
        raise ValueError("must be UTC or a time zone such as America/Guatemala")
    return value


def _tip_options(values: list[Any]) -> list[str]:
    if len(values) > limits.TIP_OPTIONS_MAX:
        raise ValueError(f"may have at most {limits.TIP_OPTIONS_MAX} entries")
    return [fields.percent(value) for value in values]


def _accepted_payments(
    values: list[dict[str, Any]], fiat: Set[str]
) -> list[AcceptedPayment]:
    if len(values) > limits.ACCEPTED_PAYMENTS_MAX:
        raise ValueError(f"may have at most {limits.ACCEPTED_PAYMENTS_MAX} entries")
    return [_accepted(AcceptedPayment(**value), fiat) for value in values]


def _accepted(each: AcceptedPayment, fiat: Set[str]) -> AcceptedPayment:
    if len(each.currencies) > limits.CURRENCIES_PER_RULE_MAX:
        most = limits.CURRENCIES_PER_RULE_MAX
        raise ValueError(f"may name at most {most} currencies per entry")
    codes = [fields.known_currency(name, fiat) for name in each.currencies]
    return each.copy(update={"currencies": codes})


def _money(value: Any) -> str:
    """A sum in the restaurant's currency, which is known only with the rest."""
    number = plain_decimal(value)
    if number < 0:
        raise ValueError("must not be below zero")
    return f"{number.copy_abs():f}"


def _by_order_type(
    read: Callable[[Any], str],
) -> Callable[[Mapping[OrderType, Any]], dict[OrderType, str]]:
    return lambda sent: {each: read(value) for each, value in sent.items()}


def _charges(values: list[dict[str, Any]]) -> list[ChargeRule]:
    if len(values) > limits.CHARGES_MAX:
        raise ValueError(f"may have at most {limits.CHARGES_MAX} entries")
    return [_charge(ChargeRule(**value)) for value in values]


def _charge(rule: ChargeRule) -> ChargeRule:
    fault = fields.name_fault(rule.name)
    if fault:
        raise ValueError(f"has a name that {fault}")
    if (rule.percent is None) == (rule.amount is None):
        raise ValueError("needs a percent or an amount, and not both")
    if rule.kind is ChargeKind.GRATUITY and rule.from_covers is None:
        raise ValueError("of kind gratuity needs from_covers")
    if rule.from_covers is not None:
        _in_range(1, limits.QUANTITY_MAX, rule.from_covers)
    read = {
        "percent": fields.percent,
        "amount": _money,
        "free_from": _money,
        "tax_rate": fields.percent,
    }
    sent = {name: getattr(rule, name) for name in read}
    return rule.copy(
        update={n: read[n](value) for n, value in sent.items() if value is not None}
    )


def _markup(value: Any) -> str:
    number = plain_decimal(value)
    if abs(number) > limits.MARKUP_PERCENT_MAX:
        most = limits.MARKUP_PERCENT_MAX
        raise ValueError(f"must be from -{most} to {most}")
    fields.percent(abs(number))  # no more decimals than other percentages
    return f"{number if number else abs(number):f}"


def _house_rates(values: list[dict[str, Any]], fiat: Set[str]) -> list[HouseRate]:
    if len(values) > limits.HOUSE_RATES_MAX:
        raise ValueError(f"may have at most {limits.HOUSE_RATES_MAX} entries")
    rates = [_house_rate(HouseRate(**value), fiat) for value in values]
    for place, one in enumerate(rates):
        for other in rates[place + 1 :]:
            if one.currency == other.currency and _meet(one, other):
                raise ValueError(f"has two rates for {one.currency} at one time")
    return rates


def _house_rate(sent: HouseRate, fiat: Set[str]) -> HouseRate:
    currency = fields.known_currency(sent.currency, fiat)
    rate = plain_decimal(sent.rate)
    if is_lightning_unit(currency):
        raise ValueError("is for currencies of states")
    if rate <= 0:
        raise ValueError("must be above zero satoshi per unit")
    starts, ends = (_moment(sent.starts_at), _moment(sent.ends_at))
    if starts is not None and ends is not None and ends <= starts:
        raise ValueError("ends before it begins")
    return HouseRate(
        currency=currency,
        rate=f"{round_digits(rate, limits.RATE_DIGITS):f}",
        starts_at=rfc3339_or_none(starts),
        ends_at=rfc3339_or_none(ends),
    )


def _moment(text: str | None) -> int | None:
    return None if text is None else fields.moment(text)


def _meet(one: HouseRate, other: HouseRate) -> bool:
    """Do two fixed rates hold at the same time?"""
    first, second = (
        (_moment(r.starts_at) or 0, _moment(r.ends_at) or limits.JOURNAL_SEQ_MAX)
        for r in (one, other)
    )
    return first[0] < second[1] and second[0] < first[1]


def _check_sums(restaurant: Restaurant) -> None:
    """Sums must fit the currency, also one that was changed beside them."""
    sums: dict[str, list[Any]] = {
        "cash_rounding": [restaurant.cash_rounding],
        "refund_approval_limit": [restaurant.refund_approval_limit],
        "tip_round_to": [restaurant.tip_round_to],
        "tab_limit": [restaurant.tab_limit],
        "slots": [each.value for each in restaurant.slots],
        "minimum_order": list(restaurant.minimum_order.values()),
        "charges": [each.amount for each in restaurant.charges]
        + [each.free_from for each in restaurant.charges],
    }
    for field, values in sums.items():
        for value in values:
            _check_sum(field, value, restaurant.currency)


def _check_sum(field: str, value: Any, currency: str) -> None:
    try:
        minor = fields.price_minor(value or "0", currency)
    except ValueError as error:
        raise invalid(field, f"{field} {error}.") from error
    if field == "cash_rounding" and minor > limits.CASH_STEP_MINOR_MAX:
        raise invalid(field, "cash_rounding is larger than any coin.")
    if field == "tip_round_to" and value is not None and not minor:
        raise invalid(field, "tip_round_to must be above zero.")


def _in_range(low: int, high: int, value: int) -> int:
    if not low <= value <= high:
        raise ValueError(f"must be from {low} to {high}")
    return value


def _one_of(known: tuple[str, ...], value: str) -> str:
    if value not in known:
        raise ValueError(f"must be {' or '.join(known)}")
    return value


# --- new and changed -----------------------------------------------------------


def new_restaurant(
    settings: Mapping[str, Any],
    restaurant_id: str,
    wallet_id: str,
    user_id: str,
    at: int,
) -> Restaurant:
    """A restaurant from read settings; without a slug among them it has none yet."""
    values = {"is_open": True, "slug": "", **settings}
    made = Restaurant(
        **values,
        id=restaurant_id,
        wallet_id=wallet_id,
        user_id=user_id,
        created_at=at,
    )
    _check_sums(made)
    return made


def changed(restaurant: Restaurant, settings: Mapping[str, Any]) -> Restaurant:
    """The restaurant with the read settings; everything else stays."""
    after = restaurant.copy(update=dict(settings))
    _check_sums(after)
    return after


def cash_step_minor(profile: Profile) -> int:
    """The smallest amount that cash can pay here, in minor units, at least 1."""
    if profile.cash_rounding is None:
        return cash_step(profile.currency)
    return max(1, to_minor(profile.cash_rounding, profile.currency))


def settings_told(restaurant: Restaurant) -> dict[str, Any]:
    """The settings that the journal quotes.

    Texts are never quoted: a small business's address is a person's.
    """
    settings = {**restaurant.profile(), "is_open": restaurant.is_open}
    settings["slug"] = restaurant.slug
    return {name: settings[name] for name in settings if name not in _UNTOLD}


def change_told(old: Restaurant, new: Restaurant) -> dict[str, Any]:
    """What the journal says about a change; empty when nothing changed."""
    before, after = old.dict(), new.dict()
    names = sorted(name for name in after if after[name] != before[name])
    if not names:
        return {}
    told = settings_told(new)
    return {"fields": names, "settings": {n: told[n] for n in names if n in told}}


# --- slugs ---------------------------------------------------------------------


def slug_candidates(name: str, restaurant_id: str) -> Iterator[str]:
    """Slugs for a name, best first: ``big-jays``, ``big-jays-2`` … ``big-jays-9``,
    at last one with letters of the id. Accents fold to ASCII; a name without any
    ASCII letter becomes ``restaurant``.
    """
    bare = _ascii_slug(name) or "restaurant"
    yield bare
    for number in range(2, limits.SLUG_TRIES + 1):
        yield f"{bare}-{number}"
    tail = re.sub(r"[^a-z0-9]", "", restaurant_id.lower())
    yield f"{bare}-{tail}"[: limits.SLUG_MAX].rstrip("-")


def _ascii_slug(name: str) -> str:
    apart = unicodedata.normalize("NFKD", name.casefold())
    plain = apart.encode("ascii", "ignore").decode().replace("'", "")
    hyphened = re.sub(r"[^a-z0-9]+", "-", plain)
    # Room for a hyphen and the 22 characters of an id.
    return hyphened[: limits.SLUG_MAX - 23].strip("-")


# --- shapes --------------------------------------------------------------------


def public_profile(restaurant: Restaurant, opening: OpeningView) -> PublicProfile:
    """What anybody may see; ``opening`` is as of now."""
    shown = restaurant.dict(include=set(PublicProfile.__fields__))
    return PublicProfile(**shown, cash_step=_cash_step(restaurant), opening=opening)


def _cash_step(restaurant: Restaurant) -> str:
    return price_text(cash_step_minor(restaurant), restaurant.currency)


def settings_view(restaurant: Restaurant, is_owner: bool) -> RestaurantView:
    """All settings for staff; the wallet's id for its owner only, keys for nobody."""
    shown = restaurant.dict(include=set(RestaurantView.__fields__))
    return RestaurantView(
        **shown
        | {
            "created_at": rfc3339(restaurant.created_at),
            "wallet_id": restaurant.wallet_id if is_owner else None,
            "cash_step": _cash_step(restaurant),
            "pause": _until_told(restaurant.pause),
            "busy": _until_told(restaurant.busy),
        }
    )


def _until_told(state: Pause | Busy | None) -> dict[str, Any] | None:
    """A pause or a busy time with its end as text."""
    if state is None:
        return None
    return {**state.dict(), "until": rfc3339_or_none(state.until)}
