"""How a receipt lies on paper, or on a page for a browser. Pure.

The figures at the right add up: lines to the subtotal, the rows below it to the total.
"""

from collections.abc import Iterator

from ...core import limits, qr
from ...core.columns import plain
from ...core.sheets import Align, Block, Code, Row, Rule, Sheet, Size, Text
from ...core.times import local_time, parse_rfc3339
from ..papers.models import Words
from ..receipts.models import (
    WORDS,
    ReceiptCharge,
    ReceiptDocument,
    ReceiptModifier,
    ReceiptPayment,
    ReceiptRate,
    ReceiptSums,
)


def receipt_text(
    document: ReceiptDocument, columns: int = limits.TICKET_COLUMNS
) -> str:
    """The receipt as plain text lines, none wider than ``columns`` (at least 24)."""
    return plain(receipt_sheet(document, document.language or "en"), columns)


def receipt_sheet(document: ReceiptDocument, language: str = "en") -> Sheet:
    """The receipt in a language; names and reasons stay as they were typed."""
    words = WORDS[language]
    return (
        *_head(document, words),
        Rule(is_heavy=True),
        *_line_blocks(document),
        Rule(),
        *_sum_blocks(document, words),
        *_tax_blocks(document, words),
        *_payment_blocks(document, words),
        *_later_blocks(document, words),
        *_foot(document, words),
    )


def _head(document: ReceiptDocument, words: Words) -> Iterator[Block]:
    who = document.restaurant
    yield Text(who.name, Size.LARGE, is_bold=True, align=Align.CENTER)
    for text in (who.legal_name, *who.address.split("\n")):
        if text.strip():
            yield Text(text, align=Align.CENTER)
    if who.tax_id:
        yield Text(f"{words['tax_id']}: {who.tax_id}", align=Align.CENTER)
    yield Rule()
    title = words["bill" if document.is_bill else "receipt"]
    yield Text(f"{title} #{document.order_number}", Size.LARGE, is_bold=True)
    if document.is_bill:
        yield Text(words["bill_note"])
    for mark in document.marks:
        yield Text(words[mark], Size.LARGE, True, True, Align.CENTER)
    place = words.get(document.order_type, document.order_type)
    if document.table:
        place = f"{place} · {words['table']} {document.table}"
    yield Text(place)
    if document.covers:
        yield Text(f"{words['covers']}: {document.covers}")
    yield Row(words["placed"], _clock(document.placed_at, document))
    if document.paid_at:
        yield Row(words["paid"], _clock(document.paid_at, document))
    yield Row(words["day"], document.business_day, Size.SMALL)
    yield Text(f"{words['order']} {document.order_id}", Size.SMALL)


def _clock(moment: str, document: ReceiptDocument) -> str:
    return local_time(parse_rfc3339(moment), document.timezone)


def _line_blocks(document: ReceiptDocument) -> Iterator[Block]:
    combo = None
    for line in document.lines:
        if line.combo and line.combo.line != combo:
            yield Text(line.combo.name, is_bold=True, first=f"{line.combo.quantity} x ")
        combo = line.combo.line if line.combo else None
        indent = 2 if line.combo else 0
        yield Row(f"{line.quantity} x {line.name}", line.total or "", indent=indent)
        if line.quantity > 1 or line.currency != document.currency:
            each = f"{line.quantity} × {line.price} {line.currency}"
            yield Text(each, Size.SMALL, indent=indent + 2)
        for modifier in line.modifiers:
            yield Text(_modifier(modifier), first="+ ", indent=indent + 2)
        for discount in line.discounts:
            less = f"{discount.name or discount.kind}: -{discount.amount}"
            yield Text(less, Size.SMALL, indent=indent + 2)


def _modifier(modifier: ReceiptModifier) -> str:
    times = f"{modifier.quantity} x " if modifier.quantity != 1 else ""
    is_free = not modifier.price_delta.strip("-0.")
    delta = "" if is_free else f" ({modifier.price_delta})"
    return f"{times}{modifier.name}{delta}"


def _sum_blocks(document: ReceiptDocument, words: Words) -> Iterator[Block]:
    sums = document.sums
    if sums and not _is_plain(document, sums):
        yield Row(words["subtotal"], sums.subtotal)
        for discount in document.discounts:
            yield Row(discount.name or words["discount"], f"-{discount.amount}")
        for charge in document.charges:
            percent = f" {charge.percent}%" if charge.percent else ""
            yield Row(f"{_charge_name(charge, words)}{percent}", charge.amount)
        for name, amount in (
            ("tax", sums.tax),
            ("tip", sums.tip),
            ("rounding", sums.rounding),
        ):
            if _is_some(amount):
                yield Row(words[name], amount)
    total = f"{document.total} {document.currency}"
    yield Row(words["total"], total, Size.LARGE, is_bold=True)
    if document.currency != "sat":
        yield Row("", f"{sat_text(document.total_msat)} sat")
    if document.rate:
        rate = document.rate
        details = [_rate_text(rate, words)]
        details += [_clock(rate.at, document)] if rate.at else []
        yield Text(" · ".join(details), Size.SMALL)


def _is_plain(document: ReceiptDocument, sums: ReceiptSums) -> bool:
    """Nothing was added or taken off: the subtotal is the total."""
    others = (sums.tax, sums.tip, sums.rounding)
    return not (document.discounts or document.charges or any(map(_is_some, others)))


def _is_some(amount: str) -> bool:
    return bool(amount.strip("-0."))


def _charge_name(charge: ReceiptCharge, words: Words) -> str:
    kind = "delivery_fee" if charge.kind == "delivery" else charge.kind
    return charge.name or words.get(kind, words["other"])


def _rate_text(rate: ReceiptRate, words: Words) -> str:
    return words["rate"].format(currency=rate.currency, rate=rate.rate)


def sat_text(msat: int) -> str:
    """``1500`` msat → ``"1.5"`` sat."""
    whole, rest = divmod(msat, 1000)
    return f"{whole}.{rest:03d}".rstrip("0") if rest else str(whole)


def _tax_blocks(document: ReceiptDocument, words: Words) -> Iterator[Block]:
    if document.tax_exempt_reason is not None:
        said = words["exempt"].format(reason=document.tax_exempt_reason)
        yield Text(said, Size.SMALL)
    taxes = [tax for tax in document.taxes if _is_some(tax.rate)]
    if not taxes:
        return
    yield Rule()
    yield Row(words["tax_rate"], words["gross"], Size.SMALL)
    for tax in document.taxes:
        yield Row(f"{tax.rate}%: {tax.net} + {tax.tax}", tax.gross, Size.SMALL)
    if document.tax_inclusive:
        yield Text(words["tax_in"], Size.SMALL)


def _payment_blocks(document: ReceiptDocument, words: Words) -> Iterator[Block]:
    if document.payments:
        yield Rule()
    is_mixed = len({payment.method for payment in document.payments}) > 1
    for payment in document.payments:
        yield from _paid(payment, document, words, is_mixed=is_mixed)
    if document.is_bill:
        yield Rule()
        due = f"{document.due} {document.currency}"
        yield Row(words["due"], due, Size.LARGE, is_bold=True)
        if document.currency != "sat":
            yield Row("", f"{sat_text(document.due_msat)} sat")


def _paid(
    payment: ReceiptPayment, document: ReceiptDocument, words: Words, *, is_mixed: bool
) -> Iterator[Block]:
    """One payment; where several methods met, what each was worth in satoshi."""
    sats = f"{sat_text(payment.amount_msat)} sat"
    has_amount = payment.amount is not None
    amount = f"{payment.amount} {payment.currency}" if has_amount else sats
    yield Row(words.get(payment.method, payment.method), amount, is_bold=True)
    details = [_clock(payment.at, document)] if payment.at else []
    if payment.rate:
        details.append(_rate_text(payment.rate, words))
    elif is_mixed and payment.currency != "sat":
        details.append(sats)
    yield Text(" · ".join(details), Size.SMALL, indent=2)
    for what, figure in (
        ("rounding", payment.rounding),
        ("given", payment.tendered),
        ("change", payment.change),
    ):
        if figure is not None and (_is_some(figure) or what == "given"):
            yield Row(words[what], figure, Size.SMALL, indent=2)


def _later_blocks(document: ReceiptDocument, words: Words) -> Iterator[Block]:
    if document.tips or document.refunds:
        yield Rule()
    for tip in document.tips:
        sats = f"{sat_text(tip.amount_msat)} sat"
        amount = sats if tip.amount is None else f"{tip.amount} {tip.currency}"
        yield Row(words["later_tip"], amount)
        if tip.at:
            yield Text(_clock(tip.at, document), Size.SMALL, indent=2)
    for refund in document.refunds:
        said = words.get(f"refund_{refund.status}", refund.status)
        yield Row(f"{words['refund']} ({said})", f"-{refund.amount} {refund.currency}")
        if refund.at:
            yield Text(_clock(refund.at, document), Size.SMALL, indent=2)
        if refund.reason.strip():
            yield Text(refund.reason, Size.SMALL, indent=2)


def _foot(document: ReceiptDocument, words: Words) -> Iterator[Block]:
    if document.fiscal:
        yield Rule()
        for line in document.fiscal.lines:
            yield Text(line, Size.SMALL)
        if document.fiscal.qr:
            code = document.fiscal.qr
            yield Code(tuple(qr.modules(code)), letters=code)
    footer = [each for each in document.restaurant.footer.split("\n") if each.strip()]
    if footer:
        yield Rule(is_heavy=True)
    for line in footer:
        yield Text(line, align=Align.CENTER)
    if document.tracking_url:
        url = document.tracking_url
        yield Code(tuple(qr.modules(url)), words["tracking"], url)
