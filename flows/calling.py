"""Guests call somebody to their table; the staff see it live and answer."""

from dataclasses import dataclass

from ..adapters import system
from ..adapters.wake import wake
from ..core import ids, limits
from ..core.errors import NotFound
from ..crud import Conn, read, server_secret, transaction
from ..features.calls import crud, rules
from ..features.calls.models import Call, CallList, CallView, NewCall, RaisedView
from ..features.journal.models import Entry
from ..features.orders import crud as orders
from ..features.restaurants import crud as restaurants
from ..features.tables import crud as tables
from ..features.tables import rules as table_rules
from ..models import GUEST, Actor
from .recording import record
from .showing import show_restaurant, unknown_order


@dataclass(frozen=True)
class Raised:
    """A call as its guest sees it; not ``is_new``: it waits already."""

    view: RaisedView
    is_new: bool


async def raise_call(
    restaurant_id: str, body: NewCall, order_token: str | None, at: int
) -> Raised:
    """Call somebody to the table that a token proves; while a call of its kind waits
    there, that one.

    Forbidden ``table.token``; NotFound ``order.unknown``; Conflict ``call.table``;
    TooMany ``calls.too_many``.
    """
    restaurant = await show_restaurant(restaurant_id)
    secret = await server_secret(system.new_secret())
    async with read() as conn:
        table_id, name = await _table(conn, restaurant.id, body, order_token, secret)
    async with transaction() as conn:
        if await restaurants.lock(conn, restaurant.id) is None:
            raise NotFound("restaurant.unknown", "There is no such restaurant.")
        await crud.forget_older(conn, restaurant.id, at - limits.DAY_MS)
        oldest = at - limits.CALL_KEEP_MS
        await crud.close_older(conn, restaurant.id, oldest, at)
        found = await crud.open_of(conn, restaurant.id, table_id, body.kind, oldest)
        if found:
            return Raised(rules.raised(found), is_new=False)
        lately = at - limits.CALL_WINDOW_MS
        rules.check_room(*await crud.counts(conn, restaurant.id, table_id, lately))
        call = Call(system.new_id(), restaurant.id, table_id, name, body.kind, at)
        await crud.add(conn, call)
        entry = Entry("table.called", GUEST, body.order_id, rules.told(call))
        await record(conn, restaurant.id, [entry], at)
    wake(f"events:{restaurant.id}")
    return Raised(rules.raised(call), is_new=True)


async def _table(
    conn: Conn,
    restaurant_id: str,
    body: NewCall,
    order_token: str | None,
    secret: str,
) -> tuple[str, str]:
    """Id and name of the table that the guest sits at, by the code's token or by
    their order's."""
    if body.order_id is not None:
        return await _table_of_order(conn, restaurant_id, body, order_token, secret)
    table = None
    if body.table and body.table_token:
        table = await tables.by_name_or_id(conn, restaurant_id, body.table)
    token = body.table_token or ""
    if table is None or not table_rules.table_token_matches(secret, table, token):
        raise rules.wrong_token()
    return table.id, table.name


async def _table_of_order(
    conn: Conn,
    restaurant_id: str,
    body: NewCall,
    order_token: str | None,
    secret: str,
) -> tuple[str, str]:
    expected = ids.derive_token(secret, "order", body.order_id or "")
    order = None
    if order_token and ids.same_text(order_token, expected):
        order = await orders.load(conn, body.order_id or "")
    # Whoever was merged sits where the order is that has their lines now.
    for _ in range(limits.MERGES_FOLLOWED_MAX):
        if order is None or order.merged_into is None:
            break
        order = await orders.load(conn, order.merged_into)
    if order is None or order.restaurant_id != restaurant_id:
        raise unknown_order()
    return rules.table_of(order)


async def list_calls(
    restaurant_id: str, at: int, *, with_answered: bool = False
) -> CallList:
    """The calls that wait, oldest first, behind those that were answered in the last
    minutes where these are wanted. What waited too long is over, without a word."""
    most = limits.CALLS_OPEN_MAX
    oldest = at - limits.CALL_KEEP_MS
    async with read() as conn:
        found = await crud.waiting(conn, restaurant_id, most)
    if any(call.created_at < oldest for call in found):
        async with transaction() as conn:
            await restaurants.lock(conn, restaurant_id)
            await crud.close_older(conn, restaurant_id, oldest, at)
        found = [call for call in found if call.created_at >= oldest]
    if with_answered:
        since = at - limits.CALL_SHOWN_MS
        async with read() as conn:
            lately = await crud.answered_since(conn, restaurant_id, since, most)
        found = [*lately, *found]
    return CallList(data=[rules.view(call) for call in found])


async def answer_call(
    restaurant_id: str, call_id: str, actor: Actor, at: int
) -> CallView:
    """Somebody goes; again changes nothing. NotFound ``call.unknown``."""
    async with transaction() as conn:
        await restaurants.lock(conn, restaurant_id)
        is_first = await crud.answer(conn, call_id, str(actor), at)
        call = await crud.load(conn, call_id)
        if call is None:
            raise NotFound("call.unknown", "There is no such call.")
        if is_first:
            entry = Entry("table.answered", actor, None, rules.told(call))
            await record(conn, restaurant_id, [entry], at)
    if is_first:
        wake(f"events:{restaurant_id}")
    return rules.view(call)
