"""Fields that several features read the same way. Pure.

Where nothing else is said a function answers the stored form, or raises ValueError
with half a sentence that says what is wrong; the caller names the field.
"""

import re
from collections.abc import Sequence, Set
from datetime import date
from decimal import Decimal
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from . import limits
from .errors import Refused, invalid
from .money import (
    currency_code,
    is_lightning_unit,
    plain_decimal,
    price_text,
    to_minor,
)
from .schedules import Schedule, ScheduleBody, Window, overlaps_itself
from .text import text_fault
from .times import parse_rfc3339, rfc3339

_ADDRESS = re.compile(r"[a-z0-9._+-]{1,64}@([a-z0-9-]{1,63}\.)+[a-z][a-z0-9-]{0,62}")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"({_LABEL}\.)*{_LABEL}\.?")
#: A last part like this makes a number of the whole name, for many programs.
_NUMBER = re.compile(r"(.*\.)?([0-9]+|0x[0-9a-f]*)\.?")
_LNURL = re.compile(r"lnurl1[02-9ac-hj-np-z]{20,2000}")


def name_fault(value: str) -> str | None:
    """Why this cannot be a name, or None when it can."""
    if not value.strip():
        return "must not be empty."
    return text_fault(value, limits.NAME_MAX)


def check_name(value: str, field: str) -> str:
    """The name itself, or Refused ``text.invalid`` naming the field."""
    fault = name_fault(value)
    if fault:
        raise Refused("text.invalid", f"{field} {fault}", field=field)
    return value


def percent(value: Any) -> str:
    """A percentage from 0 to 100 as plain text: ``7.5`` → ``"7.5"``."""
    number = plain_decimal(value)
    if not 0 <= number <= 100:
        raise ValueError("must be a percentage from 0 to 100")
    exponent = number.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > limits.PERCENT_DECIMALS_MAX:
        raise ValueError(f"may have at most {limits.PERCENT_DECIMALS_MAX} decimals")
    return f"{number if number else Decimal(0):f}"


def percent_above_zero(value: Any) -> str:
    """As ``percent``, but not nothing."""
    text = percent(value)
    if not Decimal(text):
        raise ValueError("must be above zero")
    return text


def known_currency(value: Any, fiat: Set[str]) -> str:
    """The stored code of a currency: a Lightning unit, or one of ``fiat``."""
    if not isinstance(value, str):
        raise ValueError("must be text")
    code = currency_code(value)
    if not is_lightning_unit(code) and code not in fiat:
        raise ValueError("is not a currency that this server knows")
    return code


def price_minor(value: Any, currency: str) -> int:
    """A price in minor units: zero or more."""
    minor = price_delta_minor(value, currency)
    if minor < 0:
        raise ValueError("must not be below zero")
    return minor


def minor_above_zero(value: Any, currency: str) -> int:
    """As ``price_minor``, but not nothing."""
    minor = price_minor(value, currency)
    if not minor:
        raise ValueError("must be above zero")
    return minor


def price_delta_minor(value: Any, currency: str) -> int:
    """A price's difference in minor units, which may be below zero."""
    minor = to_minor(value, currency)
    if abs(minor) > limits.PRICE_MINOR_MAX:
        most = price_text(limits.PRICE_MINOR_MAX, currency)
        raise ValueError(f"must be at most {most}")
    return minor


def moment(value: Any) -> int:
    """The milliseconds of an RFC 3339 time that can be shown again."""
    if not isinstance(value, str):
        raise ValueError("must be text such as 2026-01-31T18:00:00Z")
    try:
        at = parse_rfc3339(value)
        rfc3339(at)
    except (ValueError, OverflowError) as error:
        raise ValueError("must be a time such as 2026-01-31T18:00:00Z") from error
    return at


def ends_at(
    minutes: int | None, until: str | None, at: int, most_minutes: int
) -> int | None:
    """When something ends that begins ``at``: after so many ``minutes``, ``until`` a
    time (RFC 3339), or (neither) None. Refused naming the wrong one."""
    if minutes is not None and until is not None:
        raise invalid("until", "Send minutes or until, not both.")
    if minutes is not None:
        if not 1 <= minutes <= most_minutes:
            raise invalid("minutes", f"minutes must be from 1 to {most_minutes}.")
        return at + minutes * limits.MINUTE_MS
    if until is None:
        return None
    try:
        ends = moment(until)
    except ValueError as error:
        raise invalid("until", f"until {error}.") from error
    if not at < ends <= at + most_minutes * limits.MINUTE_MS:
        raise invalid("until", f"until must be within the next {most_minutes} minutes.")
    return ends


def schedule(body: ScheduleBody) -> Schedule:
    """The schedule that a body asks for. ValueError for times that are none, for
    windows that overlap, and for a last day before the first."""
    if len(body.windows) > limits.WINDOWS_MAX:
        raise ValueError(f"may have at most {limits.WINDOWS_MAX} windows")
    windows = tuple(
        Window(weekdays(each.days), clock(each.starts), clock(each.ends))
        for each in body.windows
    )
    read = Schedule(windows, _day_or_none(body.first_day), _day_or_none(body.last_day))
    if read.first_day and read.last_day and read.last_day < read.first_day:
        raise ValueError("ends before it begins")
    if overlaps_itself(read):
        raise ValueError("has hours that overlap")
    return read


def clock(value: str) -> str:
    """A time of day such as ``04:00``."""
    if not _CLOCK.fullmatch(value):
        raise ValueError("must be a time of day such as 04:00")
    return value


def weekdays(days: Sequence[int]) -> tuple[int, ...]:
    """Days of the week, each once, in their order."""
    if not days or not set(days) <= set(range(7)) or len(set(days)) != len(days):
        raise ValueError("must name weekdays from 0 (Monday) to 6, each once")
    return tuple(sorted(days))


def _day_or_none(value: str | None) -> str | None:
    return None if value is None else day(value)


def day(value: str) -> str:
    """A date such as ``2026-01-31``."""
    try:
        is_day = date.fromisoformat(value).isoformat() == value
    except ValueError:
        is_day = False
    if not is_day:
        raise ValueError("must name days such as 2026-01-31")
    return value


def refund_address(value: Any) -> str:
    """A Lightning address or a bech32 LNURL, in lower case; nobody is asked.

    LUD-16 allows ``a-z0-9-_.`` and tags after ``+`` before the ``@``.
    """
    if not isinstance(value, str):
        raise ValueError("must be text")
    address = value.strip().lower().removeprefix("lightning:")
    if len(address) > limits.REFUND_TO_MAX:
        raise ValueError("is too long")
    if not (_ADDRESS.fullmatch(address) or _LNURL.fullmatch(address)):
        raise ValueError("must be like name@example.com, or an LNURL")
    return address


def image_url(value: Any) -> str:
    """An https address without credentials, or a path on this server.

    The guest page's content security policy shows nothing else.
    """
    if not isinstance(value, str):
        raise ValueError("must be text")
    _check_characters(value)
    if value.startswith("/"):
        if value.startswith("//"):
            raise ValueError("must name its scheme, for example https://")
        return value
    parts = urlsplit(value)
    if parts.scheme != "https" or not parts.hostname:
        raise ValueError("must begin with https:// or /")
    if "@" in parts.netloc:
        raise ValueError("must not contain a user name or password")
    return value


def relay_url(value: Any) -> str:
    """The address of a Nostr relay without credentials; nobody is asked."""
    if not isinstance(value, str):
        raise ValueError("must be text")
    address = value.strip()
    _check_characters(address, limits.RELAY_URL_MAX)
    parts = urlsplit(address)
    if parts.scheme not in ("wss", "ws") or not parts.hostname:
        raise ValueError("must begin with wss://")
    if "@" in parts.netloc:
        raise ValueError("must not contain a user name or password")
    # A port that is none raises by itself.
    if parts.fragment or parts.port == 0 or not _is_host(parts.hostname):
        raise ValueError("must be like wss://relay.example.com")
    path = "" if parts.path == "/" else parts.path
    return parts._replace(netloc=parts.netloc.lower(), path=path).geturl()


def _is_host(host: str) -> bool:
    """Whether a machine can be called so: a name in letters a-z, digits and hyphens,
    or the number of one, in full."""
    try:
        return "%" not in str(ip_address(host))
    except ValueError:
        return bool(_HOST.fullmatch(host)) and not _NUMBER.fullmatch(host)


def _check_characters(value: str, length: int = limits.URL_MAX) -> None:
    fault = text_fault(value, length)
    if fault:
        raise ValueError(fault.rstrip("."))
    if any(character.isspace() or character in "\\\"'<>`" for character in value):
        raise ValueError("contains a character that no address has")
