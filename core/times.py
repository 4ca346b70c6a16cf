"""Times are whole milliseconds since the Unix epoch, UTC; RFC 3339 at the doors."""

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

#: Clocks are read between the years 1970 and 9000: beyond, dates run out.
YEARS = (1970, 9000)
CLOCKS_FROM = 0
CLOCKS_TO = 221_845_392_000_000


def zone_of(name: str) -> ZoneInfo | None:
    """The time zone of this name; None when this machine does not know it."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return None


def wall_clock(at: int, zone: str) -> datetime:
    """What clocks on the wall show, with their zone: UTC's where the zone is unknown
    by now, since a kitchen goes on without it."""
    moment = min(max(at, CLOCKS_FROM), CLOCKS_TO) / 1000
    return datetime.fromtimestamp(moment, zone_of(zone) or timezone.utc)


def rfc3339(at: int) -> str:
    """``1700000000123`` → ``"2023-11-14T22:13:20.123Z"``."""
    moment = datetime.fromtimestamp(at // 1000, timezone.utc)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{at % 1000:03d}Z"


def rfc3339_or_none(at: int | None) -> str | None:
    return None if at is None else rfc3339(at)


def parse_rfc3339(text: str) -> int:
    """The milliseconds of an RFC 3339 time; ValueError without a time zone."""
    moment = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    if moment.tzinfo is None:
        raise ValueError("a time needs its zone, for example 2026-01-31T18:00:00Z")
    return round(moment.timestamp() * 1000)


def local_time(at: int, zone: str) -> str:
    """What clocks on the wall show in a time zone: ``2026-01-31 18:05``."""
    return f"{wall_clock(at, zone):%Y-%m-%d %H:%M}"


def business_day(at: int, zone: str, day_starts_at: str) -> str:
    """The ISO date of the business day that ``at`` belongs to.

    A day begins at ``day_starts_at`` (``"04:00"``) in the restaurant's zone, so
    that a bar's order at 01:30 counts for the evening before.
    """
    hours, minutes = (int(part) for part in day_starts_at.split(":"))
    begun = timedelta(hours=hours, minutes=minutes)
    wall = wall_clock(at, zone).replace(tzinfo=None) - begun
    return wall.date().isoformat()
