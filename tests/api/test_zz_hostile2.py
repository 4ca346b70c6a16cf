import pytest
from harness.edits import change_restaurant, change_item, edit, kept, patch
from harness.gift_cards import call
from harness.tabs import a_table, open_tab, move_lines, added
from harness.kitchen import board
pytestmark = pytest.mark.usefixtures("quiet")
MINUTE=60_000; HOUR=60*MINUTE; DAY=24*HOUR
NOON = 1_790_078_400_000

async def test_a_swap_reserve(shop):
    await change_restaurant(shop, stock_policy="reserve", reserve_guest_percent=100)
    placed = await shop.placed(shop.cart(shop.line("Flan", 3)))
    order = placed["order"]
    line = {**shop.line("Flan", 3), "note": "no cream"}
    r = await patch(shop, order, items=[line])
    assert r.status_code == 200, r.text
    r = await patch(shop, r.json(), items=[shop.line("Flan", 4)])
    assert r.status_code == 409 or r.status_code == 422, r.text

async def test_b_swap_taken(shop):
    tab = await open_tab(shop, await a_table(shop), shop.line("Flan", 3))
    line = {**shop.line("Flan", 3), "note": "no cream"}
    r = await patch(shop, tab.order, items=[line])
    assert r.status_code == 200, r.text
    assert await shop.stock("Flan") == 0
    await move_lines(shop, tab.id, "cooking")
    r = await patch(shop, r.json(), items=[shop.line("Flan", 1)])
    assert r.status_code in (409, 422), r.text
    await added(shop, tab.id, shop.line("Agua"))

async def test_c_back_when_wanted(shop, settle, clock):
    from restaurant.core.times import rfc3339
    clock.stop(NOON)
    await change_item(shop, "Agua", is_available=False, available_again_at=rfc3339(NOON + 3*HOUR))
    placed = await shop.placed(shop.cart(pickup_at=rfc3339(NOON + 5*HOUR)))
    await settle(placed)
    assert (await shop.order(placed["order"]["id"]))["flags"] == []

async def test_d_paused_and_closed(shop, settle, clock):
    from restaurant.core.times import rfc3339
    clock.stop(NOON - 5 * MINUTE)
    hours = [{"days": list(range(7)), "starts": "10:00", "ends": "12:00"}]
    await change_restaurant(shop, opening_hours=hours, accept_within_minutes=10)
    placed = await shop.placed()
    r = await call(shop, "PUT", f"/restaurants/{shop.id}/pause", {"minutes": 600})
    assert r.status_code == 200
    clock.forward(600)
    await settle(placed)
    [shown] = (await board(shop))["orders"]
    assert shown["accept_by"] == rfc3339(NOON + DAY - 2*HOUR + 10 * MINUTE)
