"""A till takes off an order what it may in all, however often it edits it."""

from __future__ import annotations

import pytest
import pytest_asyncio

from harness.discounts import make_discount, uses_of
from harness.edits import change_restaurant, edit, refused
from harness.tips import done

pytestmark = pytest.mark.usefixtures("quiet")

TILL = (403, "discount.till")
HALF = {"percent": "50", "reason": "it was cold"}


def tenth(reason="regular", **fields):
    return {"percent": "10", "reason": reason, **fields}


@pytest_asyncio.fixture
async def till(shop):
    """The header of a till that takes off ten percent."""
    await change_restaurant(shop, till_discount_percent="10")
    body = {"name": "Till", "role": "pos"}
    made = await done(shop, "POST", f"/restaurants/{shop.id}/devices", body)
    return {"Authorization": f"Bearer {made['token']}"}


async def ordered(shop):
    return (await shop.placed(shop.cart(shop.line("Agua", 10))))["order"]


async def test_edit_after_edit_takes_off_no_more_than_one(shop, till):
    order = await edit(shop, await ordered(shop), who=till, discounts=[tenth()])

    for more in ([tenth(), tenth("again")], [tenth(), tenth(line=0)]):
        assert await refused(shop, order, who=till, discounts=more) == TILL
    other = await edit(shop, order, who=till, discounts=[tenth("another reason")])
    assert other["total"] == "90.00"


async def test_what_the_till_took_off_when_ordering_counts(shop, till):
    cart = shop.cart(shop.line("Agua", 10), discounts=[tenth()])
    response = await shop.place(cart, **till)
    order = response.json()["order"]
    assert order["total"] == "90.00"

    more = [tenth(), tenth("again")]
    assert await refused(shop, order, who=till, discounts=more) == TILL


async def test_what_the_owner_sends_along_stays_the_tills(shop, till):
    order = await edit(shop, await ordered(shop), who=till, discounts=[tenth()])
    order = await edit(shop, order, discounts=[tenth(), HALF])
    assert order["total"] == "45.00"

    more = [tenth(), HALF, tenth("again")]
    assert await refused(shop, order, who=till, discounts=more) == TILL
    assert (await edit(shop, order, who=till, discounts=[HALF]))["total"] == "50.00"


async def test_a_till_does_not_repeat_what_a_manager_gave(shop, till):
    order = await edit(shop, await ordered(shop), discounts=[HALF])

    assert await refused(shop, order, who=till, discounts=[HALF, HALF]) == TILL


async def test_a_stored_discount_is_given_once(shop, till):
    meal = await make_discount(shop, name="Staff meal", trigger="staff", percent="50")
    given = {"discount_id": meal["id"], "reason": "their shift"}
    order = await ordered(shop)
    twice = (422, "discount.twice")

    for lines in ((None, None), (0, 0), (None, 0)):
        both = [{**given, "line": line} for line in lines]
        assert await refused(shop, order, who=till, discounts=both) == twice
    fed = await edit(shop, order, who=till, discounts=[given])
    assert (fed["total"], await uses_of(shop, meal)) == ("50.00", 1)


async def test_a_till_does_not_make_more_of_what_a_manager_gave(shop, till):
    order = await edit(shop, await ordered(shop), discounts=[HALF])
    [line] = order["items"]

    def of(quantity):
        return [{"line_id": line["id"], "quantity": quantity}]

    assert await refused(shop, order, who=till, items=of(100)) == TILL
    fewer = await edit(shop, order, who=till, items=of(8))
    assert fewer["total"] == "40.00"
    assert (await edit(shop, fewer, items=of(100)))["total"] == "500.00"
