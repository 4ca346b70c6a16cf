"""The receipt in a guest's browser: to look at, to print, to keep and to hand on."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Download, Locator, Page, Route, expect

from browser.guest import ODD_NAME, GuestShop, open_shop
from browser.test_guest_page import NARROW_AND_TALL, check_face
from harness import API
from harness.server import Server

MANY = 50
NAMES = (
    "Soup",
    "طبق طويل من الكسكس مع الخضار",
    "A name that wants more than one line of any receipt",
    "חומוס עם פלאפל",
    "Donaudampfschifffahrtsgesellschaftskapitänsmützenverkäufer",
)
#: Pixels of the screen in one mm of paper.
PIXELS = 96 / 25.4
ROLLS = {"58 mm": 58, "80 mm": 80}
LARGE = "A4 or Letter"


@dataclass(frozen=True)
class Placed:
    """An order, and the token that opens it."""

    id: str
    token: str
    bolt11: str

    @property
    def receipt(self) -> str:
        return f"/restaurant/r/{self.id}#k={self.token}"

    @property
    def page(self) -> str:
        return f"/restaurant/o/{self.id}#k={self.token}"


@pytest.fixture(scope="module")
def shop(server: Server) -> GuestShop:
    payer = server.make_wallet(5_000_000)
    shop = open_shop(
        server,
        payer,
        "Casa «Azul» & Co",
        legal_name="Casa Azul S.A.",
        address="1a Calle 7\nAntigua",
        tax_id="1234567-8",
        receipt_footer="Gracias!\nشكرا",
    )
    menu = json.loads(json.dumps(shop.menu))
    names = [f"{NAMES[n % len(NAMES)]} {n}" for n in range(MANY)]
    many = [{"name": name, "price": f"{n + 1}.50"} for n, name in enumerate(names)]
    menu["categories"].append({"name": "Many", "items": many})
    shop.put_menu(menu)
    return shop


def line(shop: GuestShop, name: str, quantity: int = 1, *chosen: str) -> dict[str, Any]:
    item = shop.item(name)
    known = {
        modifier["name"]: modifier["id"]
        for group in item["modifier_groups"]
        for modifier in group["modifiers"]
    }
    modifiers = [{"modifier_id": known[each], "quantity": 1} for each in chosen]
    return {"menu_item_id": item["id"], "quantity": quantity, "modifiers": modifiers}


def place(shop: GuestShop, *lines: dict[str, Any], is_paid: bool = False) -> Placed:
    """An order of a guest's; 202.00 unless lines are named."""
    items = list(lines) or [
        line(shop, "Tacos", 2, "Maíz", "Brisket"),
        line(shop, ODD_NAME),
    ]
    body = {"restaurant_id": shop.profile["id"], "items": items}
    key = {"Idempotency-Key": str(uuid.uuid4())}
    made = shop.server.call("POST", f"{API}/orders", key, body)
    placed = Placed(
        made["order"]["id"], made["order_token"], made["invoice"]["payment_request"]
    )
    if is_paid:
        shop.pay(placed.bolt11)
    return placed


@pytest.fixture(scope="module")
def paid(shop: GuestShop) -> Placed:
    return place(shop, is_paid=True)


@pytest.fixture(scope="module")
def long(shop: GuestShop) -> Placed:
    items = [i for c in shop.menu["categories"] for i in c["items"]][-MANY:]
    return place(shop, *(line(shop, i["name"], 2) for i in items), is_paid=True)


def paper(page: Page) -> Locator:
    return page.get_by_role("article")


def look(page: Page, placed: Placed) -> Locator:
    page.goto(placed.receipt)
    expect(paper(page).locator("svg")).to_be_visible()
    return paper(page)


def choose(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name).focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("radio", name=name)).to_be_checked()
    width = name.removesuffix(" mm") if name in ROLLS else "A4"
    expect(paper(page)).to_have_attribute("data-paper", width)


def server_says(shop: GuestShop, placed: Placed, kind: str, query: str = "") -> Any:
    """The receipt as the guest's own request gets it."""
    path = f"{API}/orders/{placed.id}/receipt{kind}{query}"
    answer = shop.server.http.get(path, headers={"X-Order-Token": placed.token})
    assert answer.status_code == 200
    return answer


def letters(text: str) -> str:
    """What is said, however the lines are broken and ruled."""
    return re.sub(r"[\s=-]+", "", text)


# --- shown ------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_the_page_says_what_the_server_s_receipt_says(
    new_page: Callable[..., Page],
    shop: GuestShop,
    paid: Placed,
    problems: list[str],
    language: str,
):
    page = new_page(locale=language)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    shown = look(page, paid)

    text = server_says(shop, paid, ".txt", f"?language={language}&paper=80").text
    code = letters(server_says(shop, paid, "").json()["tracking_url"])
    assert letters(shown.text_content() or "") == letters(text).replace(code, "")
    assert shown.get_attribute("lang") == language
    expect(page).to_have_title("Casa «Azul» & Co #1")
    # Tokens are in the address' fragment, and in a header.
    assert not [url for url in asked if paid.token in url.split("#")[0]]
    assert paid.token not in shop.server.log
    assert problems == []


def test_what_was_typed_stays_text(page: Page, paid: Placed):
    shown = look(page, paid)

    expect(shown).to_contain_text(f"1 x {ODD_NAME}")
    expect(shown.locator("b")).to_have_count(0)


def test_a_bill_says_so_until_it_is_paid(
    page: Page, shop: GuestShop, problems: list[str]
):
    placed = place(shop)
    page.goto(placed.page)
    page.get_by_text("Your bill", exact=True).click()
    page.get_by_role("link", name="Bill to print").click()
    expect(paper(page)).to_contain_text("BILL #")
    expect(paper(page)).to_contain_text("Not paid yet")

    shop.pay(placed.bolt11)
    page.get_by_role("link", name="Back to the order").click()
    expect(page.get_by_role("heading", name="Paid. Thank you!")).to_be_visible()
    page.get_by_role("link", name="Receipt").click()

    expect(paper(page)).to_contain_text("RECEIPT #")
    expect(paper(page)).not_to_contain_text("Not paid yet")
    assert problems == []


def test_it_is_asked_for_again_when_it_is_looked_at_again(page: Page, shop: GuestShop):
    placed = place(shop)
    look(page, placed)
    expect(paper(page)).to_contain_text("BILL #")
    other = page.context.new_page()
    other.goto(placed.page)
    shop.pay(placed.bolt11)
    expect(other.get_by_role("heading", name="Paid. Thank you!")).to_be_visible()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(paper(page)).to_contain_text("RECEIPT #")


def test_an_order_s_page_asks_for_nothing_of_the_receipt(page: Page, paid: Placed):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(paid.page)
    expect(page.get_by_role("link", name="Receipt")).to_be_visible()
    page.wait_for_load_state("networkidle")
    own = ("receipt_page", "receipt_sheet", "receipt_paper", "receipt.css", "/receipt.")
    ours = [url for url in asked if url.split("?")[0].endswith("/receipt.js")]
    assert [u for u in asked if any(part in u for part in own)] == ours


def test_the_language_is_switched_on_the_page(page: Page, paid: Placed):
    look(page, paid)
    expect(paper(page)).to_contain_text("RECEIPT #")
    page.get_by_label("Language").select_option("de")
    expect(paper(page)).to_contain_text("BELEG #")
    expect(page.get_by_role("button", name="Drucken")).to_be_visible()
    page.reload()
    expect(paper(page)).to_contain_text("BELEG #")


def test_the_device_that_ordered_needs_no_token_in_the_address(
    page: Page, paid: Placed
):
    page.goto(paid.page)
    expect(page.get_by_role("link", name="Receipt")).to_be_visible()
    page.goto(paid.receipt.split("#")[0])
    expect(paper(page)).to_contain_text("RECEIPT #")


def test_staff_open_it_with_the_fragment_of_the_guest_s_own_link(
    page: Page, shop: GuestShop, paid: Placed
):
    link = shop.call("GET", f"/orders/{paid.id}/receipt")["tracking_url"]
    page.goto(f"/restaurant/r/{paid.id}#{link.split('#')[1]}")
    expect(paper(page)).to_contain_text("RECEIPT #")


def test_a_link_to_a_receipt_leaves_no_token_behind(page: Page, paid: Placed):
    look(page, paid)
    kept = page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")
    assert paid.token not in kept


def test_a_wrong_token_gets_a_kind_word(page: Page, paid: Placed):
    page.goto(f"/restaurant/r/{paid.id}#k=wrong")
    heading = page.get_by_role("heading", name="This receipt cannot be shown")
    expect(heading).to_be_visible()
    expect(page.get_by_text("ask the staff")).to_be_visible()


def test_without_a_token_nobody_is_asked(page: Page, paid: Placed, problems: list[str]):
    page.goto(f"/restaurant/r/{paid.id}")
    heading = page.get_by_role("heading", name="This receipt cannot be shown")
    expect(heading).to_be_visible()
    assert problems == []


def test_what_did_not_load_can_be_tried_again(page: Page, paid: Placed):
    def busy(route: Route) -> None:
        route.fulfill(status=503, headers={"Retry-After": "60"}, json={})

    page.route("**/receipt.html*", busy)
    page.goto(paid.receipt)
    expect(page.get_by_role("heading", name="did not load")).to_be_visible()
    page.unroute("**/receipt.html*")
    page.get_by_role("button", name="Try again").click()
    expect(paper(page)).to_contain_text("RECEIPT #")


# --- printed ----------------------------------------------------------------------

#: The part of the paper that has something on it, in pixels from the page's corner.
INK = """
() => {
  const all = [...document.querySelectorAll('.receipt-paper *')]
  const boxes = all.map(each => {
    const range = document.createRange()
    range.selectNodeContents(each)
    return range.getBoundingClientRect()
  }).filter(box => box.width)
  return {
    start: Math.min(...boxes.map(box => box.left)),
    end: Math.max(...boxes.map(box => box.right)),
    overflow: document.documentElement.scrollWidth - innerWidth
  }
}
"""


def pages_of(pdf: bytes) -> list[tuple[float, float]]:
    """Width and height of each page in mm."""
    boxes = re.findall(rb"/Type /Page\b.*?/MediaBox \[0 0 (\S+) (\S+)\]", pdf, re.S)
    return [(float(w) / 72 * 25.4, float(h) / 72 * 25.4) for w, h in boxes]


@pytest.mark.parametrize("name", list(ROLLS))
def test_a_roll_s_page_is_as_wide_as_the_roll_and_as_long_as_the_receipt(
    page: Page, long: Placed, name: str
):
    look(page, long)
    choose(page, name)

    [(width, height)] = pages_of(page.pdf(prefer_css_page_size=True))

    assert width == pytest.approx(ROLLS[name], abs=0.5)
    page.emulate_media(media="print")
    box = paper(page).bounding_box()
    assert box is not None
    assert (box["x"], box["y"]) == (0, 0)
    assert box["width"] == pytest.approx(width * PIXELS, abs=2)
    # Nothing but some paper to tear off below it.
    assert 1 < height - box["height"] / PIXELS < 15


@pytest.mark.parametrize("name", list(ROLLS))
def test_what_is_on_a_roll_is_where_its_printer_can_print(
    page: Page, long: Placed, name: str
):
    look(page, long)
    choose(page, name)
    printable = {"58 mm": 48, "80 mm": 72}[name]
    edge = (ROLLS[name] - printable) / 2
    page.emulate_media(media="print")

    page.set_viewport_size({"width": round(ROLLS[name] * PIXELS), "height": 800})
    ink = page.evaluate(INK)
    assert ink["start"] / PIXELS == pytest.approx(edge, abs=0.3)
    assert ink["end"] / PIXELS <= edge + printable + 0.3
    assert ink["overflow"] <= 0

    # A driver that takes the edges off already.
    page.set_viewport_size({"width": round(printable * PIXELS), "height": 800})
    ink = page.evaluate(INK)
    assert ink["start"] == 0
    assert ink["end"] <= printable * PIXELS + 1
    assert ink["overflow"] <= 0


def test_large_sheets_keep_their_size_and_the_receipt_goes_over_pages(
    page: Page, long: Placed, paid: Placed
):
    look(page, long)
    choose(page, LARGE)
    letter = pages_of(page.pdf(prefer_css_page_size=True))
    a4 = pages_of(page.pdf(prefer_css_page_size=True, format="A4"))
    assert {(round(w), round(h)) for w, h in letter} == {(216, 279)}
    assert {(round(w), round(h)) for w, h in a4} == {(210, 297)}
    assert len(letter) > 1
    assert len(a4) > 1

    look(page, paid)
    assert len(pages_of(page.pdf(prefer_css_page_size=True, format="A4"))) == 1


def test_paper_is_black_on_white_and_has_no_buttons(
    new_page: Callable[..., Page], paid: Placed
):
    page = new_page(color_scheme="dark")
    shown = look(page, paid)
    assert colors(shown) == ("rgb(0, 0, 0)", "rgb(255, 255, 255)")

    page.emulate_media(media="print", color_scheme="dark")

    assert colors(shown) == ("rgb(0, 0, 0)", "rgb(255, 255, 255)")
    assert colors(page.locator("body"))[1] == "rgb(255, 255, 255)"
    for button in page.get_by_role("button").all():
        expect(button).to_be_hidden()
    expect(page.get_by_role("link")).to_have_count(0)
    expect(page.get_by_role("radio")).to_have_count(0)


def colors(element: Locator) -> tuple[str, str]:
    """Of letters and of what is behind them."""
    script = "e => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor]"
    ink, ground = element.evaluate(script)
    return ink, ground


@pytest.mark.parametrize("name", [*ROLLS, LARGE])
def test_a_code_s_modules_are_whole_dots_of_a_printer(
    page: Page, paid: Placed, name: str
):
    look(page, paid)
    choose(page, name)
    page.emulate_media(media="print")
    code = paper(page).locator("svg")
    box = code.bounding_box()
    assert box is not None
    modules = float((code.get_attribute("viewBox") or "").split()[2])
    dots = box["width"] / PIXELS * 8 / modules
    assert dots == pytest.approx(round(dots), abs=0.02)
    assert dots >= 3.5


def test_the_button_prints(page: Page, paid: Placed):
    page.add_init_script("window.print = () => (window.printed = true)")
    look(page, paid)
    page.get_by_role("button", name="Print").click()
    assert page.evaluate("window.printed") is True


def test_the_width_of_the_paper_is_remembered(page: Page, paid: Placed):
    look(page, paid)
    expect(page.get_by_role("radio", name=LARGE)).to_be_checked()
    choose(page, "80 mm")
    page.reload()
    expect(page.get_by_role("radio", name="80 mm")).to_be_checked()
    expect(paper(page)).to_have_attribute("data-paper", "80")


def test_lines_stand_as_deep_as_the_sheet_says(page: Page, shop: GuestShop):
    course = {"name": "Main", "options": [{"menu_item_id": shop.item("Tacos")["id"]}]}
    deal = shop.add("combos", name="Deal", price="40.00", groups=[course])
    item = line(shop, "Tacos", 1, "Maíz")
    group = deal["groups"][0]["id"]
    combo = {"combo_id": deal["id"], "quantity": 1}
    chosen = {"group_id": group, "modifiers": item["modifiers"]}
    chosen["menu_item_id"] = item["menu_item_id"]
    shown = look(page, place(shop, {**combo, "choices": [chosen]}))

    script = """all => all.map(e =>
      [e.className.match(/indent(\\d+)/)[1], getComputedStyle(e).marginInlineStart])
    """
    depths = dict(shown.locator("[class*=indent]").evaluate_all(script))

    assert {"2", "4"} <= depths.keys()
    assert "0px" not in depths.values()


# --- kept and handed on -----------------------------------------------------------


def test_the_pdf_is_a_pdf_with_a_name_to_find_it_by(
    page: Page, shop: GuestShop, paid: Placed, tmp_path: Path, problems: list[str]
):
    look(page, paid)
    choose(page, "58 mm")
    saved = download(page, "Save PDF")
    day = server_says(shop, paid, "").json()["business_day"]
    assert saved.suggested_filename == f"Casa-Azul-Co-receipt-{day}-1.pdf"
    saved.save_as(tmp_path / "receipt.pdf")
    pdf = (tmp_path / "receipt.pdf").read_bytes()
    assert pdf == server_says(shop, paid, ".pdf", "?language=en&paper=58").content
    assert pdf.startswith(b"%PDF-")
    assert problems == []


def test_a_picture_is_kept_where_nothing_can_be_shared(
    page: Page, shop: GuestShop, paid: Placed, tmp_path: Path
):
    page.add_init_script("delete Navigator.prototype.canShare")
    look(page, paid)
    saved = download(page, "Picture")
    assert saved.suggested_filename.endswith("-1.png")
    saved.save_as(tmp_path / "receipt.png")
    picture = (tmp_path / "receipt.png").read_bytes()
    assert picture == server_says(shop, paid, ".png", "?language=en&paper=80").content


SHARING = """
window.shared = []
Navigator.prototype.canShare = ({files}) => files[0].type === 'image/png'
Navigator.prototype.share = async ({files: [{name, type, size}]}) => {
  window.shared.push({name, type, size})
  if (window.refusal) throw new DOMException('no', window.refusal)
}
"""


def test_a_picture_is_handed_on_where_the_device_can(
    page: Page, shop: GuestShop, paid: Placed
):
    page.add_init_script(SHARING)
    look(page, paid)
    button = page.get_by_role("button", name="Share")
    button.click()
    expect(button).not_to_have_attribute("aria-busy", "true")
    [shared] = page.evaluate("window.shared")
    size = len(server_says(shop, paid, ".png", "?language=en&paper=80").content)
    assert shared["name"].endswith(".png")
    assert (shared["type"], shared["size"]) == ("image/png", size)

    page.evaluate("window.refusal = 'NotAllowedError'")
    assert download(page, "Share").suggested_filename == shared["name"]


def download(page: Page, name: str) -> Download:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=name).click()
    return waiting.value


def test_a_file_that_does_not_come_is_said(page: Page, paid: Placed):
    look(page, paid)
    page.route("**/receipt.pdf*", lambda route: route.fulfill(status=500, json={}))
    page.get_by_role("button", name="Save PDF").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(paper(page)).to_contain_text("RECEIPT #")


# --- for everybody ----------------------------------------------------------------


@pytest.mark.parametrize("name", [*ROLLS, LARGE])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_it(
    new_page: Callable[..., Page],
    long: Placed,
    problems: list[str],
    scheme: str,
    name: str,
):
    page = new_page(viewport=NARROW_AND_TALL, color_scheme=scheme)
    look(page, long)
    choose(page, name)
    check_face(page, f"{scheme} {name}")
    assert problems == []


def test_the_keyboard_reaches_everything_in_order(page: Page, paid: Placed):
    page.add_init_script("window.print = () => (window.printed = true)")
    look(page, paid)
    for name in ("Back to the order", "Language", "Print", "Save PDF"):
        page.keyboard.press("Tab")
        focused = (
            "document.activeElement.ariaLabel || document.activeElement.textContent"
        )
        assert page.evaluate(focused).strip() == name
        if name == "Print":
            page.keyboard.press("Enter")
            assert page.evaluate("window.printed") is True
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("radio", name="80 mm")).to_be_checked()


def test_right_to_left_words_stay_in_their_own_order(page: Page, long: Placed):
    shown = look(page, long)
    page.evaluate("document.documentElement.dir = 'rtl'")
    choose(page, "58 mm")
    expect(shown).to_have_attribute("dir", "ltr")
    footer = shown.get_by_text("شكرا")
    assert footer.evaluate("e => getComputedStyle(e).direction") == "rtl"
    row = shown.locator("dl", has_text="طبق").first
    name, figure = row.locator("dt").bounding_box(), row.locator("dd").bounding_box()
    assert name is not None
    assert figure is not None
    assert name["x"] + name["width"] <= figure["x"]
    overflow = "document.documentElement.scrollWidth - innerWidth"
    assert page.evaluate(overflow) <= 0


# --- what a page may bring --------------------------------------------------------

FOREIGN = """
<!doctype html><html lang="en" dir="ltr"><head><title>x</title></head><body>
<p class="bold" id="a" onclick="window.bad = 1">kept</p>
<script>window.bad = 1</script>
<iframe src="/"></iframe><a href="/">link</a><form><input></form>
<img alt="" src="https://elsewhere.example/x.png">
<img alt="" src="data:image/png;base64,AAAA">
<svg viewBox="0 0 2 2"><path d="M0 0h1v1h-1z"/><script>window.bad = 1</script></svg>
</body></html>
"""
TAKEN_APART = """
async text => {
  const {readSheet} = await import('/restaurant/static/guest/js/receipt_sheet.js')
  const box = document.body.appendChild(document.createElement('section'))
  box.replaceChildren(...readSheet(text).nodes)
  return [...box.querySelectorAll('*')].map(e =>
    [e.localName, [...e.attributes].map(({name}) => name).sort().join(' '),
     e.getAttribute('src')])
}
"""


def test_nothing_that_runs_or_loads_comes_with_a_sheet(page: Page, paid: Placed):
    look(page, paid)
    found = page.evaluate(TAKEN_APART, FOREIGN)
    assert [tuple(each) for each in found] == [
        ("p", "class", None),
        ("img", "alt", None),
        ("img", "alt src", "data:image/png;base64,AAAA"),
        ("svg", "style viewBox", None),
        ("path", "d", None),
    ]
    assert page.evaluate("window.bad") is None
