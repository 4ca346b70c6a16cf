"""The staff page behind the scenes: the menu, devices, tables, tickets, settings."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from browser.printing import pair, printers_of
from browser.staff import Desk, StaffPage
from harness import API
from harness.server import Server


@pytest.fixture(scope="module")
def owner(server: Server, browser: Browser) -> Iterator[StaffPage]:
    """A new owner who has nothing yet."""
    wallet = server.make_wallet()
    staff = StaffPage(browser, wallet, server.url)
    yield staff
    staff.context.close()


@pytest.fixture(scope="module")
def desk(owner: StaffPage, server: Server) -> Desk:
    """The restaurant that the owner opens on the page, with a first menu."""
    page = owner.page
    page.goto("/restaurant/")
    page.get_by_label("Name of the restaurant").fill("Chez Zoë")
    page.get_by_label("Currency of the prices").fill("GTQ")
    page.get_by_role("option", name="GTQ").click()
    owner.button("Open the restaurant").click()
    page.locator(".rs-desk").wait_for()
    headers = owner.wallet.admin
    [made] = server.call("GET", f"{API}/restaurants", headers)["data"]
    assert (made["name"], made["currency"]) == ("Chez Zoë", "GTQ")
    guest = server.make_wallet(100_000)
    return Desk(server, owner.wallet, made["id"], made["slug"], guest)


@pytest.fixture
def staff(owner: StaffPage, desk: Desk) -> StaffPage:
    owner.page.keyboard.press("Escape")
    return owner


def item_row(staff: StaffPage, name: str) -> Locator:
    return staff.page.locator(".rs-item", has_text=name)


def test_a_menu_is_written_and_its_mistakes_are_shown_where_they_are(staff, desk):
    staff.button("Write the menu").click()
    staff.button("Category").click()
    page = staff.page
    page.locator(".rs-category-head").get_by_label("Category").fill("Food")
    page.get_by_label("Prints at").fill("grill")
    page.locator(".rs-item-form").get_by_label("Name", exact=True).fill("Tacos")
    page.get_by_label("Price (GTQ)").fill("55,123")
    staff.button("Modifier group").click()
    page.get_by_label("Name of the group").fill("Tortilla")
    page.get_by_label("At least").fill("1")
    page.get_by_role("textbox", name="Modifier").first.fill("Maíz")
    staff.button("Save the menu").click()

    fault = page.locator(".rs-item-form").get_by_text("may have at most 2 decimals")
    expect(fault).to_be_visible()
    expect(page.get_by_text("Not saved. Mistakes: 1")).to_be_visible()
    page.get_by_label("Price (GTQ)").fill("55,50")
    staff.button("Save the menu").click()
    expect(page.get_by_text("The menu is saved.").first).to_be_visible()
    expect(page.locator(".rs-savebar")).to_have_count(0)
    assert desk.menu()["categories"][0]["station"] == "grill"
    item = desk.item("Tacos")
    [group] = item["modifier_groups"]
    assert (item["price"], group["min"], group["max"]) == ("55.50", 1, 1)
    assert [m["name"] for m in group["modifiers"]] == ["Maíz"]


def test_one_tap_sells_an_item_out_until_the_next_day(staff, desk):
    staff.go("Menu")
    item_row(staff, "Tacos").get_by_role("button", name="Available").click()
    staff.page.get_by_text(re.compile("Sold out until .*4:00")).click()

    row = item_row(staff, "Tacos")
    expect(row.get_by_role("button", name="Sold out until")).to_be_visible()
    expect(staff.page.locator(".rs-savebar")).to_have_count(0)
    assert "T04:00:00" in desk.item("Tacos")["available_again_at"]
    row.get_by_role("button", name="Sold out until").click()
    expect(row.get_by_role("button", name="Available")).to_be_visible()
    assert desk.item("Tacos")["is_available"] is True


def test_what_others_change_meanwhile_is_never_written_over(staff, desk):
    staff.go("Menu")
    page = staff.page
    item_row(staff, "Tacos").locator(".rs-item-name").click()
    page.get_by_label("Price (GTQ)").fill("60.00")

    # The kitchen switches it off: no conflict, both hold.
    desk.call(
        "PATCH", f"/menu_items/{desk.item('Tacos')['id']}", {"is_available": False}
    )
    staff.button("Save the menu").click()
    expect(page.locator(".rs-savebar")).to_have_count(0)
    stored = desk.item("Tacos")
    assert (stored["price"], stored["is_available"]) == ("60.00", False)

    # Somebody else edits the same price: that is one.
    item_row(staff, "Tacos").locator(".rs-item-name").click()
    page.get_by_label("Price (GTQ)").fill("61.00")
    desk.call("PATCH", f"/menu_items/{stored['id']}", {"price": "70.00"})
    staff.button("Save the menu").click()
    dialog = staff.dialog()
    expect(dialog).to_contain_text("Somebody else changed the menu")
    assert desk.item("Tacos")["price"] == "70.00"
    dialog.get_by_role("button", name="Load theirs, drop mine").click()
    expect(item_row(staff, "Tacos")).to_contain_text("GTQ 70.00")
    desk.call("PATCH", f"/menu_items/{stored['id']}", {"is_available": True})


def test_leaving_with_unsaved_changes_asks_first(staff, desk):
    staff.go("Menu")
    page = staff.page
    page.locator(".rs-category-head").get_by_label("Category").fill("Food & more")
    page.get_by_role("link", name="My Account").click()
    expect(staff.dialog()).to_contain_text("Your changes are not saved yet.")
    staff.dialog().get_by_role("button", name="Stay here").click()
    expect(page.locator(".rs-savebar")).to_be_visible()
    staff.button("Discard").click()
    staff.dialog().get_by_role("button", name="Discard").click()
    expect(page.locator(".rs-savebar")).to_have_count(0)


def test_a_device_token_is_shown_once(staff, desk):
    staff.go("Devices")
    staff.button("Device").click()
    dialog = staff.dialog()
    dialog.get_by_label("Name, for example").fill("Küche")
    dialog.get_by_role("button", name="Create the token").click()
    token = dialog.locator(".rs-token").inner_text()
    assert token.startswith("rdt_")
    toml = dialog.locator("pre").inner_text()
    assert f'token = "{token}"' in toml
    assert f'restaurant = "{desk.id}"' in toml
    assert 'name = "Kuche"' in toml
    dialog.get_by_role("button", name="I have it").click()

    expect(staff.page.get_by_text("Has never been here")).to_be_visible()
    expect(staff.dialog()).to_have_count(0)
    assert token not in staff.page.content()
    jobs = f"{API}/restaurants/{desk.id}/print_jobs"
    bearer = {"Authorization": f"Bearer {token}"}
    assert desk.server.http.get(jobs, headers=bearer).status_code == 200
    staff.button("Revoke").click()
    staff.dialog().get_by_role("button", name="Revoke").click()
    expect(staff.page.get_by_text("No device yet.")).to_be_visible()
    assert desk.server.http.get(jobs, headers=bearer).status_code == 401


def test_a_table_has_a_link_that_a_new_code_ends(staff, desk):
    staff.go("Tables")
    staff.page.get_by_label("Name of the table").fill("Window 7")
    staff.button("Table").click()
    staff.button("QR code").click()
    link = staff.dialog().locator("a.rs-link")
    first = link.inner_text()
    start = f"{desk.server.url}/restaurant/m/{desk.slug}#t="
    assert first.startswith(start)
    assert first.endswith("&table=Window%207")
    expect(staff.dialog().locator("svg").first).to_be_visible()
    staff.dialog().get_by_role("button", name="Close").click()

    staff.button("New code").click()
    staff.dialog().get_by_role("button", name="New code").click()
    expect(link).not_to_have_text(first)
    [table] = desk.call("GET", f"/restaurants/{desk.id}/tables")["data"]
    assert link.inner_text() == f"{start}{table['token']}&table=Window%207"
    staff.dialog().get_by_role("button", name="Close").click()


def test_a_ticket_that_failed_cannot_be_missed(staff, desk):
    staff.go("Orders")
    order = desk.order("Tacos")
    staff.card(order["number"]).wait_for()
    jobs = f"/restaurants/{desk.id}/print_jobs?order_id={order['id']}"
    [job] = desk.call("GET", jobs)["data"]
    failure = {"error": "The paper is out.", "retryable": False}
    desk.call("PUT", f"/print_jobs/{job['id']}/fail", failure)

    for tab in ("Orders", "Menu", "Settings"):
        staff.go(tab)
        banner = staff.banner("Tickets that did not print: 1")
        expect(banner).to_be_visible()
    banner.get_by_role("button", name="Show them").click()
    row = staff.page.locator(f"[data-job='{order['number']}']")
    expect(row).to_contain_text("The paper is out.")
    assert "Tacos" in (row.locator("img").get_attribute("alt") or "")
    row.get_by_role("button", name="Print again").click()
    expect(staff.banner("Tickets that did not print")).to_have_count(0)
    assert desk.call("GET", jobs)["data"][0]["status"] == "queued"


def test_closing_and_settings_reach_the_server_and_faults_their_field(staff, desk):
    profile = f"/restaurants/{desk.id}"
    staff.button("Open").click()
    staff.dialog().get_by_role("button", name="Close").click()
    expect(staff.button("Closed")).to_be_visible()
    assert desk.call("GET", profile)["is_open"] is False
    staff.button("Closed").click()
    expect(staff.button("Open")).to_be_visible()

    staff.go("Settings")
    zone = staff.page.get_by_label("The business day begins at")
    zone.fill("25:00")
    staff.button("Save").click()
    expect(staff.page.locator(".rs-fields").get_by_text("time of day")).to_be_visible()
    zone.fill("05:30")
    staff.button("Save").click()
    expect(staff.page.locator(".rs-savebar")).to_have_count(0)
    staff.go("Prices")
    staff.page.get_by_label("Tips offered, in %").fill("7.5 12")
    staff.button("Save").click()
    expect(staff.page.locator(".rs-savebar")).to_have_count(0)
    [stored] = desk.call("GET", "/restaurants")["data"]
    assert (stored["day_starts_at"], stored["tip_options"]) == ("05:30", ["7.5", "12"])


def test_a_printer_that_does_not_print_turns_its_lamp_red_and_says_why(staff, desk):
    pair(desk, "Pi", "Bar printer")
    printer = printers_of(desk)["Bar printer"]
    desk.call("PATCH", f"/printers/{printer['id']}", {"is_paused": True})
    staff.open("orders")
    staff.button("Bar printer: Paused by staff").click()
    first = staff.dialog().locator(".q-item").first
    expect(first).to_contain_text("Bar printer – Paused by staff")
    expect(staff.dialog()).to_contain_text("Resume it under “Printing”")
    expect(staff.dialog()).to_contain_text("Lightning node – runs")
    staff.dialog().get_by_role("button", name="Close").click()
    desk.call("DELETE", f"/printers/{printer['id']}")
    desk.call("DELETE", f"/devices/{printer['device_id']}")
    assert staff.faults == []


def test_a_printer_that_was_only_just_added_lights_no_alarm(staff, desk):
    body = {"name": "New printer", "role": "printer"}
    device = desk.call("POST", f"/restaurants/{desk.id}/devices", body)
    staff.open("orders")
    staff.button("All is running").click()
    expect(staff.dialog()).to_contain_text("New printer – not seen yet")
    expect(staff.dialog()).to_contain_text("Switch it on.")
    expect(staff.dialog()).to_contain_text("Lightning node – runs")
    staff.dialog().get_by_role("button", name="Close").click()
    desk.call("DELETE", f"/devices/{device['id']}")
    assert staff.faults == []
