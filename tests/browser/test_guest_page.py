"""Weight, security, accessibility and words of the guest's pages."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Request, expect

from browser.guest import GuestShop, add_tacos, open_cart, open_shop, place_order
from harness import REPO
from harness.server import Server

GUEST = REPO / "static/guest"
VENDOR = REPO / "static/vendor"
WEIGHT_MAX = 60_000
REQUESTS_MAX = 15
TARGET_MIN = 44
#: Tall, so that nothing lies half under the cart's bar and counts as too small.
NARROW_AND_TALL = {"width": 320, "height": 1500}
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}

#: Visible things to tap that are smaller than a fingertip. A radio or checkbox
#: counts with its label; so does the select.
SMALL_TARGETS = """
min => [...document.querySelectorAll('button, a[href], input, select, textarea')]
  .filter(e => e.checkVisibility() && !e.closest('.hidden') && !e.matches('.hidden'))
  .map(e => {
    const own = e.getBoundingClientRect()
    const box = (e.matches('input, select') && e.closest('label') || e)
      .getBoundingClientRect()
    const after = e.matches('.item-open') && e.closest('li').getBoundingClientRect()
    const {width, height} = after || (box.height > own.height ? box : own)
    return {name: e.getAttribute('aria-label') || e.textContent, width, height}
  })
  .filter(({width, height}) => width < min || height < min)
"""

#: An order is asked for every few seconds until its feed is open.
ASKED_AGAIN = re.compile(r"/api/v1/orders/[^/]+$")
#: Have scripts of these names been loaded?
ARE_THERE = """
names => names.every(name => performance.getEntriesByType('resource')
  .some(entry => entry.name.includes(`/${name}.js`)))
"""
#: Frames never come, so work that waits for paint waits for its last moment.
LATE_PAINT = """
window.requestAnimationFrame = () => 0
window.WebSocket = class extends WebSocket {
  constructor(url) {
    super(url)
    this.addEventListener('message', () => (window.hasHeard = true))
  }
}
"""


@pytest.fixture(scope="module")
def shop(server: Server) -> GuestShop:
    payer = server.make_wallet(100_000)
    shop = open_shop(server, payer, "Fine Page", description="All is well.")
    menu = json.loads(json.dumps(shop.menu))
    for item in (i for c in menu["categories"] for i in c["items"]):
        item["image_url"] = "/restaurant/static/image/restaurant.png"
    shop.put_menu(menu)
    course = {"name": "Main", "options": [{"menu_item_id": shop.item("Tacos")["id"]}]}
    now = datetime.now(timezone.utc)
    starts, ends = (now + timedelta(hours=n) for n in (-1, 8))
    window = {
        "days": list(range(7)),
        "starts": f"{starts:%H:%M}",
        "ends": f"{ends:%H:%M}",
        "order_types": [],
    }
    shop.change(
        timezone="UTC", opening_hours=[window], prep_minutes=25, tabs_at_table=True
    )
    shop.add("combos", name="Lunch deal", price="40.00", groups=[course])
    return shop


def asked_for(page: Page, address: str, *last: str) -> list[Request]:
    """What this page asks for, in that order, until these scripts are there."""
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    page.goto(address)
    page.wait_for_function(ARE_THERE, arg=list(last), polling=20)
    once = [request.url for request in asked if not ASKED_AGAIN.search(request.url)]
    assert sorted(once) == sorted(set(once)), "something is loaded twice"
    return asked


def weight(asked: list[Request]) -> int:
    """Bytes as they travel; photos, and what is asked for again, left out."""
    texts = {each.url: each for each in asked if each.resource_type != "image"}
    answers = [each.response() for each in texts.values()]
    return sum(len(gzip.compress(answer.body())) for answer in answers if answer)


def test_the_menu_is_light_and_its_first_photo_comes_soon(page: Page, shop: GuestShop):
    asked = asked_for(page, shop.path, "menu_live", "item_sheet", "combo_sheet")
    expect(page.get_by_role("heading", name="Tacos")).to_be_visible()
    kinds = [request.resource_type for request in asked]
    assert kinds.index("image") <= REQUESTS_MAX
    assert weight(asked) <= WEIGHT_MAX


def test_news_before_the_menu_is_painted_do_not_load_it_again(
    page: Page, shop: GuestShop
):
    """A busy phone paints late: its live feed may speak first."""
    page.add_init_script(LATE_PAINT)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(shop.path)
    page.wait_for_function("() => window.hasHeard", polling=20)
    page.wait_for_load_state("networkidle")
    assert len([url for url in asked if url.endswith("/menu")]) == 1


def test_an_order_is_light(page: Page, shop: GuestShop):
    page.goto(shop.path)
    add_tacos(page)
    place_order(page)
    fresh = page.context.new_page()
    asked = asked_for(fresh, page.url, "track_view")
    expect(fresh.get_by_role("heading", name="Q 45.00")).to_be_visible()
    # What follows the payment comes once the page has settled.
    follows = next(n for n, each in enumerate(asked) if "/track_view." in each.url)
    assert weight(asked[:follows]) <= WEIGHT_MAX


@pytest.mark.parametrize("kind", ["m", "o", "r"])
def test_the_headers_are_strict(server: Server, kind: str):
    headers = server.http.get(f"/restaurant/{kind}/any").headers
    policy = dict(
        part.strip().split(" ", 1)
        for part in headers["content-security-policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert re.fullmatch(r"'self' 'sha256-[^']+'", policy["script-src"])
    assert policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["img-src"] == "'self' https: data:"
    for closed in ("base-uri", "form-action", "frame-ancestors"):
        assert policy[closed] == "'none'"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"


def test_a_stale_login_of_somebody_does_not_get_in_the_way(
    page: Page, server: Server, shop: GuestShop
):
    cookie = {"name": "cookie_access_token", "value": "old.old.old", "url": server.url}
    page.context.add_cookies([cookie])  # type: ignore[list-item]
    page.goto(shop.path)
    add_tacos(page)
    place_order(page)


def looks(page: Page, shop: GuestShop) -> Iterator[str]:
    """Every face of the pages, one after the other."""
    page.goto(shop.path)
    page.get_by_role("button", name="Add Agua").click()
    expect(page.get_by_role("button", name="View order")).to_contain_text("sat")
    yield "menu"
    page.get_by_role("button", name="Tacos", exact=True).click()
    expect(page.get_by_role("dialog", name="Tacos")).to_be_visible()
    yield "item"
    page.go_back()
    page.get_by_role("button", name="Pick up, change").click()
    page.get_by_role("radio", name="At a table").check()
    yield "place"
    page.go_back()
    cart = open_cart(page)
    expect(cart.get_by_role("button", name="Order and pay")).to_be_visible()
    yield "cart"
    page.go_back()
    placed = place_order(page)
    yield "pay"
    page.get_by_role("button", name="I paid and nothing happens").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    yield "help"
    page.go_back()
    link = page.get_by_role("link", name="Open wallet").get_attribute("href") or ""
    shop.pay(link.removeprefix("lightning:"))
    expect(page.get_by_role("heading", name="Paid. Thank you!")).to_be_visible()
    shop.step(placed, "accepted", promised_minutes=10)
    expect(page.get_by_text("Ready at about")).to_be_visible()
    yield "accepted"
    shop.step(placed, "canceled", reason="The oven broke")
    expect(page.get_by_text("The oven broke")).to_be_visible()
    yield "canceled"


def looks_later(page: Page, shop: GuestShop) -> Iterator[str]:
    """The faces of hours and times."""
    page.goto(shop.path)
    page.get_by_role("button", name="Open until").click()
    week = page.get_by_role("dialog", name="Opening hours")
    expect(week.get_by_text("today")).to_be_visible()
    yield "hours"
    page.go_back()
    page.get_by_role("button", name="Pick up, change").click()
    sheet = page.get_by_role("dialog", name="Where shall it go?")
    sheet.get_by_role("radio", name="Choose a time").check()
    expect(sheet.get_by_role("group", name="Day")).to_be_visible()
    yield "times"
    sheet.get_by_role("radio", name="Delivery").check()
    sheet.get_by_role("button", name="Save").click()
    expect(sheet.get_by_text("Please write where")).to_be_visible()
    yield "delivery"
    page.go_back()


def looks_at_the_table(page: Page, shop: GuestShop) -> Iterator[str]:
    """The faces of a table's tab."""
    table = shop.add("tables", name=f"T{len(shop.orders())}")
    page.goto(f"{shop.path}#t={table['token']}&table={table['name']}")
    page.get_by_role("button", name="Call the waiter").click()
    sheet = page.get_by_role("dialog", name="What can we do for you?")
    sheet.get_by_role("button", name="Bring the bill").click()
    expect(sheet.get_by_text("Somebody is coming")).to_be_visible()
    yield "call"
    page.go_back()
    page.get_by_role("button", name="Add Agua").click()
    cart = open_cart(page)
    cart.get_by_role("radio", name="Pay at the end").check()
    cart.get_by_role("button", name="Order, pay Q 10.00 at the end").click()
    page.get_by_role("button", name="Order more").click()
    page.get_by_role("button", name="Add Agua").click()
    yield "adding"
    cart = open_cart(page)
    expect(cart.get_by_role("button", name="Add to the tab")).to_be_visible()
    yield "round"
    cart.get_by_role("button", name="Add to the tab").click()
    expect(page.get_by_text("Round 2")).to_be_visible()
    expect(page.get_by_text("minutes left")).to_be_visible()
    yield "tab"


@pytest.mark.parametrize("faces", [looks, looks_later, looks_at_the_table])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_it(
    new_page: Callable[..., Page],
    shop: GuestShop,
    problems: list[str],
    scheme: str,
    faces: Callable[[Page, GuestShop], Iterator[str]],
):
    page = new_page(
        viewport=NARROW_AND_TALL,
        color_scheme=scheme,
        reduced_motion="reduce",
    )
    for face in faces(page, shop):
        check_face(page, face)
    assert problems == []


def check_face(page: Page, face: str) -> None:
    """Everybody can read it, hit it with a thumb, and sees all of its width."""
    found = Axe().run(page, options=WCAG).response["violations"]
    assert [_told(fault) for fault in found] == [], face
    assert page.evaluate(SMALL_TARGETS, TARGET_MIN - 0.5) == [], face
    overflow = "document.documentElement.scrollWidth - innerWidth"
    assert page.evaluate(overflow) <= 0, face


def _told(fault: dict[str, Any]) -> str:
    nodes = " | ".join(node["html"][:120] for node in fault["nodes"][:4])
    return f"{fault['id']}: {nodes}"


def test_the_qr_code_can_be_scanned_in_the_dark(
    new_page: Callable[..., Page], shop: GuestShop
):
    page = new_page(color_scheme="dark")
    page.goto(shop.path)
    add_tacos(page)
    place_order(page)
    code = page.get_by_role("img", name="Lightning invoice")
    box = code.bounding_box()
    assert box is not None
    modules = float((code.get_attribute("viewBox") or "").split()[2])
    assert box["width"] * (modules - 8) / modules >= 240
    assert code.locator("rect").get_attribute("fill") == "#fff"


#: Draws a view that watches `source`, and changes it before the view watches.
TAPPED_AT_ONCE = """
async () => {
  const at = name => `/restaurant/static/guest/js/${name}.js`
  const {html, render, useLayoutEffect} =
    await import('/restaurant/static/vendor/htm-preact.js')
  const {observable, useValue} = await import(at('state'))
  const {lazy} = await import(at('ui'))
  const source = observable('closed')
  const Watching = () => {
    const value = useValue(source)
    useLayoutEffect(() => source.set('open'), [])
    return html`<i id="watching">${value}</i>`
  }
  const Sheet = lazy(async () => () => 'sheet')
  const Opening = () => {
    useLayoutEffect(() => Sheet.prefetch(), [])
    return html`<i id="opening"><${Sheet} /></i>`
  }
  const place = document.body.appendChild(document.createElement('div'))
  render(html`<${Watching} /><${Opening} />`, place)
}
"""


def test_a_tap_before_the_page_has_settled_is_not_lost(page: Page, shop: GuestShop):
    page.goto(shop.path)
    page.evaluate(TAPPED_AT_ONCE)
    expect(page.locator("#watching")).to_have_text("open")
    expect(page.locator("#opening")).to_have_text("sheet")


def words(language: str) -> dict[str, Any]:
    found = json.loads((GUEST / f"i18n/{language}.json").read_text("utf-8"))
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("language", ["de", "es"])
def test_every_language_says_everything(language: str):
    english, other = words("en"), words(language)
    assert other.keys() == english.keys()
    for key, text in english.items():
        assert _places(other[key]) == _places(text), key


def _places(text: Any) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", json.dumps(text)))


def test_every_word_of_the_scripts_exists():
    scripts = "\n".join(file.read_text("utf-8") for file in GUEST.glob("js/*.js"))
    named = set(re.findall(r"\b(?:t|rich)\(\s*'([\w.]+)'", scripts))
    assert len(named) > 100
    assert named - words("en").keys() == set()


def test_vendored_libraries_are_what_their_list_says():
    listed = (VENDOR / "README.md").read_text("utf-8")
    for file in VENDOR.glob("*.js"):
        assert hashlib.sha256(file.read_bytes()).hexdigest() in listed, file.name
