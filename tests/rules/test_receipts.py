"""What a receipt says: everything of a frozen order, and sums that add up."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import (
    NOW,
    a_line,
    a_line_modifier,
    a_print_job,
    a_refund,
    a_restaurant,
    an_order,
)
from random_carts import Maker, priced_cart
from restaurant.core.columns import plain
from restaurant.core.errors import Refused
from restaurant.core.money import from_minor, round_half_up
from restaurant.core.paper import display_width
from restaurant.core.sheets import Code, Row, Rule, Text
from restaurant.features.bills.models import (
    BilledCharge,
    BilledDiscount,
    BilledTax,
    Figures,
    KeptBill,
    LineDiscount,
)
from restaurant.features.journal.models import JournalRow
from restaurant.features.order_views import rules as views
from restaurant.features.orders.models import Books, LineModifier, Order, OrderLine
from restaurant.features.papers.models import LANGUAGES
from restaurant.features.payments.models import Payment
from restaurant.features.payments.rules import payment_view
from restaurant.features.pricing.models import ComboPart, PricedCart
from restaurant.features.printing.models import PrintState
from restaurant.features.receipt_sheets import rules as sheets
from restaurant.features.receipts import rules
from restaurant.features.receipts.models import (
    WORDS,
    ReceiptDocument,
    ReceiptFiscal,
)
from restaurant.features.refunds.rules import view as refund_view
from restaurant.models import PaymentMethod, PaymentStatus

GOLDEN = Path(__file__).with_name("golden_receipts.txt")
MINUTE = 60_000


def a_payment(method: str = "cash", **changes: Any) -> Payment:
    values: dict[str, Any] = {
        "id": "payment",
        "restaurant_id": "restaurant-0",
        "order_id": "order",
        "method": PaymentMethod(method),
        "status": PaymentStatus.CAPTURED,
        "amount_msat": 5_000_000,
        "received_msat": 5_000_000,
        "currency": "GTQ",
        "actor": "pos:left",
        "created_at": NOW,
        "captured_at": NOW + MINUTE,
    }
    return Payment(**{**values, **changes})


def a_dinner(**changes: Any) -> Order:
    """Tacos with modifiers, a combo of two, happy hour, service, tax and a tip."""
    combo = ComboPart("c", "Menú del día", 2, 9_000, 1)
    lines = (
        a_line(
            "Tacos al pastor con todo y mucha más paciencia",
            quantity=2,
            modifiers=(
                a_line_modifier("Maíz"),
                replace(a_line_modifier("Brisket", 2), price_delta_minor=1_250),
            ),
            line_msat=34_899_700,
            discounts=(LineDiscount("percent", "Happy hour", 1, 2_200),),
        ),
        a_line("羊肉串", combo=combo, price_minor=6_000, line_msat=9_518_100),
        a_line("Agua", combo=combo, price_minor=4_000, line_msat=6_345_400),
    )
    minor = Figures(32_000, 3_200, 2_880, 3_394, 1_500, 0, 33_180)
    bill = KeptBill(
        minor=minor,
        discounts=(
            BilledDiscount("combo", "Menú del día", "combo", None, None, None, 1, 1000),
            BilledDiscount(
                "percent", "Happy hour", "schedule", "d", None, None, 1, 2_200
            ),
        ),
        charges=(BilledCharge("service", "Servicio", "10", "12", 1, 2_880),),
        taxes=(
            BilledTax("12", 1, 1, 1, 28_286, 3_394, 31_680),
            BilledTax("0", 0, 0, 0, 0, 0, 0),
        ),
    )
    values: dict[str, Any] = {
        "id": "0" * 64,
        "order_type": "dine_in",
        "table_name": "Terraza 4",
        "covers": 3,
        "total_minor": 33_180,
        "total_msat": 52_636_000,
        "bill": bill,
    }
    return an_order(*lines, **{**values, **changes})


def document(
    order: Order | None = None,
    payments: tuple[Payment, ...] = (),
    tips: tuple[Payment, ...] = (),
    books: Books | None = None,
    **refunds: Any,
) -> ReceiptDocument:
    order = order or a_dinner()
    books = books or Books(paid_msat=order.total_msat, standing="paid")
    shown = views.view(
        order,
        books,
        (),
        [payment_view(payment) for payment in payments],
        [refund_view(refund) for refund in refunds.get("refunds", ())],
    )
    restaurant = a_restaurant(
        timezone="America/Guatemala",
        legal_name="Big Jay S.A.",
        address="1a Calle 7\nAntigua Guatemala",
        tax_id="1234567-8",
        receipt_footer="¡Gracias por su visita!\nbigjay.example",
    )
    return rules.receipt_document(restaurant, order, shown, tips)


CASH = a_payment(
    amount_minor=13_180,
    tendered_minor=15_000,
    change_minor=1_820,
    received_msat=20_908_000,
)
LIGHTNING = a_payment("lightning", received_msat=31_728_000)
TIP = a_payment("lightning", amount_minor=500, received_msat=793_000, tip_id="t")
URL = "https://pay.example/restaurant/o/" + "0" * 64 + "#k=" + "a" * 32


def whole(**changes: Any) -> ReceiptDocument:
    refund = replace(
        a_refund(), amount_msat=6_345_000, amount_minor=4_000, reason="warm"
    )
    found = document(payments=(CASH, LIGHTNING), tips=(TIP,), refunds=(refund,))
    return found.copy(update={"tracking_url": URL, **changes})


def bill() -> ReceiptDocument:
    books = Books(paid_msat=20_908_000, due_minor=20_000, standing="part_paid")
    return document(a_dinner(paid_at=None), payments=(CASH,), books=books)


def golden() -> str:
    """A receipt and a bill on every usual width of paper, in every language once."""
    shown = [
        *(
            (f"receipt on {columns}", whole(), "en", columns)
            for columns in (32, 42, 48)
        ),
        ("bill on 42", bill(), "en", 42),
        *((f"receipt in {lang}", whole(), lang, 42) for lang in LANGUAGES[1:]),
    ]
    return "".join(
        f"## {name}\n{plain(sheets.receipt_sheet(paper, language), columns)}\n"
        for name, paper, language, columns in shown
    )


def test_receipts_lie_on_paper_as_agreed() -> None:
    assert golden() == GOLDEN.read_text("utf-8")


def test_the_same_order_gives_the_same_document() -> None:
    assert whole().json() == whole().json()
    assert whole().tracking_url == URL
    assert document().tracking_url is None


# --- its parts --------------------------------------------------------------------


def rows(paper: ReceiptDocument) -> list[tuple[str, str]]:
    found = sheets.receipt_sheet(paper)
    return [(block.left, block.right) for block in found if isinstance(block, Row)]


def test_a_bill_says_what_is_due_instead_of_a_receipt() -> None:
    text = sheets.receipt_text(bill())

    assert "\nBILL #12\nNot paid yet\n" in text
    assert ("DUE", "200.00 GTQ") in rows(bill())
    assert "RECEIPT" not in text
    assert "BILL" not in sheets.receipt_text(whole())
    assert "DUE" not in sheets.receipt_text(whole())


@pytest.mark.parametrize("status", ["canceled", "refunded"])
def test_what_is_over_says_so_and_asks_for_nothing(status: str) -> None:
    paper = document(a_dinner(status=status), books=Books(due_minor=33_180))

    assert (paper.is_bill, paper.due, paper.due_msat) == (False, "0.00", 0)
    assert f"*** {status.upper()} ***" in sheets.receipt_text(paper)


def test_only_money_that_came_is_a_payment() -> None:
    states = [s for s in PaymentStatus if s.value not in rules._COUNTED]
    payments = tuple(a_payment(status=state) for state in states)

    paper = document(payments=payments, tips=payments)

    assert (paper.payments, paper.tips) == ([], [])


def test_a_lightning_payment_has_its_rate_and_cash_its_change() -> None:
    cash, lightning = whole().payments

    assert (cash.amount, cash.tendered, cash.change) == ("131.80", "150.00", "18.20")
    assert cash.rate is None
    assert lightning.amount is None
    assert lightning.rate is not None
    assert (lightning.rate.currency, lightning.rate.rate) == ("GTQ", "158.635")
    assert ("Lightning", "31728 sat") in rows(whole())


def test_an_order_of_an_older_version_shows_its_total_alone() -> None:
    paper = document(an_order(a_line("Tacos"), a_line("Flan")))

    assert paper.sums is None
    assert [line.total for line in paper.lines] == [None, None]
    assert [row for row in rows(paper) if row[1].endswith("GTQ")] == [
        ("TOTAL", "170.00 GTQ")
    ]


def test_a_bill_in_satoshi_shows_them_once() -> None:
    line = a_line(currency="sat", price_minor=21, line_msat=21_000)
    figures = Figures(21, 0, 0, 0, 0, 0, 21)
    order = an_order(line, currency="sat", rates={}, bill=KeptBill(minor=figures))
    text = sheets.receipt_text(document(order))

    assert text.count("21 sat") == 1
    assert "1 sat =" not in text


def test_a_fiscal_block_is_printed_as_it_is() -> None:
    fiscal = ReceiptFiscal(
        lines=["CAE 1234", "Autorización X"], qr="https://sat.example"
    )
    paper = whole(fiscal=fiscal)
    codes = [b for b in sheets.receipt_sheet(paper) if isinstance(b, Code)]

    assert "\nCAE 1234\nAutorización X\n" in sheets.receipt_text(paper)
    assert [code.letters for code in codes] == ["https://sat.example", URL]


def test_a_combo_stands_above_its_parts() -> None:
    lines = sheets.receipt_text(whole()).split("\n")
    start = lines.index("1 x Menú del día")

    assert lines[start + 1].startswith("  1 x 羊肉串")
    assert lines[start + 2].startswith("  1 x Agua")


def test_an_exemption_names_its_reason() -> None:
    order = a_dinner()
    order = replace(order, bill=replace(order.bill, exempt_reason="embassy", taxes=()))

    assert "Without tax: embassy" in sheets.receipt_text(document(order))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_is_there_in_every_language(language: str) -> None:
    words = WORDS[language]

    assert set(words) == set(WORDS["en"])
    assert all(word.strip() for word in words.values())
    assert words["rate"].format(currency="A", rate="1") == "1 A = 1 sat"
    assert "embassy" in words["exempt"].format(reason="embassy")


# --- copies -----------------------------------------------------------------------


def queued(*papers: ReceiptDocument) -> tuple[list[JournalRow], list[Any]]:
    """The order's journal, and its jobs, after these papers were asked for."""
    made = [replace(a_print_job(), kind="receipt") for _ in papers]
    rows = [
        JournalRow(
            *("restaurant-0", n, NOW, "owner", rules.QUEUED, "order"),
            rules.told(paper, job),
            *("", ""),
        )
        for n, (paper, job) in enumerate(zip(papers, made, strict=True))
    ]
    placed = replace(rows[0], event="order.placed", payload={"number": 12})
    return [placed, *rows], made


def test_papers_that_say_the_same_are_counted() -> None:
    same = whole().copy(
        update={"language": "de", "station": "bar", "copy_n": 4, "table": "9"}
    )
    other = whole().copy(update={"total": "1.00"})

    assert rules.copies_before(whole(), [], []) == 0
    history, made = queued(whole(), same, other)
    assert rules.copies_before(whole(), history, made) == 2
    assert rules.copies_before(whole(), history, []) == 2  # forgotten by now


@pytest.mark.parametrize(
    ("changes", "n"),
    [
        ({}, 1),
        ({"state": PrintState.PRINTED}, 1),
        ({"state": PrintState.DEAD, "attempts": 5}, 1),
        ({"state": PrintState.CANCELED}, 0),
        ({"state": PrintState.CANCELED, "attempts": 1}, 1),
        ({"state": PrintState.CANCELED, "read_at": 1}, 1),
        ({"state": PrintState.CANCELED, "confirm": "in_doubt"}, 1),
    ],
)
def test_what_was_taken_off_before_anybody_took_it_counts_for_nothing(
    changes: dict[str, Any], n: int
) -> None:
    history, [job] = queued(whole())

    assert rules.copies_before(whole(), history, [replace(job, **changes)]) == n


def test_a_fingerprint_is_of_the_sale_and_its_money() -> None:
    paper = whole()
    line, payment = paper.lines[0], paper.payments[0]
    changes: list[dict[str, Any]] = [
        {"lines": [line.copy(update={"quantity": 9}), *paper.lines[1:]]},
        {"payments": [payment.copy(update={"amount_msat": 1})]},
        *({name: []} for name in ("discounts", "charges", "taxes", "tips", "refunds")),
        {"due": "1.00"},
        {"marks": ["canceled"]},
        {"is_bill": True},
        {"order_id": "another"},
    ]
    found = {rules.fingerprint(paper.copy(update=change)) for change in changes}

    assert len(found) == len(changes)
    assert rules.fingerprint(paper) not in found


# --- sums -------------------------------------------------------------------------


def order_of(cart: PricedCart) -> Order:
    """An order that keeps this price, as placing it would."""
    ids = count(1)
    bill = cart.bill
    lines = tuple(
        OrderLine(
            id=f"line-{next(ids)}",
            menu_item_id=line.menu_item_id,
            name=line.name,
            quantity=line.quantity,
            currency=line.currency,
            price_minor=line.price_minor,
            unit_msat=round_half_up(line.unit),
            line_msat=round_half_up(line.total),
            tax_rate=line.tax_rate,
            note=None,
            guest=None,
            station="kitchen",
            status="waiting",
            uses=(),
            allergens=(),
            modifiers=tuple(
                LineModifier(m.modifier_id, m.name, m.quantity, m.price_delta_minor)
                for m in line.modifiers
            ),
            number=line.number,
            discount_msat=billed.discount_msat,
            discounts=billed.discounts,
            combo=line.combo,
        )
        for line, billed in zip(cart.lines, bill.lines, strict=True)
    )
    kept = KeptBill(
        minor=bill.minor,
        discounts=bill.discounts,
        charges=bill.charges,
        taxes=bill.taxes,
        exempt_reason=bill.exempt_reason,
    )
    return an_order(
        *lines,
        currency=bill.currency,
        total_minor=bill.minor.total,
        total_msat=bill.msat.total,
        rates={code: f"{rate:f}" for code, rate in cart.rates.items()},
        tax_inclusive=bill.tax_inclusive,
        bill=kept,
    )


@st.composite
def orders(draw: Any) -> Order:
    """The order of a made-up cart that is not refused."""
    while True:
        facts = Maker(Random(draw(st.integers(0, 2**64)))).facts()
        for each in facts["discounts"]:
            each["trigger"] = "schedule"
        facts["minimum"] = 0
        try:
            return order_of(priced_cart(facts))
        except Refused:
            continue


def figures(blocks: Any) -> list[Decimal]:
    found = [block.right.split(" ")[0] for block in blocks if isinstance(block, Row)]
    return [Decimal(each) for each in found if each]


@given(orders())
def test_the_figures_at_the_right_add_up(order: Order) -> None:
    """Read from the sheet, as a guest with a pencil would."""
    paper = document(order)
    blocks = list(sheets.receipt_sheet(paper))
    start = blocks.index(Rule(is_heavy=True))
    end = next(
        n for n, b in enumerate(blocks) if isinstance(b, Row) and b.left == "TOTAL"
    )
    parted = next(n for n in range(start + 1, end) if blocks[n] == Rule())
    lines, added = figures(blocks[start:parted]), figures(blocks[parted:end])
    [total] = figures([blocks[end]])

    assert total == from_minor(order.total_minor, order.currency)
    if added:
        assert sum(lines) == added[0]
        assert sum(added) == total
    else:
        assert sum(lines) == total


@given(orders())
def test_lines_in_the_order_s_currency_cost_what_the_menu_says(order: Order) -> None:
    totals = rules.line_totals(order, order.bill.minor.subtotal)  # type: ignore[union-attr]

    assert sum(totals) == order.bill.minor.subtotal  # type: ignore[union-attr]
    for line, total in zip(order.lines, totals, strict=True):
        if line.currency == order.currency:
            deltas = sum(m.price_delta_minor * m.quantity for m in line.modifiers)
            assert total == (line.price_minor + deltas) * line.quantity


any_text = st.text(st.characters(exclude_categories=()), max_size=60)


@given(
    texts=st.lists(any_text, min_size=5, max_size=5),
    columns=st.integers(24, 60),
    language=st.sampled_from(LANGUAGES),
)
def test_any_text_fits_the_paper_and_carries_no_control_character(
    texts: list[str], columns: int, language: str
) -> None:
    name, footer, reason, table, address = texts
    paper = whole()
    line = paper.lines[0].copy(update={"name": name})
    refund = paper.refunds[0].copy(update={"reason": reason})
    who = paper.restaurant.copy(update={"address": address, "footer": footer})
    typed = {"lines": [line], "refunds": [refund], "restaurant": who, "table": table}

    text = plain(sheets.receipt_sheet(paper.copy(update=typed), language), columns)

    assert all(display_width(each) <= columns for each in text.split("\n"))
    assert all(char.isprintable() or ord(char) > 0x9F for char in text if char != "\n")


def test_what_was_typed_is_never_a_word_to_fill_in() -> None:
    order = a_dinner(table_name="{n}{currency}")
    bill = replace(order.bill, exempt_reason="{reason}{x}")

    text = sheets.receipt_text(document(replace(order, bill=bill)))

    assert "Table {n}{currency}" in text
    assert "Without tax: {reason}{x}" in text


def test_nothing_a_guest_typed_is_large_or_a_banner() -> None:
    sheet = sheets.receipt_sheet(whole())
    own = {"Big Jay's Bustaurant", "RECEIPT #12"}

    loud = [b for b in sheet if isinstance(b, Text) and b.size.value == "large"]
    assert {block.text for block in loud} == own
