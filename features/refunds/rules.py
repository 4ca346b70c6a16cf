"""Refunds: their steps, where they go, when they are tried again. Pure.

``docs/STATES.md`` is generated from ``STEPS``. How much may go back is the subject of
``refund_amounts``.
"""

from dataclasses import replace
from typing import Any

from ...core import limits, transfers
from ...core.errors import Refused
from ...core.fields import refund_address
from ...core.ids import derive_token
from ...core.money import price_text
from ...core.states import check_step
from ...core.text import check_text, text_fault
from ...core.times import rfc3339, rfc3339_or_none
from ...models import Actor
from ..orders.models import Order
from .models import (
    Destination,
    DestinationBody,
    Problem,
    Refund,
    RefundBody,
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
OVER_LIGHTNING = frozenset(
    {
        *(Destination.BOLT11, Destination.LIGHTNING_ADDRESS),
        *(Destination.LNURL, Destination.WITHDRAW),
    }
)
#: What a void slip says about where the money goes.
_SAID = {
    Destination.BOLT11: "Sent by Lightning to your invoice.",
    Destination.LIGHTNING_ADDRESS: "Sent by Lightning to your address.",
    Destination.LNURL: "Sent by Lightning to your LNURL.",
    Destination.WITHDRAW: "Get it on the page of your order.",
    Destination.GIFT_CARD: "Back on your gift card.",
    Destination.CASH: "Paid out in cash.",
}


# --- a new one ---------------------------------------------------------------------


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


def check_payable(refund: Refund) -> None:
    """Refused ``refund.amount`` for less than the smallest sum of a currency that a
    gift card or a drawer can give."""
    if not refund.amount_minor and refund.destination not in OVER_LIGHTNING:
        raise Refused("refund.amount", f"This is too little to be {refund.currency}.")


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
    columns = transfers.started(
        *(target.payment_request, target.payment_hash, wallet_id, refund.tries, at)
    )
    return replace(refund, status=R.SENDING, **columns)


def sent(refund: Refund, at: int, fee_msat: int | None = None) -> Refund:
    check_step(STEPS, refund.status, R.SENT, "refund.step")
    return replace(refund, status=R.SENT, **transfers.arrived(fee_msat, at))


def failed(refund: Refund, problem: Problem, at: int) -> Refund:
    """It will not arrive: what it counted for may be refunded another way."""
    check_step(STEPS, refund.status, R.FAILED, "refund.step")
    return replace(refund, status=R.FAILED, **transfers.given_up(problem, at))


def put_off(refund: Refund, problem: Problem, at: int) -> Refund:
    """It waits for funds or a node, and is tried again. An LNURL-withdraw waits for
    its guest: the next wallet that asks tries again."""
    has_tried = refund.status is not R.APPROVED
    if has_tried:
        check_step(STEPS, refund.status, R.APPROVED, "refund.step")
    is_poor = problem is Problem.INSUFFICIENT_BALANCE
    tries = transfers.tries_after(refund.tries, has_tried=has_tried, is_poor=is_poor)
    next_try_at: int | None = at + transfers.gap_ms(tries, is_poor=is_poor)
    if refund.destination is Destination.WITHDRAW:
        next_try_at = refund.expires_at
    columns = transfers.put_off(problem, tries, next_try_at)
    return replace(refund, status=R.APPROVED, **columns)


def without_target(refund: Refund, problem: Problem, at: int) -> Refund:
    """There is no invoice to pay: a pasted one will not get better, an address may
    answer with another later."""
    if refund.destination is Destination.BOLT11:
        return failed(refund, problem, at)
    if refund.tries >= limits.REFUND_TRIES_MAX:
        return failed(refund, Problem.DESTINATION, at)
    return put_off(refund, Problem.DESTINATION, at)


def after_failure(refund: Refund, problem: Problem, at: int) -> Refund:
    """The node said that nothing left: an LNURL-withdraw may be fetched again."""
    may_again = refund.destination is Destination.WITHDRAW
    if may_again and at < (refund.expires_at or 0):
        return put_off(refund, problem, at)
    return failed(refund, problem, at)


# --- destinations ------------------------------------------------------------------

#: ``value`` of a refund that makes a gift card of its own.
NEW_CARD = "new"


def destination_value(body: DestinationBody) -> str | None:
    """The destination's value as it is used; None for those without.

    Refused ``refund.destination`` for a missing, long or malformed one.
    """
    if body.to in (Destination.WITHDRAW, Destination.CASH):
        return None
    value = (body.value or "").strip()
    if value.lower().startswith("lightning:"):
        value = value[len("lightning:") :]
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


def said(destination: Destination, *, has_code: bool) -> str:
    """Where the money goes, for a void slip; ``has_code``: there is one to scan."""
    if has_code:
        return "Scan with your Lightning wallet to get it."
    return _SAID[destination]


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
