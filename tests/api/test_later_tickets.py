"""What edits, cancellations and refunds put on paper: only what is new, or VOID."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from harness import API
from harness.edits import change_restaurant, edit, kept
from harness.gift_cards import call
from harness.refunds import asked
from harness.shop import Shop

pytestmark = pytest.mark.usefixtures("quiet")

FREE = {"percent": "100", "reason": "on the house"}


@pytest.fixture
def paid(shop, settle) -> Any:
    """`await paid()`: two tacos for the kitchen and an Agua for the bar, paid."""

    async def place_and_pay() -> dict[str, Any]:
        tacos = shop.line("Tacos", 2, "Maíz", "Brisket")
        placed = await shop.placed(shop.cart(tacos, shop.line("Agua")))
        await settle(placed)
        return await shop.order(placed["order"]["id"])

    return place_and_pay


async def take(shop: Shop, order: dict[str, Any], **body: Any) -> dict[str, Any]:
    """A payment, cash unless said otherwise; the order as it is then."""
    response = await shop.client.post(
        f"{API}/orders/{order['id']}/payments",
        json={"method": "cash", **body},
        headers={"Idempotency-Key": str(uuid.uuid4()), **shop.wallet.admin},
    )
    assert response.status_code == 201, response.text
    return await shop.order(order["id"])


async def split(shop: Shop, order: dict[str, Any]) -> dict[str, Any]:
    response = await call(
        shop, "POST", f"/orders/{order['id']}/split", {"by": "parts", "parts": 2}
    )
    assert response.status_code == 201, response.text
    return response.json()


async def jobs_of(shop: Shop, order: dict[str, Any]) -> list[tuple[Any, ...]]:
    """(station, round, status, part, lines to make, lines void) of every ticket."""
    found = []
    for job in await shop.jobs(order["id"]):
        document = job["content"]["document"]
        lines, voided = (
            [(line["quantity"], line["name"]) for line in document[name]]
            for name in ("lines", "voided")
        )
        place = (job["station"], job["round"], job["status"])
        found.append((*place, document["part"], lines, voided))
    return found


async def tell(shop: Shop, job: dict[str, Any], what: str, **body: Any) -> None:
    method = "PUT" if what in ("ack", "fail") else "POST"
    answer = await call(shop, method, f"/print_jobs/{job['id']}/{what}", body)
    assert answer.status_code in (200, 201), answer.text


async def print_all(shop: Shop, order: dict[str, Any]) -> None:
    for job in await shop.jobs(order["id"]):
        if job["status"] == "queued":
            await tell(shop, job, "ack")


@pytest.fixture
def printed(shop, paid) -> Any:
    """`await printed()`: a paid order whose tickets are on paper, and their prints."""

    async def place_pay_and_print() -> dict[str, Any]:
        await change_restaurant(shop, print_on="paid")
        order = await paid()
        await print_all(shop, order)
        return order

    return place_pay_and_print


async def test_tickets_that_nobody_started_are_made_anew(shop, paid):
    await change_restaurant(shop, print_on="paid")
    order = await paid()

    await edit(shop, order, items=kept(order["items"][0], quantity=1))

    assert await jobs_of(shop, order) == [
        ("kitchen", 1, "canceled", "new", [(2, "Tacos")], []),
        ("bar", 1, "canceled", "new", [(1, "Agua")], []),
        ("kitchen", 2, "queued", "new", [(1, "Tacos")], []),
    ]


async def test_tickets_on_paper_are_followed_by_what_differs(shop, printed):
    order = await printed()

    edited = await edit(
        shop, order, items=[*kept(*order["items"][:1]), shop.line("Flan")]
    )

    assert (await jobs_of(shop, order))[2:] == [
        ("kitchen", 2, "queued", "added", [(1, "Flan")], []),
        ("bar", 2, "queued", "void", [], [(1, "Agua")]),
    ]
    kitchen, bar = (await shop.jobs(order["id"]))[2:]
    number = f"#{order['number']}"
    assert kitchen["content"]["text"].startswith(f"ADD TO {number}\nKITCHEN\nROUND 2\n")
    assert bar["content"]["text"].startswith(f"*** VOID *** {number}\nBAR\nROUND 2\n")
    assert "VOID 1 x Agua\n" in bar["content"]["text"]
    made = kitchen["content"]["document"]["lines"]
    assert [line["line_id"] for line in made] == [edited["items"][1]["id"]]

    again = await edit(shop, edited, items=[*kept(*edited["items"]), shop.line("Agua")])
    assert (await jobs_of(shop, order))[3:] == [
        ("bar", 2, "canceled", "void", [], [(1, "Agua")]),
        ("bar", 3, "queued", "changed", [(1, "Agua")], [(1, "Agua")]),
    ]
    assert (await shop.status(again["id"], "accepted")).status_code == 200
    assert len(await shop.jobs(order["id"])) == 5


async def test_changed_words_of_a_printed_line_are_read_once(shop, printed):
    order = await printed()

    edited = await edit(
        shop,
        order,
        items=[*kept(order["items"][0], note="no salt"), *kept(order["items"][1])],
    )

    assert (await jobs_of(shop, order))[2:] == [
        ("kitchen", 2, "queued", "changed", [(2, "Tacos")], [(2, "Tacos")]),
    ]
    await print_all(shop, order)
    await edit(shop, edited, items=kept(*edited["items"]), discounts=[FREE])
    assert len(await shop.jobs(order["id"])) == 3


async def test_a_ticket_that_is_being_printed_is_followed_by_a_delta(shop, paid):
    await change_restaurant(shop, print_on="paid")
    order = await paid()
    kitchen, _ = await shop.jobs(order["id"])
    await tell(shop, kitchen, "fail", error="jam", in_doubt=True)

    await edit(shop, order, items=[*kept(*order["items"]), shop.line("Flan")])

    assert await jobs_of(shop, order) == [
        ("kitchen", 1, "queued", "new", [(2, "Tacos")], []),
        ("bar", 1, "queued", "new", [(1, "Agua")], []),
        ("kitchen", 2, "queued", "added", [(1, "Flan")], []),
    ]


async def test_a_canceled_ticket_that_came_out_all_the_same_is_taken_back(shop, paid):
    await change_restaurant(shop, print_on="paid")
    order = await paid()
    first = (await shop.jobs(order["id"]))[0]
    await edit(shop, order, items=[*kept(*order["items"]), shop.line("Flan")])
    await print_all(shop, order)

    await tell(shop, first, "ack")
    await tell(shop, first, "ack")

    assert (await jobs_of(shop, order))[2:] == [
        ("kitchen", 2, "acknowledged", "new", [(2, "Tacos"), (1, "Flan")], []),
        ("kitchen", 3, "queued", "void", [], [(2, "Tacos")]),
    ]
    assert (await shop.events(order["id"]))[-2:] == [
        "print.acknowledged",
        "order.tickets_made",
    ]


async def test_a_ticket_that_staff_took_off_is_not_made_anew(shop, paid):
    await change_restaurant(shop, print_on="paid")
    order = await paid()
    kitchen, _ = await shop.jobs(order["id"])
    await tell(shop, kitchen, "cancel")

    await edit(shop, order, items=[*kept(*order["items"]), shop.line("Flan")])

    assert (await jobs_of(shop, order))[2:] == [
        ("kitchen", 2, "queued", "added", [(1, "Flan")], []),
    ]
    [taken_off] = [j for j in await shop.jobs(order["id"]) if j["id"] == kitchen["id"]]
    assert taken_off["error_code"] == "job.taken_off"


async def test_a_station_without_changes_prints_nothing(shop, printed):
    order = await printed()

    edited = await edit(shop, order, items=kept(*order["items"]), discounts=[FREE])
    assert len(await shop.jobs(order["id"])) == 2
    await edit(shop, edited, items=kept(order["items"][1], order["items"][0]))
    assert len(await shop.jobs(order["id"])) == 2


async def test_an_order_that_moves_says_only_where_to(shop, printed):
    order = await edit(shop, await printed(), table="7")

    assert (await jobs_of(shop, order))[2:] == [
        ("kitchen", 2, "queued", "moved", [], []),
        ("bar", 2, "queued", "moved", [], []),
    ]
    await print_all(shop, order)
    await edit(shop, order, table="9")
    [news] = (await shop.jobs(order["id"]))[-1]["content"]["document"]["news"]
    assert news == {"what": "table", "before": "7", "after": "9"}
    text = (await shop.jobs(order["id"]))[-1]["content"]["text"]
    assert "TABLE 7 -> TABLE 9\n" in text
    assert "Agua" not in text


async def test_a_canceled_order_is_taken_back_on_paper(shop, printed):
    order = await printed()
    assert (await shop.status(order["id"], "accepted")).status_code == 200

    assert (await shop.status(order["id"], "canceled")).status_code == 200

    assert (await jobs_of(shop, order))[2:] == [
        ("kitchen", 2, "queued", "void", [], [(2, "Tacos")]),
        ("bar", 2, "queued", "void", [], [(1, "Agua")]),
    ]
    assert (await shop.events(order["id"])).count("order.tickets_made") == 2
    await asked(shop, order["id"], destination={"to": "cash"})
    assert (await shop.order(order["id"]))["status"] == "refunded"
    statuses = [each[2] for each in await jobs_of(shop, order)]
    assert statuses == ["acknowledged", "acknowledged", "queued", "queued"]


async def test_an_order_that_goes_back_in_full_stops_the_kitchen(shop, printed):
    whole, part = await printed(), await printed()

    await asked(shop, part["id"], amount="5.00", destination={"to": "cash"})
    await asked(shop, whole["id"], destination={"to": "cash"})

    assert [job[3] for job in await jobs_of(shop, part)] == ["new", "new"]
    parts = [job[3] for job in await jobs_of(shop, whole)]
    assert parts == ["new", "new", "void", "void"]


async def test_what_is_cooked_is_not_taken_back_on_paper(shop, printed):
    order = await printed()
    for status in ("accepted", "ready", "canceled"):
        assert (await shop.status(order["id"], status)).status_code == 200

    assert len(await shop.jobs(order["id"])) == 2


async def test_what_was_taken_out_of_a_cooked_order_is_taken_back_still(shop, printed):
    order = await printed()
    assert (await shop.status(order["id"], "accepted")).status_code == 200
    order = await edit(shop, order, items=kept(order["items"][0]))
    for status in ("ready", "canceled"):
        assert (await shop.status(order["id"], status)).status_code == 200

    assert (await jobs_of(shop, order))[2:] == [
        ("bar", 2, "queued", "void", [], [(1, "Agua")]),
    ]


async def test_a_canceled_order_that_comes_back_prints_again(shop, paid):
    await change_restaurant(shop, print_on="paid")
    order = await paid()
    await edit(shop, order, items=kept(order["items"][0]))
    assert (await shop.status(order["id"], "canceled")).status_code == 200

    response = await call(shop, "POST", f"/orders/{order['id']}/resurrect", None)

    assert response.status_code == 200, response.text
    last = (await jobs_of(shop, order))[-1]
    assert last == ("kitchen", 2, "queued", "new", [(2, "Tacos")], [])


async def test_an_order_that_was_taken_back_and_comes_back_is_said_anew(shop, printed):
    order = await printed()
    assert (await shop.status(order["id"], "canceled")).status_code == 200
    await print_all(shop, order)

    response = await call(shop, "POST", f"/orders/{order['id']}/resurrect", None)

    assert response.status_code == 200, response.text
    assert (await jobs_of(shop, order))[4:] == [
        ("kitchen", 3, "queued", "new", [(2, "Tacos")], []),
        ("bar", 3, "queued", "new", [(1, "Agua")], []),
    ]


async def test_a_split_bill_prints_nothing(shop, printed):
    order = await printed()
    cheaper = await edit(shop, order, items=[*kept(*order["items"]), shop.line("Flan")])
    await print_all(shop, order)
    await split(shop, cheaper)
    await take(shop, cheaper)

    assert len(await shop.jobs(order["id"])) == 3


async def test_a_course_is_printed_when_it_is_fired(shop):
    soup = {**shop.line("Tacos", 1, "Maíz"), "course": 1}
    cake, beer = ({**shop.line(n, 2), "course": 2} for n in ("Flan", "Agua"))
    cart = shop.cart(soup, cake, beer, payment_method="cash")
    placed = await shop.place(cart, **shop.wallet.admin)
    order = placed.json()["order"]
    assert await jobs_of(shop, order) == [
        ("kitchen", 1, "queued", "new", [(1, "Tacos")], []),
    ]
    [job] = await shop.jobs(order["id"])
    assert "HELD: course 2: 2 items\n" in job["content"]["text"]

    fired = await call(shop, "POST", f"/orders/{order['id']}/fire", {"course": 2})

    assert fired.status_code == 200, fired.text
    assert (await jobs_of(shop, order))[1:] == [
        ("kitchen", 2, "queued", "fired", [(2, "Flan")], []),
        ("bar", 2, "queued", "fired", [(2, "Agua")], []),
    ]
    text = (await shop.jobs(order["id"]))[1]["content"]["text"]
    assert text.startswith(f"FIRE COURSE 2 #{order['number']}\nKITCHEN\nROUND 2\n")
    assert "HELD" not in text


async def test_a_ticket_that_failed_behind_its_void_is_not_printed(shop, paid):
    await change_restaurant(shop, print_on="paid")
    order = await paid()
    device = {"name": "oven", "role": "printer", "stations": ["kitchen"]}
    paired = await call(shop, "POST", f"/restaurants/{shop.id}/devices", device)
    headers = {"Authorization": f"Bearer {paired.json()['token']}"}
    claimed = await call(
        shop, "POST", f"/restaurants/{shop.id}/print_jobs/claim", {}, headers
    )
    job, path = claimed.json(), f"/print_jobs/{claimed.json()['id']}"
    lease = {"lease_token": job["lease_token"]}
    started = await call(shop, "POST", f"{path}/start", lease, headers)
    assert started.status_code == 200, started.text
    assert (await shop.status(order["id"], "canceled")).status_code == 200
    assert [each[2:4] for each in await jobs_of(shop, order)] == [
        ("sent", "new"),
        ("canceled", "new"),
        ("queued", "void"),
    ]

    failed = await call(shop, "PUT", f"{path}/fail", {**lease, "error": "jam"}, headers)

    assert failed.json()["status"] == "canceled"
    statuses = {each[2] for each in await jobs_of(shop, order)}
    assert statuses == {"canceled"}
