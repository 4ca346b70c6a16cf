"""Receipts over HTTP: what a guest keeps, what comes out at the counter, and when."""

from __future__ import annotations

import asyncio
import json
import uuid
from typing import Any

import pytest
import pytest_asyncio

from harness import API

pytestmark = pytest.mark.usefixtures("quiet")

FILES = {
    "txt": ("text/plain; charset=utf-8", b"RECEIPT #"),
    "html": ("text/html; charset=utf-8", b"<!doctype html>"),
    "png": ("image/png", b"\x89PNG\r\n"),
    "pdf": ("application/pdf", b"%PDF-1."),
}
BANNER = "*** COPY {n} ***"


class Counter:
    """A shop with a receipt station, and its devices."""

    def __init__(self, shop: Any, headers: dict[str, dict[str, str]]) -> None:
        self.shop = shop
        self.headers = headers

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        who: str = "owner",
        key: str = "",
    ) -> Any:
        headers = {**self.headers[who], "Idempotency-Key": key or uuid.uuid4().hex}
        return await self.shop.client.request(
            method, API + path, json=body, headers=headers
        )

    async def done(self, *arguments: Any, **more: Any) -> Any:
        response = await self.call(*arguments, **more)
        assert response.is_success, response.text
        return response.json()

    async def set(self, **settings: Any) -> None:
        await self.done("PATCH", f"/restaurants/{self.shop.id}", settings)

    async def paid(self, settle: Any, *lines: Any, **fields: Any) -> dict[str, Any]:
        placed = await self.shop.placed(self.shop.cart(*lines, **fields))
        await settle(placed)
        self.headers["guest"] = {"X-Order-Token": placed["order_token"]}
        return placed

    async def print(self, order_id: str, body: Any = None, **more: Any) -> Any:
        return await self.done(
            "POST", f"/orders/{order_id}/receipt/print", body, **more
        )

    async def receipts(self, order_id: str) -> list[dict[str, Any]]:
        return [j for j in await self.shop.jobs(order_id) if j["kind"] == "receipt"]

    async def receipt(self, order_id: str, who: str = "owner") -> dict[str, Any]:
        return await self.done("GET", f"/orders/{order_id}/receipt", who=who)

    async def cash(self, order_id: str, amount: str, tendered: str) -> None:
        body = {"method": "cash", "amount": amount, "tendered": tendered}
        await self.done("POST", f"/orders/{order_id}/payments", body)

    async def printer(self, **fields: Any) -> str:
        body = {"name": "Counter", "kind": "cloudprnt", **fields}
        path = f"/restaurants/{self.shop.id}/printers"
        return (await self.done("POST", path, body))["id"]


@pytest_asyncio.fixture
async def counter(shop: Any) -> Counter:
    headers = {"owner": shop.wallet.admin}
    for role in ("pos", "kds", "manager", "printer"):
        made = await shop.client.post(
            f"{API}/restaurants/{shop.id}/devices",
            json={"name": role, "role": role},
            headers=shop.wallet.admin,
        )
        headers[role] = {"Authorization": f"Bearer {made.json()['token']}"}
    counter = Counter(shop, headers)
    await counter.set(receipt_station="counter")
    return counter


# --- to look at, and to keep ---------------------------------------------------------


async def test_a_guest_gets_the_whole_receipt_of_a_paid_order(counter, shop, settle):
    await counter.set(
        legal_name="Big Jay S.A.", address="1a Calle 7", tax_id="1234567-8"
    )
    await counter.set(receipt_footer="¡Gracias!", tax_rate="12")
    placed = await counter.paid(settle, shop.line("Tacos", 2, "Maíz", "Brisket"))
    order = await shop.order(placed["order"]["id"])

    receipt = await counter.receipt(order["id"], who="guest")

    url = receipt.pop("tracking_url")
    assert url.endswith(f"/restaurant/o/{order['id']}#k={placed['order_token']}")
    day = receipt.pop("business_day")
    rate = {"currency": "GTQ", "rate": "158.635", "at": order["rate_at"]}
    assert order["created_at"].startswith(day[:8])
    assert receipt == {
        "type": "receipt/1",
        "kind": "receipt",
        "restaurant": {
            "name": "Big Jay's Bustaurant",
            "legal_name": "Big Jay S.A.",
            "address": "1a Calle 7",
            "tax_id": "1234567-8",
            "footer": "¡Gracias!",
        },
        "timezone": "UTC",
        "order_id": order["id"],
        "order_number": order["number"],
        "order_type": "pickup",
        "table": None,
        "covers": None,
        "placed_at": order["created_at"],
        "paid_at": order["paid_at"],
        "currency": "GTQ",
        "is_bill": False,
        "marks": [],
        "lines": [
            {
                "quantity": 2,
                "name": "Tacos",
                "price": "45.00",
                "currency": "GTQ",
                "modifiers": [
                    {"name": "Maíz", "quantity": 1, "price_delta": "0.00"},
                    {"name": "Brisket", "quantity": 1, "price_delta": "25.00"},
                ],
                "total": "140.00",
                "discounts": [],
                "tax_rate": "12",
                "combo": None,
            }
        ],
        "discounts": [],
        "charges": [],
        "tax_inclusive": True,
        "taxes": [{"rate": "12", "net": "125.00", "tax": "15.00", "gross": "140.00"}],
        "tax_exempt_reason": None,
        "sums": {
            "subtotal": "140.00",
            "tax": "0.00",
            "tip": "0.00",
            "rounding": "0.00",
        },
        "total": "140.00",
        "total_msat": 22_209_000,
        "rate": rate,
        "payments": [
            {
                "method": "lightning",
                "amount": None,
                "currency": order["payments"][0]["currency"],
                "amount_msat": 22_209_000,
                "rate": rate,
                "tendered": None,
                "change": None,
                "rounding": None,
                "provider": None,
                "at": order["paid_at"],
            }
        ],
        "paid_msat": 22_209_000,
        "due": "0.00",
        "due_msat": 0,
        "tips": [],
        "refunds": [],
        "fiscal": None,
        "station": None,
        "language": None,
        "copy_n": 0,
        "reprint": None,
    }


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("who", ["guest", "owner", "manager", "pos"])
async def test_every_kind_of_file_is_private_and_says_what_it_is(
    counter, settle, kind, who
):
    placed = await counter.paid(settle)
    path = f"/orders/{placed['order']['id']}/receipt.{kind}?language=en"

    response = await counter.call("GET", path, who=who)

    media, start = FILES[kind]
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == media
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert start in response.content
    if kind == "txt":
        letters = response.text.replace("\n", "")
        assert (placed["order_token"] in letters) == (who != "pos")


async def test_a_till_does_not_get_the_guest_s_key(counter, settle):
    placed = await counter.paid(settle)

    for who in ("guest", "owner", "manager"):
        receipt = await counter.receipt(placed["order"]["id"], who=who)
        assert placed["order_token"] in receipt["tracking_url"]
    assert (await counter.receipt(placed["order"]["id"], "pos"))["tracking_url"] is None


async def test_the_page_runs_nothing_and_shows_what_was_typed_as_words(counter, shop):
    await counter.set(receipt_footer="<script>alert(1)</script>", address="<b>&amp;")
    placed = await shop.placed()
    path = f"/orders/{placed['order']['id']}/receipt.html?language=es"

    response = await counter.call("GET", path)

    page = response.text
    assert response.headers["content-security-policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    assert '<html lang="es" dir="ltr">' in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "&lt;b&gt;&amp;amp;" in page
    assert not any(word in page for word in ("<script", "<b>", "http-equiv", "<link"))
    assert "CUENTA" in page  # nothing is paid


@pytest.mark.parametrize("query", ["language=xx", "paper=57", "language=en&paper=80mm"])
async def test_an_unknown_language_or_paper_is_refused(counter, shop, query):
    placed = await shop.placed()
    path = f"/orders/{placed['order']['id']}/receipt.txt?{query}"

    assert (await counter.call("GET", path)).status_code == 422


async def test_a_bill_says_what_is_due_and_a_part_that_was_paid(counter, shop):
    cart = shop.cart(shop.line("Agua", 3), payment_method="cash")
    placed = (await shop.place(cart, **shop.wallet.admin)).json()["order"]
    await counter.cash(placed["id"], "10.00", "20.00")

    receipt = await counter.receipt(placed["id"])

    assert (receipt["is_bill"], receipt["due"]) == (True, "20.00")
    [payment] = receipt["payments"]
    assert (payment["amount"], payment["tendered"], payment["change"]) == (
        "10.00",
        "20.00",
        "10.00",
    )
    text = (await counter.call("GET", f"/orders/{placed['id']}/receipt.txt")).text
    assert f"BILL #{placed['number']}\nNot paid yet\n" in text
    assert "DUE" in text
    await counter.cash(placed["id"], "20.00", "20.00")
    assert (await counter.receipt(placed["id"]))["is_bill"] is False


async def test_refunds_and_tips_after_the_meal_stand_below_the_sums(
    counter, shop, settle
):
    placed = await counter.paid(settle, shop.line("Agua", 2))
    order_id = placed["order"]["id"]
    tip = await counter.done("POST", f"/orders/{order_id}/tips", {"amount": "5"})
    await settle(tip)
    body = {"amount": "10.00", "reason": "warm", "destination": {"to": "cash"}}
    await counter.done("POST", f"/orders/{order_id}/refunds", body)

    receipt = await counter.receipt(order_id)

    [later], [back] = receipt["tips"], receipt["refunds"]
    assert (later["amount"], later["currency"]) == ("5.00", "GTQ")
    assert (back["amount"], back["status"], back["reason"]) == ("10.00", "sent", "warm")
    assert (receipt["total"], receipt["marks"]) == ("20.00", [])
    text = (await counter.call("GET", f"/orders/{order_id}/receipt.txt")).text
    assert "Tip after the meal" in text
    assert "Refund (paid back)" in text
    assert "warm" in text


async def test_an_order_that_is_over_says_so_and_is_no_bill(counter, shop):
    placed = await shop.placed()
    order_id = placed["order"]["id"]
    assert (await shop.status(order_id, "canceled")).status_code == 200

    receipt = await counter.receipt(order_id)

    assert (receipt["marks"], receipt["is_bill"], receipt["due"]) == (
        ["canceled"],
        False,
        "0.00",
    )


# --- on paper ------------------------------------------------------------------------


async def test_staff_prints_a_receipt_at_the_receipt_station(counter, settle):
    placed = await counter.paid(settle)
    order_id = placed["order"]["id"]

    job = await counter.print(order_id, who="pos")

    assert (job["kind"], job["station"], job["round"]) == ("receipt", "counter", 1)
    assert job["content"]["type"] == "receipt/1"
    document = job["content"]["document"]
    assert (document["copy_n"], document["tracking_url"]) == (0, None)
    shown = await counter.receipt(order_id)
    same = {"station", "tracking_url"}
    assert {k: v for k, v in document.items() if k not in same} == {
        k: v for k, v in shown.items() if k not in same
    }
    assert "COPY" not in job["content"]["text"]
    assert (await counter.shop.events(order_id))[-1] == "receipt.queued"


async def test_the_same_receipt_again_says_that_it_is_a_copy(counter, settle):
    placed = await counter.paid(settle)
    order_id = placed["order"]["id"]

    jobs = [await counter.print(order_id) for _ in range(3)]

    assert [job["content"]["document"]["copy_n"] for job in jobs] == [0, 1, 2]
    assert [job["round"] for job in jobs] == [1, 2, 3]
    text = jobs[0]["content"]["text"]
    for n in (1, 2):
        banner = BANNER.format(n=n).center(42).rstrip() + "\n"
        assert jobs[n]["content"]["text"] == banner + text + banner


async def test_steps_and_settings_do_not_make_a_copy_an_original(counter, shop, settle):
    placed = await counter.paid(settle)
    order_id = placed["order"]["id"]
    await counter.print(order_id)
    await shop.status(order_id, "accepted")
    await counter.set(receipt_footer="Another footer", timezone="America/Guatemala")

    again = await counter.print(order_id, {"language": "de"})

    document = again["content"]["document"]
    assert (document["copy_n"], document["language"]) == (1, "de")
    assert "*** KOPIE 1 ***" in again["content"]["text"]


async def test_what_changed_is_an_original_again(counter, shop, settle):
    placed = await counter.paid(settle, shop.line("Agua", 2))
    order_id = placed["order"]["id"]
    await counter.print(order_id)
    body = {"amount": "10.00", "reason": "warm", "destination": {"to": "cash"}}
    await counter.done("POST", f"/orders/{order_id}/refunds", body)

    job = await counter.print(order_id)

    assert job["content"]["document"]["copy_n"] == 0


async def test_a_receipt_that_nobody_ever_took_is_no_original(counter, settle):
    placed = await counter.paid(settle)
    order_id = placed["order"]["id"]
    first = await counter.print(order_id)
    await counter.done("POST", f"/print_jobs/{first['id']}/cancel")

    assert (await counter.print(order_id))["content"]["document"]["copy_n"] == 0


async def test_a_receipt_that_a_printer_without_leases_may_print_is_no_second_original(
    counter, shop, settle
):
    placed = await counter.paid(settle)
    order_id = placed["order"]["id"]
    first = await counter.print(order_id)
    path = f"/restaurants/{shop.id}/print_jobs?status=queued&kind=receipt"
    for _ in range(2):
        [read] = (await counter.done("GET", path, who="printer"))["data"]
        assert read["content"]["text"] == first["content"]["text"]

    await counter.done("POST", f"/print_jobs/{first['id']}/cancel")
    again = await counter.print(order_id)

    acked = await counter.done("PUT", f"/print_jobs/{first['id']}/ack", who="printer")
    assert acked["status"] == "acknowledged"
    assert again["content"]["document"]["copy_n"] == 1
    assert BANNER.format(n=1) in again["content"]["text"]


async def test_what_staff_looks_at_is_not_on_paper(counter, shop, settle):
    placed = await counter.paid(settle)
    order_id = placed["order"]["id"]
    first = await counter.print(order_id)
    await counter.done("GET", f"/restaurants/{shop.id}/print_jobs?status=queued")
    await counter.done("POST", f"/print_jobs/{first['id']}/cancel")

    assert (await counter.print(order_id))["content"]["document"]["copy_n"] == 0


async def test_a_copy_stays_one_when_its_original_is_forgotten(counter, settle):
    from restaurant.crud import transaction

    placed = await counter.paid(settle)
    order_id = placed["order"]["id"]
    await counter.print(order_id)
    async with transaction() as conn:
        await conn.run(
            "DELETE FROM restaurant.print_jobs WHERE order_id = :id", id=order_id
        )

    assert (await counter.print(order_id))["content"]["document"]["copy_n"] == 1


async def test_one_key_prints_once(counter, settle):
    placed = await counter.paid(settle)
    order_id = placed["order"]["id"]

    jobs = [await counter.print(order_id, key="k" * 16) for _ in range(2)]

    assert jobs[0]["id"] == jobs[1]["id"]
    assert len(await counter.receipts(order_id)) == 1


async def test_without_a_station_a_printer_must_be_named(counter, shop, settle):
    await counter.set(receipt_station=None)
    placed = await counter.paid(settle)
    path = f"/orders/{placed['order']['id']}/receipt/print"

    refused = await counter.call("POST", path)
    unknown = await counter.call("POST", path, {"printer_id": "x"})
    printer_id = await counter.printer(stations=["bar"])
    job = await counter.done("POST", path, {"printer_id": printer_id})

    assert (refused.status_code, refused.json()["code"]) == (422, "receipt.no_printer")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "printer.unknown")
    assert job["station"] == "bar"


async def test_neither_kitchen_nor_cooks_see_a_receipt(counter, shop, settle):
    placed = await counter.paid(settle)
    order_id = placed["order"]["id"]
    job = await counter.print(order_id)
    path = f"/restaurants/{shop.id}/print_jobs?kind=receipt"

    listed = await counter.call("GET", path, who="kds")
    again = await counter.call("POST", f"/print_jobs/{job['id']}/reprint", who="kds")

    assert (listed.status_code, listed.json()["code"]) == (403, "job.kind")
    assert again.status_code == 404
    assert len((await counter.done("GET", path, who="printer"))["data"]) == 1


async def test_nothing_that_is_stored_opens_the_guest_s_page(counter, settle):
    from restaurant.crud import read

    placed = await counter.paid(settle)
    await counter.print(placed["order"]["id"])

    async with read() as conn:
        rows = await conn.all("SELECT document, text FROM restaurant.print_jobs")
    stored = json.dumps([[row["document"], row["text"]] for row in rows])
    assert placed["order_token"] not in stored


# --- by itself -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("receipt_on", "made"),
    [("never", [0, 0, 0]), ("paid", [1, 1, 1]), ("completed", [0, 0, 1])],
)
async def test_a_receipt_comes_by_itself_when_the_restaurant_wants_it(
    counter, shop, settle, receipt_on, made
):
    await counter.set(receipt_on=receipt_on)
    placed = await counter.paid(settle)
    order_id = placed["order"]["id"]
    found = [len(await counter.receipts(order_id))]
    for steps in (("accepted", "ready"), ("completed",)):
        for step in steps:
            assert (await shop.status(order_id, step)).status_code == 200
        found.append(len(await counter.receipts(order_id)))

    assert found == made


@pytest.mark.parametrize("receipt_on", ["paid", "completed"])
async def test_no_bill_comes_by_itself(counter, shop, receipt_on):
    await counter.set(receipt_on=receipt_on)
    cart = shop.cart(shop.line("Agua", 2), payment_method="cash")
    placed = (await shop.place(cart, **shop.wallet.admin)).json()["order"]
    await counter.cash(placed["id"], "10.00", "10.00")
    for step in ("ready", "completed"):
        assert (await shop.status(placed["id"], step)).status_code == 200
    assert await counter.receipts(placed["id"]) == []

    await counter.cash(placed["id"], "10.00", "10.00")

    [job] = await counter.receipts(placed["id"])
    assert job["content"]["document"]["is_bill"] is False
    assert len(job["content"]["document"]["payments"]) == 2


async def test_what_was_printed_by_hand_does_not_come_by_itself_again(
    counter, shop, settle
):
    await counter.set(receipt_on="completed")
    placed = await counter.paid(settle)
    order_id = placed["order"]["id"]
    await counter.print(order_id)

    for step in ("accepted", "ready", "completed"):
        assert (await shop.status(order_id, step)).status_code == 200

    assert len(await counter.receipts(order_id)) == 1


async def test_without_a_station_nothing_comes_by_itself(counter, settle):
    await counter.set(receipt_on="paid", receipt_station=None)
    placed = await counter.paid(settle)

    assert await counter.receipts(placed["order"]["id"]) == []


async def test_a_printer_at_the_counter_takes_it_with_the_guest_s_code_on_it(
    counter, shop, settle
):
    """The bytes are made for the printer; what staff and clients read has no key."""
    placed = await counter.paid(settle)
    order_id = placed["order"]["id"]
    for job in await shop.jobs(order_id):
        await counter.done("PUT", f"/print_jobs/{job['id']}/ack")
    made = await counter.print(order_id)
    path = f"/restaurants/{shop.id}/print_jobs/claim"

    job = await counter.done("POST", path, {"wait": 0}, who="printer")

    assert (job["id"], job["kind"]) == (made["id"], "receipt")
    assert job["content"]["document"] == made["content"]["document"]
    assert placed["order_token"] not in json.dumps(job["content"])


async def test_of_two_tills_at_once_one_gets_the_original(counter, settle):
    placed = await counter.paid(settle)
    order_id = placed["order"]["id"]

    jobs = await asyncio.gather(*(counter.print(order_id, who="pos") for _ in range(4)))

    copies = sorted(job["content"]["document"]["copy_n"] for job in jobs)
    assert copies == [0, 1, 2, 3]
