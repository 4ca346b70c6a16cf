"""What an open tab may come to. Pure."""

from ...core.errors import Conflict
from ...core.money import price_text, to_minor
from ..restaurants.models import Profile


def check_limit(profile: Profile, currency: str, due_minor: int) -> None:
    """Conflict ``tab.limit`` with ``limit`` and ``due`` when a guest's tab would come
    to more than the owner allows; ``0`` allows anything.

    A bill in another currency, for want of a rate, has no limit to be held against.
    """
    limit_minor = to_minor(profile.tab_limit, profile.currency)
    if not limit_minor or currency != profile.currency or due_minor <= limit_minor:
        return
    due = price_text(due_minor, currency)
    raise Conflict(
        "tab.limit",
        f"An open tab goes up to {profile.tab_limit} {currency}; this one would come "
        f"to {due}. Please pay some of it first.",
        limit=price_text(limit_minor, currency),
        due=due,
    )
