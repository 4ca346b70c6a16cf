"""How many orders may wait unpaid: counted in the order's own transaction.

What guests share does not hold staff up, nor staff the guests.
"""

from collections import OrderedDict

from ..adapters import system
from ..core import limits
from ..crud import Conn, read, server_secret
from ..features.budgets import rules
from ..features.budgets.models import Budget, Spender
from ..features.orders import crud as orders
from ..features.restaurants.models import Restaurant

#: Budgets that were nearly spent when last counted: these are counted before an
#: invoice is made as well, so that spam cannot fill the node.
_nearly_spent: OrderedDict[tuple[str, ...], None] = OrderedDict()


async def address_hash(restaurant_id: str, address: str | None) -> str | None:
    """What stands for a guest's address; None for one that tells nobody apart."""
    secret = await server_secret(system.new_secret())
    return rules.address_hash_of(secret, restaurant_id, address)


async def check_budgets(conn: Conn, restaurant: Restaurant, spender: Spender) -> None:
    """TooMany ``orders.too_many`` when another order would be one too many. Under
    the restaurant's lock; one query."""
    budgets = await _count(conn, restaurant, spender)
    for budget in budgets:
        _remember(_key(restaurant, spender, budget.cap), budget.is_nearly_spent)
    rules.check(budgets)


async def check_budgets_early(restaurant: Restaurant, spender: Spender) -> None:
    """The same before the transaction, when a budget was nearly spent lately. Not
    for use inside a transaction."""
    caps = ("device",) if spender.is_staff else ("restaurant", "table", "address")
    if any(_key(restaurant, spender, cap) in _nearly_spent for cap in caps):
        async with read() as conn:
            await check_budgets(conn, restaurant, spender)


async def _count(conn: Conn, restaurant: Restaurant, spender: Spender) -> list[Budget]:
    if spender.is_staff:
        unpaid = await orders.unpaid_by_staff(conn, restaurant.id, spender.placed_by)
        return rules.budget_of_staff(restaurant, unpaid)
    counts = await orders.unpaid_by_guests(
        conn, restaurant.id, spender.table_id, spender.address_hash
    )
    return rules.budgets_of_guest(restaurant, spender, *counts)


def _key(restaurant: Restaurant, spender: Spender, cap: str) -> tuple[str, ...]:
    whose = {
        "table": spender.table_id,
        "address": spender.address_hash,
        "device": spender.placed_by,
    }
    return (restaurant.id, cap, whose.get(cap) or "")


def _remember(key: tuple[str, ...], is_nearly_spent: bool) -> None:
    _nearly_spent.pop(key, None)
    if is_nearly_spent:
        _nearly_spent[key] = None
    while len(_nearly_spent) > limits.BUDGETS_KEPT_MAX:
        _nearly_spent.popitem(last=False)
