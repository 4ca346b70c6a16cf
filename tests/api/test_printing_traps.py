"""Receipts, doors and pairing, in the ways that hurt: late money, odd bodies, races."""

from __future__ import annotations

import asyncio
import logging
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
    [
        *(("lightning", "paid"), ("lightning", "completed")),
        *(("cash", "paid"), ("cash", "completed")),
    ],
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

    await edit(shop, await shop.order(order["id"]), items=kept(order["items"][1]))

    assert len(await counter.receipts(order["id"])) == 1


@pytest.mark.parametrize("is_tab", [False, True])
async def test_an_edit_to_what_is_free_brings_the_receipt(counter, shop, is_tab):
    await counter.set(receipt_on="paid")
    cart = shop.cart(payment_method="cash", tab=is_tab)
    order = (await shop.place(cart, **shop.wallet.admin)).json()["order"]
    free = {"percent": "100", "reason": "on the house"}

    await edit(shop, await shop.order(order["id"]), discounts=[free])
    await edit(shop, await shop.order(order["id"]), note="thanks")

    # More may be ordered on a tab until it is closed.
    assert len(await counter.receipts(order["id"])) == (0 if is_tab else 1)
    for step in ("ready", "completed"):
        assert (await shop.status(order["id"], step)).status_code == 200
    assert len(await counter.receipts(order["id"])) == 1


# --- doors -------------------------------------------------------------------------


@pytest_asyncio.fixture
async def bistro(client: Any, make_wallet: Any) -> Any:
    from harness.doors import open_bistro

    return await open_bistro(client, await make_wallet())


async def test_a_printer_of_pictures_alone_previews_one_whatever_its_layout(bistro):
    made, printer = await bistro.epson()
    await bistro.change(made, layout={"render": "text"})
    await bistro.ticket()
    job_id = (await bistro.job())["id"]
    waiting = await bistro.preview(job_id)

    assert await printer.work()

    [out] = printer.pictures
    shown = await bistro.preview(job_id)
    assert (await bistro.job())["bitmap_sha256"] == shown.headers["X-Bitmap-Sha256"]
    assert shown.content == waiting.content
    assert png_size(shown.content) == (out.width, out.height)


def png_size(picture: bytes) -> tuple[int, int]:
    return int.from_bytes(picture[16:20], "big"), int.from_bytes(picture[20:24], "big")


async def test_a_printer_s_thousand_answers_at_once_are_no_work(bistro):
    """Every answer costs looks at the database: a printer has one job at a time."""
    from restaurant.features.epson import rules

    answers = "<response success='true' code='' status='0'/>" * 5_000

    assert len(rules.report_of(answers).results) == 20


@pytest.mark.parametrize("typed", ["/cloudprnt//{}", "/CloudPRNT/{}", "/epson///{}"])
async def test_an_address_typed_in_wrong_is_in_no_log_either(typed, caplog):
    secret = "0123456789abcdef" * 4
    logger = logging.getLogger("uvicorn.access")
    caplog.set_level(logging.INFO, "uvicorn.access")
    logger.addHandler(caplog.handler)

    logger.info('%s - "%s %s" %d', "1.2.3.4:5", "POST", typed.format(secret), 404)

    logger.removeHandler(caplog.handler)
    assert "POST /" in caplog.text
    assert secret not in caplog.text


# --- pairing -----------------------------------------------------------------------


async def test_codes_asked_for_all_at_once_are_counted_one_by_one(client):
    """Else one address takes every place there is, and nobody can pair a machine."""
    from restaurant.crud import transaction
    from restaurant.flows.pairing import forget_tries

    forget_tries()
    body = {"name": "x", "printers": []}

    asked = (client.post(f"{API}/pairings", json=body) for _ in range(40))
    codes = [response.status_code for response in await asyncio.gather(*asked)]

    forget_tries()
    async with transaction() as conn:
        await conn.run("DELETE FROM restaurant.pairings")
    assert sorted(codes) == [201] * 20 + [429] * 20
