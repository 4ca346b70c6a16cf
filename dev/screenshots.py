"""Takes the pictures of docs/images: `.venv/bin/python dev/screenshots.py`.

A LNbits of its own with the demo's menu, some orders and printers, seen in Chromium.
Nothing is left behind but the pictures.
"""

from __future__ import annotations

import shutil
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

REPO = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(REPO / "tests")]

from PIL import Image  # noqa: E402
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright  # noqa: E402

import seed_menu  # noqa: E402
from browser.printing import Machine, jobs_of, pair, printers_of  # noqa: E402
from browser.staff import SETTLED, Desk, StaffPage, open_desk  # noqa: E402
from harness.browser import ARGUMENTS, chromium  # noqa: E402
from harness.server import Server  # noqa: E402
from price_feed import PriceFeed  # noqa: E402

FOLDER = REPO / "docs/images"
BYTES_MAX = 150_000
COLOURS = 256
PHONE: ViewportSize = {"width": 390, "height": 780}
DESK: ViewportSize = {"width": 1280, "height": 820}
GUEST_SATS = 5_000_000
#: Item names, and who eats them where.
ORDERS: list[tuple[tuple[str, ...], dict[str, Any]]] = [
    (("Tacos", "Elote", "Craft beer"), {"customer_name": "Ana"}),
    (("Brisket plate", "Papas fritas"), {"customer_name": "Tomás", "note": "to share"}),
    (("Burrito", "Horchata"), {"customer_name": "Zoë"}),
    (("Quesadilla", "Rosa de Jamaica"), {"customer_name": "Luis"}),
    (("Churros", "Café de Antigua"), {"customer_name": "Mia"}),
]
PRINTERS = {"Kitchen printer": ["kitchen"], "Bar printer": ["bar"]}
FAILURE = {"error": "The printer does not answer.", "retryable": False}


def save(page: Page, name: str) -> None:
    """Take the page as it stands; few colours keep the file small."""
    page.mouse.move(0, 0)
    page.evaluate(SETTLED)
    shot = Image.open(BytesIO(page.screenshot())).convert("RGB")
    small = shot.quantize(
        COLOURS, Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.NONE
    )
    path = FOLDER / f"{name}.png"
    small.save(path, optimize=True)
    size = path.stat().st_size
    print(f"{size // 1000:>4} kB  {path.relative_to(REPO)}")
    if size > BYTES_MAX:
        raise SystemExit(f"{path} is too large for a repository.")


# --- the restaurant -------------------------------------------------------------


def furnish(server: Server) -> None:
    """The demo's pictures are no part of the extension."""
    target = server.home / "ext/extensions/restaurant/static/demo"
    shutil.copytree(REPO / "static/demo", target)


def open_restaurant(server: Server) -> Desk:
    desk = open_desk(server, seed_menu.MENU)
    server.top_up(desk.guest.id, GUEST_SATS)
    fixed = {"name", "currency", "slug"}
    profile = {k: v for k, v in seed_menu.RESTAURANT.items() if k not in fixed}
    desk.set(**profile, receipt_station="bar")
    return desk


def add_printers(desk: Desk) -> Machine:
    machine = pair(desk, "Kitchen Pi", *PRINTERS)
    for name, stations in PRINTERS.items():
        printer = printers_of(desk)[name]
        desk.call("PATCH", f"/printers/{printer['id']}", {"stations": stations})
    machine.tell("Kitchen printer", paper="ok", model="TM-T20III")
    machine.tell("Bar printer", paper="low", model="TM-m30")
    desk.once(
        f"/restaurants/{desk.id}/printers", {"name": "Terrace", "kind": "cloudprnt"}
    )
    return machine


def take_orders(desk: Desk) -> list[dict[str, Any]]:
    """One of them ready, two in the kitchen, the others not accepted yet."""
    orders = [desk.order(*names, **cart) for names, cart in ORDERS]
    accept(desk, orders[:3])
    desk.call("PUT", f"/orders/{orders[0]['id']}/status/ready", {})
    return orders


def accept(desk: Desk, orders: list[dict[str, Any]]) -> None:
    for order in orders:
        desk.call("PUT", f"/orders/{order['id']}/status/accepted", {})


# --- what people see ------------------------------------------------------------


def show_guest(browser: Browser, desk: Desk) -> None:
    """The menu, the cart, and the order with its Lightning code."""
    context = browser.new_context(
        viewport=PHONE,
        device_scale_factor=1.5,
        locale="en-GB",
        base_url=desk.server.url,
    )
    page = context.new_page()
    page.goto(f"/restaurant/m/{desk.slug}")
    page.get_by_role("button", name="Tacos", exact=True).wait_for()
    page.wait_for_load_state("networkidle")
    save(page, "guest")
    page.get_by_role("button", name="Tacos", exact=True).click()
    sheet = page.get_by_role("dialog", name="Tacos")
    sheet.get_by_role("radio", name="Maíz").check()
    sheet.get_by_role("checkbox", name="Brisket").check()
    sheet.get_by_role("button", name="Add –").click()
    sheet.wait_for(state="hidden")
    page.get_by_role("button", name="View order").click()
    cart = page.get_by_role("dialog", name="Your order")
    order = cart.get_by_role("button", name="Order and pay")
    order.wait_for()
    page.wait_for_load_state("networkidle")
    save(page, "guest-cart")
    order.click()
    page.get_by_text("Waiting for your payment").wait_for()
    page.wait_for_load_state("networkidle")
    save(page, "guest-order")
    context.close()


def show_staff(browser: Browser, desk: Desk) -> None:
    """The console, the kitchen's board, printers and their queue."""
    staff = StaffPage(browser, desk.wallet, desk.server.url)
    page = staff.page
    page.set_viewport_size(DESK)
    machine = add_printers(desk)
    orders = take_orders(desk)
    staff.open("orders")
    page.evaluate("window.g.darkChoice = true")
    staff.card(orders[-1]["number"]).wait_for()
    staff.button("All is running").wait_for()
    save(page, "staff")
    staff.go("Kitchen")
    page.get_by_text("Burrito").wait_for()
    save(page, "staff-kitchen")
    late = desk.order("Tacos", "Guacamole and chips", note="No onion, please")
    accept(desk, [*orders[3:], late])
    for job in jobs_of(desk, order_id=late["id"]):
        desk.call("PUT", f"/print_jobs/{job['id']}/fail", FAILURE)
    for name in PRINTERS:
        while machine.print(name):
            pass
    machine.tell("Bar printer", paper="low", model="TM-m30")
    staff.go("Printing")
    page.locator("article.rs-job img").wait_for()
    save(page, "staff-queue")
    page.get_by_role("button", name="Printers", exact=True).click()
    page.locator("[data-printer=Terrace]").wait_for()
    save(page, "staff-printers")
    staff.context.close()


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    feed = PriceFeed().start()
    environment = {"LNBITS_SITE_TITLE": "DEMO: play money"}
    server = Server(environment=environment, price_url=feed.url)
    furnish(server)
    try:
        with server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium(), args=list(ARGUMENTS)
            )
            desk = open_restaurant(server)
            show_guest(browser, desk)
            show_staff(browser, desk)
            browser.close()
    finally:
        feed.stop()


if __name__ == "__main__":
    main()
