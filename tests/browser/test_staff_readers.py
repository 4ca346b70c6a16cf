"""The staff page for everybody: screen readers, contrast, light and dark, languages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from browser.staff import DESKTOP, MENU, PHONE, TABLET, Desk, StaffPage, open_desk
from harness.server import Server

TABS = (
    *("Orders", "Kitchen", "Look up", "Menu", "Printing"),
    *("Devices", "Tables", "Gift cards", "Settings"),
    *("Prices", "Tips"),
)
PRICES = ("Discounts", "Price lists", "Combos")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
#: The keys of a language, as "a.b.c".
KEYS = """code => {
  const flat = (node, path) => typeof node === 'string' ? [path]
    : Object.entries(node).flatMap(([key, each]) => flat(each, `${path}.${key}`))
  return flat(window.i18n.global.messages[code].restaurant, '').sort()
}"""


@pytest.fixture(scope="module")
def desk(server: Server) -> Desk:
    """A restaurant with an order in every column, a failed ticket and a table."""
    desk = open_desk(server, MENU)
    first = desk.order("Tacos", "Lemonade", note="no ice", customer_name="Ana")
    desk.place("Tacos", payment_method="cash", table="7")
    ready = desk.place("Lemonade", payment_method="cash")["order"]
    desk.call("PUT", f"/orders/{ready['id']}/status/ready")
    owed = desk.order("Lemonade")
    desk.call("PUT", f"/orders/{owed['id']}/status/canceled")
    desk.place("Lemonade")
    jobs = desk.call("GET", f"/restaurants/{desk.id}/print_jobs?order_id={first['id']}")
    failure = {"error": "The paper is out.", "retryable": False}
    desk.call("PUT", f"/print_jobs/{jobs['data'][0]['id']}/fail", failure)
    printer = {"name": "Kitchen printer", "role": "printer"}
    desk.call("POST", f"/restaurants/{desk.id}/devices", printer)
    path = f"/restaurants/{desk.id}"
    desk.call("POST", f"{path}/tables", {"name": "7", "zone": "Terrace"})
    charge = {"kind": "service", "name": "Service", "percent": "10"}
    desk.set(charges=[charge], house_rates=[{"currency": "EUR", "rate": "1300"}])
    desk.set(tip_to="pool")
    happy = {"name": "Happy hour", "trigger": "schedule", "kind": "percent"}
    hours = {"windows": [{"days": [0, 1], "starts": "17:00", "ends": "19:00"}]}
    desk.call(
        "POST", f"{path}/discounts", {**happy, "percent": "10", "schedule": hours}
    )
    desk.call("POST", f"{path}/price_lists", {"name": "Terrace", "zones": ["Terrace"]})
    option = {"menu_item_id": desk.item("Lemonade")["id"], "surcharge": "1.00"}
    course = {"name": "Drink", "options": [option]}
    combo = {"name": "Lunch", "price": "50.00", "groups": [course]}
    desk.call("POST", f"{path}/combos", combo)
    desk.call("POST", f"{path}/staff", {"name": "Ana", "pay_to": "ana@wallet.example"})
    desk.order("Lemonade", tip={"amount": "9.00"})
    late = {**desk.line("Lemonade"), "course": 2}
    lines = [desk.line("Tacos"), late]
    cart = {"restaurant_id": desk.id, "items": lines, "payment_method": "cash"}
    tab = {"order_type": "dine_in", "table": "7", "tab": True}
    desk.once("/orders", {**cart, **tab})
    return desk


@pytest.fixture(scope="module")
def staff(browser: Browser, desk: Desk) -> Iterator[StaffPage]:
    staff = StaffPage(browser, desk.wallet, desk.server.url)
    staff.open()
    yield staff
    staff.context.close()


def complaints(staff: StaffPage, where: str) -> list[dict[str, Any]]:
    """What axe says about our part of the page."""
    options = {"runOnly": RULES, "resultTypes": ["violations"]}
    found = Axe().run(staff.page, context={"include": [[where]]}, options=options)
    return [
        {"rule": each["id"], "at": [node["html"][:200] for node in each["nodes"]]}
        for each in found.response["violations"]
    ]


def dialog_complaints(staff: StaffPage) -> list[dict[str, Any]]:
    """The same about the open dialog, with nothing behind it: axe would take that
    for the dialog's background."""
    hidden = ".q-layout, .q-dialog__backdrop { visibility: hidden }"
    style = staff.page.add_style_tag(content=hidden)
    staff.settle()
    found = complaints(staff, ".rs-dialog")
    style.evaluate("style => style.remove()")
    return found


@pytest.mark.parametrize("is_dark", [True, False], ids=["dark", "light"])
def test_axe_has_nothing_to_say(staff, is_dark):
    staff.page.evaluate("dark => { window.g.darkChoice = dark }", is_dark)
    for tab in TABS:
        staff.go(tab)
        if tab == "Menu":
            staff.page.locator(".rs-item-name[aria-expanded=false]").first.click()
            staff.page.locator(".rs-item-form").first.wait_for()
        if tab == "Orders":
            for fold in ("unpaid", "done"):
                staff.column(fold).locator(".rs-fold-head").click()
        staff.settle()
        assert complaints(staff, ".rs") == [], tab
    staff.go("Prices")
    for page in PRICES:
        staff.button(page).click()
        staff.settle()
        assert complaints(staff, ".rs") == [], page
    staff.go("Orders")


def test_axe_has_nothing_to_say_about_the_dialogs_of_prices_and_tips(staff):
    def look(open_by: str, *taps: str) -> None:
        staff.button(open_by).first.click()
        for name in taps:
            staff.dialog().last.get_by_role("button", name=name).first.click()
        assert dialog_complaints(staff) == [], open_by
        text = staff.dialog().last.inner_text()
        assert "restaurant." not in text  # no word is missing
        staff.dialog().last.get_by_role("button", name="Back").last.click()
        expect(staff.dialog()).to_have_count(0)

    staff.go("Prices")
    staff.button("Discounts").click()
    look("Edit", "Limits and more")
    staff.go("Tips")
    look("Pay out")
    staff.go("Orders")
    look("Change", "Discount")


def test_axe_has_nothing_to_say_about_the_dialogs(staff):
    staff.go("Orders")
    staff.page.locator(".rs-number").first.click()
    expect(staff.dialog().get_by_text("The paper is out.")).to_be_visible()
    assert "restaurant." not in staff.dialog().inner_text()  # no word is missing
    staff.settle()
    assert dialog_complaints(staff) == []
    staff.dialog().get_by_role("button", name="Close").click()
    staff.button("Take cash").first.click()
    staff.settle()
    assert dialog_complaints(staff) == []
    staff.dialog().get_by_role("button", name="Back").click()
    expect(staff.dialog()).to_have_count(0)


def test_axe_has_nothing_to_say_about_the_dialogs_of_waiters(staff):
    def look(name: str) -> None:
        staff.button(name).first.click()
        staff.settle()
        assert dialog_complaints(staff) == [], name
        assert "restaurant." not in staff.dialog().inner_text()  # no word is missing
        staff.dialog().get_by_role("button", name="Back").click()
        expect(staff.dialog()).to_have_count(0)

    staff.go("Orders")
    for name in ("New order", "Pause", "Busy", "Add a round"):
        look(name)


def test_every_page_fits_every_screen_with_targets_for_fingers(staff):
    touched = ".rs button, .rs a, .rs [role=tab]"
    width = "document.documentElement.scrollWidth"
    for screen in (PHONE, TABLET, DESKTOP):
        staff.page.set_viewport_size(screen)
        for tab in TABS:
            staff.go(tab)
            assert staff.too_small(touched) == [], (tab, screen)
            assert staff.page.evaluate(width) <= screen["width"], (tab, screen)
    staff.go("Orders")


def test_german_and_spanish_say_everything_that_english_says(staff):
    words = {"de": ("Bestellungen", "In der Küche"), "es": ("Pedidos", "En cocina")}
    english = staff.page.evaluate(KEYS, "en")
    for code, said in words.items():
        staff.page.evaluate("code => { window.g.locale = code }", code)
        for text in said:
            expect(staff.page.locator(".rs").get_by_text(text).first).to_be_visible()
        assert staff.page.evaluate(KEYS, code) == english
        assert "restaurant." not in staff.page.locator(".rs").inner_text()
    staff.page.evaluate("window.g.locale = 'en'")
    assert staff.faults == []
