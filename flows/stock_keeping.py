"""What staff does with stock: look, add ingredients, receive, waste, correct, count."""

from collections.abc import Mapping, Sequence
from typing import Any

from ..adapters import system
from ..adapters.wake import wake
from ..core.paging import Place, cursor_of, text_cursor
from ..crud import Conn, read, transaction
from ..features.idempotency.models import Answer, RequestKey
from ..features.journal.models import Entry
from ..features.restaurants.models import Restaurant
from ..features.stock import crud as stocks
from ..features.stock.models import (
    CheckView,
    Fault,
    MadeMovements,
    MoveKind,
    MovementPage,
    NamedStock,
    Stock,
    StockKind,
    StockPage,
    StockView,
    Wanted,
)
from ..features.stock_entries import crud, rules
from ..features.stock_entries.models import (
    Ingredient,
    MovementsBody,
    NewIngredient,
    StockChange,
    Sums,
)
from ..models import Actor
from .managing import locked
from .menus import announce_menu
from .once import Claim, once
from .recording import record
from .stocking import begin_counting, move, uncount, verify_stock

# --- looking ---------------------------------------------------------------------


async def stocks_of(
    restaurant_id: str,
    kind: StockKind | None,
    is_low: bool,
    limit: int,
    after: tuple[str, str],
) -> StockPage:
    """By name: of one kind or of all, all or only what is low."""
    async with read() as conn:
        found = await crud.page_of(conn, restaurant_id, kind, is_low, limit, after)
    last = found[-1] if len(found) == limit else None
    return StockPage(
        data=[rules.view(each) for each in found],
        next=text_cursor(last.name, last.stock.id) if last else None,
    )


async def movements_of(
    restaurant_id: str, stock_id: str, limit: int, after: Place
) -> MovementPage:
    """A stock's history, newest first; NotFound ``stock.unknown``."""
    async with read() as conn:
        await _own(conn, restaurant_id, stock_id)
        rows = await stocks.movements_of(conn, stock_id, limit, after[0])
        wanted = {row.order_id for row in rows if row.order_id}
        numbers = await crud.order_numbers(conn, sorted(wanted))
    return MovementPage(
        data=[rules.movement_view(row, numbers) for row in rows],
        next=cursor_of(rows[-1].seq, stock_id) if len(rows) == limit else None,
    )


async def check_stock(restaurant_id: str) -> CheckView:
    """Whether every figure is what its movements add up to, and which are not."""
    faults = await verify_stock(restaurant_id)
    async with read() as conn:
        sizes = await crud.sizes(conn, restaurant_id)
        ids = sorted({fault.stock_id for fault in faults})
        kept = await stocks.load_many(conn, ids)
        entries = await crud.menu_entries(conn, restaurant_id, ids)
        sums = await crud.sums_of(conn, ids)

    def name(fault: Fault) -> str | None:
        if fault.stock_id in entries:
            return entries[fault.stock_id].name
        stock = kept.get(fault.stock_id)
        return stock.name if stock else None

    return CheckView(
        is_equal=not faults,
        stocks=sizes[0],
        movements=sizes[1],
        differences=[
            rules.difference_view(
                *(each, kept.get(each.stock_id), name(each)),
                sums.get(each.stock_id, Sums()),
            )
            for each in faults
        ],
    )


# --- ingredients -----------------------------------------------------------------


async def add_ingredient(
    restaurant_id: str,
    body: NewIngredient,
    actor: Actor,
    key: RequestKey | None,
    at: int,
) -> Answer:
    """A new ingredient: 201 and its figures.

    Refused for a wrong field; Conflict ``stock.name``, ``stock.too_many``.
    """
    draft = rules.read_ingredient(body)

    async def work(claim: Claim) -> Answer:
        async with transaction() as conn:
            restaurant = await locked(conn, restaurant_id)
            [stock_id] = await add_ingredients(conn, restaurant, [draft], actor, at)
            if draft.on_hand:
                first = Wanted(stock_id, MoveKind.COUNT, draft.on_hand)
                await move(conn, restaurant, [first], None, actor, at)
            shown = rules.view(await _own(conn, restaurant_id, stock_id))
            answer = Answer(201, shown.dict(), stock_id)
            await claim.finish(conn, answer)
        wake(f"events:{restaurant_id}")
        return answer

    return await once(key, work, at)


async def add_ingredients(
    conn: Conn,
    restaurant: Restaurant,
    drafts: Sequence[Ingredient],
    actor: Actor,
    at: int,
) -> list[str]:
    """Store new ingredients, of which nothing is on hand yet; their ids.

    Conflict ``stock.name``, ``stock.too_many``.
    """
    names = await crud.ingredient_names(conn, restaurant.id)
    rules.check_room(names, drafts)
    new = [rules.new_stock(each, restaurant.id, system.new_id(), at) for each in drafts]
    await stocks.add(conn, new)
    told = [
        Entry("stock.ingredient_added", actor, payload=_told(stock)) for stock in new
    ]
    await record(conn, restaurant.id, told, at)
    return [stock.id for stock in new]


async def change_stock(
    restaurant_id: str, stock_id: str, body: StockChange, actor: Actor, at: int
) -> StockView:
    """Change what was sent; the same values change nothing.

    NotFound ``stock.unknown``; Refused for a wrong field; Conflict ``stock.name``.
    """
    sent = body.dict(exclude_unset=True)
    async with transaction() as conn:
        await locked(conn, restaurant_id)
        old = await _own(conn, restaurant_id, stock_id)
        columns = {
            name: value
            for name, value in rules.read_change(sent, old.stock.kind).items()
            if getattr(old.stock, name) != value
        }
        if not columns:
            return rules.view(old)
        name = columns.get("name")
        if name and name in await crud.ingredient_names(conn, restaurant_id):
            raise rules.name_taken(name)
        await stocks.change(conn, stock_id, columns)
        told = {"stock_id": stock_id, "changed": columns}
        is_ingredient = old.stock.kind is StockKind.INGREDIENT
        event = "stock.ingredient_changed" if is_ingredient else "stock.changed"
        await record(conn, restaurant_id, [Entry(event, actor, payload=told)], at)
        shown = rules.view(await _own(conn, restaurant_id, stock_id))
    wake(f"events:{restaurant_id}")
    return shown


async def remove_ingredient(
    restaurant_id: str, stock_id: str, actor: Actor, at: int
) -> None:
    """What is left of it is written off in the ledger, whose rows stay.

    NotFound ``stock.unknown``; Conflict ``stock.of_menu`` for an item's or modifier's
    own, ``stock.in_use`` while recipes use it or orders hold some.
    """
    async with transaction() as conn:
        restaurant = await locked(conn, restaurant_id)
        named = await _own(conn, restaurant_id, stock_id)
        rules.check_removable(named)
        await uncount(conn, restaurant, [named.stock], actor, at)
        await crud.remove(conn, stock_id)
        told = _told(named.stock)
        entry = Entry("stock.ingredient_removed", actor, payload=told)
        await record(conn, restaurant_id, [entry], at)
    announce_menu(restaurant_id)


# --- movements -------------------------------------------------------------------


async def move_stock(
    restaurant_id: str,
    body: MovementsBody,
    actor: Actor,
    key: RequestKey | None,
    at: int,
) -> Answer:
    """Enter movements by hand, all or none: 201 and the ledger's rows.

    Forbidden ``stock.role``; Refused ``field.invalid``, ``stock.reason``,
    ``stock.unknown``; Conflict ``stock.short``, ``stock.not_counted``.
    """
    moves = rules.read_moves(body, actor.role)
    reason = rules.read_reason(body.reason)

    async def work(claim: Claim) -> Answer:
        async with transaction() as conn:
            restaurant = await locked(conn, restaurant_id)
            before = await counted(conn, restaurant, moves, at)
            rules.check_counts(moves, before, reason)
            rows = await move(conn, restaurant, moves, reason, actor, at)
            made = MadeMovements(data=[rules.movement_view(row, {}) for row in rows])
            answer = Answer(201, made.dict())
            await claim.finish(conn, answer)
        announce_menu(restaurant_id)
        return answer

    return await once(key, work, at)


async def counted(
    conn: Conn, restaurant: Restaurant, moves: Sequence[Wanted], at: int
) -> Mapping[str, int | None]:
    """Begin to count what is counted here for the first time; what was on hand of
    each before, None where nobody counted.

    Refused ``stock.unknown``, Conflict ``stock.not_counted`` with the place.
    """
    ids = list(dict.fromkeys(each.stock_id for each in moves))
    present = {
        key: stock
        for key, stock in (await stocks.load_many(conn, ids)).items()
        if stock.restaurant_id == restaurant.id
    }
    before = {key: s.on_hand if s.is_counted else None for key, s in present.items()}
    missing = [key for key in ids if before.get(key) is None]
    if not missing:
        return before
    entries = await crud.menu_entries(conn, restaurant.id, missing)
    rules.check_known(moves, {*present, *entries})
    firsts = rules.first_counts(moves, set(missing))
    for kind in (StockKind.ITEM, StockKind.MODIFIER):
        figures = {k: 0 for k in firsts if k in entries and entries[k].kind is kind}
        await begin_counting(conn, restaurant, figures, present, kind, at)
    return before


async def _own(conn: Conn, restaurant_id: str, stock_id: str) -> NamedStock:
    found = await crud.load(conn, restaurant_id, stock_id)
    if found is None:
        raise rules.unknown()
    return found


def _told(stock: Stock) -> dict[str, Any]:
    names = ("name", "unit", "low_at")
    return {"stock_id": stock.id, **{name: getattr(stock, name) for name in names}}
