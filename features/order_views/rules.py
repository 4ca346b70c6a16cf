"""How an order is shown to whoever may see it. Pure."""

from collections.abc import Sequence
from typing import Any

from ...core.money import price_text
from ...core.times import rfc3339, rfc3339_or_none
from ..amendments.models import EditedView
from ..bills.models import (
    AmountsView,
    ChargeView,
    DiscountedView,
    LineDiscountView,
    TaxView,
)
from ..journal.models import JournalRow
from ..orders.models import (
    Books,
    DeliveryView,
    HistoryView,
    LineModifierView,
    LineView,
    Order,
    OrderLine,
    OrderView,
)
from ..payments.models import PaymentView
from ..pricing.models import ComboPartView
from ..refunds.models import RefundView

#: When the order took its steps, or ends by itself.
_STEP_TIMES = (
    *("expires_at", "paid_at", "accepted_at", "promised_at"),
    *("ready_at", "completed_at", "canceled_at"),
)


def view(
    order: Order,
    books: Books,
    history: Sequence[JournalRow] = (),
    payments: Sequence[PaymentView] = (),
    refunds: Sequence[RefundView] = (),
    merged_number: int | None = None,
) -> OrderView:
    """The public shape of an order, written out field by field. ``merged_number`` is
    the number of the order that has its lines now."""
    return OrderView(
        id=order.id,
        number=order.number,
        restaurant_id=order.restaurant_id,
        status=order.status.value,
        flags=sorted(f.value for f in order.flags),
        cancel_reason=order.cancel_reason,
        order_type=order.order_type.value,
        payment_method=order.payment_method.value,
        currency=order.currency,
        total=price_text(order.total_minor, order.currency),
        subtotal_msat=order.subtotal_msat,
        discount_msat=order.discount_msat,
        service_msat=order.service_msat,
        tax_msat=order.tax_msat,
        tip_msat=order.tip_msat,
        rounding_msat=order.rounding_msat,
        total_msat=order.total_msat,
        **_books_view(order, books),
        refund_to=order.refund_to,
        payments=list(payments),
        refunds=list(refunds),
        **_bill_view(order),
        rates=order.rates,
        rate_at=rfc3339_or_none(order.rate_at),
        tax_inclusive=order.tax_inclusive,
        revision=order.revision,
        edited=_edited_view(order),
        server_id=order.server_id,
        is_tab=order.is_tab,
        merged_into=order.merged_into,
        merged_number=merged_number,
        alert_level=order.alert_level,
        items=[_line_view(line, order.currency) for line in order.lines],
        table=order.table_name,
        covers=order.covers,
        customer_name=order.customer_name,
        note=order.note,
        created_at=rfc3339(order.created_at),
        pickup_at=rfc3339_or_none(order.pickup_at),
        wanted_at=rfc3339_or_none(order.wanted_at),
        quoted_minutes=order.quoted_minutes,
        delivery=DeliveryView(**vars(order.delivery)) if order.delivery else None,
        **{name: rfc3339_or_none(getattr(order, name)) for name in _STEP_TIMES},
        history=[_history_view(row) for row in history if _is_step(row)],
    )


def _books_view(order: Order, books: Books) -> dict[str, Any]:
    """What came, what is due, what went or should go back."""
    return {
        "paid_msat": books.paid_msat,
        "due_msat": max(0, order.total_msat - books.paid_msat),
        "due": price_text(books.due_minor, order.currency),
        "standing": books.standing,
        "split_id": books.split_id,
        "refunded_msat": books.refunded_msat,
        "refundable_msat": books.refundable_msat,
        "owed_msat": books.owed_msat,
    }


def _bill_view(order: Order) -> dict[str, Any]:
    """What the bill is made of, in the restaurant's currency and in msat."""
    bill, currency = order.bill, order.currency
    return {
        "amounts": AmountsView.of(bill.minor, currency) if bill.minor else None,
        "discounts": [DiscountedView.of(each, currency) for each in bill.discounts],
        "charges": [ChargeView.of(each, currency) for each in bill.charges],
        "taxes": [TaxView.of(each, currency) for each in bill.taxes],
        "tax_exempt_reason": bill.exempt_reason,
        "rate_sources": dict(bill.rate_sources),
        "rate_markup_percent": bill.rate_markup_percent,
        "price_list": bill.price_list,
    }


def _edited_view(order: Order) -> EditedView | None:
    edited = order.bill.edited
    if not edited:
        return None
    return EditedView(at=rfc3339(edited["at"]), changes=edited["changes"])


def _line_view(line: OrderLine, currency: str) -> LineView:
    return LineView(
        id=line.id,
        menu_item_id=line.menu_item_id,
        name=line.name,
        quantity=line.quantity,
        currency=line.currency,
        price=price_text(line.price_minor, line.currency),
        unit_msat=line.unit_msat,
        line_msat=line.line_msat,
        discount_msat=line.discount_msat,
        net_msat=line.net_msat,
        tax_rate=line.tax_rate,
        tax_msat=line.tax_msat,
        discounts=[LineDiscountView.of(each, currency) for each in line.discounts],
        combo=ComboPartView.of(line.combo),
        note=line.note,
        guest=line.guest,
        station=line.station,
        status=line.status,
        course=line.course,
        started_at=rfc3339_or_none(line.started_at),
        done_at=rfc3339_or_none(line.done_at),
        allergens=list(line.allergens),
        modifiers=[
            LineModifierView(
                modifier_id=modifier.modifier_id,
                name=modifier.name,
                quantity=modifier.quantity,
                price_delta=price_text(modifier.price_delta_minor, line.currency),
            )
            for modifier in line.modifiers
        ],
    )


def _is_step(row: JournalRow) -> bool:
    """Did the order itself take a status here? Its tickets and lines have theirs."""
    is_about_order = row.event.startswith("order.") and row.event != "order.lines"
    return is_about_order and "status" in row.payload


def _history_view(row: JournalRow) -> HistoryView:
    return HistoryView(
        status=row.payload["status"],
        at=rfc3339(row.at),
        actor=row.actor,
        reason=row.payload.get("reason"),
    )
