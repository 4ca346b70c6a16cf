"""Payouts of tips: who gets how much, their steps, when they are tried again. Pure.

``docs/STATES.md`` is generated from ``STEPS``. What a payout takes from the ledger
adds up to exactly its amount; less than a satoshi stays open.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...core import limits, transfers
from ...core.errors import Conflict, NotFound, Refused, invalid
from ...core.money import MSAT_PER_SAT, apportion, floor_to_sat, price_text
from ...core.states import check_step
from ...core.text import check_text
from ...core.times import rfc3339, rfc3339_or_none
from ...models import Actor
from ..refunds.models import Problem, Target
from ..restaurants.models import TipTo
from ..staff.models import Member
from ..tips.models import (
    AmountView,
    Balance,
    BalanceView,
    Sum,
    Tip,
    TipKind,
    Whose,
)
from .models import NewPayouts, Payout, PayoutStatus, PayoutView, PayTo

P = PayoutStatus

#: From status to the statuses that may follow. ``sending`` falls back to ``waiting``
#: only after the node said that nothing left the wallet. What failed or was canceled
#: gives its tips back to the ledger.
STEPS: dict[PayoutStatus, frozenset[PayoutStatus]] = {
    P.WAITING: frozenset({P.SENDING, P.SENT, P.FAILED, P.CANCELED}),
    P.SENDING: frozenset({P.SENT, P.WAITING, P.FAILED}),
    P.SENT: frozenset(),
    P.FAILED: frozenset(),
    P.CANCELED: frozenset(),
}
#: Its tips are open again.
GIVES_BACK = frozenset({P.FAILED, P.CANCELED})


# --- who gets how much -------------------------------------------------------------


@dataclass(frozen=True)
class Portion:
    """What one member gets of the pool."""

    staff_id: str
    weight: int


def chosen(body: NewPayouts, members: Mapping[str, Member]) -> list[str]:
    """Who is to be paid: those named, else everybody. NotFound ``staff.unknown``."""
    if body.staff_ids is None:
        return list(members)
    if not body.staff_ids:
        raise invalid("staff_ids", "Please name somebody, or leave staff_ids out.")
    _check_each(body.staff_ids, members, "staff_ids")
    return list(body.staff_ids)


def sharers(body: NewPayouts, members: Mapping[str, Member]) -> list[Portion]:
    """Who shares the pool. NotFound ``staff.unknown``; Refused ``staff.inactive``."""
    if body.pool is None:
        if body.staff_ids is not None:
            return []
        return [
            Portion(member.id, member.weight)
            for member in members.values()
            if member.is_active and member.weight > 0
        ]
    _check_each([each.staff_id for each in body.pool], members, "pool")
    portions = []
    for each in body.pool:
        member = members[each.staff_id]
        weight = member.weight if each.weight is None else each.weight
        if not 0 < weight <= limits.TIP_WEIGHT_MAX:
            most = limits.TIP_WEIGHT_MAX
            raise invalid("pool", f"A weight is a whole number from 1 to {most}.")
        if not member.is_active:
            raise Refused(
                "staff.inactive",
                "Somebody of the pool does not work here now.",
                field="pool",
                staff_id=member.id,
            )
        portions.append(Portion(member.id, weight))
    return portions


def _check_each(ids: Sequence[str], members: Mapping[str, Member], field: str) -> None:
    if len(set(ids)) != len(ids):
        raise invalid(field, f"{field} must name everybody once.")
    if not set(ids) <= set(members):
        raise NotFound("staff.unknown", "There is no such person on your staff.")


def whole(sums: Sequence[Sum]) -> tuple[list[Sum], list[Sum]]:
    """(what can be paid, what is left): whole satoshi of each currency with all that
    they are worth, and the rest below one."""
    payable, rest = [], []
    for each in sums:
        msat = floor_to_sat(each.amount_msat)
        minor = each.amount_minor if msat else 0
        payable.append(Sum(each.currency, msat, minor))
        rest.append(
            Sum(each.currency, each.amount_msat - msat, each.amount_minor - minor)
        )
    return payable, rest


def payable_msat(sums: Sequence[Sum]) -> int:
    """What a payout of these sums would bring: nothing below a satoshi, or below
    zero."""
    return max(0, sum(each.amount_msat for each in whole(sums)[0]))


def shared(sum_: Sum, portions: Sequence[Portion]) -> list[tuple[str, Sum]]:
    """Whole satoshi by weight; the shares always add up to the sum, in both units."""
    weights = [each.weight for each in portions]
    sats = apportion(sum_.amount_msat // MSAT_PER_SAT, weights)
    minors = apportion(sum_.amount_minor, [abs(share) for share in sats])
    return [
        (each.staff_id, Sum(sum_.currency, sat * MSAT_PER_SAT, minor))
        for each, sat, minor in zip(portions, sats, minors, strict=True)
    ]


def carried(
    restaurant_id: str, owner: Whose, rest: Sequence[Sum], taken_by: str, at: int
) -> list[Tip]:
    """Leaves less than a satoshi out of a payout: taken off it, and open again."""
    entries = []
    for sum_ in rest:
        if not sum_.amount_msat and not sum_.amount_minor:
            continue
        less = Sum(sum_.currency, -sum_.amount_msat, -sum_.amount_minor)
        for name, part, payout_id in (("off", less, taken_by), ("on", sum_, None)):
            reference = f"carried:{taken_by}:{sum_.currency}:{name}"
            entries.append(
                _entry(
                    *(restaurant_id, TipKind.CARRIED, reference, owner),
                    *(part, payout_id, at),
                )
            )
    return entries


def pool_entries(
    restaurant_id: str,
    payable: Sequence[Sum],
    portions: Sequence[Portion],
    batch_id: str,
    at: int,
) -> list[Tip]:
    """The pool's sums become its members': as much off the one as on the others."""
    entries, pool = [], Whose(TipTo.POOL)
    for sum_ in payable:
        if not sum_.amount_msat:
            continue
        off = Sum(sum_.currency, -sum_.amount_msat, -sum_.amount_minor)
        mark = f"shared:{batch_id}:{sum_.currency}"
        entries.append(
            _entry(
                *(restaurant_id, TipKind.SHARED, f"{mark}:pool", pool),
                *(off, batch_id, at),
            )
        )
        for staff_id, part in shared(sum_, portions):
            if part.amount_msat or part.amount_minor:
                owner = Whose(TipTo.SERVER, staff_id)
                reference = f"{mark}:{staff_id}"
                entries.append(
                    _entry(
                        *(restaurant_id, TipKind.SHARED, reference, owner),
                        *(part, None, at),
                    )
                )
    return entries


def _entry(
    restaurant_id: str,
    kind: TipKind,
    reference: str,
    owner: Whose,
    sum_: Sum,
    payout_id: str | None,
    at: int,
) -> Tip:
    """An entry whose reference, being unique, is its id as well."""
    return Tip(
        id=reference,
        restaurant_id=restaurant_id,
        order_id=None,
        payment_id=None,
        kind=kind,
        reference=reference,
        recipient=owner.recipient,
        staff_id=owner.staff_id,
        amount_msat=sum_.amount_msat,
        amount_minor=sum_.amount_minor,
        currency=sum_.currency,
        payout_id=payout_id,
        at=at,
    )


# --- a new one ---------------------------------------------------------------------


def new_payout(
    payout_id: str,
    member: Member,
    amount_msat: int,
    body: NewPayouts,
    actor: Actor,
    at: int,
) -> Payout:
    """A payout that is due now; in cash it is done. Refused ``payout.destination``
    for a member whom nothing can be sent to."""
    payout = Payout(
        id=payout_id,
        restaurant_id=member.restaurant_id,
        staff_id=member.id,
        status=P.WAITING,
        amount_msat=amount_msat,
        destination=PayTo.CASH,
        value=None,
        actor=str(actor),
        person=body.person,
        created_at=at,
        next_try_at=at,
    )
    if body.destination == PayTo.CASH.value:
        return sent(payout, at)
    destination, value = _destination(member)
    return replace(payout, destination=destination, value=value)


def check_person(body: NewPayouts) -> None:
    if body.person is not None:
        check_text(body.person, "person", limits.PERSON_MAX)


def has_destination(member: Member) -> bool:
    return bool(member.wallet_id or member.pay_to)


def _destination(member: Member) -> tuple[PayTo, str]:
    if member.wallet_id:
        return PayTo.WALLET, member.wallet_id
    if member.pay_to:
        is_address = "@" in member.pay_to
        kind = PayTo.LIGHTNING_ADDRESS if is_address else PayTo.LNURL
        return kind, member.pay_to
    raise Refused(
        "payout.destination",
        f"{member.name} has no Lightning address and no wallet. Add one, or pay "
        "in cash.",
        staff_id=member.id,
    )


# --- steps -------------------------------------------------------------------------


def sending(payout: Payout, target: Target, wallet_id: str, at: int) -> Payout:
    """Its invoice is chosen: from now on only this one is ever paid."""
    check_step(STEPS, payout.status, P.SENDING, "payout.step")
    columns = transfers.started(
        *(target.payment_request, target.payment_hash, wallet_id, payout.tries, at)
    )
    return replace(payout, status=P.SENDING, **columns)


def sent(payout: Payout, at: int, fee_msat: int | None = None) -> Payout:
    check_step(STEPS, payout.status, P.SENT, "payout.step")
    return replace(payout, status=P.SENT, **transfers.arrived(fee_msat, at))


def failed(payout: Payout, problem: Problem, at: int) -> Payout:
    """It did not arrive, for certain: its tips are open again."""
    check_step(STEPS, payout.status, P.FAILED, "payout.step")
    return replace(payout, status=P.FAILED, **transfers.given_up(problem, at))


def canceled(payout: Payout, at: int) -> Payout:
    """Taken back before it left. Conflict ``payout.step`` once it is on its way."""
    check_step(STEPS, payout.status, P.CANCELED, "payout.step")
    columns = transfers.given_up(payout.problem, at)
    return replace(payout, status=P.CANCELED, **columns)


def put_off(payout: Payout, problem: Problem, at: int) -> Payout:
    """It waits for funds, a node or a server, and is tried again."""
    has_tried = payout.status is not P.WAITING
    if has_tried:
        check_step(STEPS, payout.status, P.WAITING, "payout.step")
    is_poor = problem is Problem.INSUFFICIENT_BALANCE
    tries = transfers.tries_after(payout.tries, has_tried=has_tried, is_poor=is_poor)
    next_try_at = at + transfers.gap_ms(tries, is_poor=is_poor)
    columns = transfers.put_off(problem, tries, next_try_at)
    return replace(payout, status=P.WAITING, **columns)


def without_target(payout: Payout, problem: Problem, at: int) -> Payout:  # noqa: ARG001
    """There is no invoice to pay: the server may answer with one later."""
    if payout.tries >= limits.REFUND_TRIES_MAX:
        return failed(payout, Problem.DESTINATION, at)
    return put_off(payout, Problem.DESTINATION, at)


def after_failure(payout: Payout, problem: Problem, at: int) -> Payout:
    """The node said that nothing left."""
    return failed(payout, problem, at)


def check_retry(payout: Payout) -> None:
    """Conflict ``payout.step`` for what did not fail."""
    if payout.status is not P.FAILED:
        raise Conflict(
            "payout.step",
            f"This payout is {payout.status.value}; only one that failed is made anew.",
            allowed=sorted(state.value for state in STEPS[payout.status]),
        )


def check_all_paid_out(
    balances: Iterable[Balance], under_way: Mapping[str, int]
) -> None:
    """Conflict ``restaurant.tips_owed`` while staff have a satoshi to get: nobody
    could pay it out any more."""
    theirs: dict[Whose, list[Sum]] = {}
    for each in balances:
        if each.whose.recipient is not TipTo.RESTAURANT:
            theirs.setdefault(each.whose, []).append(each.sum)
    if under_way or any(map(payable_msat, theirs.values())):
        raise Conflict(
            "restaurant.tips_owed",
            "There are tips that are not paid out. Pay them out first.",
        )


def nothing() -> Conflict:
    return Conflict("payout.nothing", "There is nothing to pay out.")


def unknown() -> NotFound:
    return NotFound("payout.unknown", "There is no such payout for you.")


# --- shapes ------------------------------------------------------------------------


def told(payout: Payout) -> dict[str, Any]:
    """What the journal says: figures and ids, never an address or a name."""
    said: dict[str, Any] = {
        "payout_id": payout.id,
        "staff_id": payout.staff_id,
        "amount_msat": payout.amount_msat,
        "destination": payout.destination.value,
    }
    if payout.problem:
        said["problem"] = payout.problem.value
    if payout.payment_hash:
        said["payment_hash"] = payout.payment_hash
    if payout.fee_msat is not None:
        said["fee_msat"] = payout.fee_msat
    return said


def view(payout: Payout, member: Member | None) -> PayoutView:
    return PayoutView(
        id=payout.id,
        staff_id=payout.staff_id,
        name=member.name if member else None,
        status=payout.status.value,
        problem=payout.problem.value if payout.problem else None,
        amount_msat=payout.amount_msat,
        destination=payout.destination.value,
        value=payout.value,
        fee_msat=payout.fee_msat,
        actor=payout.actor,
        person=payout.person,
        created_at=rfc3339(payout.created_at),
        next_try_at=rfc3339_or_none(payout.next_try_at),
        sent_at=rfc3339_or_none(payout.sent_at),
        ended_at=rfc3339_or_none(payout.ended_at),
    )


def balance_view(
    owner: Whose, sums: Sequence[Sum], member: Member | None, waiting_msat: int
) -> BalanceView:
    """What is open for somebody; the restaurant's own is never paid out."""
    is_paid_out = owner.recipient is not TipTo.RESTAURANT
    return BalanceView(
        to=owner.recipient.value,
        staff_id=owner.staff_id,
        name=member.name if member else None,
        amount_msat=sum(each.amount_msat for each in sums),
        amounts=[
            AmountView(
                currency=each.currency,
                amount=price_text(each.amount_minor, each.currency),
                amount_msat=each.amount_msat,
            )
            for each in sums
            if each.amount_msat or each.amount_minor
        ],
        payable_msat=payable_msat(sums) if is_paid_out else 0,
        waiting_msat=waiting_msat,
        has_destination=member is not None and has_destination(member),
    )
