"""The owner sets what a price is made of: taxes, charges, discounts, lists, combos."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from browser.staff import MENU, Desk, StaffPage, open_desk
from harness.server import Server


@pytest.fixture(scope="module")
def desk(server: Server) -> Desk:
    return open_desk(server, MENU)


@pytest.fixture(scope="module")
def opened(browser: Browser, desk: Desk) -> Iterator[StaffPage]:
    staff = StaffPage(browser, desk.wallet, desk.server.url)
    staff.open("prices")
    yield staff
    staff.context.close()


@pytest.fixture
def staff(opened: StaffPage) -> StaffPage:
    """The page, which stays open from test to test as it does at work."""
    if opened.dialog().count():
        opened.open("prices")
    opened.go("Prices")
    return opened


def rows(desk: Desk, what: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.call("GET", f"/restaurants/{desk.id}/{what}")[
        "data"
    ]
    return found


def fill(staff: StaffPage, **fields: str) -> None:
    """Labels with spaces for underscores, in the open dialog."""
    for label, value in fields.items():
        name = label.replace("_", " ")
        staff.dialog().get_by_label(name).first.fill(value)


def press(staff: StaffPage, name: str) -> None:
    staff.dialog().last.get_by_role("button", name=name, exact=True).click()


def choose(staff: StaffPage, label: str, *names: str) -> None:
    """Pick options of a long list by typing."""
    pick(staff, staff.dialog().get_by_label(label), *names)


def pick(staff: StaffPage, box: Locator, *names: str) -> None:
    """Type, wait until the list shows nothing else, and choose; then close the list."""
    options = staff.page.get_by_role("option")
    for name in names:
        box.fill(name)
        wanted = options.filter(has_text=name).first
        expect(wanted).to_be_visible()
        expect(options.filter(has_not_text=name)).to_have_count(0)
        wanted.click()
    box.press("Escape")
    expect(options).to_have_count(0)


def save(staff: StaffPage) -> None:
    press(staff, "Save")
    expect(staff.dialog()).to_have_count(0)


# --- settings --------------------------------------------------------------------


def test_taxes_charges_and_tips_reach_the_server_and_faults_their_field(staff, desk):
    page = staff.page
    taxes = page.get_by_role("group", name="Tax by kind of order")
    taxes.get_by_label("Eat in").fill("19")
    taxes.get_by_label("Pickup").fill("7,5")
    page.get_by_role("radio", name="Once for each rate").click()
    staff.button("Charge").click()
    charge = page.locator("[data-charge]")
    charge.get_by_label("What for").click()
    page.get_by_role("option", name="Gratuity for large parties").click()
    charge.get_by_label("How much").fill("150")
    page.get_by_label("Offer to round up to").fill("5")
    page.get_by_role("radio", name="The pool’s").click()
    staff.button("Save").click()
    expect(page.locator("[data-group=charges] [role=alert]")).to_contain_text("100")

    charge.get_by_label("How much").fill("12.5")
    staff.button("Save").click()
    expect(page.locator(".rs-savebar")).to_have_count(0)
    [stored] = desk.call("GET", "/restaurants")["data"]
    assert stored["tax_rates"] == {"dine_in": "19", "pickup": "7.5"}
    assert (stored["tax_rounding"], stored["tip_to"]) == ("rate", "pool")
    assert stored["tip_round_to"] == "5"
    [rule] = stored["charges"]
    assert (rule["kind"], rule["percent"], rule["from_covers"]) == (
        "gratuity",
        "12.5",
        6,
    )


def test_a_rate_of_the_house_holds_by_the_restaurants_clock(staff, desk):
    desk.set(timezone="America/Guatemala")
    page = staff.page
    staff.button("Taxes & charges").click()
    staff.button("Rate of the house").click()
    expect(page.get_by_text("Times are those of America/Guatemala.")).to_be_visible()
    page.get_by_label("One GTQ is").fill("160")
    page.get_by_label("From (empty: now)").fill("2026-12-24T18:00")
    expect(page.get_by_text("The market says 158.635.")).to_be_visible()
    staff.button("Save").click()
    expect(page.locator(".rs-savebar")).to_have_count(0)
    [stored] = desk.call("GET", "/restaurants")["data"]
    [rate] = stored["house_rates"]
    assert (rate["currency"], rate["rate"], rate["ends_at"]) == ("GTQ", "160", None)
    assert rate["starts_at"].startswith("2026-12-25T00:00:00")
    assert page.get_by_label("From (empty: now)").input_value() == "2026-12-24T18:00"
    desk.set(house_rates=[])


# --- discounts -------------------------------------------------------------------


def test_a_happy_hour_is_made_in_the_week_plan_and_switched_off_in_the_list(
    staff, desk
):
    staff.button("Discounts").click()
    staff.button("Discount").click()
    fill(staff, Name="Happy hour")
    choose(staff, "Only these categories", "Drinks")
    press(staff, "Hours")
    for day in ("Saturday", "Sunday"):
        press(staff, day)
    fill(staff, From="17:00", Taken_off="150")
    press(staff, "Save")
    percent = staff.dialog().locator("label").filter(has_text="Taken off")
    expect(percent).to_contain_text("100")
    fill(staff, Taken_off="10")
    save(staff)

    row = staff.page.locator("[data-row='Happy hour']")
    expect(row).to_contain_text("Mon–Fri 17:00–19:00")
    expect(row).to_contain_text("−10 %")
    [stored] = rows(desk, "discounts")
    window = {"days": [0, 1, 2, 3, 4], "starts": "17:00", "ends": "19:00"}
    assert stored["schedule"]["windows"] == [window]
    assert len(stored["category_ids"]) == 1
    row.get_by_role("switch").click()
    expect(row).to_contain_text("off")
    assert rows(desk, "discounts")[0]["is_active"] is False


def test_codes_are_made_refused_when_taken_downloaded_and_removed(staff, desk):
    staff.button("Discounts").click()
    staff.button("Discount").click()
    fill(staff, Name="Regulars")
    press(staff, "A code")
    press(staff, "A sum")
    fill(staff, Taken_off="5")
    press(staff, "Save")
    expect(staff.dialog().last).to_contain_text("Codes of Regulars")
    expect(staff.dialog()).to_have_count(1)
    staff.dialog().get_by_label("A code of your own").fill("summer")
    press(staff, "Add")
    expect(staff.dialog().get_by_text("SUMMER", exact=True)).to_be_visible()
    staff.dialog().get_by_label("A code of your own").fill("Summer")
    press(staff, "Add")
    expect(staff.dialog().get_by_role("alert")).to_be_visible()
    staff.dialog().get_by_label("How many to make up").fill("3")
    press(staff, "Make them up")
    expect(staff.dialog()).to_contain_text("Codes: 4")

    with staff.page.expect_download() as download:
        press(staff, "Download as CSV")
    lines = Path(download.value.path()).read_text().splitlines()
    assert lines[0] == "code,uses,created_at"
    assert len(lines) == 5
    assert sum(line.startswith('"SUMMER","0",') for line in lines) == 1
    press(staff, "Delete SUMMER")
    expect(staff.dialog()).to_contain_text("Codes: 3")
    press(staff, "Done")
    expect(staff.dialog()).to_have_count(0)
    expect(staff.page.locator("[data-row=Regulars]")).to_contain_text("Codes (3)")


# --- price lists and combos ------------------------------------------------------


def test_a_price_list_of_a_zone_has_its_prices_beside_those_of_the_menu(staff, desk):
    table = {"name": "T1", "zone": "Terrace"}
    desk.call("POST", f"/restaurants/{desk.id}/tables", table)
    staff.button("Price lists").click()
    staff.button("Price list").click()
    fill(staff, Name="Terrace")
    choose(staff, "Only in these zones", "Terrace")
    fill(staff, **{"All prices, in %": "10"})
    tacos = staff.dialog().locator("[data-item=Tacos]")
    expect(tacos).to_contain_text("GTQ 55.00")
    lemonade = staff.dialog().get_by_label("Price of Lemonade")
    expect(lemonade).to_have_attribute("placeholder", "19.80")
    lemonade.fill("21")
    save(staff)
    row = staff.page.locator("[data-row=Terrace]")
    expect(row).to_contain_text("+10 % · single prices: 1")
    path = f"/restaurants/{desk.id}/menu?order_type=dine_in&table=T1"
    menu = desk.server.http.get(f"/restaurant/api/v1{path}").json()
    prices = {i["name"]: i["price"] for c in menu["categories"] for i in c["items"]}
    assert (prices["Tacos"], prices["Lemonade"]) == ("60.50", "21.00")


def test_a_combo_is_put_together_from_the_menu(staff, desk):
    staff.button("Combos").click()
    staff.button("Combo").click()
    fill(staff, **{"Name, for": "Lunch", "Price (GTQ)": "60"})
    fill(staff, **{"Course, for": "Main"})
    choose(staff, "Choose from", "Tacos")
    press(staff, "Course")
    drink = staff.dialog().locator("[data-course='1']")
    drink.get_by_label("Course, for").fill("Drink")
    pick(staff, drink.get_by_label("Choose from"), "Lemonade")
    drink.get_by_label("Extra").fill("2.50")
    save(staff)
    expect(staff.page.locator("[data-row=Lunch]")).to_contain_text("Main + Drink")
    [combo] = rows(desk, "combos")
    assert combo["price"] == "60.00"
    lemonade = desk.item("Lemonade")["id"]
    assert combo["groups"][1]["options"] == [
        {"menu_item_id": lemonade, "surcharge": "2.50"}
    ]
    assert staff.faults == []


def test_an_item_has_a_tax_for_each_kind_of_order_and_a_table_its_zone(staff, desk):
    staff.go("Menu")
    page = staff.page
    page.get_by_role("button", name="Lemonade").click()
    group = page.get_by_role("group", name="Tax by kind of order")
    group.get_by_label("Pickup").fill("5")
    staff.button("Save the menu").click()
    expect(page.locator(".rs-savebar")).to_have_count(0)
    assert desk.item("Lemonade")["tax_rates"] == {"pickup": "5"}

    staff.go("Tables")
    page.get_by_label("Name of the table").fill("B1")
    staff.button("Table").click()
    row = page.locator(".rs-row").filter(has_text="B1")
    row.get_by_role("button", name="Edit").click()
    staff.dialog().get_by_label("Zone").fill("Bar")
    save(staff)
    expect(row).to_contain_text("Bar")
    assert {t["name"]: t["zone"] for t in rows(desk, "tables")}["B1"] == "Bar"
