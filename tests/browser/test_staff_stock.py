"""Stock on the staff page: movements, warnings, sheets, recipes, sold-out dishes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from browser.staff import DESKTOP, MENU, PHONE, Desk, StaffPage, open_desk
from harness import API
from harness.server import Server


@pytest.fixture(scope="module")
def desk(server: Server) -> Desk:
    return open_desk(server, MENU)


@pytest.fixture(scope="module")
def opened(browser: Browser, desk: Desk) -> Iterator[StaffPage]:
    staff = StaffPage(browser, desk.wallet, desk.server.url)
    staff.open("stock")
    yield staff
    staff.context.close()


@pytest.fixture
def staff(opened: StaffPage) -> StaffPage:
    """The page, which stays open from test to test as it does at work."""
    if opened.dialog().count():
        opened.open("stock")
    opened.go("Stock")
    opened.button("What is there").click()
    return opened


def press(staff: StaffPage, name: str) -> None:
    staff.dialog().last.get_by_role("button", name=name, exact=True).click()


def fill(staff: StaffPage, label: str, value: str) -> None:
    staff.dialog().last.get_by_label(label, exact=True).fill(value)


def close(staff: StaffPage) -> None:
    press(staff, "Close")
    expect(staff.dialog()).to_have_count(0)


def row(staff: StaffPage, name: str) -> Locator:
    return staff.page.locator(f"[data-stock='{name}']")


def big(staff: StaffPage, name: str) -> Locator:
    """What is available of it, in large figures."""
    return row(staff, name).locator(".rs-stock-big")


def figure(staff: StaffPage, name: str) -> Locator:
    return staff.dialog().locator(f"[data-figure='{name}'] dd")


def history(staff: StaffPage, seq: int) -> Locator:
    return staff.dialog().locator(f"[data-seq='{seq}']")


def stock(desk: Desk, name: str) -> dict[str, Any]:
    rows = desk.call("GET", f"/restaurants/{desk.id}/stocks?limit=500")["data"]
    return next(each for each in rows if each["name"] == name)


def ingredient(desk: Desk, name: str, on_hand: int, **more: Any) -> dict[str, Any]:
    body = {"name": name, "unit": "g", "on_hand": on_hand, **more}
    made: dict[str, Any] = desk.once(f"/restaurants/{desk.id}/ingredients", body)
    return made


def public_item(desk: Desk, name: str) -> dict[str, Any]:
    tree = desk.server.call("GET", f"{API}/restaurants/{desk.slug}/menu", {})
    items = [item for each in tree["categories"] for item in each["items"]]
    return next(item for item in items if item["name"] == name)


def test_an_ingredient_is_received_wasted_and_counted_with_its_history(staff, desk):
    staff.button("Count something").click()
    fill(staff, "Name", "Flour")
    press(staff, "g")
    fill(staff, "There are now", "500")
    press(staff, "Begin to count")
    expect(big(staff, "Flour")).to_have_text("500g")

    row(staff, "Flour").click()
    fill(staff, "How much came", "2000")
    expect(staff.dialog().get_by_text("Then on hand: 2,500 g")).to_be_visible()
    press(staff, "Delivery")
    staff.dialog().get_by_role("button", name="Receive").last.click()
    expect(figure(staff, "on_hand")).to_have_text("2,500 g")
    expect(history(staff, 2)).to_contain_text("Received – Delivery")
    expect(history(staff, 2)).to_contain_text("+2,000")

    press(staff, "Waste")
    fill(staff, "How much went", "9000")
    send = staff.dialog().get_by_role("button", name="Waste").last
    expect(send).to_be_disabled()
    press(staff, "Spoiled")
    send.click()
    fault = staff.dialog().locator(".q-field--error")
    expect(fault).to_have_count(1)
    fill(staff, "How much went", "100")
    send.click()
    expect(history(staff, 3)).to_contain_text("Wasted – Spoiled")

    press(staff, "Count")
    fill(staff, "How much is there", "2390")
    press(staff, "Stocktake")
    staff.dialog().get_by_role("button", name="Count").last.click()
    expect(history(staff, 4)).to_contain_text("= 2,390 g")
    expect(figure(staff, "available")).to_have_text("2,390 g")
    close(staff)
    expect(big(staff, "Flour")).to_have_text("2,390g")
    assert stock(desk, "Flour")["on_hand"] == 2390


def test_a_history_is_longer_than_its_first_page(staff, desk):
    salt = ingredient(desk, "Salt", 100)
    move = {"stock_id": salt["id"], "kind": "receive", "quantity": 1}
    desk.once(f"/restaurants/{desk.id}/stock_movements", {"movements": [move] * 24})
    expect(big(staff, "Salt")).to_have_text("124g")
    row(staff, "Salt").click()
    expect(history(staff, 25)).to_be_visible()
    expect(history(staff, 1)).to_have_count(0)
    press(staff, "Earlier ones")
    expect(history(staff, 1)).to_contain_text("100")
    expect(staff.button("Earlier ones")).to_have_count(0)
    close(staff)


def test_a_sale_that_makes_something_low_is_told_and_counted_on_the_tab(staff, desk):
    tab = staff.page.get_by_role("tab", name="Stock")
    expect(tab.locator(".q-badge")).to_have_count(0)
    staff.button("Count something").click()
    press(staff, "Menu item")
    box = staff.dialog().get_by_label("Menu item").last
    box.fill("Lemon")
    staff.page.get_by_role("option", name="Lemonade").click()
    fill(staff, "There are now", "3")
    fill(staff, "Warn when available is down to", "2")
    press(staff, "Begin to count")
    expect(big(staff, "Lemonade")).to_have_text("3")

    desk.order("Lemonade")
    expect(staff.page.get_by_text("Lemonade is low: 2 available")).to_be_visible()
    expect(tab.locator(".q-badge")).to_have_text("1")
    expect(big(staff, "Lemonade")).to_have_text("2")
    expect(row(staff, "Lemonade")).to_contain_text("low")
    # What is low stands above everything else.
    expect(staff.page.locator("[data-stock]").first).to_contain_text("Lemonade")
    staff.page.get_by_text("Low only").click()
    expect(staff.page.locator("[data-stock]")).to_have_count(1)
    staff.page.get_by_text("Low only").click()

    desk.order("Lemonade")
    desk.order("Lemonade")
    expect(staff.page.get_by_text("Lemonade is out")).to_be_visible()
    expect(row(staff, "Lemonade").locator(".rs-stock-sign")).to_have_text("out")
    row(staff, "Lemonade").click()
    expect(history(staff, 4)).to_contain_text("Sold")
    fill(staff, "How much came", "12")
    staff.dialog().get_by_role("button", name="Receive").last.click()
    expect(figure(staff, "available")).to_have_text("12")
    close(staff)
    expect(tab.locator(".q-badge")).to_have_count(0)


def test_a_sheet_with_a_fault_names_its_row_and_changes_nothing(staff, desk, tmp_path):
    ingredient(desk, "Rice", 700)
    ingredient(desk, "Beans", 300)
    expect(big(staff, "Rice")).to_have_text("700g")
    with staff.page.expect_download() as download:
        staff.button("Download CSV").click()
    text = download.value.path().read_text()
    assert download.value.suggested_filename == f"stock-{desk.slug}.csv"
    assert "ingredient,Rice,g,700,0,700," in text

    sheet = tmp_path / "count.csv"
    head = "kind,name,on_hand\r\n"
    sheet.write_text(f"{head}ingredient,Rice,650\r\ningredient,Beans,many\r\n")
    staff.button("Read CSV").click()
    staff.dialog().locator("input[type=file]").set_input_files(str(sheet))
    press(staff, "Read it in")
    fault = staff.dialog().locator("[data-row='3']")
    expect(fault).to_contain_text("Row 3, on_hand")
    expect(staff.dialog().get_by_text("Not read. Faults: 1")).to_be_visible()
    assert stock(desk, "Rice")["on_hand"] == 700

    sheet.write_text(f"{head}ingredient,Rice,650\r\ningredient,Beans,310\r\n")
    staff.dialog().locator("input[type=file]").set_input_files(str(sheet))
    expect(fault).to_have_count(0)
    press(staff, "Read it in")
    expect(staff.dialog()).to_have_count(0)
    expect(big(staff, "Rice")).to_have_text("650g")
    expect(big(staff, "Beans")).to_have_text("310g")


def test_a_recipe_sells_a_dish_out_when_its_ingredient_ends(staff, desk):
    pork = ingredient(desk, "Pork", 250)
    expect(big(staff, "Pork")).to_have_text("250g")
    staff.button("Recipes").click()
    tacos = staff.page.locator("[data-recipe=Tacos]")
    expect(tacos).to_contain_text("no recipe")
    tacos.click()
    press(staff, "Ingredient")
    staff.dialog().get_by_label("Ingredient").last.fill("Pork")
    staff.page.get_by_role("option", name="Pork").click()
    fill(staff, "How much", "120")
    press(staff, "Save the recipe")
    expect(staff.dialog()).to_have_count(0)
    expect(tacos).to_contain_text("120 g Pork")
    expect(tacos).to_contain_text("enough for 2")

    desk.order("Tacos")
    expect(tacos).to_contain_text("enough for 1")
    assert public_item(desk, "Tacos")["is_available"] is True
    desk.order("Tacos")
    expect(tacos).to_contain_text("enough for 0")
    assert public_item(desk, "Tacos")["is_available"] is False

    staff.button("What is there").click()
    row(staff, "Pork").click()
    used = staff.dialog().locator(".rs-picker-row")
    expect(used).to_have_text("Tacos120 g")
    close(staff)
    assert stock(desk, pork["name"])["on_hand"] == 10
    desk.call("PUT", f"/menu_items/{desk.item('Tacos')['id']}/recipe", {"uses": []})


def test_the_ledger_proves_itself_on_demand(staff, desk):
    staff.button("Check the ledger").click()
    expect(staff.dialog().get_by_text("The ledger is right.")).to_be_visible()
    proof = desk.call("GET", f"/restaurants/{desk.id}/stock/check")
    said = f"Stocks: {proof['stocks']}, movements: {proof['movements']}."
    expect(staff.dialog()).to_contain_text(said)
    close(staff)


def test_a_modifier_is_counted_from_the_menu_and_shown_there(staff, desk):
    staff.go("Menu")
    page = staff.page
    tacos = page.locator(".rs-item", has_text="Tacos")
    tacos.locator(".rs-item-name").click()
    tacos.get_by_role("button", name="Stock of Maíz: not counted").click()
    fill(staff, "There are now", "40")
    press(staff, "Begin to count")
    expect(big(staff, "Maíz")).to_have_text("40")
    expect(row(staff, "Maíz")).to_contain_text("Modifier · Tacos")

    # The form stays open; what is left of the modifier follows the sales.
    staff.go("Menu")
    expect(tacos.get_by_role("button", name="Stock of Maíz: 40 left")).to_be_visible()
    desk.order("Tacos")
    shown = tacos.get_by_role("button", name="Stock of Maíz: 39 left")
    expect(shown).to_be_visible()
    expect(page.locator(".rs-savebar")).to_have_count(0)
    tacos.locator(".rs-item-name").click()
    expect(shown).to_have_count(0)
    tacos.locator(".rs-item-name").click()
    shown.click()
    expect(staff.dialog().locator(".rs-h2")).to_have_text("Maíz")
    press(staff, "Stop counting")
    press(staff, "Stop counting")
    expect(staff.dialog()).to_have_count(0)
    expect(row(staff, "Maíz")).to_contain_text("not counted")
    assert stock(desk, "Maíz")["is_counted"] is False
    staff.go("Menu")
    tacos.locator(".rs-item-name").click()


def test_a_dish_and_a_modifier_are_off_until_the_next_opening(staff, desk):
    every_day = {"days": list(range(7)), "starts": "10:00", "ends": "22:00"}
    desk.set(opening_hours=[every_day])
    staff.go("Menu")
    page = staff.page
    tacos = page.locator(".rs-item-row", has_text="Tacos")
    tacos.get_by_role("button", name="Available").click()
    page.get_by_text("Sold out until we open again").click()
    off = tacos.get_by_role("button", name="Sold out until")
    expect(off).to_be_visible()
    stored = desk.item("Tacos")
    assert stored["is_available"] is False
    assert stored["available_again_at"].endswith("T10:00:00.000Z")
    off.click()
    expect(tacos.get_by_role("button", name="Available")).to_be_visible()

    tacos.get_by_role("button", name="Modifiers of Tacos").click()
    maiz = staff.dialog().locator(".rs-picker-row", has_text="Maíz")
    maiz.get_by_role("button", name="Available").click()
    page.get_by_text("Sold out until we open again").click()
    expect(maiz.get_by_role("button", name="Sold out until")).to_be_visible()
    [group] = desk.item("Tacos")["modifier_groups"]
    assert group["modifiers"][0]["available_again_at"].endswith("T10:00:00.000Z")
    maiz.get_by_role("button", name="Sold out until").click()
    maiz.get_by_role("button", name="Available").click()
    page.get_by_text("Sold out until a time").click()
    staff.dialog().last.get_by_label("Back at").fill("2031-05-06T12:30")
    press(staff, "Switch off")
    expect(maiz.get_by_role("button", name="Sold out until")).to_be_visible()
    [group] = desk.item("Tacos")["modifier_groups"]
    assert group["modifiers"][0]["available_again_at"].startswith("2031-05-06T12:30")
    close(staff)
    expect(tacos.get_by_role("button", name="Modifiers of Tacos")).to_contain_text(
        "1 off"
    )
    modifier = group["modifiers"][0]["id"]
    desk.call("PATCH", f"/modifiers/{modifier}", {"is_available": True})
    desk.set(opening_hours=[])


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_stock_reads_well_for_everybody(staff, desk, size):
    staff.page.set_viewport_size(size)
    for is_dark in (True, False):
        staff.page.evaluate("dark => { window.g.darkChoice = dark }", is_dark)
        assert staff.complaints() == []
        row(staff, "Flour").click()
        expect(history(staff, 1)).to_be_visible()
        assert staff.complaints(".rs-dialog") == []
        close(staff)
        staff.button("Recipes").click()
        assert staff.complaints() == []
        staff.button("What is there").click()
    width = "document.documentElement.scrollWidth"
    assert staff.page.evaluate(width) <= size["width"]
    staff.page.set_viewport_size(DESKTOP)
    assert staff.faults == []
