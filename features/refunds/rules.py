"""Refunds: what may go back, what it is worth, when to try again. Pure.

A refund counts from the moment it is created, so that refunds never exceed what
was paid, however many are made at once. ``docs/STATES.md`` is generated from
``STEPS``.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ...core import limits
from ...core.errors import Conflict, Refused, invalid
from ...core.fields import refund_address
from ...core.ids import derive_token
from ...core.money import (
    EXACT,
    floor_to_sat,
    from_minor,
    is_lightning_unit,
    price_text,
    round_half_up,
    to_minor,
)
from ...core.states import check_step
from ...core.text import check_text, text_fault
from ...core.times import rfc3339, rfc3339_or_none
from ...models import Actor, Flag, OrderStatus, PaymentMethod, Role
from ..orders.models import Order
from ..payments.models import Payment
from .models import (
    Destination,
    DestinationBody,
    Problem,
    Refund,
    RefundBody,
    RefundLine,
    RefundLineView,
    RefundRate,
    RefundStatus,
    RefundView,
    Target,
    Wish,
    Worth,
)

R = RefundStatus

#: From status to the statuses that may follow. ``sending`` falls back to
#: ``approved`` only after the node said that nothing left the wallet.
STEPS: dict[RefundStatus, frozenset[RefundStatus]] = {
    R.REQUESTED: frozenset({R.APPROVED, R.CANCELED}),
    R.APPROVED: frozenset({R.SENDING, R.SENT, R.FAILED, R.CANCELED}),
    R.SENDING: frozenset({R.SENT, R.APPROVED, R.FAILED}),
    R.SENT: frozenset(),
    R.FAILED: frozenset(),
    R.CANCELED: frozenset(),
}
#: These take their share of what was paid.
COUNTED = frozenset({R.REQUESTED, R.APPROVED, R.SENDING, R.SENT})
OVER_LIGHTNING = frozenset(
    {
        *(Destination.BOLT11, Destination.LIGHTNING_ADDRESS),
        *(Destination.LNURL, Destination.WITHDRAW),
    }
)
#: What a void slip says about where the money goes.
SAID = {
    Destination.BOLT11: "Sent by Lightning to your invoice.",
    Destination.LIGHTNING_ADDRESS: "Sent by Lightning to your address.",
    Destination.LNURL: "Sent by Lightning to your LNURL.",
    Destination.WITHDRAW: "Scan with your Lightning wallet to get it.",
    Destination.GIFT_CARD: "Back on your gift card.",
    Destination.CASH: "Paid out in cash.",
}
#: Flags of an order that nobody is cooking for this money yet: all of it is owed.
_UNDECIDED = {Flag.PAID_LATE, Flag.OVERSOLD, Flag.UNAVAILABLE}
_ENDED = {OrderStatus.CANCELED, OrderStatus.REFUNDED}


# --- sums ------------------------------------------------------------------------


def counted_msat(refunds: Iterable[Refund]) -> int:
    """What refunds take of the money that was paid, sent or on their way."""
    return sum(r.amount_msat for r in refunds if r.status in COUNTED)


def sent_msat(refunds: Iterable[Refund]) -> int:
    """What went back, valued as it was paid."""
    return sum(r.amount_msat for r in refunds if r.status is R.SENT)


def refundable_msat(paid_msat: int, refunds: Iterable[Refund]) -> int:
    return max(0, paid_msat - counted_msat(refunds))


def surplus_msat(order: Order, paid_msat: int, refunds: Iterable[Refund]) -> int:
    """What was paid above the total and is not on its way back.

    Refunds of lines lower what the guest got, not the surplus.
    """
    plain = counted_msat(r for r in refunds if not r.lines)
    return max(0, paid_msat - order.total_msat - plain)


def owed_msat(order: Order, paid_msat: int, refunds: Sequence[Refund]) -> int:
    """What should go back and has no refund yet: everything of an ended or
    undecided order, else the surplus."""
    if order.status in _ENDED or order.flags & _UNDECIDED:
        return refundable_msat(paid_msat, refunds)
    rest = refundable_msat(paid_msat, refunds)
    return min(rest, surplus_msat(order, paid_msat, refunds))


# --- what a request asks for -------------------------------------------------------


def worth_of(
    order: Order,
    paid_msat: int,
    refunds: Sequence[Refund],
    body: RefundBody,
    sat_per_unit: Decimal | None,
) -> Worth:
    """What a request refunds. ``sat_per_unit`` is today's rate of the currency.

    Refused ``refund.amount`` for nothing, or for more than can be refunded.
    """
    lines = lines_of(order, refunds, body)
    rest = refundable_msat(paid_msat, refunds)
    if not rest:
        raise Conflict("refund.nothing", "There is nothing left to refund.")
    amount = _asked_msat(order, rest, body, lines)
    if not 0 < amount <= rest:
        raise Refused(
            "refund.amount",
            f"At most {rest // 1000} sat can be refunded.",
            refundable_msat=rest,
        )
    minor = minor_of(order, amount)
    send = _send_msat(body, order, amount, minor, sat_per_unit)
    return Worth(amount, send, minor, lines)


def minor_of(order: Order, amount_msat: int) -> int:
    """The same part of the total in the order's currency, halves up."""
    if not order.total_msat:
        return 0
    share = Decimal(order.total_minor * amount_msat)
    return round_half_up(EXACT.divide(share, Decimal(order.total_msat)))


def _asked_msat(
    order: Order,
    rest_msat: int,
    body: RefundBody,
    lines: tuple[RefundLine, ...],
) -> int:
    asked = [body.amount_msat is not None, body.amount is not None, bool(lines)]
    if sum(asked) > 1:
        raise invalid("amount", "Send one of amount_msat, amount and lines.")
    if lines:
        return min(rest_msat, lines_msat(order, lines))
    if body.amount_msat is not None:
        if body.amount_msat % 1000:
            raise invalid("amount_msat", "amount_msat must be whole satoshi.")
        return body.amount_msat
    if body.amount is None:
        return rest_msat
    try:
        minor = to_minor(body.amount, order.currency)
    except ValueError as error:
        raise invalid("amount", f"amount {error}.") from error
    if not order.total_minor:
        return 0
    # All that is left in the currency is all that is left.
    if minor == minor_of(order, rest_msat):
        return rest_msat
    return floor_to_sat(order.total_msat * minor // order.total_minor)


def lines_of(
    order: Order, refunds: Iterable[Refund], body: RefundBody
) -> tuple[RefundLine, ...]:
    """The lines that a request names, each with a quantity that is still there.

    Refused ``refund.lines``.
    """
    if body.lines is None:
        return ()
    taken = Counter(
        {
            line_id: sum(
                line.quantity
                for refund in refunds
                if refund.status in COUNTED
                for line in refund.lines
                if line.line_id == line_id
            )
            for line_id in {line.line_id for line in body.lines}
        }
    )
    known = {line.id: line.quantity for line in order.lines}
    for wanted in body.lines:
        taken[wanted.line_id] += wanted.quantity
        is_there = taken[wanted.line_id] <= known.get(wanted.line_id, 0)
        if wanted.quantity < 1 or not is_there:
            raise Refused(
                "refund.lines",
                "This line does not have so many left to refund.",
                line_id=wanted.line_id,
            )
    if not body.lines:
        raise Refused("refund.lines", "Please name at least one line.")
    return tuple(RefundLine(line.line_id, line.quantity) for line in body.lines)


def lines_msat(order: Order, lines: Iterable[RefundLine]) -> int:
    """The lines' part of the total, with their share of tax, tip and everything
    else, in whole satoshi: total × lines ÷ all lines."""
    of_line = {line.id: line for line in order.lines}
    whole = sum(line.line_msat for line in order.lines)
    if not whole:
        return 0
    part = EXACT.divide(
        sum(
            (
                EXACT.divide(
                    Decimal(of_line[line.line_id].line_msat * line.quantity),
                    Decimal(of_line[line.line_id].quantity),
                )
                for line in lines
            ),
            Decimal(0),
        )
        * order.total_msat,
        Decimal(whole),
    )
    return floor_to_sat(round_half_up(part))


def _send_msat(
    body: RefundBody,
    order: Order,
    amount_msat: int,
    amount_minor: int,
    sat_per_unit: Decimal | None,
) -> int:
    rate = RefundRate(body.rate)
    if rate is RefundRate.CUSTOM:
        return _custom_msat(body, amount_msat)
    if body.send_msat is not None:
        raise invalid("send_msat", "send_msat is for the rate custom.")
    is_fiat = not is_lightning_unit(order.currency)
    if rate is RefundRate.PAID or not is_fiat or sat_per_unit is None:
        return amount_msat
    worth = from_minor(amount_minor, order.currency) * sat_per_unit * 1000
    return max(1000, floor_to_sat(round_half_up(worth)))


def _custom_msat(body: RefundBody, amount_msat: int) -> int:
    """A custom value is never more than what it counts for: nobody pays out more
    than came in by a slip of the finger."""
    send = body.send_msat if body.send_msat is not None else amount_msat
    if send % 1000:
        raise invalid("send_msat", "send_msat must be whole satoshi.")
    if not 0 < send <= amount_msat:
        raise Refused(
            "refund.amount",
            f"At most {amount_msat // 1000} sat can be sent for this.",
            field="send_msat",
        )
    return send


def new_refund(
    refund_id: str,
    order: Order,
    worth: Worth,
    wish: Wish,
    body: RefundBody,
    actor: Actor,
    at: int,
) -> Refund:
    """A refund that nobody approved yet."""
    if body.reason:
        check_text(body.reason, "reason", limits.NOTE_MAX)
    if body.person is not None:
        check_text(body.person, "person", limits.PERSON_MAX)
    over_lightning = wish.destination in OVER_LIGHTNING
    return Refund(
        id=refund_id,
        restaurant_id=order.restaurant_id,
        order_id=order.id,
        status=R.REQUESTED,
        amount_msat=worth.amount_msat,
        send_msat=worth.send_msat if over_lightning else worth.amount_msat,
        currency=order.currency,
        amount_minor=worth.amount_minor,
        rate=RefundRate(body.rate),
        lines=worth.lines,
        restocks=body.restock,
        reason=body.reason,
        destination=wish.destination,
        value=wish.value,
        gift_card_id=wish.card_id,
        actor=str(actor),
        person=body.person,
        created_at=at,
    )


def check_refundable(order: Order, refunds: Sequence[Refund]) -> None:
    """Conflict ``refund.pending`` while the order waits for its money."""
    if order.status is OrderStatus.PENDING:
        raise Conflict(
            "refund.pending", "This order is not paid yet. Cancel it before refunding."
        )
    if len(refunds) >= limits.REFUNDS_PER_ORDER_MAX:
        raise Conflict("refund.too_many", "This order has too many refunds.")


def needs_approval(refund: Refund, actor: Actor, limit_minor: int) -> bool:
    """A till's refund above the limit waits for a manager."""
    return actor.role is Role.POS and refund.amount_minor > limit_minor


# --- steps -------------------------------------------------------------------------


def approved(refund: Refund, actor: Actor, at: int, withdraw_ms: int) -> Refund:
    """May go out from now on. Conflict ``refund.step`` for a wrong step."""
    check_step(STEPS, refund.status, R.APPROVED, "refund.step")
    expires_at = at + withdraw_ms
    is_withdraw = refund.destination is Destination.WITHDRAW
    return replace(
        refund,
        status=R.APPROVED,
        approved_by=str(actor),
        approved_at=at,
        next_try_at=expires_at if is_withdraw else at,
        expires_at=expires_at if is_withdraw else None,
    )


def canceled(refund: Refund, at: int) -> Refund:
    """Taken back before it left. Conflict ``refund.step`` once it is on its way."""
    check_step(STEPS, refund.status, R.CANCELED, "refund.step")
    return replace(refund, status=R.CANCELED, ended_at=at, next_try_at=None)


def sending(refund: Refund, target: Target, wallet_id: str, at: int) -> Refund:
    """Its invoice is chosen: from now on only this one is ever paid."""
    check_step(STEPS, refund.status, R.SENDING, "refund.step")
    return replace(
        refund,
        status=R.SENDING,
        payment_request=target.payment_request,
        payment_hash=target.payment_hash,
        wallet_id=wallet_id,
        problem=None,
        sending_at=at,
        tries=refund.tries + 1,
        next_try_at=at + limits.REFUND_LEASE_MS,
    )


def sent(refund: Refund, at: int, fee_msat: int | None = None) -> Refund:
    check_step(STEPS, refund.status, R.SENT, "refund.step")
    return replace(
        refund,
        status=R.SENT,
        problem=None,
        fee_msat=fee_msat,
        sent_at=at,
        ended_at=at,
        next_try_at=None,
    )


def failed(refund: Refund, problem: Problem, at: int) -> Refund:
    """It will not arrive: what it counted for may be refunded another way."""
    check_step(STEPS, refund.status, R.FAILED, "refund.step")
    return replace(
        refund, status=R.FAILED, problem=problem, ended_at=at, next_try_at=None
    )


def put_off(refund: Refund, problem: Problem, at: int) -> Refund:
    """It waits for funds or a node, and is tried again. An LNURL-withdraw waits for
    its guest: the next wallet that asks tries again."""
    if refund.status is not R.APPROVED:
        check_step(STEPS, refund.status, R.APPROVED, "refund.step")
    is_withdraw = refund.destination is Destination.WITHDRAW
    tries = refund.tries + (refund.status is R.APPROVED)
    # Funds are counted in our own house: looking is cheap, and guests wait.
    is_poor = problem is Problem.INSUFFICIENT_BALANCE
    gap = limits.REFUND_RETRY_FIRST_MS if is_poor else retry_gap_ms(tries)
    return replace(
        refund,
        status=R.APPROVED,
        problem=problem,
        payment_request=None,
        payment_hash=None,
        sending_at=None,
        tries=tries,
        next_try_at=refund.expires_at if is_withdraw else at + gap,
    )


def retry_gap_ms(tries: int) -> int:
    """15 s, doubled with each try, 10 minutes at most."""
    gap = limits.REFUND_RETRY_FIRST_MS << min(max(tries - 1, 0), 10)
    return min(gap, limits.REFUND_RETRY_MAX_MS)


def after_failure(refund: Refund, problem: Problem, at: int) -> Refund:
    """The node said that nothing left: an LNURL-withdraw may be fetched again."""
    may_again = refund.destination is Destination.WITHDRAW
    if may_again and at < (refund.expires_at or 0):
        return put_off(refund, problem, at)
    return failed(refund, problem, at)


def fee_limit_msat(send_msat: int, percent: str) -> int:
    """The most that routing may cost: the owner's percentage, at least 10 sat,
    because LNbits always reserves a little."""
    share = int(Decimal(send_msat) * Decimal(percent) / 100)
    return max(limits.REFUND_FEE_FREE_MSAT, share)


# --- destinations ------------------------------------------------------------------

#: ``value`` of a refund that makes a gift card of its own.
NEW_CARD = "new"


def destination_value(body: DestinationBody) -> str | None:
    """The destination's value as it is used; None for those without.

    Refused ``refund.destination`` for a missing, long or malformed one.
    """
    if body.to in (Destination.WITHDRAW, Destination.CASH):
        return None
    value = (body.value or "").strip().removeprefix("lightning:")
    if not value and body.to is Destination.GIFT_CARD:
        return None
    if not value or text_fault(value, limits.REFUND_TO_MAX):
        raise Refused(
            "refund.destination", f"Please say to which {body.to.value}.", field="value"
        )
    if body.to in (Destination.LIGHTNING_ADDRESS, Destination.LNURL):
        try:
            return refund_address(value)
        except ValueError as error:
            raise Refused(
                "refund.destination", f"This {error}.", field="value"
            ) from error
    return value


def makes_card(refund: Refund) -> bool:
    return refund.destination is Destination.GIFT_CARD and refund.value == NEW_CARD


def is_fetchable(refund: Refund) -> bool:
    """Does it wait for its guest's wallet?"""
    waits = refund.status in (R.APPROVED, R.SENDING)
    return waits and refund.destination is Destination.WITHDRAW


def withdraw_token(secret: str, refund_id: str) -> str:
    """The secret of a refund's LNURL; ``k1`` is another one."""
    return derive_token(secret, "withdraw", refund_id)


def withdraw_k1(secret: str, refund_id: str) -> str:
    return derive_token(secret, "withdraw_k1", refund_id)


def withdraw_path(secret: str, refund_id: str) -> str:
    """LUD-03's address on this server. It is worth the money, as LNURLs are."""
    token = withdraw_token(secret, refund_id)
    return f"/restaurant/api/v1/withdraw/{refund_id}/{token}"


# --- targets -----------------------------------------------------------------------


def check_target(target: Target, send_msat: int, network: str, at: int) -> None:
    """An invoice that a refund may be sent to: over exactly its amount, of the same
    network, and alive for a while. Refused ``refund.invoice…``."""
    if target.currency != network:
        raise Refused("refund.network", "This invoice is for another network.")
    if not target.amount_msat:
        raise Refused("refund.amountless", "The invoice must be over an amount.")
    if target.amount_msat != send_msat:
        raise Refused(
            "refund.invoice_amount",
            f"The invoice must be over exactly {send_msat // 1000} sat.",
            send_msat=send_msat,
        )
    if target.expires_at < at + limits.REFUND_INVOICE_LEFT_MS:
        raise Refused("refund.expired", "The invoice has expired, or is about to.")


def automatic_parts(
    payments: Sequence[Payment], refunds: Sequence[Refund], owed_msat: int
) -> list[tuple[Payment, int]]:
    """(payment, msat) of owed money that can go back by itself, the way it came:
    Lightning and gift cards, latest first. Cash and cards need a human.
    """
    # Earlier refunds are assumed to have used the latest payments first.
    used = counted_msat(refunds)
    parts = []
    for payment in sorted(payments, key=lambda p: p.captured_at or 0, reverse=True):
        free = max(0, payment.received_msat - used)
        used = max(0, used - payment.received_msat)
        take = min(free, owed_msat)
        owed_msat -= take
        is_automatic = payment.method in (
            PaymentMethod.LIGHTNING,
            PaymentMethod.GIFT_CARD,
        )
        if take and is_automatic:
            parts.append((payment, take))
    return parts


# --- shapes ------------------------------------------------------------------------


def told(refund: Refund) -> dict[str, Any]:
    """What the journal says: figures and words, never an address or a reason."""
    said: dict[str, Any] = {
        "refund_id": refund.id,
        "amount_msat": refund.amount_msat,
        "destination": refund.destination.value,
    }
    if refund.send_msat != refund.amount_msat:
        said["send_msat"] = refund.send_msat
    if refund.problem:
        said["problem"] = refund.problem.value
    if refund.payment_hash:
        said["payment_hash"] = refund.payment_hash
    if refund.fee_msat is not None:
        said["fee_msat"] = refund.fee_msat
    return said


def view(refund: Refund) -> RefundView:
    """The public shape, without anything that is worth the money."""
    shows_value = refund.destination in (
        *(Destination.LIGHTNING_ADDRESS, Destination.BOLT11, Destination.LNURL),
    )
    return RefundView(
        id=refund.id,
        order_id=refund.order_id,
        status=refund.status.value,
        problem=refund.problem.value if refund.problem else None,
        amount_msat=refund.amount_msat,
        send_msat=refund.send_msat,
        currency=refund.currency,
        amount=price_text(refund.amount_minor, refund.currency),
        rate=refund.rate.value,
        lines=[
            RefundLineView(line_id=line.line_id, quantity=line.quantity)
            for line in refund.lines
        ],
        reason=refund.reason,
        destination=refund.destination.value,
        value=refund.value if shows_value else None,
        fee_msat=refund.fee_msat,
        actor=refund.actor,
        approved_by=refund.approved_by,
        created_at=rfc3339(refund.created_at),
        approved_at=rfc3339_or_none(refund.approved_at),
        sent_at=rfc3339_or_none(refund.sent_at),
        ended_at=rfc3339_or_none(refund.ended_at),
        expires_at=rfc3339_or_none(refund.expires_at),
    )
