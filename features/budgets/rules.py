"""How many unpaid orders are too many, and for whom. Pure."""

from collections.abc import Iterable
from ipaddress import IPv6Address, ip_address, ip_network

from ...core.errors import TooMany
from ...core.ids import sign
from ..restaurants.models import Profile
from .models import Budget, Spender

RETRY_AFTER_SECONDS = 30
#: A household has that much of an IPv6 address; the rest changes by the hour.
_NETWORK_BITS = 64


def address_hash_of(secret: str, restaurant_id: str, address: str | None) -> str | None:
    """What is stored of a guest's address; restaurants cannot compare theirs.

    None for what tells nobody apart: no address, or the server's own, behind which a
    proxy hides everybody.
    """
    try:
        found = ip_address(address or "")
    except ValueError:
        return None
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    if found.is_loopback or found.is_unspecified:
        return None
    shown = str(found)
    if isinstance(found, IPv6Address):
        shown = str(ip_network((int(found), _NETWORK_BITS), strict=False))
    return sign(secret, "address", restaurant_id, shown).hex()


def budgets_of_guest(
    profile: Profile, spender: Spender, total: int, at_table: int, at_address: int
) -> list[Budget]:
    """What guests share, and what this one's table and address have."""
    found = [Budget("restaurant", total, profile.open_orders_max)]
    if spender.table_id:
        found.append(Budget("table", at_table, profile.open_orders_per_table_max))
    if spender.address_hash:
        found.append(Budget("address", at_address, profile.open_orders_per_address_max))
    return found


def budget_of_staff(profile: Profile, unpaid: int) -> list[Budget]:
    return [Budget("device", unpaid, profile.open_orders_per_device_max)]


def check(budgets: Iterable[Budget]) -> None:
    """TooMany ``orders.too_many`` with the first ``cap`` that is reached."""
    for budget in budgets:
        if budget.is_spent:
            raise TooMany(
                "orders.too_many",
                "There are too many unpaid orders right now. Please pay or cancel "
                "one, or ask the staff.",
                retry_after=RETRY_AFTER_SECONDS,
                cap=budget.cap,
            )
