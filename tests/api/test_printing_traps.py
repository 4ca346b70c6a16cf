"""Receipts, doors and pairing, in the ways that hurt: late money, odd bodies, races."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

import pytest
import pytest_asyncio

from harness import API
from harness.edits import edit, kept

pytestmark = pytest.mark.usefixtures("quiet")


@pytest_asyncio.fixture
async def counter(shop: Any) -> Any:
    """A shop whose receipts come out at its counter."""

    class Counter:
        async def call(self, method: str, path: str, body: Any = None) -> Any:
            key = {"Idempotency-Key": uuid.uuid4().hex}
            return await shop.client.request(
                method, API + path, json=body, headers={**shop.wallet.admin, **key}
            )

        async def done(self, *arguments: Any) -> Any:
            response = await self.call(*arguments)
            assert response.is_success, response.text
            return response.json()

        async def set(self, **settings: Any) -> None:
            await self.done("PATCH", f"/restaurants/{shop.id}", settings)

        async def receipts(self, order_id: str) -> list[dict[str, Any]]:
            jobs = await shop.jobs(order_id)
            return [job for job in jobs if job["kind"] == "receipt"]

    counter = Counter()
    await counter.set(receipt_station="counter")
    return counter


# --- a receipt that comes by itself ---------------------------------------------------


@pytest.mark.parametrize("receipt_on", ["paid", "completed"])
async def test_an_order_that_came_back_gets_the_receipt_it_never_had(
    counter, shop, settle, receipt_on
):
    await counter.set(receipt_on=receipt_on)
    placed = await shop.placed()
    order_id = placed["order"]["id"]
    assert (await shop.status(order_id, "canceled")).status_code == 200
    await settle(placed)
    assert await counter.receipts(order_id) == []

    await counter.done("POST", f"/orders/{order_id}/resurrect")
    if receipt_on == "completed":
        for step in ("ready", "completed"):
            assert (await shop.status(order_id, step)).status_code == 200

    assert len(await counter.receipts(order_id)) == 1


async def test_an_order_in_question_has_no_receipt_until_somebody_decides(
    counter, shop, settle, clock
):
    await counter.set(receipt_on="paid", auto_refund=False)
    placed = await shop.placed()
    order_id = placed["order"]["id"]
    clock.forward(3 * 3600)
    await settle(placed)
    assert (await shop.order(order_id))["flags"] == ["paid_late", "refund_due"]
    assert await counter.receipts(order_id) == []

    assert (await shop.status(order_id, "accepted")).status_code == 200

    [job] = await counter.receipts(order_id)
    assert job["content"]["document"]["copy_n"] == 0


async def test_what_had_its_receipt_gets_none_when_it_comes_back(counter, shop, settle):
    await counter.set(receipt_on="paid", auto_refund=False)
    placed = await shop.placed()
    order_id = placed["order"]["id"]
    await settle(placed)
    assert (await shop.status(order_id, "canceled")).status_code == 200

    await counter.done("POST", f"/orders/{order_id}/resurrect")

    assert len(await counter.receipts(order_id)) == 1


@pytest.mark.parametrize(
    ("method", "receipt_on"),
    [("lightning", "paid"), ("lightning", "completed"), ("cash", "completed")],
)
async def test_what_costs_nothing_has_a_receipt_too(counter, shop, method, receipt_on):
    await counter.set(receipt_on=receipt_on)
    body = {"name": "All", "trigger": "code", "kind": "percent", "percent": "100"}
    discount = await counter.done("POST", f"/restaurants/{shop.id}/discounts", body)
    await counter.done("POST", f"/discounts/{discount['id']}/codes", {"code": "GRATIS"})
    cart = shop.cart(payment_method=method, codes=["GRATIS"])
    order = (await shop.place(cart, **shop.wallet.admin)).json()["order"]
    assert order["total"] == "0.00"

    if receipt_on == "completed":
        steps = ["ready", "completed"]
        for step in steps if method == "cash" else ["accepted", *steps]:
            assert (await shop.status(order["id"], step)).status_code == 200

    [job] = await counter.receipts(order["id"])
    assert job["content"]["document"]["is_bill"] is False


async def test_an_edit_that_leaves_nothing_due_brings_the_receipt(counter, shop):
    await counter.set(receipt_on="paid")
    cart = shop.cart(shop.line("Agua", 2), shop.line("Flan", 1), payment_method="cash")
    order = (await shop.place(cart, **shop.wallet.admin)).json()["order"]
    path = f"/orders/{order['id']}/payments"
    await counter.done("POST", path, {"method": "cash", "amount": "40.00"})
    assert await counter.receipts(order["id"]) == []

    await edit(
        shop, await shop.order(order["id"]), items=kept(order["items"][1])
    )

    assert len(await counter.receipts(order["id"])) == 1


# --- doors -------------------------------------------------------------------------


@pytest_asyncio.fixture
async def bistro(client: Any, make_wallet: Any) -> Any:
    from harness.doors import open_bistro

    return await open_bistro(client, await make_wallet())


async def test_DOORS(bistro, client):
    from urllib.parse import quote
    made, star = await bistro.star()
    emade, eps = await bistro.epson()
    await bistro.ticket()
    url, eurl = made["secret_url"], emade["secret_url"]
    out = []
    async def go(m, u, **k):
        r = await client.request(m, u, **k)
        out.append((r.status_code, m, u[-60:], str(k)[:60], r.text[:100], r.headers.get("cache-control")))
        return r
    for t in ("%00", "%ed%a0%80", "a%00b-2", "-", "x-99", "x--1", "%F0%9F%98%80"*20, "a"*501, "%E2%91%A0-%D9%A1"):
        for m in ("GET", "DELETE"):
            await go(m, f"{url}?token={t}&code=%00&type=image/png")
    await go("GET", f"{url}?type=%00")
    await go("GET", f"{url}?delete&code=" )
    await go("GET", f"{url}?delete&code=%00")
    for m in ("HEAD", "PUT", "PATCH", "OPTIONS", "TRACE"):
        await go(m, url); await go(m, eurl)
    await go("GET", eurl); await go("DELETE", eurl)
    await go("POST", eurl.replace("epson", "cloudprnt"), json={})
    await go("POST", url.replace("cloudprnt", "epson"), data={"ConnectionType": "GetRequest"})
    for b in (b"", b"[]", b"null", b"\xff", b'{"statusCode":5}', b'{"statusCode":"\\ud800"}', b'{"statusCode":"200 OK\\u0000"}', b'{"clientAction":[{"request":"Encodings","result":5},{"request":["a"]},5,null,{"request":"PageInfo","result":{"printWidth":1e999}},{"request":"PageInfo","result":"[[[[["},{"request":"GetPollInterval","result":"1e400"}]}', b'{"printerMAC":["a"],"uniqueID":{},"printingInProgress":"yes","statusCode":"999999999999"}', b'{"statusCode":"\u0664\u0661\u0660 x"}'.decode("unicode_escape").encode(), b"{"*40, b'{"a":'+b"9"*5000+b"}"):
        await go("POST", url, content=b, headers={"content-type":"application/json"})
    for tail in ("/", "//", "/x", "?x=1", "/cloudprnt-setting.json", "/cloudprnt-setting.json/"):
        await go("GET", url+tail); await go("POST", url+tail, json={"statusCode":"200%20OK"})
    await go("GET", url.upper().replace("HTTP://TESTSERVER/RESTAURANT/API/V1/CLOUDPRNT","http://testserver/restaurant/api/v1/cloudprnt"))
    await go("GET", url.replace("/cloudprnt/","/cloudprnt//"))
    for b in (b"", b"ConnectionType", b"ConnectionType=", b"ConnectionType=SetResponse", b"ConnectionType=SetResponse&ResponseFile=%00", b"ConnectionType=SetStatus&Status=%00<printerstatus asbstatus='0x1'>", b"\xff=\xfe&ConnectionType=GetRequest", b"&"*100, b"ConnectionType=SetResponse&ResponseFile="+quote("<response success='true' code='\x00' status='99999999999999999999'/>").encode()):
        await go("POST", eurl, content=b, headers={"content-type":"application/x-www-form-urlencoded"})
    for o in out: print(*o)
    assert not [o for o in out if o[0] >= 500]
    assert 0


async def test_PAIR(client, bistro):
    out=[]
    async def go(m, u, **k):
        r = await client.request(m, API+u, **k)
        out.append((r.status_code, m, u[-60:], str(k)[:60], r.text[:100]))
        return r
    body={"name":"x","printers":[{"name":"a"}]}
    opened = (await go("POST","/pairings",json=body)).json()
    await go("POST","/pairings/%00/collect",json={"secret":"x"})
    await go("POST",f"/pairings/{opened['id']}/collect",json={"secret":"\x00"})
    await go("POST",f"/pairings/{opened['id']}/collect",content=b'{"secret":"\\ud800"}')
    await go("POST",f"/pairings/{opened['id']}/collect",json={"secret":"x"*9000})
    await go("POST","/pairings",json={"name":"x","printers":[{"name":"a","model":"\u202e"}]})
    await go("POST","/pairings",json={"name":"x","printers":[{"name":"a b\n"}]})
    await go("POST",f"/restaurants/{bistro.restaurant.id}/pairings",json={"code":"\u0131"*8},headers=bistro.wallet.admin)
    await go("POST",f"/restaurants/{bistro.restaurant.id}/pairings",json={"code":"ſ2222222"},headers=bistro.wallet.admin)
    from restaurant.flows.pairing import forget_tries
    forget_tries()
    rs = await asyncio.gather(*(client.post(API+"/pairings",json=body) for _ in range(60)))
    print(sorted(r.status_code for r in rs))
    for o in out: print(*o)
    assert 0
