"""The order's state machine and what money, staff and time do to an order. Pure.

``docs/STATES.md`` is generated from ``STEPS``.
"""

from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from ...core import limits
from ...core.errors import Conflict, Refused
from ...core.fields import refund_address
from ...core.money import price_text
from ...core.states import check_step
from ...core.text import check_text
from ...models import Actor, Flag, OrderStatus, PaymentMethod
from ..journal.models import Entry
from ..restaurants.models import Profile
from .models import Books, Order

S = OrderStatus

#: From status to the statuses that may follow. Only money makes an order paid.
STEPS: dict[OrderStatus, frozenset[OrderStatus]] = {
    S.PENDING: frozenset({S.PAID, S.CANCELED}),
    S.PAID: frozenset({S.ACCEPTED, S.CANCELED, S.REFUNDED}),
    S.ACCEPTED: frozenset({S.READY, S.COMPLETED, S.CANCELED, S.REFUNDED}),
    S.READY: frozenset({S.COMPLETED, S.CANCELED, S.REFUNDED}),
    S.COMPLETED: frozenset({S.REFUNDED}),
    S.CANCELED: frozenset({S.REFUNDED}),
    S.REFUNDED: frozenset(),
}
#: Flags of orders that a human decides about before they are cooked.
_UNDECIDED = {Flag.PAID_LATE, Flag.OVERSOLD, Flag.UNAVAILABLE}
#: Flags that say nothing any more once all money went back.
_ABOUT_MONEY = {Flag.REFUND_DUE, Flag.OVERPAID, Flag.UNDERPAID, *_UNDECIDED}
#: Tickets of an order that came back follow those that were canceled.
RESURRECTED_ROUND = 2
_STAMPS = {
    S.PAID: "paid_at",
    S.ACCEPTED: "accepted_at",
    S.READY: "ready_at",
    S.COMPLETED: "completed_at",
    S.CANCELED: "canceled_at",
}


@dataclass(frozen=True)
class Decision:
    """What becomes of an order: columns to set, and the effects that follow."""

    status: OrderStatus
    flags: frozenset[Flag]
    sets: dict[str, Any] = field(default_factory=dict)
    entries: tuple[Entry, ...] = ()
    makes_tickets: bool = False
    ticket_round: int = 1
    cancels_tickets: bool = False
    restores_stock: bool = False


class Money(Enum):
    """What money that arrived means for its order."""

    PAYS = "pays"  # everything due is there, in time: cook
    PARTIAL = "partial"  # something is still due
    LATE = "late"  # the order is over, or far past its expiry
    EXTRA = "extra"  # the order was paid already


def meaning_of_money(order: Order, paid_before: int, received: int, at: int) -> Money:
    """Judge money that arrives now; amounts in msat.

    Money first seen more than 15 minutes past the expiry is late even while the
    order still waits: nobody stands at the counter any more.
    """
    if order.status in (S.CANCELED, S.REFUNDED):
        return Money.LATE
    # A dispute that was lost leaves a paid order with something due again.
    if order.paid_at is not None and paid_before >= order.total_msat:
        return Money.EXTRA
    if paid_before + received < order.total_msat:
        return Money.PARTIAL
    is_waiting = order.status is S.PENDING and order.expires_at is not None
    if is_waiting and at > (order.expires_at or 0) + limits.LATE_ACCEPT_MS:
        return Money.LATE
    return Money.PAYS


def on_payment(
    order: Order,
    meaning: Money,
    paid_msat: int,
    profile: Profile,
    actor: Actor,
    at: int,
    *,
    stock_short: bool = False,
    unavailable: bool = False,
) -> Decision:
    """What becomes of the order; ``paid_msat`` includes the new money."""
    flags = set(order.flags)
    if paid_msat > order.total_msat:
        flags |= {Flag.OVERPAID, Flag.REFUND_DUE}
    if meaning is Money.PARTIAL:
        flags.add(Flag.UNDERPAID)
        return _flagged(order, flags, actor)
    flags -= {Flag.UNDERPAID, Flag.STUCK_INTERNAL}
    if meaning is Money.EXTRA:
        return _flagged(order, flags | {Flag.OVERPAID, Flag.REFUND_DUE}, actor)
    if meaning is Money.LATE:
        flags |= {Flag.PAID_LATE, Flag.REFUND_DUE}
        if order.status is not S.PENDING:
            decision = _flagged(order, flags, actor)
            return _with_sets(decision, {"paid_at": at})
        return _paid(order, flags, actor, at)
    flags |= {Flag.OVERSOLD} if stock_short else set()
    flags |= {Flag.UNAVAILABLE} if unavailable else set()
    if stock_short or unavailable:
        return _paid(order, flags | {Flag.REFUND_DUE}, actor, at)
    if order.status is not S.PENDING:  # a cash order that is being cooked already
        return Decision(order.status, frozenset(flags), {"paid_at": at})
    return _fulfilled(order, flags, profile, actor, at)


def step(
    order: Order,
    new: OrderStatus,
    actor: Actor,
    at: int,
    *,
    kept_msat: int,
    due_minor: int = 0,
    reason: str | None = None,
    promised_minutes: int | None = None,
) -> Decision | None:
    """A step by hand; None when the order is there already.

    ``kept_msat`` is what was paid and not refunded, ``due_minor`` what is due in the
    order's currency. Conflict ``order.step`` with ``allowed`` for steps the table
    lacks, and for ``paid``, which only money can do; ``order.unpaid`` with ``due`` for
    a tab that is closed with something due, unless somebody says why.
    """
    if new is order.status:
        return None
    check_step(STEPS, order.status, new, "order.step")
    if new is S.PAID:
        raise Conflict(
            "order.step",
            "Only a payment makes an order paid.",
            allowed=sorted(s.value for s in STEPS[order.status] - {S.PAID}),
        )
    if new is S.ACCEPTED and order.total_msat and not kept_msat:
        raise Conflict("order.unpaid", "The money of this order is on its way back.")
    reason = check_text(reason, "reason", limits.NOTE_MAX) if reason else None
    sets: dict[str, Any] = {_STAMPS[new]: at} if new in _STAMPS else {}
    flags = set(order.flags)
    if new is S.ACCEPTED and promised_minutes is not None:
        sets["promised_at"] = at + promised_minutes * limits.MINUTE_MS
    if new is S.CANCELED:
        sets["cancel_reason"] = reason or "staff"
        # Nobody asks any more what to do about what is not there.
        flags -= {Flag.OVERSOLD, Flag.UNAVAILABLE}
        flags |= {Flag.REFUND_DUE} if kept_msat > 0 else set()
    if new is S.COMPLETED and order.is_tab and due_minor:
        flags |= _left_unpaid(order, due_minor, reason)
    if new is S.REFUNDED:
        _check_given_back(kept_msat, reason)
        flags -= _ABOUT_MONEY
    if new is S.ACCEPTED:
        flags -= {Flag.REFUND_DUE, *_UNDECIDED}
        flags |= {Flag.REFUND_DUE} if Flag.OVERPAID in flags else set()
    cooked = order.status is S.READY
    return Decision(
        new,
        frozenset(flags),
        sets,
        (_entry(order, new, actor, reason=reason),),
        makes_tickets=new is S.ACCEPTED,
        cancels_tickets=new in (S.CANCELED, S.REFUNDED),
        restores_stock=new is S.CANCELED and not cooked,
    )


def end_pending(
    order: Order, reason: str, kept_msat: int, actor: Actor, at: int
) -> Decision:
    """An order that was not paid in full ends; what came and did not go back yet is
    owed back.

    Conflict ``order.step`` when it is no longer pending.
    """
    if order.status is not S.PENDING:
        raise Conflict(
            "order.step",
            f"Order {order.number} is {order.status} and cannot be canceled here.",
            allowed=sorted(s.value for s in STEPS[order.status]),
        )
    owed = {Flag.REFUND_DUE} if kept_msat else set()
    return Decision(
        S.CANCELED,
        order.flags | owed,
        {"canceled_at": at, "cancel_reason": reason},
        (_entry(order, S.CANCELED, actor, reason=reason),),
    )


def invoiced(order: Order, expires_at: int, actor: Actor) -> Decision:
    """A fresh invoice keeps a waiting order open for as long as it lives."""
    sets = {"expires_at": expires_at} if order.status is S.PENDING else {}
    entry = Entry("order.invoiced", actor, order.id, {"number": order.number})
    return Decision(order.status, order.flags, sets, (entry,))


def switched(order: Order, method: PaymentMethod, actor: Actor) -> Decision:
    """A guest will pay another way; the order waits on, not longer than a new one.

    Conflict ``order.step`` when it no longer waits.
    """
    check_waits(order)
    sets = {"payment_method": method.value}
    told = {"number": order.number, "payment_method": method.value}
    entry = Entry("order.method_changed", actor, order.id, told)
    return Decision(order.status, order.flags, sets, (entry,))


def check_waits(order: Order) -> None:
    """Conflict ``order.step`` unless the order waits for its money."""
    if order.status is not S.PENDING:
        raise Conflict(
            "order.step",
            f"Order {order.number} is {order.status} and does not wait for money.",
            allowed=sorted(s.value for s in STEPS[order.status]),
        )


def on_refund(order: Order, books: Books, actor: Actor) -> Decision | None:
    """What refunds do to their order; None when nothing changes.

    When all that was paid has gone back the order is ``refunded``, and the kitchen
    stops; else only the flags about money follow.
    """
    flags = set(order.flags) - {Flag.REFUND_DUE}
    flags |= {Flag.REFUND_DUE} if books.owed_msat or books.has_requests else set()
    if not books.surplus_msat:
        flags.discard(Flag.OVERPAID)
    # An order that costs nothing any more is made all the same.
    is_all_back = order.total_msat and 0 < books.paid_msat <= books.refunded_msat
    if is_all_back:
        flags -= _ABOUT_MONEY
    if is_all_back and S.REFUNDED in STEPS[order.status]:
        entry = _entry(order, S.REFUNDED, actor)
        return Decision(
            S.REFUNDED, frozenset(flags), {}, (entry,), cancels_tickets=True
        )
    if flags == order.flags:
        return None
    return _flagged(order, flags, actor)


def on_edit(
    order: Order,
    standing: frozenset[Flag],
    books: Books,
    actor: Actor,
    at: int,
) -> Decision:
    """What an edit means for an order that does not wait for its money: its flags
    about money follow the new total. What nothing was paid of just has another due.

    ``order`` and ``books`` are as after the edit, ``standing`` the flags that hold on.
    """
    flags = set(standing) - {Flag.UNDERPAID, Flag.OVERPAID, Flag.REFUND_DUE}
    is_begun = books.paid_msat > 0 or order.paid_at is not None
    is_short = is_begun and books.paid_msat < order.total_msat
    flags |= {Flag.UNDERPAID} if is_short else set()
    flags |= {Flag.OVERPAID} if books.surplus_msat else set()
    flags |= {Flag.REFUND_DUE} if books.owed_msat or books.has_requests else set()
    decision = _flagged(order, flags, actor)
    is_paid_now = order.paid_at is None and 0 < order.total_msat <= books.paid_msat
    return _with_sets(decision, {"paid_at": at} if is_paid_now else {})


def recall(order: Order, actor: Actor) -> Decision:
    """A ready order is cooked on: the one way back, for its lines alone to go."""
    entry = Entry("order.recalled", actor, order.id, _step_told(order, S.ACCEPTED))
    return Decision(S.ACCEPTED, order.flags, {"ready_at": None}, (entry,))


def check_cooks(order: Order) -> None:
    """Conflict ``order.step`` unless the kitchen is at it, or just was."""
    if order.status not in (S.ACCEPTED, S.READY):
        raise Conflict(
            "order.step",
            f"Order {order.number} is {order.status}: its lines do not move.",
            allowed=sorted(s.value for s in STEPS[order.status]),
        )


def resurrect(order: Order, books: Books, actor: Actor, at: int) -> Decision:
    """A canceled order whose money came after all is made, once: it is accepted.

    Conflict ``order.step`` for other orders, ``order.unpaid`` while its money is not
    all there (or is on its way back).
    """
    is_over = order.resurrected_at is not None or order.merged_into is not None
    if order.status is not S.CANCELED or is_over:
        raise Conflict(
            "order.step",
            "Only a canceled order can be brought back, and only once.",
            allowed=sorted(s.value for s in STEPS[order.status]),
        )
    if books.refundable_msat < order.total_msat:
        raise Conflict("order.unpaid", "The money of this order is not all there.")
    flags = set(order.flags) - {Flag.REFUND_DUE, *_UNDECIDED}
    if books.surplus_msat:
        flags |= {Flag.OVERPAID, Flag.REFUND_DUE}
    sets = {
        "resurrected_at": at,
        "accepted_at": at,
        "paid_at": order.paid_at or at,
        "ready_at": None,
        "canceled_at": None,
        "cancel_reason": None,
    }
    entry = _entry(order, S.ACCEPTED, actor, reason="resurrected")
    return Decision(
        S.ACCEPTED,
        frozenset(flags),
        sets,
        (entry,),
        makes_tickets=True,
        ticket_round=RESURRECTED_ROUND,
    )


def unflag(order: Order, old: Flag, actor: Actor) -> Decision | None:
    """Take a flag down; None when it is down already."""
    if old not in order.flags:
        return None
    entry = Entry("order.unflagged", actor, order.id, {"flags": [old.value]})
    return Decision(order.status, order.flags - {old}, entries=(entry,))


def flag(order: Order, new: Flag, actor: Actor) -> Decision | None:
    """Raise a flag; None when it is up already."""
    if new in order.flags:
        return None
    return _flagged(order, set(order.flags) | {new}, actor)


def placed_entry(order: Order, actor: Actor) -> Entry:
    """The journal's line about a new order: figures, never names or notes."""
    return Entry(
        "order.placed",
        actor,
        order.id,
        {
            "status": order.status.value,
            "number": order.number,
            "order_type": order.order_type.value,
            "payment_method": order.payment_method.value,
            "total_msat": order.total_msat,
        },
    )


def check_promised(minutes: Any) -> int | None:
    """Whole minutes from 0 to a day, or nothing."""
    if minutes is None:
        return None
    is_whole = isinstance(minutes, int) and not isinstance(minutes, bool)
    if not is_whole or not 0 <= minutes <= limits.PROMISED_MINUTES_MAX:
        raise Refused(
            "field.invalid",
            "promised_minutes is a whole number of minutes.",
            field="promised_minutes",
        )
    return int(minutes)


def refund_to(address: str | None) -> str | None:
    """Where the guest wants money back, or nothing. Refused ``refund.destination``."""
    if not address or not address.strip():
        return None
    try:
        return refund_address(address)
    except ValueError as error:
        raise Refused(
            "refund.destination", f"refund_to {error}.", field="refund_to"
        ) from error


def _fulfilled(
    order: Order,
    flags: set[Flag],
    profile: Profile,
    actor: Actor,
    at: int,
) -> Decision:
    entries = [_entry(order, S.PAID, actor)]
    sets = {"paid_at": at}
    status = S.PAID
    if profile.auto_accept_orders:
        status = S.ACCEPTED
        sets["accepted_at"] = at
        entries.append(_entry(order, S.ACCEPTED, actor, reason="auto"))
    return Decision(
        status,
        frozenset(flags),
        sets,
        tuple(entries),
        makes_tickets=profile.auto_accept_orders or profile.print_on == "paid",
    )


def _paid(order: Order, flags: set[Flag], actor: Actor, at: int) -> Decision:
    """Paid, but a human has to decide: nothing is cooked or printed by itself."""
    entry = _entry(order, S.PAID, actor, flags=sorted(f.value for f in flags))
    return Decision(S.PAID, frozenset(flags), {"paid_at": at}, (entry,))


def _flagged(order: Order, flags: set[Flag], actor: Actor) -> Decision:
    raised = sorted(f.value for f in flags - order.flags)
    lowered = sorted(f.value for f in order.flags - flags)
    entries = []
    if raised:
        entries.append(Entry("order.flagged", actor, order.id, {"flags": raised}))
    if lowered:
        entries.append(Entry("order.unflagged", actor, order.id, {"flags": lowered}))
    return Decision(order.status, frozenset(flags), entries=tuple(entries))


def _with_sets(decision: Decision, sets: dict[str, Any]) -> Decision:
    return Decision(decision.status, decision.flags, sets, decision.entries)


def _entry(
    order: Order,
    status: OrderStatus,
    actor: Actor,
    *,
    reason: str | None = None,
    flags: list[str] | None = None,
) -> Entry:
    payload = _step_told(order, status)
    if reason:
        payload["reason"] = reason
    if flags:
        payload["flags"] = flags
    return Entry(f"order.{status.value}", actor, order.id, payload)


def _left_unpaid(order: Order, due_minor: int, reason: str | None) -> set[Flag]:
    """What a tab is flagged with that ends with something due."""
    if not (reason or "").strip():
        due = price_text(due_minor, order.currency)
        raise Conflict(
            "order.unpaid",
            f"{due} {order.currency} of this tab are still due. Take them first, or "
            "give the reason why it is closed without.",
            due=due,
        )
    return {Flag.UNDERPAID}


def _step_told(order: Order, status: OrderStatus) -> dict[str, Any]:
    return {"status": status.value, "number": order.number}


def _check_given_back(kept_msat: int, reason: str | None) -> None:
    if kept_msat > 0 and not (reason or "").strip():
        raise Conflict(
            "refund.missing",
            "Refund what was paid first, or give the reason why the money "
            "was given back outside.",
            kept_msat=kept_msat,
        )
