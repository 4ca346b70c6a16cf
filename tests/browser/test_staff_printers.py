"""Printers on the staff page: paired, mapped, looked after; their queue and alarms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import httpx
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Locator, ViewportSize, expect

from browser.late import Late
from browser.printing import (
    Machine,
    collect,
    jobs_of,
    pair,
    printers_of,
    show_code,
)
from browser.staff import (
    DESKTOP,
    MENU,
    PHONE,
    TABLET,
    Desk,
    StaffPage,
    open_desk,
)
from harness.server import Server

WRONG_CODE = "ABCD-2345"
SMALL: ViewportSize = {"width": 360, "height": 640}
FAILURE = {"error": "The printer does not answer.", "retryable": False}
#: Notices of the browser are noted, so that a test can read them.
NOTICES = """(() => {
  const Real = window.Notification
  window.told = []
  window.Notification = class extends Real {
    constructor(title, options) {
      super(title, options)
      window.told.push(`${title}: ${options.body}`)
    }
  }
})()"""


@pytest.fixture(scope="module")
def desk(server: Server) -> Desk:
    desk = open_desk(server, MENU)
    # Orders that nobody accepts would call out too.
    desk.set(auto_accept_orders=True)
    return desk


@pytest.fixture(scope="module")
def opened(browser: Browser, desk: Desk) -> Iterator[StaffPage]:
    staff = StaffPage(browser, desk.wallet, desk.server.url)
    staff.context.add_init_script(NOTICES)
    staff.open("printing")
    yield staff
    staff.context.close()


@pytest.fixture
def staff(opened: StaffPage, desk: Desk) -> Iterator[StaffPage]:
    """The page of printing, with nothing of the tests before."""
    opened.page.set_viewport_size(PHONE)
    if opened.dialog().count():
        opened.open("printing")
    opened.go("Printing")
    show(opened, "Printers")
    expect(opened.page.locator("[data-printer]")).to_have_count(0)
    show(opened, "Queue")
    yield opened
    for printer in printers_of(desk).values():
        desk.call("DELETE", f"/printers/{printer['id']}")
    for device in desk.call("GET", f"/restaurants/{desk.id}/devices")["data"]:
        desk.call("DELETE", f"/devices/{device['id']}")
    for status in ("failed", "queued", "sent"):
        for job in jobs_of(desk, status=status):
            desk.call("POST", f"/print_jobs/{job['id']}/cancel", {})


def show(staff: StaffPage, page: str) -> None:
    pages = staff.page.locator(".rs-pages").first
    pages.get_by_role("button", name=page).click()


def card(staff: StaffPage, name: str) -> Locator:
    return staff.page.locator(f"[data-printer='{name}']")


def job_row(staff: StaffPage, order: dict[str, Any]) -> Locator:
    return staff.page.locator(f"article[data-job='{order['number']}']").first


def filter_by(staff: StaffPage, name: str) -> None:
    staff.page.locator(".rs-pages").nth(1).get_by_role("button", name=name).click()


def begin(staff: StaffPage, kind: str) -> Locator:
    """Add a printer of this kind; answers the dialog."""
    show(staff, "Printers")
    staff.button("Add a printer").click()
    dialog = staff.dialog()
    dialog.get_by_role("radio", name=kind).click()
    dialog.get_by_role("button", name="Next").click()
    return dialog


def edit(staff: StaffPage, name: str) -> Locator:
    show(staff, "Printers")
    staff.button(f"Edit: {name}").click()
    return staff.dialog()


def save(dialog: Locator) -> None:
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)


def pick(staff: StaffPage, where: Locator, label: str, option: str) -> None:
    where.get_by_label(label, exact=True).last.click()
    staff.page.get_by_role("option", name=option).click()


def fail(desk: Desk, order: dict[str, Any]) -> dict[str, Any]:
    """The first ticket of this order will not print; answers its job."""
    [job, *_] = jobs_of(desk, order_id=order["id"])
    desk.call("PUT", f"/print_jobs/{job['id']}/fail", FAILURE)
    return job


def unpaused(desk: Desk, name: str, **settings: Any) -> dict[str, Any]:
    """One printer of a machine of its own, with these settings."""
    pair(desk, f"{name} Pi", name)
    printer = printers_of(desk)[name]
    if settings:
        desk.call("PATCH", f"/printers/{printer['id']}", settings)
    return printer


# --- pairing ------------------------------------------------------------------------


def test_a_machine_is_paired_by_the_code_that_it_shows(staff, desk):
    pairing = show_code(
        desk,
        "Kitchen Pi",
        {"name": "usb", "width": 80, "model": "TM-T20III"},
        {"name": "net", "width": 58},
    )
    dialog = begin(staff, "printer-pi")
    expect(dialog).to_contain_text(f"printer-pi pair --url {desk.server.url}")
    code = dialog.get_by_label("Code", exact=True)
    button = dialog.get_by_role("button", name="Pair", exact=True)
    code.fill("abc")
    expect(button).to_be_disabled()
    code.fill(WRONG_CODE.lower())
    expect(code).to_have_value(WRONG_CODE)
    button.click()
    expect(dialog).to_contain_text("Nobody waits with this code.")

    code.fill(pairing["code"].lower().replace("-", " "))
    expect(code).to_have_value(pairing["code"])
    button.click()
    expect(dialog.get_by_role("status")).to_contain_text("Kitchen Pi is paired.")
    first = dialog.get_by_role("group", name="usb · TM-T20III")
    first.get_by_label("Name, for example").fill("Grill")
    first.get_by_text("All stations").click()
    pick(staff, first, "Stations", "kitchen")
    staff.page.keyboard.press("Escape")
    save(dialog)

    expect(card(staff, "Grill")).to_contain_text("kitchen")
    found = printers_of(desk)
    assert found["Grill"]["stations"] == ["kitchen"]
    assert found["Grill"]["local_name"] == "usb"
    assert found["net"]["layout"]["paper"] == "58"
    machine = collect(desk, pairing)
    machine.tell("usb", paper="ok")
    expect(card(staff, "Grill")).to_contain_text("Ready")


def test_a_wrong_code_is_told_where_it_can_be_mended(staff, desk):
    staff.page.set_viewport_size(SMALL)
    dialog = begin(staff, "printer-pi")
    code = dialog.get_by_label("Code", exact=True)
    code.fill(WRONG_CODE)
    dialog.get_by_role("button", name="Pair", exact=True).click()

    fault = dialog.get_by_text("Nobody waits with this code.")
    expect(fault).to_be_in_viewport(ratio=1)
    expect(code).to_be_in_viewport(ratio=1)
    expect(code).to_be_focused()
    staff.page.keyboard.type("WXYZ")
    expect(code).to_have_value("WXYZ")
    dialog.get_by_role("button", name="Back").click()
    dialog.get_by_role("button", name="Back").click()


def test_the_code_on_paper_leads_to_its_own_form(staff, desk):
    pairing = show_code(desk, "Bar Pi", {"name": "bar"})

    staff.page.evaluate(
        "code => (window.location.hash = `pair=${code}`)", pairing["code"]
    )

    dialog = staff.dialog()
    expect(dialog.get_by_label("Code", exact=True)).to_have_value(pairing["code"])
    expect(dialog).to_contain_text(
        "static/printer-pi/install.sh | sudo sh -s -- --server"
    )
    dialog.get_by_role("button", name="Pair", exact=True).click()
    expect(dialog.get_by_role("status")).to_contain_text("Bar Pi is paired.")
    expect(staff.page).to_have_url(re.compile(r"#printing$"))
    save(dialog)


def test_a_card_tells_the_stations_that_a_machine_limits_itself_to(staff, desk):
    machine = pair(desk, "Terrace Pi", "terrace")
    machine.claim("terrace", "terrace")
    show(staff, "Printers")

    expect(card(staff, "terrace")).not_to_contain_text("All stations")
    expect(card(staff, "terrace").get_by_text("terrace", exact=True)).to_have_count(2)


def test_a_star_printer_gets_an_address_and_turns_green_when_it_asks(staff, desk):
    dialog = begin(staff, "Star CloudPRNT")
    dialog.get_by_label("Name, for example").fill("Counter")
    dialog.get_by_role("button", name="Create its address").click()
    url = dialog.locator(".rs-address").inner_text()
    assert url.startswith(f"{desk.server.url}/restaurant/api/v1/cloudprnt/")
    expect(dialog.get_by_role("listitem")).to_have_count(4)
    dialog.locator(".rs-fold-head").click()
    expect(dialog.locator(".rs-qr svg").first).to_be_visible()
    expect(dialog.get_by_role("status")).to_contain_text("Waiting for its first")

    poll = {"statusCode": "200%20OK", "printerMAC": "00:11:62:00:00:01"}
    assert httpx.post(url, json=poll).status_code == 200
    expect(dialog.get_by_role("status")).to_contain_text("It has asked.")
    dialog.get_by_role("button", name="Test print").click()
    expect(staff.page.get_by_text("A test page is in the queue.")).to_be_visible()
    dialog.get_by_role("button", name="Done").click()
    expect(dialog).to_have_count(0)
    expect(card(staff, "Counter")).to_contain_text("Ready")
    assert url not in staff.page.content()
    [job] = jobs_of(desk, status="queued", kind="test")
    assert job["printer_id"] == printers_of(desk)["Counter"]["id"]


def test_an_epson_printer_gets_a_new_address_and_the_old_one_ends(staff, desk):
    dialog = begin(staff, "Epson Server Direct Print")
    dialog.get_by_label("Name, for example").fill("Bar")
    dialog.get_by_role("button", name="Create its address").click()
    old = dialog.locator(".rs-address").inner_text()
    expect(dialog).to_contain_text("Server Direct Print")
    dialog.get_by_role("button", name="Done").click()

    staff.button("More: Bar").click()
    staff.page.get_by_text("New address", exact=True).click()
    dialog.get_by_role("button", name="New address").click()
    expect(dialog.locator(".rs-address")).not_to_have_text(old)
    new = dialog.locator(".rs-address").inner_text()
    poll = {"ConnectionType": "GetRequest", "ID": "1"}
    assert httpx.post(old, data=poll).status_code == 404
    assert httpx.post(new, data=poll).status_code == 200
    expect(dialog.get_by_role("status")).to_contain_text("It has asked.")
    dialog.get_by_role("button", name="Done").click()


# --- printers -----------------------------------------------------------------------


def test_a_printer_tells_what_ails_it_and_since_when(staff, desk):
    machine = pair(desk, "Pi", "Kitchen printer", "Bar printer")
    show(staff, "Printers")
    kitchen = card(staff, "Kitchen printer")
    machine.tell("Kitchen printer", paper="ok", model="TM-T88")
    expect(kitchen).to_contain_text("Ready")
    expect(kitchen).to_contain_text("printer-pi · TM-T88 · asked")
    machine.tell("Kitchen printer", paper="out")
    expect(kitchen).to_contain_text("Paper is out, since")
    expect(kitchen).to_have_class("rs-row rs-printer rs-printer-warn")
    machine.tell("Kitchen printer", paper="low")
    expect(kitchen).to_contain_text("paper is running low")
    machine.tell("Kitchen printer", paper="ok", cover="open")
    expect(kitchen).to_contain_text("Cover is open, since")

    staff.go("Orders")
    alarm = staff.page.get_by_role("alert").filter(has_text="Cover is open")
    expect(alarm).to_contain_text("Kitchen printer: Cover is open, since")
    alarm.get_by_role("button", name="Show").click()
    expect(kitchen).to_be_visible()
    machine.tell("Kitchen printer", paper="ok", cover="closed")
    expect(kitchen).to_contain_text("Ready")


def test_a_printer_is_paused_tested_and_removed(staff, desk):
    machine = pair(desk, "Pi", "Kitchen printer")
    show(staff, "Printers")
    kitchen = card(staff, "Kitchen printer")
    staff.button("Pause: Kitchen printer").click()
    expect(kitchen).to_contain_text("Paused by staff")
    staff.button("Test print: Kitchen printer").click()
    expect(kitchen).to_contain_text("Waiting: 1")
    assert machine.claim("Kitchen printer") is None
    staff.button("Resume: Kitchen printer").click()
    expect(kitchen).to_contain_text("Ready")
    job = machine.print("Kitchen printer")
    assert job is not None
    assert job["kind"] == "test"
    expect(kitchen.get_by_text("Waiting:")).to_have_count(0)

    staff.button("More: Kitchen printer").click()
    staff.page.get_by_text("Remove", exact=True).click()
    expect(staff.dialog()).to_contain_text("Remove Kitchen printer?")
    staff.dialog().get_by_role("button", name="Remove").click()
    expect(kitchen).to_have_count(0)
    assert printers_of(desk) == {}


def test_a_printer_is_named_and_mapped(staff, desk):
    machine = pair(desk, "Pi", "one", "two")
    dialog = edit(staff, "one")
    dialog.get_by_label("Name, for example").fill("Grill")
    dialog.get_by_text("All stations").click()
    pick(staff, dialog, "Stations", "bar")
    stations = dialog.get_by_label("Stations", exact=True)
    stations.fill("grill")
    stations.press("Enter")
    staff.page.keyboard.press("Escape")
    dialog.get_by_role("checkbox", name="Delivery").click()
    dialog.get_by_label("Copies of every ticket").fill("12")
    pick(staff, dialog, "Backup printer", "two")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.locator(".q-field--error input")).to_have_value("12")
    dialog.get_by_label("Copies of every ticket").fill("2")
    save(dialog)

    grill = printers_of(desk)["Grill"]
    assert grill["stations"] == ["bar", "grill"]
    assert grill["order_types"] == ["dine_in", "pickup"]
    assert (grill["copies"], grill["backup_id"]) == (2, printers_of(desk)["two"]["id"])
    serves = "bar, grill · Eat in, Pickup · 2 copies · backup: two"
    expect(card(staff, "Grill")).to_contain_text(serves)
    machine.tell("one", paper="ok")
    assert set(printers_of(desk)) == {"Grill", "two"}

    desk.call("DELETE", f"/printers/{printers_of(desk)['two']['id']}")
    warning = staff.page.get_by_text("No printer prints for: kitchen")
    expect(warning).to_be_visible()
    dialog = edit(staff, "Grill")
    dialog.get_by_text("All stations").click()
    save(dialog)
    expect(warning).to_have_count(0)


def test_the_look_of_paper_is_shown_before_it_is_saved(staff, desk):
    unpaused(desk, "Kitchen printer")
    dialog = edit(staff, "Kitchen printer")
    dialog.get_by_role("button", name="How it looks").click()
    picture = dialog.get_by_role("img", name="What it will look like on paper")
    expect(picture).to_be_visible()

    def changes(step: Any) -> str:
        """The picture's address after a step that must change it."""
        before = picture.get_attribute("src") or ""
        step()
        expect(picture).not_to_have_attribute("src", before)
        return picture.get_attribute("src") or ""

    natural = "image => image.decode().then(() => image.naturalWidth)"
    assert picture.evaluate(natural) == 576
    changes(lambda: dialog.get_by_role("button", name="58 mm").click())
    assert picture.evaluate(natural) == 384
    changes(lambda: dialog.get_by_role("button", name="Receipt", exact=True).click())
    shown = changes(lambda: dialog.get_by_label("Lines above").fill("¡Bienvenidos!"))

    rail = dialog.get_by_label("Empty paper above tickets")
    rail.fill("99")
    expect(dialog.locator(".q-field--error input")).to_have_value("99")
    expect(picture).to_have_attribute("src", shown)
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.locator(".q-field--error input")).to_have_value("99")
    changes(lambda: rail.fill("20"))
    expect(dialog.locator(".q-field--error")).to_have_count(0)
    pick(staff, dialog, "Language of the fixed words", "Español")
    dialog.locator("[data-group=machine] .rs-fold-head").click()
    changes(lambda: dialog.get_by_role("button", name="As letters").click())
    pick(staff, dialog, "Code page", "cp850")
    pick(staff, dialog, "Cut", "not at all")
    pick(staff, dialog, "Cash drawer", "Pin 5")
    save(dialog)

    layout = printers_of(desk)["Kitchen printer"]["layout"]
    assert (layout["paper"], layout["rail_mm"]) == ("58", 20)
    assert (layout["header"], layout["language"]) == ("¡Bienvenidos!", "es")
    assert (layout["render"], layout["codepage"]) == ("text", "cp850")
    assert (layout["cut"], layout["drawer_pin"]) == ("none", 5)


def photo() -> bytes:
    """A picture as large as a phone takes them, larger than a logo may be."""
    image = Image.effect_noise((1400, 1400), 90).convert("RGB")
    ImageDraw.Draw(image).ellipse((200, 200, 1200, 1200), fill="black")
    data = BytesIO()
    image.save(data, "PNG")
    return data.getvalue()


def test_a_logo_is_put_on_receipts_and_taken_off(staff, desk):
    unpaused(desk, "Counter")
    dialog = edit(staff, "Counter")
    dialog.get_by_role("button", name="How it looks").click()
    picture = photo()
    assert len(picture) > 1_000_000
    file = {"name": "logo.png", "mimeType": "image/png", "buffer": picture}
    dialog.locator("input[type=file]").set_input_files([file])
    logo = dialog.get_by_role("img", name="Logo")
    expect(logo).to_be_visible()
    save(dialog)
    first = printers_of(desk)["Counter"]["layout"]["logo"]
    assert len(first) == 64

    dialog = edit(staff, "Counter")
    dialog.get_by_role("button", name="How it looks").click()
    dialog.get_by_text("On receipts of this printer").click()
    save(dialog)
    assert printers_of(desk)["Counter"]["layout"]["logo"] is None
    dialog = edit(staff, "Counter")
    dialog.get_by_role("button", name="How it looks").click()
    dialog.get_by_role("button", name="Remove").click()
    staff.dialog().last.get_by_role("button", name="Remove").click()
    expect(logo).to_have_count(0)
    expect(dialog).to_have_count(1)
    broken = {"name": "logo.png", "mimeType": "image/png", "buffer": b"no picture"}
    dialog.locator("input[type=file]").set_input_files([broken])
    expect(dialog.locator(".rs-logo [role=alert]")).to_be_visible()
    dialog.get_by_role("button", name="Back").click()


def test_a_printer_that_never_asked_is_neither_well_nor_at_fault(staff, desk):
    star = {"name": "Counter", "kind": "cloudprnt"}
    desk.once(f"/restaurants/{desk.id}/printers", star)
    show(staff, "Printers")

    state = card(staff, "Counter").locator(".rs-printer-state")
    expect(state).to_contain_text("Not seen yet")
    expect(state.locator(".q-icon")).to_have_text("schedule")
    expect(card(staff, "Counter")).to_have_class("rs-row rs-printer rs-printer-off")
    alarms = staff.page.get_by_role("alert").filter(has_text="Counter")
    expect(alarms).to_have_count(0)


# --- the queue ----------------------------------------------------------------------


def test_a_job_is_seen_sent_elsewhere_printed_and_reprinted(staff, desk):
    machine = pair(desk, "Pi", "Kitchen printer", "Bar printer")
    printers = printers_of(desk)
    desk.call(
        "PATCH",
        f"/printers/{printers['Kitchen printer']['id']}",
        {"stations": ["kitchen"]},
    )
    desk.call(
        "PATCH", f"/printers/{printers['Bar printer']['id']}", {"stations": ["bar"]}
    )
    order = desk.order("Tacos")
    filter_by(staff, "Waiting")
    row = job_row(staff, order)
    expect(row).to_contain_text("kitchen")
    row.get_by_role("button", name="Show: Order").click()
    picture = row.locator("img")
    expect(picture).to_be_visible()
    assert "Tacos" in (picture.get_attribute("alt") or "")
    row.get_by_role("button", name="As text").click()
    expect(row.locator("pre")).to_contain_text("Tacos")
    row.get_by_role("button", name="Other printer").click()
    staff.page.get_by_text("Bar printer", exact=True).click()
    expect(row).to_contain_text("only at Bar printer")
    assert machine.claim("Kitchen printer") is None
    assert machine.print("Bar printer") is not None

    filter_by(staff, "Printed")
    expect(row).to_contain_text("Bar printer")
    row.get_by_role("button", name="Reprint").click()
    expect(staff.page.get_by_text("A marked copy is in the queue.")).to_be_visible()
    filter_by(staff, "Waiting")
    expect(row).to_contain_text("reprint")
    row.get_by_role("button", name="Do not print").click()
    staff.dialog().get_by_role("button", name="Do not print").click()
    expect(row).to_have_count(0)


def test_many_jobs_are_narrowed_down(staff, desk):
    orders = [desk.order("Tacos", "Lemonade") for _ in range(3)]
    filter_by(staff, "Waiting")
    rows = staff.page.locator("article.rs-job")
    expect(rows).to_have_count(6)
    staff.button("Filter").click()
    filters = staff.page.locator(".rs-job-filters")
    pick(staff, filters, "Station", "bar")
    expect(rows).to_have_count(3)
    filters.get_by_label("Order number").fill(f"#{orders[1]['number']}")
    expect(rows).to_have_count(1)
    expect(rows).to_have_attribute("data-job", str(orders[1]["number"]))
    staff.button("Show all").click()
    expect(rows).to_have_count(6)
    staff.button("Filter").click()


def test_where_a_ticket_may_go_says_how_that_printer_is(staff, desk):
    machine = pair(desk, "Pi", "Kitchen printer", "Bar printer")
    machine.tell("Bar printer", paper="out")
    order = desk.order("Tacos")
    filter_by(staff, "Waiting")
    row = job_row(staff, order)
    row.get_by_role("button", name="Other printer").click()

    option = staff.page.locator(".rs-menu .q-item")
    expect(option.filter(has_text="Kitchen printer")).to_have_text("Kitchen printer")
    expect(option.filter(has_text="Bar printer")).to_contain_text("Paper is out, since")
    staff.page.keyboard.press("Escape")


def test_the_keyboard_goes_on_with_the_next_job(staff, desk):
    orders = [desk.order("Tacos") for _ in range(3)]
    for order in orders:
        fail(desk, order)
    filter_by(staff, "Failed")
    rows = staff.page.locator("article.rs-job")
    expect(rows).to_have_count(3)
    rows.first.get_by_role("button", name="Print again").focus()
    staff.page.keyboard.press("Enter")
    expect(rows).to_have_count(2)
    expect(rows.first).to_be_focused()
    rows.last.get_by_role("button", name="Dismiss").focus()
    staff.page.keyboard.press("Enter")
    yes = staff.dialog().get_by_role("button", name="Do not print")
    yes.focus()
    staff.page.keyboard.press("Enter")
    expect(rows).to_have_count(1)
    expect(rows.first).to_be_focused()
    rows.first.get_by_role("button", name="Print again").focus()
    staff.page.keyboard.press("Enter")
    expect(rows).to_have_count(0)
    chosen = staff.page.locator(".rs-pages").nth(1).locator("[aria-pressed=true]")
    expect(chosen).to_be_focused()


# --- alarms -------------------------------------------------------------------------


def test_the_keyboard_goes_on_also_when_the_feed_is_faster_than_the_answer(staff, desk):
    orders = [desk.order("Tacos") for _ in range(2)]
    jobs = [fail(desk, order) for order in orders]
    filter_by(staff, "Failed")
    rows = staff.page.locator("article.rs-job")
    expect(rows).to_have_count(2)
    late = Late(staff.page, f"**/print_jobs/{jobs[0]['id']}/retry", "POST")
    job_row(staff, orders[0]).get_by_role("button", name="Print again").focus()
    staff.page.keyboard.press("Enter")
    late.asked()
    expect(rows).to_have_count(1)
    expect(rows.first).to_be_focused()
    late.arrive()


def told(staff: StaffPage) -> list[str]:
    found: list[str] = staff.page.evaluate("window.told")
    return found


def wait_for_call(staff: StaffPage, level: int) -> None:
    """Wait until the sound calls so loudly for paper; 0: not at all."""
    staff.page.wait_for_function(
        """level => {
            const {state} = window.restaurantStaff.chime
            return state.level === level && (level === 0 || state.name === 'paper')
        }""",
        arg=level,
    )


def test_what_did_not_print_is_called_out_until_somebody_looks(staff, desk):
    assert staff.page.evaluate("Notification.permission") == "default"
    staff.context.grant_permissions(["notifications"], origin=desk.server.url)
    staff.button("Notify me").click()
    expect(staff.button("Notify me")).to_have_count(0)
    staff.go("Menu")
    expect(staff.button("All is running")).to_be_visible()
    order = desk.order("Tacos")
    fail(desk, order)
    banner = staff.banner("Tickets that did not print: 1")
    expect(banner).to_be_visible()
    assert staff.button("All is running").count() == 0
    for tab in ("Menu", "Orders", "Settings"):
        staff.go(tab)
        expect(banner).to_be_visible()
    wait_for_call(staff, 2)
    expect(staff.page).to_have_title(re.compile(r"^\(1\) "))
    assert told(staff)[-1] == (
        "Tickets that did not print: 1: "
        f"Order {order['number']} · kitchen · The printer does not answer."
    )

    banner.get_by_role("button", name="Show them").click()
    row = job_row(staff, order)
    expect(row.locator("img")).to_be_visible()
    wait_for_call(staff, 0)
    staff.go("Menu")
    expect(banner).to_be_visible()
    wait_for_call(staff, 0)
    fail(desk, desk.order("Lemonade"))
    wait_for_call(staff, 2)
    staff.banner("Tickets that did not print: 2").get_by_role("button").click()
    staff.button("Print all 2 again").click()
    expect(staff.page.get_by_text("No tickets here.")).to_be_visible()
    staff.go("Menu")
    expect(staff.banner("Tickets that did not print")).to_have_count(0)
    assert not staff.page.title().startswith("(")


# --- receipts, devices, settings ----------------------------------------------------


def open_order(staff: StaffPage, order: dict[str, Any]) -> Locator:
    staff.go("Look up")
    staff.page.get_by_label("Order number, payment hash").fill(order["id"])
    staff.button("Find").click()
    return staff.dialog()


def test_a_receipt_prints_where_it_is_wanted(staff, desk):
    order = desk.order("Lemonade")
    dialog = open_order(staff, order)
    expect(dialog).to_contain_text("No printer yet, and no station for receipts.")
    dialog.get_by_role("button", name="Close").click()
    unpaused(desk, "Bar printer")
    unpaused(desk, "Counter")
    ids = {name: each["id"] for name, each in printers_of(desk).items()}
    dialog = open_order(staff, order)
    dialog.get_by_role("button", name="Print receipt").click()
    staff.page.get_by_text("Counter", exact=True).click()
    expect(staff.page.get_by_text("The receipt prints at Counter.")).to_be_visible()
    [receipt] = jobs_of(desk, order_id=order["id"], kind="receipt")
    assert receipt["printer_id"] == ids["Counter"]
    expect(dialog).to_contain_text("Receipt · ")

    with staff.context.expect_page() as opened:
        dialog.get_by_role("link", name="Show receipt").click()
    page = opened.value
    expect(page.get_by_text("Lemonade")).to_be_visible()
    page.close()
    dialog.get_by_role("button", name="Close").click()
    desk.set(receipt_station="bar")
    staff.open("printing")
    dialog = open_order(staff, order)
    dialog.get_by_role("button", name="Print receipt").click()
    expect(staff.page.get_by_text("The receipt prints at bar.")).to_be_visible()
    assert len(jobs_of(desk, order_id=order["id"], kind="receipt")) == 2
    dialog.get_by_role("button", name="Close").click()
    desk.set(receipt_station=None)


def test_receipts_print_by_themselves_when_that_is_set(staff, desk):
    staff.go("Settings")
    pick(
        staff, staff.page, "Print receipts by themselves", "when an order is completed"
    )
    staff.button("Save").click()
    expect(staff.page.locator(".rs-savebar:visible")).to_have_count(0)
    [stored] = desk.call("GET", "/restaurants")["data"]
    assert stored["receipt_on"] == "completed"
    desk.set(receipt_on="never")


def test_relays_that_wake_printers_are_set_in_one_line(staff, desk):
    staff.go("Settings")
    field = staff.page.get_by_label("Wake printers: Nostr relays")
    field.fill("wss://one.example.com, wss://two.example.com")
    staff.button("Save").click()
    expect(staff.page.locator(".rs-savebar:visible")).to_have_count(0)
    [stored] = desk.call("GET", "/restaurants")["data"]
    relays = ["wss://one.example.com", "wss://two.example.com"]
    assert stored["print_relays"] == relays
    desk.set(print_relays=[])


def test_a_device_leads_to_its_printers(staff, desk):
    pair(desk, "Kitchen Pi", "Kitchen printer")
    staff.go("Devices")
    staff.button("Show printer Kitchen printer").click()
    expect(card(staff, "Kitchen printer")).to_be_focused()


# --- for everybody ------------------------------------------------------------------


def full_house(desk: Desk) -> Machine:
    """A printer of every mood, and jobs of every state."""
    machine = pair(desk, "Pi", "Kitchen printer", "Bar printer", "Cellar")
    machine.tell("Kitchen printer", paper="ok")
    machine.tell("Bar printer", paper="out")
    desk.call(
        "PATCH", f"/printers/{printers_of(desk)['Cellar']['id']}", {"is_paused": True}
    )
    star = {"name": "Counter", "kind": "cloudprnt"}
    desk.once(f"/restaurants/{desk.id}/printers", star)
    fail(desk, desk.order("Tacos", note="no ice"))
    machine.print("Kitchen printer")
    return machine


@pytest.mark.parametrize(
    "size", [PHONE, TABLET, DESKTOP], ids=["phone", "tablet", "desk"]
)
def test_printing_reads_well_for_everybody(staff, desk, size):
    full_house(desk)
    staff.page.set_viewport_size(size)
    width = "document.documentElement.scrollWidth"
    for is_dark in (True, False):
        staff.page.evaluate("dark => { window.g.darkChoice = dark }", is_dark)
        show(staff, "Queue")
        filter_by(staff, "Failed")
        expect(staff.page.locator("article.rs-job img")).to_be_visible()
        assert staff.complaints() == []
        assert staff.page.evaluate(width) <= size["width"]
        show(staff, "Printers")
        expect(card(staff, "Cellar")).to_contain_text("Paused")
        assert staff.complaints() == []
        assert staff.page.evaluate(width) <= size["width"]
        dialog = edit(staff, "Bar printer")
        assert staff.complaints(".rs-dialog") == []
        dialog.get_by_role("button", name="How it looks").click()
        dialog.locator("[data-group=machine] .rs-fold-head").click()
        expect(dialog.get_by_role("img").first).to_be_visible()
        dialog.get_by_role("heading").scroll_into_view_if_needed()
        assert staff.complaints(".rs-dialog") == []
        assert "restaurant." not in dialog.inner_text()
        dialog.get_by_role("button", name="Back").click()
        for kind in ("printer-pi", "Epson Server Direct Print"):
            dialog = begin(staff, kind)
            assert staff.complaints(".rs-dialog") == []
            dialog.get_by_role("button", name="Back").click()
            dialog.get_by_role("button", name="Back").click()
            expect(dialog).to_have_count(0)
    assert staff.faults == []


def test_printing_has_targets_for_fingers_on_the_smallest_phone(staff, desk):
    touched = (
        ".rs :is(button, a, .q-field__control), "
        ".rs-dialog :is(button, a, .q-field__control, .q-toggle, .q-checkbox)"
    )
    width = "document.documentElement.scrollWidth"
    full_house(desk)
    staff.page.set_viewport_size(SMALL)
    filter_by(staff, "Failed")
    staff.button("Filter").click()
    assert staff.too_small(touched) == []
    assert staff.page.evaluate(width) <= SMALL["width"]
    staff.button("Filter").click()
    dialog = edit(staff, "Bar printer")
    assert staff.too_small(touched) == []
    dialog.get_by_role("button", name="How it looks").click()
    dialog.locator("[data-group=machine] .rs-fold-head").click()
    expect(dialog.get_by_label("Cash drawer")).to_be_visible()
    assert staff.too_small(touched) == []
    dialog.get_by_role("button", name="Back").click()
    staff.go("Menu")
    alarm = staff.banner("Tickets that did not print")
    button = alarm.get_by_role("button").bounding_box()
    words = alarm.get_by_text("Tickets that did not print").bounding_box()
    assert button
    assert words
    assert button["y"] < words["y"] + words["height"], "the button stands beside them"


def test_printing_speaks_german_and_spanish(staff, desk):
    full_house(desk)
    words = {
        "de": ("Drucker", "Papier ist leer", "Testdruck"),
        "es": ("Impresoras", "No hay papel", "Imprimir prueba"),
    }
    for code, (page, fault, test) in words.items():
        staff.page.evaluate("code => { window.g.locale = code }", code)
        show(staff, page)
        expect(card(staff, "Bar printer")).to_contain_text(fault)
        expect(card(staff, "Bar printer")).to_contain_text(test)
        assert "restaurant." not in staff.page.locator(".rs").inner_text()
    staff.page.evaluate("window.g.locale = 'en'")
    show(staff, "Queue")
