"""The staff come, change and go; and who serves an order."""

from ..adapters import system, wallets
from ..adapters.wake import wake
from ..core import limits
from ..core.errors import Conflict
from ..core.paging import Place, cursor_of
from ..crud import Conn, read, transaction
from ..features.idempotency.models import Answer, RequestKey
from ..features.journal.models import Entry
from ..features.payouts import crud as payouts
from ..features.restaurants.models import Restaurant, TipTo
from ..features.staff import crud as staff
from ..features.staff import rules
from ..features.staff.models import (
    Member,
    MemberChange,
    MemberPage,
    MemberView,
    NewMember,
    ServerView,
)
from ..features.tips import crud as tips
from ..features.tips.models import Sum, Whose
from ..models import Actor
from .managing import locked
from .once import Claim, once
from .paying import locked_order
from .recording import record
from .showing import show_restaurant
from .tip_books import follow_server, move


async def add_member(
    restaurant_id: str, body: NewMember, actor: Actor, key: RequestKey | None, at: int
) -> Answer:
    """201 and the new member. Refused for a wrong field, ``staff.wallet``; Conflict
    ``staff.too_many``."""
    member = rules.new_member(body, restaurant_id, system.new_id(), at)
    await _check_wallet(await show_restaurant(restaurant_id), member)

    async def work(claim: Claim) -> Answer:
        async with transaction() as conn:
            await locked(conn, restaurant_id)
            if await staff.count(conn, restaurant_id) >= limits.STAFF_MAX:
                raise Conflict("staff.too_many", "Please remove somebody first.")
            await staff.add(conn, member)
            entry = Entry("staff.added", actor, payload={"staff_id": member.id})
            await record(conn, restaurant_id, [entry], at)
            answer = Answer(201, rules.view(member, is_manager=True).dict(), member.id)
            await claim.finish(conn, answer)
        wake(f"events:{restaurant_id}")
        return answer

    return await once(key, work, at)


async def members_of(
    restaurant_id: str, limit: int, after: Place, *, is_manager: bool
) -> MemberPage:
    """Newest first; names only, unless for a manager."""
    async with read() as conn:
        found = await staff.page_of(conn, restaurant_id, limit, after)
    last = found[-1] if len(found) == limit else None
    return MemberPage(
        data=[rules.view(each, is_manager=is_manager) for each in found],
        next=cursor_of(last.created_at, last.id) if last else None,
    )


async def change_member(
    restaurant_id: str, member_id: str, body: MemberChange, actor: Actor, at: int
) -> MemberView:
    """Change what was sent; the same values change nothing. Raises as
    ``add_member``; NotFound ``staff.unknown``."""
    sent = rules.read_change(body)
    async with read() as conn:
        drafted = rules.changed(await _own(conn, restaurant_id, member_id), sent)
    if "wallet_id" in sent:
        await _check_wallet(await show_restaurant(restaurant_id), drafted)
    async with transaction() as conn:
        await locked(conn, restaurant_id)
        old = await _own(conn, restaurant_id, member_id)
        new = rules.changed(old, sent)
        names = rules.differences(old, new)
        if names:
            await staff.save(conn, new)
            told = {"staff_id": member_id, "fields": names}
            entry = Entry("staff.changed", actor, payload=told)
            await record(conn, restaurant_id, [entry], at)
    wake(f"events:{restaurant_id}")
    return rules.view(new, is_manager=True)


async def remove_member(
    restaurant_id: str, member_id: str, actor: Actor, at: int
) -> None:
    """Somebody is gone, and with them their name and address. What is left of their
    tips, less than a satoshi, is the restaurant's. Conflict ``staff.owed``."""
    async with transaction() as conn:
        await locked(conn, restaurant_id)
        await _own(conn, restaurant_id, member_id)
        owner = Whose(TipTo.SERVER, member_id)
        rest = [
            balance.sum
            for balance in await tips.balances(conn, restaurant_id, TipTo.SERVER)
            if balance.whose == owner
        ]
        waiting = await payouts.under_way(conn, restaurant_id)
        open_msat = sum(each.amount_msat for each in rest)
        rules.check_gone(open_msat, waiting.get(member_id, 0))
        await _leave(conn, restaurant_id, owner, rest, actor, at)
        await staff.remove(conn, member_id)
        entry = Entry("staff.removed", actor, payload={"staff_id": member_id})
        await record(conn, restaurant_id, [entry], at)
    wake(f"events:{restaurant_id}")


async def _leave(
    conn: Conn, restaurant_id: str, owner: Whose, rest: list[Sum], actor: Actor, at: int
) -> None:
    to = Whose(TipTo.RESTAURANT)
    for sum_ in rest:
        if sum_.amount_msat or sum_.amount_minor:
            await move(conn, restaurant_id, None, sum_, (owner, to), actor, at)


async def set_server(
    order_id: str, member_id: str | None, actor: Actor, at: int
) -> ServerView:
    """Who serves an order from now on; None: nobody. Where tips go to the serving
    person, the order's follows while it is not paid out.

    NotFound ``staff.unknown``; Refused ``staff.inactive``.
    """
    async with transaction() as conn:
        order, restaurant = await locked_order(conn, order_id)
        member = None
        if member_id is not None:
            found = await staff.load(conn, member_id)
            member = rules.check_serves(found, restaurant.id)
        is_new = await staff.server_of(conn, order_id) != member_id
        if is_new:
            await staff.set_server(conn, order_id, member_id)
            told = {"staff_id": member_id}
            entry = Entry("order.served_by", actor, order_id, told)
            await record(conn, restaurant.id, [entry], at)
            await follow_server(conn, restaurant, order, actor, at)
    if is_new:
        wake(f"events:{restaurant.id}", f"order:{order_id}")
    name = member.name if member else None
    return ServerView(order_id=order_id, staff_id=member_id, name=name)


async def _check_wallet(restaurant: Restaurant, member: Member) -> None:
    """Refused ``staff.wallet`` for a wallet that nobody has, or that pays."""
    if member.wallet_id is None:
        return
    is_own = member.wallet_id == restaurant.wallet_id
    if is_own or await wallets.owner_of(member.wallet_id) is None:
        raise rules.unknown_wallet()


async def _own(conn: Conn, restaurant_id: str, member_id: str) -> Member:
    member = await staff.load(conn, member_id)
    if member is None or member.restaurant_id != restaurant_id:
        raise rules.unknown()
    return member
