"""Every route × every credential: who is let in, who is not, and that nothing moved.

The table must hold every route of the extension; a new one without a row fails.
"""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest
import pytest_asyncio
from PIL import Image

from harness import API
from harness.books import snapshot
from harness.shop import Shop, open_shop

WHO = (
    *("nobody", "unknown", "foreign", "foreign manager", "guest of another order"),
    *("reader", "printer", "kds", "pos", "manager", "owner", "account", "guest"),
)
STRANGERS = {
    "nobody": 401,
    "unknown": 401,
    "foreign": 404,
    "foreign manager": 404,
    "guest of another order": 404,
    "guest": 404,
}
KNOWN = ("reader", "printer", "kds", "pos", "manager", "owner", "account")
OWNERS = ("owner", "account")

pytestmark = pytest.mark.usefixtures("quiet")

#: What makes a route's target; its parts are the path's parameters.
Target = Callable[["Stage"], Awaitable[dict[str, str]]]


@dataclass(frozen=True)
class Rule:
    """Status by credential, the body to send, and what the request is about."""

    statuses: dict[str, int]
    body: Any = None
    target: Target | None = None


@dataclass
class Stage:
    """A shop, a foreign one, and a header for every kind of visitor."""

    shop: Shop
    headers: dict[str, dict[str, str]]
    settle: Any

    async def owner(self, method: str, path: str, body: Any = None) -> Any:
        response = await self.shop.client.request(
            method, API + path, json=body, headers=self.shop.wallet.admin
        )
        assert response.is_success, response.text
        return response.json()


# --- targets ---------------------------------------------------------------------


async def restaurant(stage: Stage) -> dict[str, str]:
    return {"restaurant_id": stage.shop.id}


async def order(stage: Stage) -> dict[str, str]:
    """A new pending order; the guest's header is for this very one."""
    placed = await stage.shop.placed()
    stage.headers["guest"] = {"X-Order-Token": placed["order_token"]}
    return {"order_id": placed["order"]["id"], "new": "canceled"}


async def cooked(stage: Stage) -> dict[str, str]:
    """A guest's order of two courses on its way through the kitchen."""
    shop = stage.shop
    lines = [{**shop.line("Agua"), "course": course} for course in (1, 2)]
    cart = shop.cart(*lines, payment_method="cash")
    placed = (await shop.place(cart, **shop.wallet.admin)).json()
    stage.headers["guest"] = {"X-Order-Token": placed["order_token"]}
    return {"order_id": placed["order"]["id"]}


async def tab(stage: Stage) -> dict[str, str]:
    """A new tab at a restaurant whose guests may have one; its guest's header."""
    await stage.owner("PATCH", f"/restaurants/{stage.shop.id}", {"tabs_at_table": True})
    cart = stage.shop.cart(order_type="dine_in", tab=True)
    placed = (await stage.shop.place(cart, **stage.shop.wallet.admin)).json()
    stage.headers["guest"] = {"X-Order-Token": placed["order_token"]}
    return {"order_id": placed["order"]["id"]}


async def table_call(stage: Stage) -> dict[str, str]:
    """A table's call that waits."""
    path = f"/restaurants/{stage.shop.id}"
    made = await stage.owner("POST", f"{path}/tables", {"name": uuid.uuid4().hex})
    seat = {"table": made["name"], "table_token": made["token"]}
    raised = await stage.owner("POST", f"{path}/calls", {"kind": "bill", **seat})
    return {"call_id": raised["id"]}


async def job(stage: Stage) -> dict[str, str]:
    """A new ticket that waits for a printer."""
    placed = await stage.shop.placed()
    await stage.settle(placed)
    [made] = await stage.shop.jobs(placed["order"]["id"])
    return {"job_id": made["id"]}


async def no_printer(stage: Stage) -> dict[str, str]:
    """The address of a printer that asks by itself: nobody else has a key to it."""
    return {"secret": "0" * 64}


async def printer(stage: Stage) -> dict[str, str]:
    """A printer that asks by itself; deleted ones make room."""
    path = f"/restaurants/{stage.shop.id}/printers"
    for old in (await stage.owner("GET", path))["data"]:
        response = await stage.shop.client.delete(
            f"{API}/printers/{old['id']}", headers=stage.shop.wallet.admin
        )
        assert response.status_code == 204, response.text
    made = await stage.owner("POST", path, {"name": "x", "kind": "epson"})
    return {"printer_id": made["id"]}


async def queue(stage: Stage) -> dict[str, str]:
    """The restaurant, with a ticket that waits."""
    await job(stage)
    return await restaurant(stage)


async def failed_job(stage: Stage) -> dict[str, str]:
    target = await job(stage)
    body = {"error": "no paper", "retryable": False}
    await stage.owner("PUT", f"/print_jobs/{target['job_id']}/fail", body)
    return target


async def with_logo(stage: Stage) -> dict[str, str]:
    """The restaurant, with a logo."""
    file = BytesIO()
    Image.new("1", (8, 8)).save(file, "PNG")
    response = await stage.shop.client.put(
        f"{API}/restaurants/{stage.shop.id}/logo",
        content=file.getvalue(),
        headers={**stage.shop.wallet.admin, "Content-Type": "image/png"},
    )
    assert response.status_code == 200, response.text
    return await restaurant(stage)


async def table(stage: Stage) -> dict[str, str]:
    path = f"/restaurants/{stage.shop.id}/tables"
    made = await stage.owner("POST", path, {"name": uuid.uuid4().hex})
    return {"table_id": made["id"]}


async def device(stage: Stage) -> dict[str, str]:
    path = f"/restaurants/{stage.shop.id}/devices"
    made = await stage.owner("POST", path, {"name": "new", "role": "kds"})
    return {"device_id": made["id"]}


async def pairing(stage: Stage) -> dict[str, str]:
    return {"pairing_id": uuid.uuid4().hex}


async def payment(stage: Stage) -> dict[str, str]:
    """The open payment of a new order."""
    placed = await stage.shop.placed()
    return {"payment_id": placed["order"]["payments"][0]["id"]}


async def split(stage: Stage) -> dict[str, str]:
    """A new order whose bill is split."""
    target = await order(stage)
    body = {"by": "parts", "parts": 2}
    await stage.owner("POST", f"/orders/{target['order_id']}/split", body)
    return target


async def refund(stage: Stage) -> dict[str, str]:
    """A new refund that waits for its guest; the guest's header is its order's."""
    placed = await stage.shop.placed()
    stage.headers["guest"] = {"X-Order-Token": placed["order_token"]}
    await stage.settle(placed)
    order_id = placed["order"]["id"]
    response = await stage.shop.client.post(
        f"{API}/orders/{order_id}/refunds",
        json={"reason": "cold"},
        headers={**stage.shop.wallet.admin, "Idempotency-Key": uuid.uuid4().hex},
    )
    assert response.status_code == 201, response.text
    return {"refund_id": response.json()["id"], "token": "not-the-one"}


async def gift_card(stage: Stage) -> dict[str, str]:
    path = f"/restaurants/{stage.shop.id}/gift_cards"
    made = await stage.owner("POST", path, {"amount": "5", "kind": "given"})
    return {"gift_card_id": made["id"]}


async def discount(stage: Stage) -> dict[str, str]:
    """A new discount with a code of its own."""
    path = f"/restaurants/{stage.shop.id}/discounts"
    body = {"name": "x", "trigger": "code", "kind": "percent", "percent": "1"}
    made = await stage.owner("POST", path, body)
    codes = await stage.owner("POST", f"/discounts/{made['id']}/codes", {"count": 1})
    return {"discount_id": made["id"], "code_id": codes["data"][0]["id"]}


async def price_list(stage: Stage) -> dict[str, str]:
    """A list that is for no order, so that many may stand side by side."""
    path = f"/restaurants/{stage.shop.id}/price_lists"
    made = await stage.owner("POST", path, {"name": "x", "is_active": False})
    return {"list_id": made["id"]}


async def combo(stage: Stage) -> dict[str, str]:
    path = f"/restaurants/{stage.shop.id}/combos"
    options = [{"menu_item_id": stage.shop.item("Agua")["id"]}]
    groups = [{"name": "Drink", "options": options}]
    made = await stage.owner("POST", path, {"name": "x", "price": 1, "groups": groups})
    return {"combo_id": made["id"]}


async def colleague(stage: Stage) -> dict[str, str]:
    """Somebody new on the staff."""
    path = f"/restaurants/{stage.shop.id}/staff"
    made = await stage.owner("POST", path, {"name": "x", "pay_to": "x@wallet.example"})
    return {"staff_id": made["id"]}


async def payout(stage: Stage) -> dict[str, str]:
    """A payout of a tip that waits to be sent."""
    target = await colleague(stage)
    placed = await stage.shop.placed(stage.shop.cart(tip_msat=5_000))
    await stage.settle(placed)
    body = {"amount_msat": 5_000, "to": "server"}
    order_id = placed["order"]["id"]
    await stage.owner("PUT", f"/orders/{order_id}/server", target)
    await stage.settle(await stage.owner("POST", f"/orders/{order_id}/tips", body))
    response = await stage.shop.client.post(
        f"{API}/restaurants/{stage.shop.id}/tip_payouts",
        json={"staff_ids": [target["staff_id"]]},
        headers={**stage.shop.wallet.admin, "Idempotency-Key": uuid.uuid4().hex},
    )
    assert response.status_code == 201, response.text
    return {"payout_id": response.json()["data"][0]["id"]}


async def ingredient(stage: Stage) -> dict[str, str]:
    """A new ingredient, of which there is nothing."""
    path = f"/restaurants/{stage.shop.id}/ingredients"
    body = {"name": uuid.uuid4().hex, "unit": "g"}
    return {"stock_id": (await stage.owner("POST", path, body))["id"]}


async def item(stage: Stage) -> dict[str, str]:
    return {"item_id": stage.shop.item("Agua")["id"]}


async def modifier(stage: Stage) -> dict[str, str]:
    [chosen] = stage.shop.line("Tacos", 1, "Maíz")["modifiers"]
    return {"modifier_id": chosen["modifier_id"]}


# --- the table -------------------------------------------------------------------


def staff(status: int, *roles: str) -> dict[str, int]:
    """These roles and the owners get the status, other keys and devices 403."""
    known = {who: status if who in (*roles, *OWNERS) else 403 for who in KNOWN}
    return {**STRANGERS, **known}


def of_order(status: int, *roles: str) -> dict[str, int]:
    """As `staff`; an order is not there for who may not see it, and its own guest
    is known."""
    guest = status if "guest" in roles else 403
    return {**staff(status, *roles), "nobody": 404, "guest": guest}


def public(status: int) -> dict[str, int]:
    return dict.fromkeys(WHO, status)


BODY: dict[str, Any] = {}
NO_KEY = {"nobody": 401, "unknown": 401}
ROUTES: dict[tuple[str, str], Rule] = {
    ("POST", "/restaurants"): Rule(
        {
            **dict.fromkeys(WHO, 403),
            **NO_KEY,
            "foreign": 201,
            "owner": 201,
        },
        {"name": "Another", "currency": "sat"},
    ),
    ("GET", "/restaurants"): Rule(
        {
            **dict.fromkeys(WHO, 403),
            **NO_KEY,
            **dict.fromkeys(("foreign", "foreign manager"), 200),
            **dict.fromkeys(("reader", "manager", *OWNERS), 200),
        }
    ),
    ("GET", "/restaurants/{restaurant_id}"): Rule(public(200), None, restaurant),
    ("PATCH", "/restaurants/{restaurant_id}"): Rule(
        staff(200, "manager"), {"description": "x"}, restaurant
    ),
    ("DELETE", "/restaurants/{restaurant_id}"): Rule(
        staff(409, "manager"),  # an order is open
        None,
        restaurant,
    ),
    ("GET", "/restaurants/{restaurant_id}/menu"): Rule(public(200), None, restaurant),
    ("PUT", "/restaurants/{restaurant_id}/menu"): Rule(
        staff(422, "manager"), {"categories": [{"name": ""}]}, restaurant
    ),
    ("PATCH", "/menu_items/{item_id}"): Rule(
        staff(200, "manager", "kds", "pos"), {"is_available": True}, item
    ),
    ("PATCH", "/modifiers/{modifier_id}"): Rule(
        staff(200, "manager", "kds", "pos"), {"is_available": True}, modifier
    ),
    ("GET", "/restaurants/{restaurant_id}/stocks"): Rule(
        staff(200, "reader", "manager", "pos", "kds"), None, restaurant
    ),
    ("POST", "/restaurants/{restaurant_id}/ingredients"): Rule(
        staff(422, "manager"), {"name": "", "unit": ""}, restaurant
    ),
    ("PATCH", "/stocks/{stock_id}"): Rule(
        staff(200, "manager"), {"low_at": 1}, ingredient
    ),
    ("DELETE", "/stocks/{stock_id}"): Rule(staff(204, "manager"), None, ingredient),
    ("POST", "/restaurants/{restaurant_id}/stock_movements"): Rule(
        staff(422, "manager", "pos", "kds"), {"movements": []}, restaurant
    ),
    ("GET", "/stocks/{stock_id}/movements"): Rule(
        staff(200, "reader", "manager"), None, ingredient
    ),
    ("GET", "/restaurants/{restaurant_id}/stock/check"): Rule(
        staff(200, "reader", "manager"), None, restaurant
    ),
    ("GET", "/restaurants/{restaurant_id}/stocks.csv"): Rule(
        staff(200, "manager"), None, restaurant
    ),
    ("POST", "/restaurants/{restaurant_id}/stocks/import"): Rule(
        staff(422, "manager"), {"csv": "", "reason": "x"}, restaurant
    ),
    ("GET", "/restaurants/{restaurant_id}/recipes"): Rule(
        staff(200, "manager"), None, restaurant
    ),
    ("PUT", "/menu_items/{item_id}/recipe"): Rule(
        staff(200, "manager"), {"uses": []}, item
    ),
    ("PUT", "/modifiers/{modifier_id}/recipe"): Rule(
        staff(200, "manager"), {"uses": []}, modifier
    ),
    ("POST", "/restaurants/{restaurant_id}/devices"): Rule(
        staff(201, "manager"), {"name": "x", "role": "pos"}, restaurant
    ),
    ("GET", "/restaurants/{restaurant_id}/devices"): Rule(
        staff(200, "manager"), None, restaurant
    ),
    ("DELETE", "/devices/{device_id}"): Rule(staff(204, "manager"), None, device),
    ("POST", "/pairings"): Rule(public(422), {"name": ""}),
    ("POST", "/pairings/{pairing_id}/collect"): Rule(
        public(404), {"secret": "s"}, pairing
    ),
    ("POST", "/restaurants/{restaurant_id}/pairings"): Rule(
        staff(422, "manager"), {"code": "0000-0000"}, restaurant
    ),
    ("POST", "/restaurants/{restaurant_id}/tables"): Rule(
        staff(422, "manager"), {"name": ""}, restaurant
    ),
    ("GET", "/restaurants/{restaurant_id}/tables"): Rule(
        staff(200, "manager"), None, restaurant
    ),
    ("GET", "/restaurants/{restaurant_id}/opening"): Rule(
        public(200), None, restaurant
    ),
    ("PUT", "/restaurants/{restaurant_id}/pause"): Rule(
        staff(422, "manager", "pos", "kds"), {"minutes": 0}, restaurant
    ),
    ("DELETE", "/restaurants/{restaurant_id}/pause"): Rule(
        staff(200, "manager", "pos", "kds"), None, restaurant
    ),
    ("GET", "/restaurants/{restaurant_id}/slots"): Rule(public(200), None, restaurant),
    ("PUT", "/restaurants/{restaurant_id}/busy"): Rule(
        staff(200, "manager", "pos", "kds"), {"extra_minutes": 5}, restaurant
    ),
    ("DELETE", "/restaurants/{restaurant_id}/busy"): Rule(
        staff(200, "manager", "pos", "kds"), None, restaurant
    ),
    ("PATCH", "/tables/{table_id}"): Rule(
        staff(200, "manager"), {"zone": "Terrace"}, table
    ),
    ("POST", "/tables/{table_id}/token"): Rule(staff(200, "manager"), None, table),
    ("DELETE", "/tables/{table_id}"): Rule(staff(204, "manager"), None, table),
    ("POST", "/restaurants/{restaurant_id}/price_lists"): Rule(
        staff(422, "manager"), {"name": ""}, restaurant
    ),
    ("GET", "/restaurants/{restaurant_id}/price_lists"): Rule(
        staff(200, "manager", "pos", "kds"), None, restaurant
    ),
    ("GET", "/price_lists/{list_id}"): Rule(
        staff(200, "manager", "pos", "kds"), None, price_list
    ),
    ("PATCH", "/price_lists/{list_id}"): Rule(
        staff(200, "manager"), {"name": "y"}, price_list
    ),
    ("DELETE", "/price_lists/{list_id}"): Rule(staff(204, "manager"), None, price_list),
    ("POST", "/restaurants/{restaurant_id}/combos"): Rule(
        staff(422, "manager"), {"name": ""}, restaurant
    ),
    ("GET", "/restaurants/{restaurant_id}/combos"): Rule(
        staff(200, "manager", "pos", "kds"), None, restaurant
    ),
    ("GET", "/combos/{combo_id}"): Rule(
        staff(200, "manager", "pos", "kds"), None, combo
    ),
    ("PATCH", "/combos/{combo_id}"): Rule(staff(200, "manager"), {"name": "y"}, combo),
    ("DELETE", "/combos/{combo_id}"): Rule(staff(204, "manager"), None, combo),
    ("GET", "/orders/{order_id}/receipt"): Rule(
        of_order(200, "guest", "pos", "manager"), None, order
    ),
    ("GET", "/orders/{order_id}/receipt.txt"): Rule(
        of_order(200, "guest", "pos", "manager"), None, order
    ),
    ("GET", "/orders/{order_id}/receipt.html"): Rule(
        of_order(200, "guest", "pos", "manager"), None, order
    ),
    ("GET", "/orders/{order_id}/receipt.png"): Rule(
        of_order(200, "guest", "pos", "manager"), None, order
    ),
    ("GET", "/orders/{order_id}/receipt.pdf"): Rule(
        of_order(200, "guest", "pos", "manager"), None, order
    ),
    ("POST", "/orders/{order_id}/receipt/print"): Rule(
        of_order(422, "pos", "manager"), BODY, order
    ),
    ("POST", "/orders/quote"): Rule(public(200), "cart"),
    ("POST", "/orders"): Rule({**public(201), "unknown": 401}, "cart"),
    ("GET", "/orders/{order_id}"): Rule(
        of_order(200, "guest", "reader", "kds", "pos", "manager"), None, order
    ),
    ("POST", "/orders/{order_id}/invoice"): Rule(
        of_order(200, "guest", "pos", "manager"), None, order
    ),
    ("POST", "/orders/{order_id}/cancel"): Rule(
        of_order(200, "guest", "pos", "manager"), None, order
    ),
    ("PUT", "/orders/{order_id}/status/{new}"): Rule(
        of_order(200, "kds", "pos", "manager"), BODY, order
    ),
    ("GET", "/restaurants/{restaurant_id}/orders"): Rule(
        staff(200, "reader", "kds", "pos", "manager"), None, restaurant
    ),
    ("POST", "/orders/{order_id}/payments"): Rule(
        of_order(201, "pos", "manager"), BODY, order
    ),
    ("POST", "/orders/{order_id}/method"): Rule(
        of_order(200, "guest", "pos", "manager"), {"payment_method": "cash"}, order
    ),
    ("PATCH", "/orders/{order_id}"): Rule(
        of_order(200, "pos", "manager"), {"revision": 1}, order
    ),
    ("POST", "/orders/{order_id}/resolve"): Rule(
        of_order(409, "pos", "manager"), {"way": "make_anyway"}, order
    ),
    # No table's token: whatever else is shown, nobody is called.
    ("POST", "/restaurants/{restaurant_id}/calls"): Rule(
        public(403), {"kind": "waiter"}, restaurant
    ),
    ("GET", "/restaurants/{restaurant_id}/calls"): Rule(
        staff(200, "kds", "pos", "manager"), None, restaurant
    ),
    ("PUT", "/calls/{call_id}/answered"): Rule(
        staff(200, "kds", "pos", "manager"), None, table_call
    ),
    ("POST", "/orders/{order_id}/items"): Rule(
        of_order(422, "guest", "pos", "manager"), {"items": []}, tab
    ),
    ("POST", "/orders/{order_id}/merge"): Rule(
        of_order(404, "pos", "manager"), {"order_id": "another"}, order
    ),
    ("POST", "/orders/{order_id}/resurrect"): Rule(
        of_order(409, "pos", "manager"), None, order
    ),
    ("PUT", "/orders/{order_id}/lines/status"): Rule(
        of_order(200, "kds", "pos", "manager"), {"status": "done"}, cooked
    ),
    ("POST", "/orders/{order_id}/fire"): Rule(
        of_order(200, "kds", "pos", "manager"), {"course": 2}, cooked
    ),
    ("GET", "/restaurants/{restaurant_id}/kitchen"): Rule(
        staff(200, "kds", "pos", "manager"), None, restaurant
    ),
    ("POST", "/orders/{order_id}/refunds"): Rule(
        of_order(409, "pos", "manager"), {"reason": "cold"}, order
    ),
    ("GET", "/orders/{order_id}/refunds"): Rule(
        of_order(200, "guest", "pos", "manager"), None, order
    ),
    ("GET", "/refunds/{refund_id}"): Rule(
        of_order(200, "guest", "pos", "manager"), None, refund
    ),
    ("POST", "/refunds/{refund_id}/approve"): Rule(staff(200, "manager"), None, refund),
    ("POST", "/refunds/{refund_id}/cancel"): Rule(staff(200, "manager"), None, refund),
    ("POST", "/refunds/{refund_id}/destination"): Rule(
        of_order(200, "guest", "manager"), {"to": "withdraw"}, refund
    ),
    ("GET", "/withdraw/{refund_id}/{token}"): Rule(public(200), None, refund),
    ("GET", "/withdraw/{refund_id}"): Rule(public(200), None, refund),
    ("POST", "/orders/{order_id}/split"): Rule(
        of_order(201, "guest", "pos", "manager"), {"by": "parts", "parts": 2}, order
    ),
    ("GET", "/orders/{order_id}/split"): Rule(
        of_order(200, "guest", "reader", "kds", "pos", "manager"), None, split
    ),
    ("DELETE", "/orders/{order_id}/split"): Rule(
        of_order(204, "guest", "pos", "manager"), None, split
    ),
    ("GET", "/restaurants/{restaurant_id}/card_providers"): Rule(
        public(200), None, restaurant
    ),
    ("POST", "/payments/{payment_id}/dispute"): Rule(
        staff(409, "manager"), {"outcome": "won"}, payment
    ),
    ("POST", "/restaurants/{restaurant_id}/gift_cards"): Rule(
        staff(201, "manager", "pos"), {"amount": "10", "kind": "sold"}, restaurant
    ),
    ("GET", "/restaurants/{restaurant_id}/gift_cards"): Rule(
        staff(200, "manager"), None, restaurant
    ),
    ("POST", "/restaurants/{restaurant_id}/gift_cards/balance"): Rule(
        public(404), {"code": "0000-0000-0000-0000"}, restaurant
    ),
    ("GET", "/gift_cards/{gift_card_id}"): Rule(staff(200, "manager"), None, gift_card),
    ("PATCH", "/gift_cards/{gift_card_id}"): Rule(
        staff(200, "manager"), {"note": "x"}, gift_card
    ),
    ("POST", "/restaurants/{restaurant_id}/discounts"): Rule(
        staff(422, "manager"), {"name": ""}, restaurant
    ),
    ("GET", "/restaurants/{restaurant_id}/discounts"): Rule(
        staff(200, "manager", "pos"), None, restaurant
    ),
    ("GET", "/discounts/{discount_id}"): Rule(staff(200, "manager"), None, discount),
    ("PATCH", "/discounts/{discount_id}"): Rule(
        staff(200, "manager"), {"name": "y"}, discount
    ),
    ("DELETE", "/discounts/{discount_id}"): Rule(staff(204, "manager"), None, discount),
    ("POST", "/discounts/{discount_id}/codes"): Rule(
        staff(201, "manager"), {"count": 1}, discount
    ),
    ("GET", "/discounts/{discount_id}/codes"): Rule(
        staff(200, "manager"), None, discount
    ),
    ("DELETE", "/discount_codes/{code_id}"): Rule(
        staff(204, "manager"), None, discount
    ),
    ("POST", "/restaurants/{restaurant_id}/staff"): Rule(
        staff(422, "manager"), {"name": ""}, restaurant
    ),
    ("GET", "/restaurants/{restaurant_id}/staff"): Rule(
        staff(200, "manager", "pos", "kds"), None, restaurant
    ),
    ("PATCH", "/staff/{staff_id}"): Rule(
        staff(200, "manager"), {"name": "y"}, colleague
    ),
    ("DELETE", "/staff/{staff_id}"): Rule(staff(204, "manager"), None, colleague),
    ("PUT", "/orders/{order_id}/server"): Rule(
        of_order(200, "pos", "kds", "manager"), {"staff_id": None}, order
    ),
    ("POST", "/orders/{order_id}/tips"): Rule(
        of_order(409, "guest", "pos", "manager"), {"amount_msat": 5_000}, order
    ),
    ("GET", "/orders/{order_id}/tips"): Rule(
        of_order(200, "guest", "pos", "manager"), None, order
    ),
    ("GET", "/restaurants/{restaurant_id}/tips"): Rule(
        staff(200, "manager"), None, restaurant
    ),
    ("GET", "/restaurants/{restaurant_id}/tips/balances"): Rule(
        staff(200, "manager"), None, restaurant
    ),
    ("POST", "/restaurants/{restaurant_id}/tip_payouts"): Rule(
        staff(422, "manager"), {"staff_ids": []}, restaurant
    ),
    ("GET", "/restaurants/{restaurant_id}/tip_payouts"): Rule(
        staff(200, "manager"), None, restaurant
    ),
    ("GET", "/tip_payouts/{payout_id}"): Rule(staff(200, "manager"), None, payout),
    ("POST", "/tip_payouts/{payout_id}/cancel"): Rule(
        staff(200, "manager"), None, payout
    ),
    ("POST", "/tip_payouts/{payout_id}/retry"): Rule(
        staff(409, "manager"), None, payout
    ),
    ("PATCH", "/devices/{device_id}"): Rule(
        staff(200, "manager"), {"name": "x"}, device
    ),
    ("GET", "/restaurants/{restaurant_id}/print_jobs"): Rule(
        staff(200, "printer", "kds", "manager"), None, restaurant
    ),
    ("POST", "/restaurants/{restaurant_id}/print_jobs/claim"): Rule(
        {**staff(403), "printer": 200, **dict.fromkeys(OWNERS, 403)}, BODY, queue
    ),
    ("POST", "/print_jobs/{job_id}/start"): Rule(
        {**staff(403), "printer": 409, **dict.fromkeys(OWNERS, 403)},
        {"lease_token": "not the one"},
        job,
    ),
    ("POST", "/print_jobs/{job_id}/renew"): Rule(
        {**staff(403), "printer": 409, **dict.fromkeys(OWNERS, 403)},
        {"lease_token": "not the one"},
        job,
    ),
    ("PUT", "/print_jobs/{job_id}/ack"): Rule(staff(200, "printer"), BODY, job),
    ("PUT", "/print_jobs/{job_id}/fail"): Rule(
        staff(200, "printer"), {"error": "paper"}, job
    ),
    ("GET", "/cloudprnt/{secret}/cloudprnt-setting.json"): Rule(
        public(404), None, no_printer
    ),
    ("POST", "/cloudprnt/{secret}"): Rule(public(404), BODY, no_printer),
    ("GET", "/cloudprnt/{secret}"): Rule(public(404), None, no_printer),
    ("DELETE", "/cloudprnt/{secret}"): Rule(public(404), None, no_printer),
    ("POST", "/epson/{secret}"): Rule(public(404), BODY, no_printer),
    ("POST", "/print_jobs/{job_id}/reprint"): Rule(
        staff(201, "kds", "manager"), None, job
    ),
    ("POST", "/print_jobs/{job_id}/retry"): Rule(
        staff(200, "kds", "manager"), None, failed_job
    ),
    ("POST", "/print_jobs/{job_id}/reroute"): Rule(
        staff(422, "kds", "manager"), {"printer_id": "nobody's"}, job
    ),
    ("GET", "/restaurants/{restaurant_id}/printers"): Rule(
        staff(200, "kds", "pos", "manager"), None, restaurant
    ),
    ("POST", "/restaurants/{restaurant_id}/printers"): Rule(
        staff(422, "manager"), {"name": "", "kind": "epson"}, restaurant
    ),
    ("POST", "/restaurants/{restaurant_id}/printers/status"): Rule(
        {**staff(403), "printer": 200, **dict.fromkeys(OWNERS, 403)},
        {"printers": []},
        restaurant,
    ),
    ("PATCH", "/printers/{printer_id}"): Rule(
        staff(200, "manager"), {"copies": 2}, printer
    ),
    ("DELETE", "/printers/{printer_id}"): Rule(staff(204, "manager"), None, printer),
    ("POST", "/printers/{printer_id}/test"): Rule(staff(201, "manager"), None, printer),
    ("POST", "/printers/{printer_id}/secret"): Rule(
        staff(200, "manager"), None, printer
    ),
    ("POST", "/print_jobs/{job_id}/cancel"): Rule(
        staff(200, "kds", "manager"), None, job
    ),
    ("GET", "/print_jobs/{job_id}/preview.png"): Rule(
        staff(200, "printer", "manager"), None, job
    ),
    ("POST", "/restaurants/{restaurant_id}/print_preview"): Rule(
        staff(200, "manager"), {"sample": "test"}, restaurant
    ),
    ("PUT", "/restaurants/{restaurant_id}/logo"): Rule(
        staff(415, "manager"),  # not a picture
        BODY,
        restaurant,
    ),
    ("GET", "/restaurants/{restaurant_id}/logo.png"): Rule(
        staff(200, "manager"), None, with_logo
    ),
    ("DELETE", "/restaurants/{restaurant_id}/logo"): Rule(
        staff(204, "manager"), None, with_logo
    ),
    ("GET", "/restaurants/{restaurant_id}/events"): Rule(
        staff(200, "kds", "pos", "manager"), None, restaurant
    ),
    ("GET", "/restaurants/{restaurant_id}/lamps"): Rule(
        staff(200, "kds", "pos", "manager"), None, restaurant
    ),
}
SOCKETS = {
    "/restaurants/{restaurant_id}/events/ws",
    "/restaurants/{restaurant_id}/menu/ws",
    "/orders/{order_id}/ws",
}


@pytest_asyncio.fixture(scope="module")
async def stage(shared: tuple[Shop, Any], client: Any, make_wallet: Any) -> Stage:
    from lnbits.helpers import create_access_token

    shop, settle = shared
    foreign = await open_shop(client, await make_wallet())
    other_order = await shop.placed()
    session = create_access_token({"sub": "", "usr": shop.wallet.user})
    headers = {
        "nobody": {},
        "unknown": {"X-Api-Key": "f" * 32},
        "foreign": foreign.wallet.admin,
        "foreign manager": await paired(foreign, "manager"),
        "guest of another order": {"X-Order-Token": other_order["order_token"]},
        "guest": {"X-Order-Token": other_order["order_token"]},
        "reader": shop.wallet.invoice,
        "owner": shop.wallet.admin,
        "account": {"Authorization": f"Bearer {session}"},
    }
    for role in ("printer", "kds", "pos", "manager"):
        headers[role] = await paired(shop, role)
    return Stage(shop, headers, settle)


async def paired(shop: Shop, role: str) -> dict[str, str]:
    response = await shop.client.post(
        f"{API}/restaurants/{shop.id}/devices",
        json={"name": role, "role": role},
        headers=shop.wallet.admin,
    )
    return {"Authorization": f"Bearer {response.json()['token']}"}


async def ask(
    stage: Stage,
    route: tuple[str, str],
    headers: dict[str, str],
    parts: dict[str, str],
    query: str = "",
) -> Any:
    method, template = route
    body = ROUTES[route].body
    sent = stage.shop.cart() if body == "cart" else body
    return await stage.shop.client.request(
        method,
        API + template.format(**parts) + query,
        headers={"Idempotency-Key": uuid.uuid4().hex, **headers},
        **({} if sent is None else {"json": sent}),
    )


async def target_of(stage: Stage, route: tuple[str, str]) -> dict[str, str]:
    make = ROUTES[route].target
    return await make(stage) if make else {}


def test_every_route_is_in_the_table(restaurant_module):
    prefix = "/restaurant/api/v1"
    found, sockets = set(), set()
    for route in restaurant_module.restaurant_ext.routes:
        if not route.path.startswith(prefix):
            continue
        path = route.path.removeprefix(prefix)
        methods = getattr(route, "methods", None)
        if methods:
            found |= {(method, path) for method in methods if method != "HEAD"}
        else:
            sockets.add(path)

    assert found == set(ROUTES)
    assert sockets == SOCKETS
    assert all(set(rule.statuses) == set(WHO) for rule in ROUTES.values())


@pytest.mark.parametrize("route", ROUTES, ids=" ".join)
async def test_who_may_not_is_refused_and_changes_nothing(stage, route):
    rule = ROUTES[route]
    parts = await target_of(stage, route)
    before = await snapshot(stage.shop.id)
    for who, status in rule.statuses.items():
        if status not in (401, 403, 404):
            continue
        response = await ask(stage, route, stage.headers[who], parts)
        assert response.status_code == status, (who, response.text)
        assert set(response.json()) == {"detail", "code"}, who
        assert response.json()["detail"], who
    assert await snapshot(stage.shop.id) == before


@pytest.mark.parametrize("route", ROUTES, ids=" ".join)
async def test_who_may_is_let_in(stage, route):
    for who, status in ROUTES[route].statuses.items():
        if status in (401, 403, 404):
            continue
        parts = await target_of(stage, route)
        response = await ask(stage, route, stage.headers[who], parts)
        assert response.status_code == status, (who, response.text)


@pytest.mark.parametrize("route", ROUTES, ids=" ".join)
async def test_no_credential_in_a_query_opens_anything(stage, route):
    rule = ROUTES[route]
    nobody = rule.statuses["nobody"]
    if nobody not in (401, 404):
        return  # public anyway
    parts = await target_of(stage, route)
    before = await snapshot(stage.shop.id)
    wallet = stage.shop.wallet
    tokens = [h.get("Authorization", "")[7:] for h in stage.headers.values()]
    secrets = [wallet.adminkey, stage.headers["guest"]["X-Order-Token"], *tokens]
    names = ("api-key", "api_key", "X-Api-Key", "key", "token", "access_token")
    for secret in filter(None, secrets):
        query = "&".join(f"{name}={secret}" for name in names)
        response = await ask(stage, route, {}, parts, f"?usr={wallet.user}&{query}")
        assert response.status_code == nobody, response.text
    assert await snapshot(stage.shop.id) == before


async def test_a_session_in_a_cookie_counts_for_our_own_pages_only(stage):
    session = stage.headers["account"]["Authorization"].removeprefix("Bearer ")
    cookie = {"Cookie": f"cookie_access_token={session}"}
    route = ("PATCH", "/restaurants/{restaurant_id}")
    parts = await restaurant(stage)
    before = await snapshot(stage.shop.id)

    for origin in ("https://evil.example", "null", "http://testserver.evil.example"):
        response = await ask(stage, route, {**cookie, "Origin": origin}, parts)
        assert (response.status_code, response.json()["code"]) == (
            403,
            "session.origin",
        )
    assert await snapshot(stage.shop.id) == before
    own = {**cookie, "Origin": "http://testserver"}
    assert (await ask(stage, route, own, parts)).status_code == 200


async def test_a_revoked_device_is_unknown_at_once(stage):
    token = await paired(stage.shop, "manager")
    path = f"/restaurants/{stage.shop.id}/devices"
    newest = (await stage.owner("GET", path))["data"][0]["id"]
    route = ("GET", "/restaurants/{restaurant_id}/orders")
    parts = await restaurant(stage)
    assert (await ask(stage, route, token, parts)).status_code == 200

    gone = await stage.shop.client.delete(
        f"{API}/devices/{newest}", headers=stage.shop.wallet.admin
    )

    assert gone.status_code == 204
    response = await ask(stage, route, token, parts)
    assert (response.status_code, response.json()["code"]) == (401, "device.unknown")


async def test_the_kitchen_may_take_a_dish_off_but_not_give_it_away(stage):
    path = f"{API}/menu_items/{stage.shop.item('Agua')['id']}"
    before = await snapshot(stage.shop.id)
    for role in ("kds", "pos"):
        for body in (
            {"price": "0"},
            {"name": "free"},
            {"is_hidden": True},
            {"stock": 99},
            {"is_available": True, "price": "0"},
        ):
            response = await stage.shop.client.patch(
                path, json=body, headers=stage.headers[role]
            )
            assert response.status_code == 403, (role, body)
    assert await snapshot(stage.shop.id) == before


async def test_a_manager_neither_moves_the_money_nor_makes_managers(stage):
    from restaurant.crud import read

    own = f"{API}/restaurants/{stage.shop.id}"
    headers = stage.headers["manager"]
    claims = {"wallet_id": "mine", "user_id": "me", "id": "x", "deleted_at": 1}
    await stage.shop.client.patch(own, json=claims, headers=headers)
    made = await stage.shop.client.post(
        f"{own}/devices", json={"name": "x", "role": "manager"}, headers=headers
    )

    assert made.status_code == 403
    async with read() as conn:
        row = await conn.one(
            "SELECT * FROM restaurant.restaurants WHERE id = :id", id=stage.shop.id
        )
    assert row
    assert (row["wallet_id"], row["user_id"], row["deleted_at"]) == (
        stage.shop.wallet.id,
        stage.shop.wallet.user,
        None,
    )


async def test_a_table_code_opens_nothing_but_its_order(stage):
    path = f"/restaurants/{stage.shop.id}/tables"
    token = (await stage.owner("POST", path, {"name": "7"}))["token"]
    placed = await stage.shop.placed(stage.shop.cart(table="7", table_token=token))
    for headers in (
        {"X-Order-Token": token},
        {"Authorization": f"Bearer {token}"},
        {"X-Api-Key": token},
    ):
        for path in (
            f"/orders/{placed['order']['id']}",
            f"/restaurants/{stage.shop.id}/orders",
        ):
            response = await stage.shop.client.get(API + path, headers=headers)
            assert response.status_code in (401, 404), (path, headers)


async def test_lists_never_show_another_restaurant(stage):
    foreign = stage.headers["foreign"]
    response = await stage.shop.client.get(f"{API}/restaurants", headers=foreign)

    assert stage.shop.id not in response.text
    managed = await stage.shop.client.get(
        f"{API}/restaurants", headers=stage.headers["manager"]
    )
    assert [one["id"] for one in managed.json()["data"]] == [stage.shop.id]
    assert managed.json()["data"][0]["wallet_id"] is None


# --- what the description says ------------------------------------------------------

STAFF_TAKEN = {"RestaurantKey", "RestaurantLogin", "RestaurantDevice"}
TAKEN_BY = {
    **dict.fromkeys(("reader", "owner"), "RestaurantKey"),
    **dict.fromkeys(("printer", "kds", "pos", "manager"), "RestaurantDevice"),
    "account": "RestaurantLogin",
    "guest": "RestaurantOrder",
}
#: Public, but staff's credential tells or opens more.
OR_NOBODY = {
    ("POST", "/orders/quote"),
    ("POST", "/orders"),
    ("GET", "/restaurants/{restaurant_id}/menu"),
}
#: The table's request is refused to everybody, or to the guest, for what it asks.
SAID_HERE = {
    ("POST", "/restaurants/{restaurant_id}/calls"): set(),
    ("POST", "/restaurants/{restaurant_id}/gift_cards/balance"): set(),
    ("POST", "/orders/{order_id}/merge"): STAFF_TAKEN,
    ("POST", "/orders/{order_id}/payments"): {*STAFF_TAKEN, "RestaurantOrder"},
}


def taken(route: tuple[str, str]) -> set[str]:
    """The credentials by which somebody is let in."""
    if route in SAID_HERE:
        return SAID_HERE[route]
    statuses = ROUTES[route].statuses
    let_in = {who for who, status in statuses.items() if status not in (401, 403, 404)}
    if "nobody" in let_in:
        return STAFF_TAKEN if route in OR_NOBODY else set()
    return {TAKEN_BY[who] for who in let_in if who in TAKEN_BY}


@pytest_asyncio.fixture(scope="module")
async def described(client: Any) -> Any:
    """`described(route)`: the route in LNbits' own document."""
    document = (await client.get("/openapi.json")).json()

    def operation(route: tuple[str, str]) -> dict[str, Any]:
        method, path = route
        return document["paths"][API + path][method.lower()]

    operation.schemes = document["components"]["securitySchemes"]
    return operation


@pytest.mark.parametrize("route", ROUTES, ids=" ".join)
async def test_the_description_names_the_credentials_of_the_route(described, route):
    security = described(route).get("security", [])

    assert {name for one in security for name in one} == taken(route)
    assert ({} in security) == (route in OR_NOBODY)
    assert all(len(one) < 2 for one in security)  # any one of them will do
    assert len(security) == len({str(one) for one in security})


def test_the_description_says_where_credentials_are_sent(described):
    told = {
        name: (scheme["type"], scheme.get("name") or scheme.get("scheme"))
        for name, scheme in described.schemes.items()
        if name.startswith("Restaurant")
    }

    assert told == {
        "RestaurantKey": ("apiKey", "X-Api-Key"),
        "RestaurantLogin": ("http", "bearer"),
        "RestaurantDevice": ("http", "bearer"),
        "RestaurantOrder": ("apiKey", "X-Order-Token"),
    }


@pytest.mark.parametrize(
    "route", [route for route in ROUTES if route[0] == "POST"], ids=" ".join
)
async def test_the_description_names_the_key_that_a_route_takes(
    stage, described, route
):
    parts = await target_of(stage, route)
    let_in = [w for w, s in ROUTES[route].statuses.items() if s not in (401, 403, 404)]
    who = "owner" if "owner" in let_in or not let_in else let_in[0]
    headers = {**stage.headers[who], "Idempotency-Key": "too short"}

    answer = (await ask(stage, route, headers, parts)).content

    parameters = described(route).get("parameters", [])
    told = [p for p in parameters if p["name"] == "Idempotency-Key"]
    assert bool(told) == (b'"idempotency.key"' in answer), answer
    assert all((p["in"], p["schema"]["minLength"]) == ("header", 16) for p in told)
