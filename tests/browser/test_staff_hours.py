"""The owner sets when what may be ordered: hours, special days, times, menus."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from browser.staff import DESKTOP, MENU, PHONE, Desk, StaffPage, open_desk
from harness import API
from harness.server import Server

FIVE_DAYS = [0, 1, 2, 3, 4]


@pytest.fixture(scope="module")
def desk(server: Server) -> Desk:
    return open_desk(server, MENU)


@pytest.fixture(scope="module")
def opened(browser: Browser, desk: Desk) -> Iterator[StaffPage]:
    staff = StaffPage(browser, desk.wallet, desk.server.url)
    staff.open("settings")
    yield staff
    staff.context.close()


@pytest.fixture
def staff(opened: StaffPage) -> StaffPage:
    """The page, which stays open from test to test as it does at work."""
    opened.go("Settings")
    return opened


def page_of(staff: StaffPage, name: str) -> None:
    staff.page.locator(".rs-pages").get_by_role("button", name=name).click()


def save(staff: StaffPage) -> None:
    staff.button("Save").click()
    expect(staff.page.locator(".rs-savebar:visible")).to_have_count(0)


def day(staff: StaffPage, number: int) -> Locator:
    return staff.page.locator(f"[data-day='{number}']")


def hours(where: Locator, index: int, starts: str, ends: str) -> None:
    times = where.locator("input[type=time]")
    times.nth(2 * index).fill(starts)
    times.nth(2 * index + 1).fill(ends)


def profile(desk: Desk) -> dict[str, Any]:
    """What anybody sees."""
    found: dict[str, Any] = desk.server.call(
        "GET", f"{API}/restaurants/{desk.slug}", {}
    )
    return found


def settings(desk: Desk) -> dict[str, Any]:
    [stored] = desk.call("GET", "/restaurants")["data"]
    return dict(stored)


def window(days: list[int], starts: str, ends: str, *types: str) -> dict[str, Any]:
    return {
        "days": days,
        "starts": starts,
        "ends": ends,
        "order_types": list(types),
    }


def days_ahead(count: int) -> str:
    at = datetime.now(timezone.utc) + timedelta(days=count)
    return at.strftime("%Y-%m-%d")


def next_weekday(number: int) -> str:
    """The first day with this number (0: Monday) among the seven of the preview."""
    ahead = (number - datetime.now(timezone.utc).weekday()) % 7
    return days_ahead(ahead)


def preview(staff: StaffPage, iso_day: str) -> Locator:
    return staff.page.locator(f"[data-preview='{iso_day}']")


def test_hours_of_a_week_reach_the_preview_and_the_public(staff, desk):
    page_of(staff, "Hours")
    expect(preview(staff, next_weekday(6))).to_have_text("all day")
    monday = day(staff, 0)
    staff.button("Monday: add hours").click()
    staff.button("Monday: add hours").click()
    hours(monday, 0, "09:00", "14:00")
    hours(monday, 1, "18:00", "02:00")
    expect(monday.get_by_text("To (next day)")).to_be_visible()
    staff.button("Monday: copy to other days").click()
    staff.page.get_by_text("Monday to Friday").click()
    staff.button("Saturday: add hours").click()
    hours(day(staff, 5), 0, "10:00", "16:00")
    day(staff, 5).get_by_role("button", name="For which orders").click()
    staff.page.get_by_role("checkbox", name="Delivery").last.click()
    staff.page.keyboard.press("Escape")
    staff.page.get_by_label("Last orders, minutes before closing").fill("30")
    save(staff)

    expect(preview(staff, next_weekday(2))).to_have_text(
        "09:00–14:0018:00–02:00 (next day)"
    )
    expect(preview(staff, next_weekday(5))).to_have_text("10:00–16:00 (Eat in, Pickup)")
    expect(preview(staff, next_weekday(6))).to_have_text("Closed")
    public = profile(desk)
    assert public["opening_hours"] == [
        window(FIVE_DAYS, "09:00", "14:00"),
        window(FIVE_DAYS, "18:00", "02:00"),
        window([5], "10:00", "16:00", "dine_in", "pickup"),
    ]
    assert public["last_order_minutes"] == 30
    is_open = "Open now" if public["opening"]["is_open"] else "Closed now"
    expect(staff.page.locator(".rs-preview-now")).to_contain_text(is_open)


def test_a_fault_stands_at_the_hours_that_have_it(staff, desk):
    page_of(staff, "Hours")
    before = profile(desk)["opening_hours"]
    hours(day(staff, 5), 0, "", "16:00")
    staff.button("Save").click()
    fault = day(staff, 5).locator(".rs-hours-fault")
    expect(fault).to_be_visible()
    expect(staff.page.locator(".rs-hours-fault")).to_have_count(1)
    hours(day(staff, 5), 0, "10:00", "16:00")
    staff.button("Saturday: add hours").click()
    hours(day(staff, 5), 1, "15:00", "20:00")
    staff.button("Save").click()
    week = staff.page.locator("[data-group='opening_hours'] [role=alert]")
    expect(week).to_contain_text("overlap")
    assert profile(desk)["opening_hours"] == before
    staff.button("Discard").click()
    expect(staff.page.locator(".rs-savebar:visible")).to_have_count(0)


def test_special_days_have_their_own_hours_or_none(staff, desk):
    page_of(staff, "Hours")
    page = staff.page
    staff.button("Special day").click()
    feast = page.locator("[data-special='0']")
    feast.get_by_label("Name, for example").fill("Feast")
    feast.get_by_label("First day").fill(days_ahead(1))
    expect(feast.get_by_label("Last day")).to_have_value(days_ahead(1))
    feast.get_by_label("Last day").fill(days_ahead(0))
    staff.button("Save").click()
    expect(feast.locator(".q-field--error")).to_have_count(1)
    expect(feast.locator(".q-field--error input[type=date]")).to_have_value(
        days_ahead(0)
    )
    feast.get_by_label("Last day").fill(days_ahead(2))
    staff.button("Special day").click()
    party = page.locator("[data-special='1']")
    party.get_by_label("Name, for example").fill("Party")
    party.get_by_label("First day").fill(days_ahead(3))
    party.get_by_role("button", name="Other hours").click()
    hours(party, 0, "20:00", "23:30")
    save(staff)

    expect(preview(staff, days_ahead(2))).to_have_text("FeastClosed")
    expect(preview(staff, days_ahead(3))).to_have_text("Party20:00–23:30")
    [first, second] = profile(desk)["special_days"]
    assert (first["name"], first["last_day"]) == ("Feast", days_ahead(2))
    assert first["windows"] == []
    assert second["windows"] == [window([], "20:00", "23:30")]
    page.locator("[data-special='1']").get_by_role("button", name="Delete").click()
    page.locator("[data-special='0']").get_by_role("button", name="Delete").click()
    save(staff)
    assert profile(desk)["special_days"] == []


def test_order_types_that_are_not_taken_are_told_to_guests(staff, desk):
    page_of(staff, "Hours")
    card = staff.page.locator("[data-group='order_types']")
    for name in ("Eat in", "Pickup", "Delivery"):
        card.get_by_text(name).click()
    staff.button("Save").click()
    expect(card.get_by_role("alert")).to_contain_text("at least one")
    card.get_by_text("Eat in").click()
    card.get_by_text("Pickup").click()
    save(staff)
    assert profile(desk)["order_types"] == ["dine_in", "pickup"]
    desk.set(order_types=["dine_in", "pickup", "delivery"])


def test_times_to_choose_from_and_how_long_it_takes(staff, desk):
    page_of(staff, "Times")
    page = staff.page
    page.get_by_text("Pickup: guests choose a time").click()
    slots = page.locator("[data-slots=pickup]")
    slots.get_by_label("Every … minutes").fill("3")
    slots.get_by_label("Orders per time").fill("4")
    slots.get_by_label("Value per time").fill("500,50")
    staff.button("Save").click()
    expect(slots.locator(".q-field--error")).to_have_count(1)
    expect(slots.locator(".q-field--error input")).to_have_value("3")
    slots.get_by_label("Every … minutes").fill("20")
    expect(slots).to_contain_text("Every 20 min, from 20 min ahead, up to 7 days")
    page.get_by_label("Minutes that an order takes").fill("12")
    staff.button("Step").click()
    staff.button("Step").click()
    steps = page.locator("[data-step]")
    steps.nth(1).get_by_label("From so many orders").fill("5")
    staff.button("Save").click()
    expect(steps.nth(1).locator(".q-field--error")).to_have_count(1)
    expect(steps.nth(0).locator(".q-field--error")).to_have_count(0)
    steps.nth(1).get_by_label("From so many orders").fill("9")
    page.get_by_label("Busy from so many orders").fill("15")
    save(staff)

    [rule] = profile(desk)["slots"]
    assert rule == {
        "order_type": "pickup",
        "minutes": 20,
        "lead_minutes": 20,
        "days_ahead": 7,
        "orders": 4,
        "items": None,
        "value": "500.50",
    }
    stored = settings(desk)
    assert stored["prep_minutes"] == 12
    assert [each["from_orders"] for each in stored["prep_by_load"]] == [5, 9]
    assert stored["busy_from_orders"] == 15
    page.get_by_text("Pickup: guests choose a time").click()
    page.get_by_label("Minutes that an order takes").fill("")
    page.get_by_label("Busy from so many orders").fill("")
    save(staff)
    stored = settings(desk)
    assert (stored["slots"], stored["prep_minutes"]) == ([], None)
    assert stored["busy_from_orders"] is None


def test_tabs_stock_and_open_orders_are_set_in_general(staff, desk):
    page_of(staff, "General")
    page = staff.page
    page.get_by_text("Guests at a table may order now and pay at the end").click()
    page.get_by_label("The most a tab may come to").fill("750")
    page.get_by_label("Minutes to accept a paid order").fill("3")
    page.get_by_text("It is canceled, and its money goes back").click()
    page.get_by_text("When it is placed").click()
    page.get_by_label("The most one guest may reserve").fill("0")
    staff.button("Save").click()
    fault = page.locator("[data-group=stock] .q-field--error input")
    expect(fault).to_have_value("0")
    page.get_by_label("The most one guest may reserve").fill("25")
    page.get_by_label("The same, per network address").fill("30")
    page.get_by_label("The same, per till").fill("60")
    save(staff)
    stored = settings(desk)
    assert stored["tabs_at_table"] is True
    assert stored["tab_limit"] == "750"
    assert (stored["accept_within_minutes"], stored["unaccepted"]) == (3, "cancel")
    assert (stored["stock_policy"], stored["reserve_guest_percent"]) == ("reserve", 25)
    assert stored["open_orders_per_address_max"] == 30
    assert stored["open_orders_per_device_max"] == 60


def test_a_category_is_offered_at_its_hours_and_an_item_for_its_orders(staff, desk):
    staff.go("Menu")
    page = staff.page
    staff.button("When and for whom: Drinks").click()
    drinks = page.locator(".rs-category").nth(1)
    drinks.get_by_text("Only at certain times").click()
    drinks.get_by_role("button", name="Monday", exact=True).click()
    times = drinks.locator(".rs-schedule input[type=time]")
    times.nth(0).fill("17:00")
    times.nth(1).fill("")
    tacos = page.locator(".rs-item", has_text="Tacos")
    tacos.locator(".rs-item-name").click()
    tacos.get_by_role("checkbox", name="Delivery").click()
    staff.button("Save the menu").click()
    expect(drinks.locator(".rs-schedule [role=alert]")).to_be_visible()
    times.nth(1).fill("19:00")
    staff.button("Save the menu").click()
    expect(page.locator(".rs-savebar:visible")).to_have_count(0)

    [food, drinks_now] = desk.menu()["categories"]
    schedule = drinks_now["schedule"]
    assert [w["days"] for w in schedule["windows"]] == [[1, 2, 3, 4, 5, 6]]
    assert food["items"][0]["order_types"] == ["dine_in", "pickup"]
    expect(tacos.locator(".rs-offered-tag")).to_have_text("Eat in, Pickup")
    label = staff.button("When and for whom: Drinks")
    expect(label).to_contain_text("Tue–Sun 17:00–19:00")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_hours_and_times_read_well_for_everybody(staff, desk, size):
    staff.page.set_viewport_size(size)
    for is_dark in (True, False):
        staff.page.evaluate("dark => { window.g.darkChoice = dark }", is_dark)
        for name in ("Hours", "Times", "General"):
            page_of(staff, name)
            assert staff.complaints() == []
            width = staff.page.evaluate("document.documentElement.scrollWidth")
            assert width <= size["width"]
    staff.page.set_viewport_size(DESKTOP)
    assert staff.faults == []
