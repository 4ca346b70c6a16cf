"""When a guest may order: open, closed, paused, for later; slots and deliveries."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser.guest import (
    GuestShop,
    bolt11,
    open_cart,
    open_shop,
    order_id,
    tacos_menu,
)
from harness import API
from harness.server import Server, ServerWallet

WEEK = list(range(7))
TIME = re.compile(r"\d\d:\d\d")


@pytest.fixture(scope="module")
def payer(server: Server) -> ServerWallet:
    return server.make_wallet(1_000_000)


@pytest.fixture
def make_shop(server: Server, payer: ServerWallet) -> Callable[..., GuestShop]:
    """A restaurant in UTC with these settings."""

    def make(**settings: Any) -> GuestShop:
        shop = open_shop(server, payer, "On Time", timezone="UTC")
        shop.change(**settings)
        return shop

    return make


@pytest.fixture
def clock() -> Callable[[int], str]:
    """``HH:MM`` so many minutes from when the test began, however long it takes."""
    began = datetime.now(timezone.utc)
    return lambda minutes: f"{began + timedelta(minutes=minutes):%H:%M}"


def hours(starts: str, ends: str, *order_types: str) -> dict[str, Any]:
    """These hours on every day."""
    types = list(order_types)
    return {"days": WEEK, "starts": starts, "ends": ends, "order_types": types}


def closed_days() -> list[dict[str, Any]]:
    """Closed yesterday, today and tomorrow, whatever the clock does meanwhile."""
    today = datetime.now(timezone.utc).date()
    days = [today - timedelta(days=1), today + timedelta(days=1)]
    first, last = (day.isoformat() for day in days)
    return [{"first_day": first, "last_day": last, "name": "Fiesta", "windows": []}]


def slots(order_type: str = "pickup", **rule: Any) -> list[dict[str, Any]]:
    return [
        {
            "order_type": order_type,
            "minutes": 15,
            "lead_minutes": 20,
            "days_ahead": 2,
            "orders": None,
            "items": None,
            "value": None,
            **rule,
        }
    ]


def add_agua(page: Page, shop: GuestShop) -> None:
    page.goto(shop.path)
    page.get_by_role("button", name="Add Agua").click()


def where(page: Page) -> Any:
    """The sheet that asks where to and when."""
    return page.get_by_role("dialog", name="Where shall it go?")


def choose_times(page: Page) -> Any:
    """Open that sheet at its times."""
    page.get_by_role("button", name="Pick up, change").click()
    sheet = where(page)
    sheet.get_by_role("radio", name="Choose a time").check()
    expect(sheet.get_by_role("button", name=TIME).first).to_be_visible()
    return sheet


# --- the line below the name -----------------------------------------------------


def test_open_until(
    page: Page, make_shop: Callable[..., GuestShop], clock: Callable[[int], str]
):
    ends = clock(6 * 60)
    shop = make_shop(opening_hours=[hours(clock(-60), ends)])
    page.goto(shop.path)
    page.get_by_role("button", name=f"Open until {ends}").click()
    week = page.get_by_role("dialog", name="Opening hours")
    expect(week.get_by_text(f"– {ends}")).to_have_count(7)
    expect(week.get_by_text("today")).to_be_visible()


def test_last_orders(
    page: Page, make_shop: Callable[..., GuestShop], clock: Callable[[int], str]
):
    last = clock(30)
    shop = make_shop(
        opening_hours=[hours(clock(-60), clock(60))], last_order_minutes=30
    )
    page.goto(shop.path)
    expect(page.get_by_role("button", name=f"Last orders {last}")).to_be_visible()


def test_the_time_zone_is_the_restaurants_and_the_words_are_the_guests(
    new_page: Callable[..., Page],
    make_shop: Callable[..., GuestShop],
    clock: Callable[[int], str],
):
    page = new_page(locale="de-DE", timezone_id="Asia/Tokyo")
    opens = clock(120)
    shop = make_shop(opening_hours=[hours(opens, clock(300))])
    page.goto(shop.path)
    words = re.compile(rf"Geschlossen – öffnet (morgen )?{opens}")
    page.get_by_role("button", name=words).click()
    week = page.get_by_role("dialog", name="Öffnungszeiten")
    expect(week.get_by_text("Mittwoch")).to_be_visible()


def test_a_holiday_is_named_and_the_menu_stays_readable(
    page: Page, make_shop: Callable[..., GuestShop]
):
    shop = make_shop(
        opening_hours=[hours("00:00", "00:00")], special_days=closed_days()
    )
    page.goto(shop.path)
    page.get_by_role("button", name="Fiesta: Closed – opens").click()
    week = page.get_by_role("dialog", name="Opening hours")
    expect(week.get_by_text("Fiesta", exact=True).first).to_be_visible()
    expect(week.get_by_text("Closed", exact=True).first).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Tacos", exact=True).click()
    expect(page.get_by_role("dialog", name="Tacos")).to_contain_text("Slow-smoked.")


def test_a_pause_says_until_when_and_why_and_ends_live(
    page: Page, make_shop: Callable[..., GuestShop]
):
    shop = make_shop()
    pause = f"/restaurants/{shop.profile['id']}/pause"
    page.goto(shop.path)
    expect(page.get_by_text("Open", exact=True)).to_be_visible()
    shop.call("PUT", pause, {"minutes": 30, "reason": "The oven is cold"})
    expect(
        page.get_by_text(re.compile(r"Paused until \d\d:\d\d: The oven is cold"))
    ).to_be_visible()
    shop.call("DELETE", pause)
    expect(page.get_by_text("Open", exact=True)).to_be_visible()


def test_switched_off_nothing_can_be_ordered(
    page: Page, make_shop: Callable[..., GuestShop]
):
    shop = make_shop(is_open=False)
    page.goto(shop.path)
    expect(page.get_by_text("Closed", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Add Agua")).to_be_hidden()
    page.get_by_role("button", name="Agua", exact=True).click()
    sheet = page.get_by_role("dialog", name="Agua")
    expect(sheet.get_by_role("button", name="Closed")).to_be_disabled()


def test_closing_while_the_cart_is_open_says_when_it_opens(
    page: Page, make_shop: Callable[..., GuestShop]
):
    shop = make_shop()
    table = shop.add("tables", name="7")
    page.goto(f"{shop.path}#t={table['token']}&table=7")
    page.get_by_role("button", name="Add Agua").click()
    cart = open_cart(page)
    expect(cart.get_by_role("button", name="Order and pay Q 10.00")).to_be_visible()
    shop.change(opening_hours=[hours("00:00", "00:00")], special_days=closed_days())
    expect(cart.get_by_role("button", name="Fiesta: Closed – opens")).to_be_disabled()


# --- for later -------------------------------------------------------------------


def test_closed_an_order_for_later_goes_through(
    page: Page, make_shop: Callable[..., GuestShop]
):
    shop = make_shop(
        opening_hours=[hours("00:00", "00:00")], special_days=closed_days()
    )
    add_agua(page, shop)
    cart = open_cart(page)
    cart.get_by_role("button", name="Choose a time for later").click()
    sheet = where(page)
    expect(sheet.get_by_role("radio", name="As soon as possible")).to_be_disabled()
    sheet.get_by_role("button", name="Save").click()
    expect(sheet.get_by_text("Please choose a time.")).to_be_visible()
    sheet.get_by_role("button", name=TIME).nth(4).click()
    sheet.get_by_role("button", name="Save").click()
    expect(sheet).to_be_hidden()
    expect(cart.get_by_text("To pick up at")).to_be_visible()
    cart.get_by_role("button", name="Order and pay Q 10.00").click()
    expect(page.get_by_text("Waiting for your payment")).to_be_visible()
    expect(page.get_by_text("To pick up at")).to_be_visible()
    order = shop.call("GET", f"/orders/{order_id(page)}")
    assert order["pickup_at"] > datetime.now(timezone.utc).isoformat()
    shop.pay(bolt11(page))
    expect(
        page.get_by_text("The restaurant has your order. To pick up")
    ).to_be_visible()


#: Taps *Save* as soon as "as soon as possible" is drawn, and not to be had.
SAVED_AT_ONCE = """
() => new MutationObserver((_, watcher) => {
  if (!document.querySelector('input[name=when]:disabled')) return
  watcher.disconnect()
  setTimeout(() => document.querySelector('.sheet-foot .primary').click())
}).observe(document.body, {childList: true, subtree: true, attributes: true})
"""


def test_who_saves_at_once_is_asked_for_a_time_too(
    page: Page, make_shop: Callable[..., GuestShop]
):
    shop = make_shop(
        opening_hours=[hours("00:00", "00:00")], special_days=closed_days()
    )
    add_agua(page, shop)
    page.evaluate(SAVED_AT_ONCE)
    page.get_by_role("button", name="Pick up, change").click()
    expect(where(page).get_by_text("Please choose a time.")).to_be_visible()


def test_now_takes_a_while_and_busy_takes_longer(
    page: Page, make_shop: Callable[..., GuestShop]
):
    shop = make_shop(prep_minutes=25)
    add_agua(page, shop)
    page.get_by_role("button", name="Pick up, change").click()
    soon = where(page).get_by_role("radio", name="As soon as possible (about 25 min)")
    expect(soon).to_be_checked()
    page.keyboard.press("Escape")
    cart = open_cart(page)
    expect(cart.get_by_text(re.compile(r"Ready in about 25 min \(\d"))).to_be_visible()
    page.keyboard.press("Escape")
    expect(cart).to_be_hidden()  # or the reload might come before it has closed
    busy = {"extra_minutes": 15, "minutes": 60}
    shop.call("PUT", f"/restaurants/{shop.profile['id']}/busy", busy)
    page.reload()
    cart = open_cart(page)
    expect(cart.get_by_text("It is busy: Ready in about 40 min")).to_be_visible()
    cart.get_by_role("button", name="Order and pay").click()
    expect(page.get_by_text("Waiting for your payment")).to_be_visible()
    expect(page.get_by_text("Ready in about 40 min")).to_be_visible()


# --- slots -----------------------------------------------------------------------


def fill(shop: GuestShop, at: str) -> None:
    """Somebody else takes this slot."""
    shop.once(
        "/orders",
        {
            "restaurant_id": shop.profile["id"],
            "order_type": "pickup",
            "items": [{"menu_item_id": shop.item("Agua")["id"], "quantity": 1}],
            "pickup_at": at,
        },
    )


def free_slots(shop: GuestShop) -> list[str]:
    """Those of the day after the first one that has any."""
    path = f"/restaurants/{shop.profile['id']}/slots?order_type=pickup"
    [_, day, *_] = shop.call("GET", path)["days"]
    return [each["starts_at"] for each in shop.call("GET", f"{path}&day={day}")["data"]]


def pick_next_day(page: Page) -> Any:
    """The times of the day after the first one that has any."""
    sheet = choose_times(page)
    days = sheet.get_by_role("group", name="Day").get_by_role("button")
    days.nth(1).click()
    expect(days.nth(1)).to_have_attribute("aria-pressed", "true")
    return sheet


def time_of(at: str) -> str:
    return at[11:16]


def test_a_full_slot_cannot_be_chosen(page: Page, make_shop: Callable[..., GuestShop]):
    shop = make_shop(slots=slots(orders=1))
    first, second, *_ = free_slots(shop)
    fill(shop, first)
    add_agua(page, shop)
    sheet = pick_next_day(page)
    full = sheet.get_by_role("button", name=f"{time_of(first)} full")
    expect(full).to_be_disabled()
    sheet.get_by_role("button", name=time_of(second), exact=True).click()
    sheet.get_by_role("button", name="Save").click()
    cart = open_cart(page)
    cart.get_by_role("button", name="Order and pay").click()
    expect(page.get_by_text("Waiting for your payment")).to_be_visible()
    order = shop.call("GET", f"/orders/{order_id(page)}")
    assert order["pickup_at"] == second


def test_a_slot_that_fills_up_meanwhile_offers_the_next_free_ones(
    page: Page, make_shop: Callable[..., GuestShop]
):
    shop = make_shop(slots=slots(orders=1))
    first, second, *_ = free_slots(shop)
    add_agua(page, shop)
    sheet = pick_next_day(page)
    sheet.get_by_role("button", name=time_of(first), exact=True).click()
    sheet.get_by_role("button", name="Save").click()
    cart = open_cart(page)
    order = cart.get_by_role("button", name="Order and pay Q 10.00")
    expect(order).to_be_visible()
    fill(shop, first)
    order.click()
    expect(cart.get_by_text("This time has just filled up.")).to_be_visible()
    expect(cart.get_by_role("button", name="Choose another time")).to_be_visible()
    cart.get_by_role("button", name=re.compile(f"{time_of(second)}$")).click()
    expect(cart.get_by_text("This time has just filled up.")).to_be_hidden()
    order.click()
    expect(page.get_by_text("Waiting for your payment")).to_be_visible()
    placed = shop.call("GET", f"/orders/{order_id(page)}")
    assert placed["pickup_at"] == second


# --- kinds of order --------------------------------------------------------------


def test_only_what_the_restaurant_takes_is_offered(
    page: Page, make_shop: Callable[..., GuestShop]
):
    shop = make_shop(order_types=["dine_in", "delivery"])
    page.goto(shop.path)
    page.get_by_role("button", name="At a table, change").click()
    sheet = where(page)
    expect(sheet.get_by_role("radio", name="Delivery")).to_be_visible()
    expect(sheet.get_by_role("radio", name="Pick up")).to_have_count(0)


def test_a_delivery_with_an_address_that_stays_on_the_phone(
    page: Page, make_shop: Callable[..., GuestShop]
):
    shop = make_shop(prep_minutes=30)
    add_agua(page, shop)
    page.get_by_role("button", name="Pick up, change").click()
    sheet = where(page)
    sheet.get_by_role("radio", name="Delivery").check()
    sheet.get_by_role("button", name="Save").click()
    expect(sheet.get_by_text("Please write where we shall deliver.")).to_be_visible()
    sheet.get_by_label("Address").fill("7a Avenida 12-34")
    sheet.get_by_label("Phone").fill("+502 5555 1234")
    sheet.get_by_role("button", name="Save").click()
    expect(sheet).to_be_hidden()
    cart = open_cart(page)
    expect(cart.get_by_text("7a Avenida 12-34")).to_be_visible()
    expect(cart.get_by_text("With you in about 30 min")).to_be_visible()
    cart.get_by_role("button", name="Order and pay").click()
    expect(page.get_by_text("Waiting for your payment")).to_be_visible()
    order = shop.call("GET", f"/orders/{order_id(page)}")
    assert order["delivery"] == {
        "address": "7a Avenida 12-34",
        "phone": "+502 5555 1234",
    }

    page.goto(shop.path)
    page.get_by_role("button", name="Delivery, change").click()
    sheet = where(page)
    expect(sheet.get_by_label("Address")).to_have_value("7a Avenida 12-34")
    sheet.get_by_role("button", name="Forget").click()
    expect(sheet.get_by_label("Address")).to_have_value("")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    page.reload()
    page.get_by_role("button", name="Delivery, change").click()
    expect(where(page).get_by_label("Phone")).to_have_value("")


# --- items at other times, or for others -----------------------------------------


def test_what_is_not_served_now_says_when_and_what_is_for_others_says_so(
    page: Page, make_shop: Callable[..., GuestShop], clock: Callable[[int], str]
):
    shop = make_shop()
    menu = tacos_menu()
    tacos, fish, _ = menu["categories"][0]["items"]
    later = {"days": WEEK, "starts": clock(120), "ends": clock(240)}
    tacos["schedule"] = {"windows": [later]}
    fish["order_types"] = ["dine_in"]
    shop.put_menu(menu)
    page.goto(shop.path)
    tacos_card = page.get_by_role("listitem").filter(has_text="Tacos")
    expect(tacos_card).to_contain_text(re.compile(rf"from (tomorrow )?{clock(120)}"))
    expect(tacos_card.get_by_role("button", name="Add Tacos")).to_have_count(0)
    fish_card = page.get_by_role("listitem").filter(has_text="Chips")
    expect(fish_card).to_contain_text("not to pick up")
    page.get_by_role("button", name="Tacos", exact=True).click()
    sheet = page.get_by_role("dialog", name="Tacos")
    expect(sheet.get_by_role("button", name=later["starts"])).to_be_disabled()


def test_a_line_that_this_kind_of_order_does_not_have_goes_with_one_tap(
    page: Page, make_shop: Callable[..., GuestShop]
):
    shop = make_shop()
    menu = tacos_menu()
    menu["categories"][1]["items"][0]["order_types"] = ["pickup"]
    shop.put_menu(menu)
    add_agua(page, shop)
    page.get_by_role("button", name="Add <b>Fish</b>").click()
    page.get_by_role("button", name="Pick up, change").click()
    sheet = where(page)
    sheet.get_by_role("radio", name="At a table").check()
    sheet.get_by_label("Your table").fill("4")
    sheet.get_by_role("button", name="Save").click()
    expect(page.get_by_text("1 item is not available")).to_be_visible()
    cart = open_cart(page)
    expect(cart.get_by_text("Not at the table.")).to_be_visible()
    cart.get_by_role("button", name="Remove Agua").click()
    expect(cart.get_by_role("button", name="Order and pay Q 62.00")).to_be_visible()


REFUSALS = [
    ("order_type.not_offered", 422, "does not take this kind of order"),
    ("slot.past", 422, "This time is too soon now"),
    ("slot.far", 422, "This is too far ahead"),
    ("slot.unknown", 422, "This time is not offered any more"),
    ("tab.forbidden", 403, "A tab is not possible here"),
    ("stock.share", 409, "One guest may order at most 2 of this"),
    ("stock.short", 409, "There is not enough left"),
]


def test_the_server_alone_knows_better_and_is_told_kindly(
    page: Page, make_shop: Callable[..., GuestShop]
):
    """Whatever else the server may say against a cart has words of its own."""
    shop = make_shop()
    said: dict[str, Any] = {"status": 409, "code": "stock.short"}
    page.route(
        f"**{API}/orders/quote",
        lambda route: route.fulfill(status=said["status"], json=said),
    )
    add_agua(page, shop)
    cart = open_cart(page)
    for code, status, words in REFUSALS:
        said = {"code": code, "status": status, "detail": "No.", "most": 2}
        page.reload()  # the cart stays open
        expect(cart.get_by_text(words)).to_be_visible()
