"""When a table may call."""

import pytest

from builders import an_order
from restaurant.core import limits
from restaurant.core.errors import Conflict, TooMany
from restaurant.features.calls import rules
from restaurant.models import OrderType


def an_order_at(table_id="t", **changes):
    at_table = {"order_type": OrderType.DINE_IN, "table_id": table_id}
    return an_order(**{**at_table, "table_name": "5", **changes})


@pytest.mark.parametrize("status", ["pending", "paid", "accepted", "ready"])
def test_an_open_order_at_a_table_calls_there(status):
    assert rules.table_of(an_order_at(status=status)) == ("t", "5")


@pytest.mark.parametrize(
    "order",
    [
        an_order_at(table_id=None),
        an_order_at(order_type=OrderType.PICKUP),
        an_order_at(status="completed"),
        an_order_at(status="canceled"),
        an_order_at(status="refunded"),
    ],
)
def test_other_orders_call_nobody(order):
    with pytest.raises(Conflict) as error:
        rules.table_of(order)
    assert error.value.code == "call.table"


def test_calls_are_bounded():
    rules.check_room(limits.CALLS_OPEN_MAX - 1, limits.CALLS_PER_TABLE_MAX - 1)
    for counts in ((limits.CALLS_OPEN_MAX, 0), (0, limits.CALLS_PER_TABLE_MAX)):
        with pytest.raises(TooMany) as error:
            rules.check_room(*counts)
        assert (error.value.code, error.value.retry_after) == ("calls.too_many", 60)
