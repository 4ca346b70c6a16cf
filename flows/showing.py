"""Reads orders for whoever may see them, in a bounded number of queries."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ..core.errors import NotFound
from ..core.paging import Place, cursor_of
from ..crud import Conn, in_list, read
from ..features.journal import crud as journal
from ..features.journal.models import JournalRow
from ..features.order_views import rules
from ..features.orders import crud as orders
from ..features.orders.models import Books, Order, OrderPage, OrderView
from ..features.payments import crud as payments
from ..features.payments import rules as payment_rules
from ..features.payments.models import Payment
from ..features.refunds import crud as refunds
from ..features.refunds import rules as refund_rules
from ..features.refunds.models import Refund
from ..features.restaurants import crud as restaurants
from ..features.restaurants.models import Restaurant
from ..features.splits import crud as splits
from .returning import books_of


async def show_order(order_id: str) -> OrderView:
    """One order as it stands; NotFound ``order.unknown``."""
    async with read() as conn:
        found = await show_all(conn, await orders.load_many(conn, [order_id]))
    if not found:
        raise unknown_order()
    return found[0]


async def show_all(conn: Conn, found: Sequence[Order]) -> list[OrderView]:
    """The public shapes of the orders, with what was paid and their history."""
    ids = [order.id for order in found]
    marks, values = in_list("id", ids)
    history: dict[str, list[JournalRow]] = {}
    for row in await journal.rows_of_orders(conn, marks, values):
        history.setdefault(row.order_id or "", []).append(row)
    booked = await payments.of_orders(conn, ids)
    returned = await refunds.of_orders(conn, ids)
    split_ids = await splits.live_ids(conn, ids)
    gone_to = [order.merged_into for order in found if order.merged_into]
    numbers = await orders.numbers_of(conn, gone_to)
    return [
        _view(
            replace(
                books_of(order, booked.get(order.id, []), returned.get(order.id, [])),
                split_id=split_ids.get(order.id),
            ),
            order,
            history.get(order.id, []),
            booked.get(order.id, []),
            returned.get(order.id, []),
            numbers.get(order.merged_into or ""),
        )
        for order in found
    ]


def _view(
    books: Books,
    order: Order,
    history: Sequence[JournalRow],
    booked: Sequence[Payment],
    returned: Sequence[Refund],
    merged_number: int | None,
) -> OrderView:
    return rules.view(
        order,
        books,
        history,
        [payment_rules.payment_view(payment) for payment in booked],
        [refund_rules.view(refund) for refund in returned],
        merged_number,
    )


def unknown_order() -> NotFound:
    return NotFound("order.unknown", "There is no such order for you.")


async def list_orders(
    restaurant_id: str,
    filters: dict[str, Any],
    statuses: Sequence[str],
    limit: int,
    after: Place,
) -> OrderPage:
    """A page of orders, newest first; ``next`` is an opaque cursor or None."""
    async with read() as conn:
        found = await orders.search(
            conn, restaurant_id, filters, statuses, limit, after
        )
        views = await show_all(conn, found)
    last = found[-1] if len(found) == limit else None
    return OrderPage(
        data=views, next=cursor_of(last.created_at, last.id) if last else None
    )


async def show_restaurant(id_or_slug: str) -> Restaurant:
    """The stored restaurant; NotFound ``restaurant.unknown``."""
    async with read() as conn:
        restaurant = await restaurants.load(conn, id_or_slug)
    if restaurant is None:
        raise NotFound("restaurant.unknown", "There is no such restaurant for you.")
    return restaurant
