"""Stock as a sheet for spreadsheets: given out, and read back as a count."""

import asyncio

from ..crud import Conn, read, transaction
from ..features.idempotency.models import Answer, RequestKey
from ..features.journal.models import Entry
from ..features.restaurants.models import Restaurant
from ..features.stock.models import MoveKind, NamedStock, Wanted
from ..features.stock_entries import crud
from ..features.stock_entries import rules as entries
from ..features.stock_entries.models import MenuEntry
from ..features.stock_sheets import rules
from ..features.stock_sheets.models import (
    SheetPlan,
    SheetResult,
    SheetStock,
    SheetUpload,
)
from ..models import Actor
from .managing import locked
from .menus import announce_menu
from .once import Claim, once
from .recording import record
from .stock_keeping import add_ingredients, counted
from .stocking import move


async def stock_sheet(restaurant_id: str) -> str:
    """Every stock of the restaurant as CSV, by name."""
    async with read() as conn:
        found = await crud.all_of(conn, restaurant_id)
    return await asyncio.to_thread(rules.written, [_of_stock(each) for each in found])


async def import_stock(
    restaurant_id: str,
    body: SheetUpload,
    actor: Actor,
    key: RequestKey | None,
    at: int,
) -> Answer:
    """Count, mark and add what a sheet says, all or none: 200 and how much it was.

    Refused ``stock.csv`` with ``faults``, ``stock.reason``; Conflict
    ``stock.too_many``.
    """
    entries.check_reason(body.reason)
    reason = entries.read_reason(body.reason)
    # A large sheet takes a while to read: others are served meanwhile.
    sheet = await asyncio.to_thread(rules.read_sheet, body.csv)

    async def work(claim: Claim) -> Answer:
        async with transaction() as conn:
            restaurant = await locked(conn, restaurant_id)
            plan = rules.plan(sheet, await _known(conn, restaurant_id))
            result = SheetResult(
                rows=len(sheet.rows),
                counted=len(plan.counts),
                added=len(plan.added),
                low_at_changed=len(plan.low_at),
            )
            await _carry_out(conn, restaurant, plan, reason, actor, at)
            told = {**result.dict(), "reason": reason}
            entry = Entry("stock.imported", actor, payload=told)
            await record(conn, restaurant_id, [entry], at)
            answer = Answer(200, result.dict())
            await claim.finish(conn, answer)
        announce_menu(restaurant_id)
        return answer

    return await once(key, work, at)


async def _carry_out(
    conn: Conn,
    restaurant: Restaurant,
    plan: SheetPlan,
    reason: str | None,
    actor: Actor,
    at: int,
) -> None:
    added = await add_ingredients(conn, restaurant, plan.added, actor, at)
    firsts = {
        stock_id: each.on_hand
        for stock_id, each in zip(added, plan.added, strict=True)
        if each.on_hand
    }
    moves = [
        Wanted(stock_id, MoveKind.COUNT, figure)
        for stock_id, figure in {**plan.counts, **firsts}.items()
    ]
    if moves:
        await counted(conn, restaurant, moves, at)
        await move(conn, restaurant, moves, reason, actor, at)
    await crud.set_low_at(conn, plan.low_at)


async def _known(conn: Conn, restaurant_id: str) -> list[SheetStock]:
    """The restaurant's stocks, and what of its menu nobody counts."""
    found = {each.stock.id: each for each in await crud.all_of(conn, restaurant_id)}
    menu = await crud.menu_entries(conn, restaurant_id)
    others = [_of_menu(each) for key, each in menu.items() if key not in found]
    return [*map(_of_stock, found.values()), *others]


def _of_stock(named: NamedStock) -> SheetStock:
    stock = named.stock
    return SheetStock(
        id=stock.id,
        kind=stock.kind.value,
        name=named.name,
        unit=stock.unit,
        on_hand=stock.on_hand if stock.is_counted else None,
        reserved=stock.reserved,
        low_at=stock.low_at,
    )


def _of_menu(entry: MenuEntry) -> SheetStock:
    return SheetStock(entry.id, entry.kind.value, entry.name, None, None, 0, None)
