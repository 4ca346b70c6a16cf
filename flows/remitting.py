"""Money leaves by Lightning, each sum at most once: what refunds and payouts share.

One transfer, one invoice at a time: the invoice is stored before it is paid, and only
when the node says that nothing left may there be another. An unknown outcome stays
``sending`` and is asked about by its payment hash.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from ..adapters import outgoing, system
from ..core import limits, transfers
from ..core.errors import Refused, RestaurantError
from ..crud import read
from ..features.refunds import crud as refunds
from ..features.refunds import rules as refund_rules
from ..features.refunds.models import Problem, SendOutcome, Sent, Target
from ..features.restaurants import crud as restaurants
from ..features.restaurants.models import Restaurant


class Transfer(Protocol):
    """A refund or a payout, as stored."""

    @property
    def restaurant_id(self) -> str: ...
    @property
    def send_msat(self) -> int: ...
    @property
    def wallet_id(self) -> str | None: ...
    @property
    def payment_request(self) -> str | None: ...
    @property
    def payment_hash(self) -> str | None: ...


T = TypeVar("T", bound=Transfer)


class Rules(Protocol[T]):
    """The steps of one kind of transfer; the module of its rules has them."""

    def sending(self, one: T, target: Target, wallet_id: str, at: int, /) -> T: ...
    def sent(self, one: T, at: int, fee_msat: int | None, /) -> T: ...
    def put_off(self, one: T, problem: Problem, at: int, /) -> T: ...
    def without_target(self, one: T, problem: Problem, at: int, /) -> T: ...
    def after_failure(self, one: T, problem: Problem, at: int, /) -> T: ...


@dataclass(frozen=True)
class Kind(Generic[T]):
    """One kind of transfer.

    ``purpose`` is what LNbits notes with the payment. ``target`` finds a checked
    invoice (raises Refused); ``take`` stores a chosen one, False when somebody was
    faster; ``move`` stores a step with what follows from it, and answers what is
    stored then; ``lease`` takes one that is being sent for a look, None when somebody
    looks already; ``present`` is the transfer as it is stored.
    """

    purpose: str
    rules: Rules[T]
    target: Callable[[T, Restaurant, int], Awaitable[Target]]
    take: Callable[[T, T, int], Awaitable[bool]]
    move: Callable[[T, T, int], Awaitable[T]]
    lease: Callable[[T, int], Awaitable[T | None]]
    present: Callable[[T], Awaitable[T]]


async def send(kind: Kind[T], one: T, at: int) -> T:
    """Choose the invoice of a transfer that waits, and pay it."""
    restaurant = await _restaurant(one)
    # Before a stranger's server is asked for an invoice that nobody could pay.
    if problem := await _shortage(restaurant, one.send_msat):
        return await kind.move(one, kind.rules.put_off(one, problem, at), at)
    try:
        target = await kind.target(one, restaurant, at)
    except Refused as error:
        is_used = error.code in ("refund.invoice_used", "refund.own_invoice")
        why = Problem.INVOICE_PAID if is_used else Problem.INVOICE_EXPIRED
        return await kind.move(one, kind.rules.without_target(one, why, at), at)
    return await dispatch(kind, one, restaurant, target, at)


async def dispatch(
    kind: Kind[T], one: T, restaurant: Restaurant, target: Target, at: int
) -> T:
    """Pay this invoice for a transfer that waits; the transfer as it is then.

    Nothing is paid when somebody else moved it meanwhile, when the wallet holds too
    little, or when routing might cost more than the owner allows.
    """
    problem = await _obstacle(one, restaurant, target)
    if problem is not None:
        return await kind.move(one, kind.rules.put_off(one, problem, at), at)
    started = kind.rules.sending(one, target, restaurant.wallet_id, at)
    if not await kind.take(one, started, at):
        return await kind.present(one)
    return await _pay(kind, started, target)


async def find_out(kind: Kind[T], one: T, at: int) -> T:
    """What became of a transfer that was being paid when its payer died, or waited.

    Only one process looks at a time. Core's books do not know it: nothing was ever
    asked of the node, and the same invoice is paid now.
    """
    leased = await kind.lease(one, at + limits.REFUND_LEASE_MS)
    if leased is None:
        return one
    wallet_id, payment_hash = leased.wallet_id or "", leased.payment_hash or ""
    sent = await outgoing.look_up(wallet_id, payment_hash)
    if sent.outcome is not SendOutcome.NEVER_TRIED:
        return await _conclude(kind, leased, sent, at)
    target = outgoing.read_invoice(leased.payment_request or "")
    if target.expires_at <= at:
        over = kind.rules.after_failure(leased, Problem.INVOICE_EXPIRED, at)
        return await kind.move(leased, over, at)
    return await _pay(kind, leased, target)


async def check_invoice(
    wallet_id: str, payment_request: str, send_msat: int, network: str, at: int
) -> Target:
    """An invoice that this wallet can send money to: right amount and network,
    alive, nobody's but a stranger's. Refused ``refund.…``."""
    target = outgoing.read_invoice(payment_request)
    refund_rules.check_target(target, send_msat, network, at)
    async with read() as conn:
        is_known = await refunds.hash_is_known(conn, target.payment_hash)
    if await outgoing.owns_invoice(wallet_id, target.payment_hash):
        raise Refused(
            "refund.own_invoice", "This invoice belongs to the restaurant itself."
        )
    if is_known or await outgoing.was_used(target.payment_hash):
        raise Refused(
            "refund.invoice_used",
            "This invoice was used before. Please make a new one.",
        )
    return target


async def _obstacle(
    one: Transfer, restaurant: Restaurant, target: Target
) -> Problem | None:
    cost = await outgoing.cost_msat(target)
    most = transfers.fee_limit_msat(one.send_msat, restaurant.refund_fee_percent)
    if cost > most:
        return Problem.FEE_LIMIT
    return await _shortage(restaurant, one.send_msat + cost)


async def _shortage(restaurant: Restaurant, needed_msat: int) -> Problem | None:
    """Why the restaurant's wallet cannot pay so much, if it cannot."""
    try:
        balance = await outgoing.balance_msat(restaurant.wallet_id)
    except RestaurantError:
        return Problem.NODE_AWAY
    return None if balance >= needed_msat else Problem.INSUFFICIENT_BALANCE


async def _pay(kind: Kind[T], one: T, target: Target) -> T:
    sent = await outgoing.pay(
        one.wallet_id or "", target, one.restaurant_id, kind.purpose
    )
    return await _conclude(kind, one, sent, system.now())


async def _conclude(kind: Kind[T], one: T, sent: Sent, at: int) -> T:
    """Book what the node said; what nobody knows yet is asked again later."""
    if sent.outcome is SendOutcome.SENT:
        new = kind.rules.sent(one, at, sent.fee_msat)
    elif sent.outcome is SendOutcome.POOR:
        new = kind.rules.put_off(one, Problem.INSUFFICIENT_BALANCE, at)
    elif sent.outcome is SendOutcome.FAILED:
        new = kind.rules.after_failure(one, Problem.PAYMENT_FAILED, at)
    else:
        return one
    return await kind.move(one, new, at)


async def _restaurant(one: Transfer) -> Restaurant:
    """Also one that was closed down: what is owed is owed."""
    async with read() as conn:
        found = await restaurants.load_with_deleted(conn, one.restaurant_id)
    if found is None:
        raise LookupError(f"restaurant {one.restaurant_id} vanished")
    return found
