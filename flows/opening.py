"""Whether orders are taken now, and staff who pause and resume."""

from datetime import date
from typing import Any, Protocol

from ..adapters.log import log_warning
from ..core import fields, limits
from ..core.errors import invalid
from ..core.text import check_text
from ..core.times import YEARS, rfc3339_or_none, wall_clock
from ..features.journal.models import Entry
from ..features.opening import rules
from ..features.opening.models import Opening, OpeningDaysView, OpeningView, PauseBody
from ..features.pricing import rules as pricing
from ..features.pricing.models import Cart
from ..features.restaurants.models import Pause, Restaurant, RestaurantView
from ..models import Actor
from .managing import set_for_now
from .menus import Snapshot, menu_snapshot

#: Restaurants whose stored hours could not be read, and why: logged once each.
_faults: dict[str, str] = {}


class Asker(Protocol):
    """Who orders: a guest, or somebody who works here."""

    @property
    def is_staff(self) -> bool: ...


def check_open(
    snapshot: Snapshot, cart: Cart, placer: Asker, pickup_at: int | None, at: int
) -> None:
    """May this order be placed now, wanted at once or at ``pickup_at``?

    Refused ``order_type.not_offered``; Conflict ``restaurant.closed`` with the
    ``reason`` and ``opens_at``.
    """
    restaurant = snapshot.restaurant
    opening = rules.check_open(
        restaurant, cart.order_type, placer.is_staff, pickup_at, at
    )
    _warn(restaurant, opening)


def wanted_at(cart: Cart, at: int) -> int:
    """When the guest wants it: at the time that was chosen, or now."""
    pickup_at = pricing.pickup_time(cart)
    return at if pickup_at is None else max(pickup_at, at)


async def opening_days(
    id_or_slug: str, first_day: str | None, days: int, at: int
) -> OpeningDaysView:
    """Whether it is open now, and the hours of some days, from today on unless a
    ``first_day`` (ISO) is named. Refused for what is no day."""
    restaurant = (await menu_snapshot(id_or_slug, at)).restaurant
    if first_day is None:
        first_day = wall_clock(at, restaurant.timezone).date().isoformat()
    try:
        first = date.fromisoformat(fields.day(first_day))
    except ValueError as error:
        raise invalid("from", f"from {error}.") from error
    if not YEARS[0] <= first.year < YEARS[1]:
        raise invalid("from", f"from must be a day from {YEARS[0]} to {YEARS[1]}.")
    return OpeningDaysView(
        timezone=restaurant.timezone,
        opening=_view(restaurant, at),
        days=rules.days_view(rules.opening_days(restaurant, first, days)),
    )


async def pause_orders(
    restaurant_id: str, body: PauseBody, actor: Actor, at: int
) -> RestaurantView:
    """Take no orders for a while; the settings as they are now. Saying it again
    changes how long. Refused for an end that is past or too far ahead."""
    reason = check_text(body.reason or "", "reason", limits.NAME_MAX).strip()
    until = fields.ends_at(body.minutes, body.until, at, limits.PAUSE_MINUTES_MAX)
    told = {"until": rfc3339_or_none(until)}
    entry = Entry("restaurant.paused", actor, payload=told)
    values = {"pause": Pause(until=until, reason=reason)}
    return await set_for_now(restaurant_id, lambda _: (values, [entry]), actor, at)


async def resume_orders(restaurant_id: str, actor: Actor, at: int) -> RestaurantView:
    """End the pause; without one nothing changes."""

    def resume(old: Restaurant) -> tuple[dict[str, Any], list[Entry]] | None:
        if old.pause is None:
            return None
        entry = Entry("restaurant.resumed", actor)
        return {"pause": None}, [entry] if rules.is_paused(old.pause, at) else []

    return await set_for_now(restaurant_id, resume, actor, at)


def _view(restaurant: Restaurant, at: int) -> OpeningView:
    opening = rules.opening_at(restaurant, None, at)
    _warn(restaurant, opening)
    return rules.view(opening)


def _warn(restaurant: Restaurant, opening: Opening) -> None:
    """Stored hours that cannot be read count as open, and somebody should know; so
    with all other settings."""
    fault = opening.fault and f"takes orders at any hour: {opening.fault}"
    if restaurant.unread:
        fault = f"goes on without what cannot be read: {', '.join(restaurant.unread)}"
    if fault is None:
        _faults.pop(restaurant.id, None)
    elif _faults.get(restaurant.id) != fault:
        if len(_faults) >= limits.PROFILES_KEPT_MAX:
            _faults.clear()
        _faults[restaurant.id] = fault
        log_warning(f"{restaurant.slug} {fault}")
