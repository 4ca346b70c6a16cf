"""Tips are paid out at the end of a shift, each at most once.

One transaction takes everything that is open for those who are paid, and shares the
pool; what is sent then leaves by Lightning as refunds do (``remitting``).
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from ..adapters import outgoing, system
from ..adapters.wake import wake
from ..core import limits
from ..core.errors import Conflict
from ..core.paging import Place, cursor_of
from ..crud import Conn, read, transaction
from ..features.idempotency.models import Answer, RequestKey
from ..features.journal.models import Entry
from ..features.payouts import crud as payouts
from ..features.payouts import rules
from ..features.payouts.models import (
    MadePayouts,
    NewPayouts,
    Payout,
    PayoutPage,
    PayoutStatus,
    PayoutView,
    PayTo,
)
from ..features.refunds import crud as refunds
from ..features.refunds.models import Target
from ..features.restaurants import crud as restaurants
from ..features.restaurants.models import Restaurant, TipTo
from ..features.staff import crud as staff
from ..features.staff.models import Member
from ..features.tips import crud as tips
from ..features.tips.models import Sum, Whose
from ..models import SYSTEM, Actor
from . import remitting
from .managing import locked
from .once import Claim, once
from .parallel import in_parallel
from .recording import record

#: Waking this topic makes the loop that sends payouts look at once.
PAYING_OUT = "payouts"


# --- asked for -----------------------------------------------------------------------


async def pay_out_tips(
    restaurant_id: str,
    body: NewPayouts,
    actor: Actor,
    key: RequestKey | None,
    at: int,
) -> Answer:
    """201 with a payout for everybody who gets a satoshi or more.

    NotFound ``staff.unknown``; Refused ``payout.destination``, ``staff.inactive``;
    Conflict ``payout.nothing``. Nothing is taken then.
    """
    rules.check_person(body)

    async def work(claim: Claim) -> Answer:
        async with transaction() as conn:
            await locked(conn, restaurant_id)
            members = {m.id: m for m in await staff.all_of(conn, restaurant_id)}
            chosen = rules.chosen(body, members)
            portions = rules.sharers(body, members)
            shared = await _share_pool(conn, restaurant_id, portions, actor, at)
            made = await _pay_each(
                conn, [members[one] for one in chosen], body, actor, at
            )
            view = MadePayouts(data=made, shared_msat=shared)
            answer = Answer(201, view.dict(), made[0].id)
            await claim.finish(conn, answer)
        _announce(restaurant_id)
        return answer

    return await once(key, work, at)


async def retry_payout(
    payout_id: str, actor: Actor, key: RequestKey | None, at: int
) -> Answer:
    """201 with a new payout, to where the member wants it now, of all that is open
    for them: what failed gave its tips back. Raises as ``pay_out_tips``; Conflict
    ``payout.step`` for what did not fail."""

    async def work(claim: Claim) -> Answer:
        async with transaction() as conn:
            old = await _locked(conn, payout_id)
            rules.check_retry(old)
            member = await staff.load(conn, old.staff_id)
            found = [member] if member else []
            [view] = await _pay_each(conn, found, NewPayouts(), actor, at)
            answer = Answer(201, view.dict(), view.id)
            await claim.finish(conn, answer)
        _announce(old.restaurant_id)
        return answer

    return await once(key, work, at)


async def cancel_payout(payout_id: str, actor: Actor, at: int) -> PayoutView:
    """Take a payout back that has not left; canceling again changes nothing.
    Conflict ``payout.step`` once it is on its way."""
    async with transaction() as conn:
        old = await _locked(conn, payout_id)
        member = await staff.load(conn, old.staff_id)
        if old.status is PayoutStatus.CANCELED:
            return rules.view(old, member)
        new = rules.canceled(old, at)
        if not await payouts.change(conn, old, new):
            raise Conflict("payout.changed", "Somebody else changed this payout.")
        await _after(conn, new, actor, at)
    _announce(old.restaurant_id)
    return rules.view(new, member)


async def _share_pool(
    conn: Conn,
    restaurant_id: str,
    portions: Sequence[rules.Portion],
    actor: Actor,
    at: int,
) -> int:
    """Bring what is in the pool to its members; how much, in msat."""
    pool = Whose(TipTo.POOL)
    found = await tips.balances(conn, restaurant_id, TipTo.POOL)
    sums = [balance.sum for balance in found]
    if not portions or not rules.payable_msat(sums):
        return 0
    batch_id = system.new_id()
    payable, rest = rules.whole(sums)
    await tips.take(conn, restaurant_id, pool, batch_id)
    entries = [
        *rules.carried(restaurant_id, pool, rest, batch_id, at),
        *rules.pool_entries(restaurant_id, payable, portions, batch_id, at),
    ]
    await tips.enter_all(conn, entries)
    shared = sum(each.amount_msat for each in payable)
    told = {
        "batch_id": batch_id,
        "amount_msat": shared,
        "staff_ids": [each.staff_id for each in portions],
    }
    entry = Entry("tip.shared", actor, payload=told)
    await record(conn, restaurant_id, [entry], at)
    return shared


async def _pay_each(
    conn: Conn, members: Sequence[Member], body: NewPayouts, actor: Actor, at: int
) -> list[PayoutView]:
    """A payout of all that is open for each; Conflict ``payout.nothing`` when nobody
    gets a satoshi."""
    made = []
    open_sums = await _open_sums(conn, members[0].restaurant_id) if members else {}
    for member in members:
        owner = Whose(TipTo.SERVER, member.id)
        sums = open_sums.get(owner, [])
        amount = rules.payable_msat(sums)
        if amount:
            payout = rules.new_payout(system.new_id(), member, amount, body, actor, at)
            await _take(conn, payout, owner, sums, actor, at)
            made.append(rules.view(payout, member))
    if not made:
        raise rules.nothing()
    return made


async def _take(
    conn: Conn,
    payout: Payout,
    owner: Whose,
    sums: Sequence[Sum],
    actor: Actor,
    at: int,
) -> None:
    """Store a payout, and let it take exactly its amount from the ledger."""
    await payouts.add(conn, payout)
    await tips.take(conn, payout.restaurant_id, owner, payout.id)
    _, rest = rules.whole(sums)
    entries = rules.carried(payout.restaurant_id, owner, rest, payout.id, at)
    await tips.enter_all(conn, entries)
    if await tips.taken_msat(conn, payout.id) != payout.amount_msat:
        raise LookupError(f"payout {payout.id} does not add up")
    told = rules.told(payout)
    lines = [Entry("payout.created", actor, payload=told)]
    if payout.status is PayoutStatus.SENT:
        lines.append(Entry("payout.sent", actor, payload=told))
    await record(conn, payout.restaurant_id, lines, at)


async def _open_sums(conn: Conn, restaurant_id: str) -> dict[Whose, list[Sum]]:
    """What is open for each member."""
    sums: dict[Whose, list[Sum]] = {}
    for balance in await tips.balances(conn, restaurant_id, TipTo.SERVER):
        sums.setdefault(balance.whose, []).append(balance.sum)
    return sums


# --- sent ----------------------------------------------------------------------------


async def send_due_payouts(at: int) -> int:
    """Send, or ask about, the payouts that are due; how many."""
    async with read() as conn:
        due = await payouts.due(conn, at, limits.REFUND_ROUND)
    await in_parallel([partial(_advance, payout, at) for payout in due])
    return len(due)


async def _advance(payout: Payout, at: int) -> None:
    if payout.status is PayoutStatus.SENDING:
        await remitting.find_out(PAYOUTS, payout, at)
    else:
        await remitting.send(PAYOUTS, payout, at)


async def _target(payout: Payout, restaurant: Restaurant, at: int) -> Target:
    """A fresh invoice of the member's address, or of their wallet here."""
    value, amount = payout.value or "", payout.amount_msat
    if payout.destination is PayTo.WALLET:
        fetched = await outgoing.invoice_of_wallet(value, amount, PAYOUTS.purpose)
    else:
        fetched = await outgoing.fetch_invoice(value, amount)
    network = await outgoing.network_of(restaurant.wallet_id)
    return await remitting.check_invoice(
        restaurant.wallet_id, fetched.payment_request, amount, network, at
    )


async def _start(payout: Payout, started: Payout, at: int) -> bool:
    """Store the invoice that will be paid. False when somebody was faster."""
    async with transaction() as conn:
        await restaurants.lock(conn, payout.restaurant_id)
        # Another payout may have got the same invoice since it was checked.
        if await refunds.hash_is_known(conn, started.payment_hash or ""):
            return False
        if not await payouts.change(conn, payout, started):
            return False
        await _after(conn, started, SYSTEM, at)
    wake(f"events:{payout.restaurant_id}")
    return True


async def _move(payout: Payout, new: Payout, at: int) -> Payout:
    """Store a step; the present payout when somebody else moved it."""
    is_step = (new.status, new.problem) != (payout.status, payout.problem)
    async with transaction() as conn:
        await restaurants.lock(conn, payout.restaurant_id)
        if not await payouts.change(conn, payout, new):
            return await payouts.load(conn, payout.id) or payout
        if is_step:
            await _after(conn, new, SYSTEM, at)
    if is_step:
        wake(f"events:{payout.restaurant_id}")
    return new


async def _lease(payout: Payout, until: int) -> Payout | None:
    leased = replace(payout, next_try_at=until)
    async with transaction() as conn:
        return leased if await payouts.change(conn, payout, leased) else None


async def _present(payout: Payout) -> Payout:
    async with read() as conn:
        return await payouts.load(conn, payout.id) or payout


async def _after(conn: Conn, payout: Payout, actor: Actor, at: int) -> None:
    """Journal where a payout stands; what came to nothing gives its tips back."""
    if payout.status in rules.GIVES_BACK:
        await tips.give_back(conn, payout.id)
    event = f"payout.{payout.status.value}"
    entry = Entry(event, actor, payload=rules.told(payout))
    await record(conn, payout.restaurant_id, [entry], at)


PAYOUTS: remitting.Kind[Payout] = remitting.Kind(
    purpose="Tips",
    rules=rules,
    target=_target,
    take=_start,
    move=_move,
    lease=_lease,
    present=_present,
)


# --- shown ---------------------------------------------------------------------------


async def payouts_of(restaurant_id: str, limit: int, after: Place) -> PayoutPage:
    """Newest first."""
    async with read() as conn:
        found = await payouts.page_of(conn, restaurant_id, limit, after)
        members = {m.id: m for m in await staff.all_of(conn, restaurant_id)}
    last = found[-1] if len(found) == limit else None
    return PayoutPage(
        data=[rules.view(each, members.get(each.staff_id)) for each in found],
        next=cursor_of(last.created_at, last.id) if last else None,
    )


async def show_payout(payout_id: str) -> PayoutView:
    """One payout; NotFound ``payout.unknown``."""
    async with read() as conn:
        payout = await _load(conn, payout_id)
        return rules.view(payout, await staff.load(conn, payout.staff_id))


async def _load(conn: Conn, payout_id: str) -> Payout:
    payout = await payouts.load(conn, payout_id)
    if payout is None:
        raise rules.unknown()
    return payout


async def _locked(conn: Conn, payout_id: str) -> Payout:
    """The payout as it is now, its restaurant's other writers queued behind us."""
    await restaurants.lock(conn, (await _load(conn, payout_id)).restaurant_id)
    return await _load(conn, payout_id)


def _announce(restaurant_id: str) -> None:
    wake(f"events:{restaurant_id}", PAYING_OUT)
