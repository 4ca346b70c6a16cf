"""The papers of the golden pictures: documents as the till makes them, laid out and
dressed as they are for a printer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageDraw

from restaurant.adapters.raster.pictures import bitmap_of
from restaurant.core import qr
from restaurant.core.bitmaps import Bitmap
from restaurant.core.sheets import Row, Rule, Sheet, Size, Text
from restaurant.features.papers import rules as papers
from restaurant.features.papers.models import Layout, Marks, TestDocument
from restaurant.features.receipt_sheets.rules import receipt_sheet
from restaurant.features.receipts.models import ReceiptDocument
from restaurant.features.slips.models import SlipDocument
from restaurant.features.slips.rules import slip_sheet
from restaurant.features.ticket_sheets.rules import ticket_sheet
from restaurant.features.tickets.models import TicketDocument

NARROW, WIDE = 384, 576
URL = "https://eat.example/restaurant/o/AbCdEfGhIjKlMnOpQrStUv?t=0123456789abcdefghijkl"
LNURL = "LNURL1DP68GURN8GHJ7ETCV9KHQMR99E3K7MF0W3JHXAR9W35X2U30V9CXJTMKXYHKCMN4WFK" + (
    "Z7MR9V35X7" * 3
)


@dataclass(frozen=True)
class Paper:
    """A sheet, how wide its paper is, and whether its letters are large."""

    sheet: Sheet
    width: int = WIDE
    is_large: bool = False


def a_line(quantity: int, name: str, *modifiers: str, **more: Any) -> dict[str, Any]:
    chosen = [{"quantity": 1, "name": modifier} for modifier in modifiers]
    line = {"quantity": quantity, "name": name, "note": None, "allergens": []}
    return {**line, "modifiers": chosen, **more}


def a_ticket(*lines: dict[str, Any], language: str = "en", **more: Any) -> Sheet:
    document = {
        "kind": "ticket",
        "restaurant": "Big Jay's Bustaurant",
        "timezone": "America/Guatemala",
        "local_time": "2026-11-21 19:42",
        "order_id": "f" * 64,
        "order_number": 12,
        "order_type": "dine_in",
        "station": "kitchen",
        "round": 1,
        "table": "7",
        "customer_name": None,
        "covers": None,
        "note": None,
        "flags": [],
        "placed_at": "2026-11-22T01:42:00Z",
        "paid_at": None,
        "pickup_at": None,
        "promised_at": None,
        "lines": list(lines),
    }
    return ticket_sheet(TicketDocument(**{**document, **more}), language)


def a_sold_line(
    quantity: int, name: str, total: str, *modifiers: str
) -> dict[str, Any]:
    chosen = [
        {"name": modifier, "quantity": 1, "price_delta": "2.50"}
        for modifier in modifiers
    ]
    return {
        "quantity": quantity,
        "name": name,
        "price": total,
        "currency": "GTQ",
        "modifiers": chosen,
        "total": total,
        "discounts": [],
        "tax_rate": "12",
        "combo": None,
    }


def a_receipt(*lines: dict[str, Any], language: str = "en", **more: Any) -> Sheet:
    rate = {"currency": "GTQ", "rate": "158.635", "at": "2026-11-22T01:41:00Z"}
    document = {
        "kind": "receipt",
        "restaurant": {
            "name": "Big Jay's Bustaurant",
            "legal_name": "Comedor El Zonte, S.A.",
            "address": "4a Calle Poniente 12\nAntigua Guatemala",
            "tax_id": "1234567-8",
            "footer": "Thank you. Come again!",
        },
        "timezone": "America/Guatemala",
        "order_id": "AbCdEfGhIjKlMnOpQrStUv",
        "order_number": 12,
        "business_day": "2026-11-21",
        "order_type": "dine_in",
        "table": "7",
        "covers": 2,
        "placed_at": "2026-11-22T01:42:00Z",
        "paid_at": "2026-11-22T02:31:00Z",
        "currency": "GTQ",
        "is_bill": False,
        "marks": [],
        "lines": list(lines),
        "discounts": [{"kind": "code", "name": "Happy hour", "amount": "25.00"}],
        "charges": [
            {"kind": "service", "name": "", "percent": "10", "amount": "22.50"}
        ],
        "tax_inclusive": True,
        "taxes": [
            {"rate": "12", "net": "200.89", "tax": "24.11", "gross": "225.00"},
            {"rate": "5", "net": "21.43", "tax": "1.07", "gross": "22.50"},
        ],
        "tax_exempt_reason": None,
        "sums": {"subtotal": "250.00", "tax": "0", "tip": "25.00", "rounding": "0"},
        "total": "272.50",
        "total_msat": 43_228_000,
        "rate": rate,
        "payments": [
            {
                "method": "lightning",
                "amount": None,
                "currency": "sat",
                "amount_msat": 43_228_000,
                "rate": rate,
                "tendered": None,
                "change": None,
                "rounding": None,
                "provider": None,
                "at": "2026-11-22T02:31:00Z",
            }
        ],
        "paid_msat": 43_228_000,
        "due": "0.00",
        "due_msat": 0,
        "tips": [],
        "refunds": [],
    }
    found = ReceiptDocument(**{**document, **more})
    return receipt_sheet(found, language)


def a_slip() -> Sheet:
    document = SlipDocument(
        kind="void_slip",
        restaurant="Big Jay's Bustaurant",
        timezone="America/Guatemala",
        local_time="2026-11-21 20:15",
        order_id="f" * 64,
        order_number=12,
        station="counter",
        table="7",
        amount="85.00 GTQ",
        amount_sat=13_484,
        reason="No había más ceviche",
        destination="Scan the code with a Lightning wallet.",
        lines=[{"quantity": 1, "name": "Ceviche de camarón"}],
        lnurl=LNURL,
        qr=qr.modules(LNURL),
        expires_at="2026-11-29T02:15:00Z",
    )
    return slip_sheet(document, "es")


def a_logo() -> Bitmap:
    """Steam above a bowl."""
    image = Image.new("1", (240, 120))
    draw = ImageDraw.Draw(image)
    draw.pieslice((40, -10, 200, 110), 0, 180, fill=1)
    draw.rectangle((90, 108, 150, 116), fill=1)
    for x in (80, 120, 160):
        draw.arc((x - 10, 4, x + 10, 44), 90, 270, fill=1, width=5)
    return bitmap_of(image)


def a_fiscal_receipt() -> Sheet:
    fiscal = {
        "lines": [
            "FEL 9F2C1A7B-4D3E-4C1B-8A55-0E6D7F8A9B10",
            "Serie 9F2C1A7B Número 1295931419",
            "Certificador: Ejemplo, S.A. NIT 7654321-0",
        ],
        "qr": "https://fel.example/verify?uuid=9F2C1A7B-4D3E-4C1B-8A55-0E6D7F8A9B10",
    }
    lines = (a_sold_line(2, "Tacos al pastor", "170.00", "Extra guacamole"),)
    layout = Layout(header="Bienvenidos\nSe habla Lightning", footer="@bustaurant")
    sheet = a_receipt(*lines, language="es", fiscal=fiscal, tracking_url=URL)
    return papers.dressed(sheet, layout, "receipt", a_logo())


def hebrew_receipt() -> Sheet:
    lines = (
        a_sold_line(2, "שקשוקה", "96.00"),
        a_sold_line(1, "פלאפל בפיתה (גדול)", "38.00", "בלי בצל"),
        a_sold_line(1, "Coca-Cola זירו", "14.00"),
        a_sold_line(1, "שווארמה עם טחינה, סלט קצוץ וצ'יפס", "62.00"),
    )
    return a_receipt(*lines, language="en")


MODIFIERS = (
    *("extra cheese", "no onions", "gluten-free bun", "well done", "double patty"),
    *("jalapeños", "BBQ sauce on the side", "add bacon", "sweet potato fries"),
    *("no salt", "lettuce wrap instead of bun", "cut in half for sharing"),
)


def twelve_modifiers() -> Sheet:
    forty = "Grilled Mediterranean Vegetable Sandwich"
    assert len(forty) == 40
    return a_ticket(
        a_line(2, forty, *MODIFIERS, note="Guest is in a hurry", allergens=["gluten"]),
        a_line(1, "Donaudampfschifffahrtsgesellschaftstorte"),
    )


def fifty_lines() -> Sheet:
    names = ("Tacos al pastor", "Quesadilla", "Ceviche de camarón", "Elote", "Flan")
    lines = [
        a_line(n % 4 + 1, f"{names[n % 5]} {n + 1}", *(("sin cebolla",) * (n % 3 == 0)))
        for n in range(50)
    ]
    return a_ticket(*lines, table="Terrace 12", covers=24)


def every_mark() -> Sheet:
    marks = Marks(
        reprint_n=2,
        is_possible_duplicate=True,
        backup_of="Bar printer",
        copy=1,
        copies=2,
    )
    sheet = papers.marked(a_ticket(a_line(1, "Mojito"), station="bar"), marks, "en")
    return papers.hung(sheet, Layout(rail_mm=12), "ticket")


def plain_blocks() -> Sheet:
    """Corners: what no font has, figures too wide, letters of several marks."""
    return (
        Text("No font has: 𒀀 \ue000 \U0010ffff", Size.LARGE),
        Text("Ä̂ Ê̌ Ấ Ǻ ﷽ กี่้ क्ष्म्य Z̸̢̖A̵L̷G̶O̸", Size.LARGE, True),
        Rule(),
        Row("A figure too wide for its line", "123,456,789,012,345.00", Size.LARGE),
        Row("مجموع", "1,250.00"),
        Row("Supercalifragilisticexpialidocious", "12.00", Size.LARGE, True),
        Rule(is_heavy=True),
        Text("SMALL PRINT 0123456789 é ñ ü", Size.SMALL),
        Text("centered", align=Text("").align.CENTER),
        Text("at the end", align=Text("").align.END),
        Text("בסוף", align=Text("").align.END),
    )


def _tickets() -> Iterator[tuple[str, Paper]]:
    first = a_ticket(
        a_line(2, "Tacos al pastor", "sin cebolla", "extra salsa", course=1),
        a_line(
            *(1, "Crème brûlée", "no sugar crust"),
            allergens=["milk", "eggs"],
            note="Birthday: one candle, please!",
            course=2,
        ),
        covers=4,
        customer_name="Zoë",
        note="They leave at 20:30.",
        promised_at="2026-11-22T02:05:00Z",
        course=1,
    )
    yield "ticket", Paper(first)
    yield "ticket_58mm", Paper(first, NARROW)
    yield "ticket_large", Paper(first, is_large=True)
    yield (
        "delivery",
        Paper(
            a_ticket(
                *(a_line(1, "Pizza quattro formaggi"), a_line(3, "Weißbier")),
                language="de",
                order_type="delivery",
                table=None,
                delivery={
                    "address": "Große Straße 17, Hinterhaus, 3. OG links, Köln",
                    "phone": "+49 221 123456",
                },
                note="Klingel kaputt.\nBitte anrufen!",
            ),
            NARROW,
        ),
    )
    yield "void", Paper(
        a_ticket(language="es", part="void", round=2,
                 voided=[a_line(2, "Tacos al pastor", "sin cebolla")])
    )  # fmt: skip
    yield (
        "changed",
        Paper(
            a_ticket(
                a_line(1, "Käsespätzle", "ohne Zwiebeln", line_id="a"),
                language="de",
                part="changed",
                round=3,
                voided=[
                    a_line(1, "Käsespätzle", line_id="a"),
                    a_line(1, "Apfelstrudel"),
                ],
                news=[{"what": "table", "before": "7", "after": "9"}],
                held=[{"course": 2, "items": 3}],
            )
        ),
    )
    yield "moved", Paper(
        a_ticket(language="fr", part="moved", round=2, table="12",
                 news=[{"what": "table", "before": "7", "after": "12"}]),
        NARROW,
    )  # fmt: skip
    yield "fifty_lines_58mm", Paper(fifty_lines(), NARROW)
    yield "twelve_modifiers", Paper(twelve_modifiers())
    yield "twelve_modifiers_58mm", Paper(twelve_modifiers(), NARROW)
    yield "every_mark", Paper(every_mark())


def _scripts() -> Iterator[tuple[str, Paper]]:
    yield (
        "hebrew",
        Paper(
            a_ticket(
                a_line(2, "שקשוקה עם לחם (חריף)", "בלי כוסברה", "תוספת טחינה 2"),
                a_line(1, "Coca-Cola זירו", note="עם קרח, בלי לימון!"),
                a_line(3, "פלאפל", allergens=["שומשום", "gluten"]),
                restaurant="חומוס אליהו",
                table="חצר 4",
                customer_name="נועה",
                note="אלרגיה לאגוזים (nuts)!",
            )
        ),
    )
    yield (
        "arabic_58mm",
        Paper(
            a_ticket(
                a_line(
                    2, "شاورما دجاج (كبير)", "بدون بصل", "extra ثوم", note="حار جداً"
                ),
                a_line(1, "فتّوش", allergens=["سمسم"]),
                a_line(12, "Hummus حمّص 250g"),
                restaurant="مطعم الشام",
                order_type="pickup",
                table=None,
                customer_name="فاطمة",
            ),
            NARROW,
        ),
    )
    yield (
        "mixed",
        Paper(
            (
                Text("2 x عربي (extra) 5.00"),
                Text("2 عربي (extra) 5.00 GTQ"),
                Text('פיצה XL (35 ס"מ) + Cola 1.5L', first="1 x "),
                Text("Falafel פלאפל فلافل 3 (20%)", Size.LARGE, True, first="10 x "),
                Text("טל. 03-1234567, שעה 19:30"),
                Row("2 x كباب (حار)", "120.00"),
                Row("2 × كباب (حار) مع أرز وسلطة وخبز طازج وحمص وصلصة", "1,120.00"),
                Row("קפה", "12.00"),
                Row("Total", "1,252.00", Size.LARGE, True),
            )
        ),
    )
    yield (
        "chinese",
        Paper(
            a_ticket(
                a_line(2, "宫保鸡丁", "微辣", "不要香菜"),
                a_line(1, "小籠包（六个）", note="请快一点，谢谢！"),
                a_line(1, "北京烤鸭 Peking Duck 半只", allergens=["小麦"]),
                restaurant="北京饺子馆",
                table="外 3 号",
            )
        ),
    )
    yield (
        "japanese_58mm",
        Paper(
            a_ticket(
                a_line(2, "とんかつ定食（大盛り）", "わさび抜き"),
                a_line(1, "豚骨ラーメン", "味玉", note="お願いします。"),
                a_line(3, "生ビール"),
                restaurant="寿司 いち",
            ),
            NARROW,
        ),
    )
    yield (
        "korean",
        Paper(
            a_ticket(
                a_line(1, "김치찌개", "안 맵게 해주세요"),
                a_line(2, "삼겹살 불고기 비빔밥", note="포장해 주세요"),
                restaurant="한국 비빔밥",
            )
        ),
    )
    yield (
        "thai_58mm",
        Paper(
            a_ticket(
                a_line(1, "ต้มยำกุ้งน้ำข้น", "ไม่เผ็ด", "เพิ่มไข่ดาว"),
                a_line(2, "ผัดไทยกุ้งสด", note="ขอไม่ใส่ถั่วลิสงเพราะแพ้มากนะครับขอบคุณครับ"),
                restaurant="ครัวคุณแม่",
            ),
            NARROW,
        ),
    )
    yield (
        "devanagari_cyrillic_greek_vietnamese",
        Paper(
            a_ticket(
                a_line(1, "मसाला डोसा", "बिना प्याज़", note="ज़्यादा मसालेदार नहीं"),
                a_line(2, "Борщ со сметаной", "без чеснока"),
                a_line(1, "Μουσακάς", "χωρίς γλουτένη"),
                a_line(1, "Phở bò tái nạm đặc biệt", "không hành", "thêm giá đỗ"),
                a_line(1, "Żurek z kiełbasą, Çılbır, Smørrebrød"),
            )
        ),
    )
    yield (
        "emoji",
        Paper(
            a_ticket(
                a_line(2, "🌶️ Hot Burger 🍔🔥", "🧀 extra", "🚫🧅"),
                a_line(1, "Family box 👨‍👩‍👧‍👦", note="Happy birthday 🎂🎉 👩🏽‍🍳 ❤️ 1️⃣"),
                a_line(1, "Pizza 🇮🇹 / Taco 🇲🇽 / 🏴󠁧󠁢󠁳󠁣󠁴󠁿 / ☕️ ⚡ ★ ✓ →"),
            )
        ),
    )


def _others() -> Iterator[tuple[str, Paper]]:
    lines = (
        a_sold_line(2, "Tacos al pastor con piña y cilantro", "170.00"),
        a_sold_line(1, "Flan", "80.00", "Extra caramel"),
    )
    yield "receipt", Paper(a_receipt(*lines, tracking_url=URL))
    yield "receipt_58mm", Paper(a_receipt(*lines, language="fr"), NARROW)
    yield "receipt_hebrew", Paper(hebrew_receipt())
    yield "receipt_fiscal", Paper(a_fiscal_receipt())
    yield "bill_58mm", Paper(
        a_receipt(*lines, is_bill=True, payments=[], due="272.50",
                  due_msat=43_228_000, paid_at=None, paid_msat=0),
        NARROW,
    )  # fmt: skip
    yield "slip", Paper(a_slip())
    yield "slip_58mm", Paper(a_slip(), NARROW)
    test = TestDocument(
        kind="test",
        restaurant="Big Jay's Bustaurant",
        timezone="America/Guatemala",
        local_time="2026-11-21 19:42",
        printer="Kitchen 1",
    )
    for width, paper in (("58", NARROW), ("80", WIDE)):
        yield (
            f"test_{width}mm",
            Paper(papers.test_sheet(test, Layout(paper=width)), paper),
        )
    yield "corners", Paper(plain_blocks())
    yield "corners_58mm", Paper(plain_blocks(), NARROW)


GROUPS: tuple[Callable[[], Iterator[tuple[str, Paper]]], ...] = (
    _tickets,
    _scripts,
    _others,
)


def all_papers() -> dict[str, Paper]:
    """By the name of their picture."""
    return {name: paper for group in GROUPS for name, paper in group()}
