"""When a table may call, and how a call is shown. Pure."""

from typing import Any

from ...core import limits
from ...core.errors import Conflict, Forbidden, TooMany
from ...core.times import rfc3339, rfc3339_or_none
from ...models import OrderStatus, OrderType
from ..orders.models import Order
from .models import Call, CallView, RaisedView

#: Who is over: the guests of these have left.
_OVER = {OrderStatus.COMPLETED, OrderStatus.CANCELED, OrderStatus.REFUNDED}


def table_of(order: Order) -> tuple[str, str]:
    """Id and name of the table that an order is served at.

    Conflict ``call.table`` for orders without one, and for those that are over.
    """
    is_there = order.order_type is OrderType.DINE_IN and order.status not in _OVER
    if order.table_id is None or not is_there:
        raise Conflict("call.table", "This order is not served at a table.")
    return order.table_id, order.table_name or order.table_id


def wrong_token() -> Forbidden:
    return Forbidden(
        "table.token", "This table's code is no longer valid. Ask the staff."
    )


def check_room(open_calls: int, lately: int) -> None:
    """TooMany ``calls.too_many`` when so many wait, or one table called so often."""
    if open_calls >= limits.CALLS_OPEN_MAX or lately >= limits.CALLS_PER_TABLE_MAX:
        raise TooMany(
            "calls.too_many",
            "Somebody was called often just now. Please wait a moment.",
            retry_after=limits.MINUTE_MS // limits.SECOND_MS,
        )


def told(call: Call) -> dict[str, Any]:
    """What the journal says of a call."""
    return {"call_id": call.id, "table": call.table_name, "kind": call.kind.value}


def raised(call: Call) -> RaisedView:
    return RaisedView(
        id=call.id,
        table=call.table_name,
        kind=call.kind.value,
        created_at=rfc3339(call.created_at),
    )


def view(call: Call) -> CallView:
    return CallView(
        id=call.id,
        table_id=call.table_id,
        table=call.table_name,
        kind=call.kind.value,
        created_at=rfc3339(call.created_at),
        answered_at=rfc3339_or_none(call.answered_at),
        answered_by=call.answered_by,
    )
