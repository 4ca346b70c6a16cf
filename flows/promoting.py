"""Staff makes discounts and their codes, changes and removes them."""

from ..adapters import system
from ..adapters.wake import wake
from ..core import limits
from ..core.errors import Conflict, NotFound
from ..core.paging import Place, cursor_of
from ..core.times import local_time
from ..crud import Conn, read, transaction
from ..features.discount_definitions import rules as definitions
from ..features.discount_definitions.rules import Wares
from ..features.discounts import crud, rules
from ..features.discounts.models import (
    CodePage,
    Discount,
    DiscountBody,
    DiscountCode,
    DiscountPage,
    DiscountView,
    NewCodes,
    Trigger,
)
from ..features.idempotency.models import Answer, RequestKey
from ..features.journal.models import Entry
from ..features.restaurants import crud as restaurants
from ..features.restaurants.models import Restaurant
from ..models import Actor
from .managing import locked
from .menus import announce_menu, menu_snapshot
from .once import Claim, once
from .recording import record

# --- discounts -------------------------------------------------------------------


async def create_discount(
    restaurant_id: str,
    body: DiscountBody,
    actor: Actor,
    key: RequestKey | None,
    at: int,
) -> Answer:
    """A new discount: 201 and its view.

    Refused for a wrong field, ``discount.scope``, ``discount.overlap``; Conflict
    ``discounts.too_many``.
    """
    wares = await _wares(restaurant_id, at)

    async def work(claim: Claim) -> Answer:
        async with transaction() as conn:
            restaurant = await locked(conn, restaurant_id)
            present = await crud.all_of(conn, restaurant_id)
            if len(present) >= limits.DISCOUNTS_MAX:
                raise Conflict("discounts.too_many", "Please remove a discount first.")
            discount = definitions.new_discount(
                *(body, system.new_id(), restaurant_id, wares),
                *(restaurant.currency, at),
            )
            definitions.check_overlap(
                discount, present, wares, _yesterday(restaurant, at)
            )
            await _store(conn, "discount.created", discount, body, actor, at)
            answer = Answer(201, rules.view(discount, 0, 0).dict(), discount.id)
            await claim.finish(conn, answer)
        announce_menu(restaurant_id)
        return answer

    return await once(key, work, at)


async def change_discount(
    restaurant_id: str, discount_id: str, body: DiscountBody, actor: Actor, at: int
) -> DiscountView:
    """Change what was sent; the same values change nothing, and orders keep what
    they have. Raises as ``create_discount``; NotFound when it is gone."""
    wares = await _wares(restaurant_id, at)
    async with transaction() as conn:
        restaurant = await locked(conn, restaurant_id)
        old = await _own(conn, restaurant_id, discount_id)
        new = definitions.changed(old, body, wares, restaurant.currency)
        if definitions.reach(new) != definitions.reach(old):
            present = await crud.all_of(conn, restaurant_id)
            day = _yesterday(restaurant, at)
            definitions.check_overlap(new, present, wares, day)
        if new != old:
            await _store(conn, "discount.changed", new, body, actor, at)
        [shown] = await _views(conn, [new])
    if new != old:
        announce_menu(restaurant_id)
    return shown


async def remove_discount(
    restaurant_id: str, discount_id: str, actor: Actor, at: int
) -> None:
    """The discount and its codes are gone; orders keep what they have."""
    async with transaction() as conn:
        await locked(conn, restaurant_id)
        if not await crud.delete(conn, discount_id):
            raise rules.unknown_discount()
        await restaurants.bump_version(conn, restaurant_id)
        told = {"discount_id": discount_id}
        entry = Entry("discount.removed", actor, payload=told)
        await record(conn, restaurant_id, [entry], at)
    announce_menu(restaurant_id)


async def discounts_of(restaurant_id: str, limit: int, after: Place) -> DiscountPage:
    """Newest first, with how often each counts."""
    async with read() as conn:
        found = await crud.page_of(conn, restaurant_id, limit, after)
        shown = await _views(conn, found)
    last = found[-1] if len(found) == limit else None
    next_page = cursor_of(last.created_at, last.id) if last else None
    return DiscountPage(data=shown, next=next_page)


async def show_discount(restaurant_id: str, discount_id: str) -> DiscountView:
    async with read() as conn:
        discount = await _own(conn, restaurant_id, discount_id)
        [shown] = await _views(conn, [discount])
    return shown


async def _store(
    conn: Conn,
    event: str,
    discount: Discount,
    body: DiscountBody,
    actor: Actor,
    at: int,
) -> None:
    """Save a discount; guests' prices move on with it."""
    await crud.save(conn, discount)
    await restaurants.bump_version(conn, discount.restaurant_id)
    told = rules.change_told(discount, body.dict(exclude_unset=True))
    entry = Entry(event, actor, payload=told)
    await record(conn, discount.restaurant_id, [entry], at)


async def _views(conn: Conn, discounts: list[Discount]) -> list[DiscountView]:
    ids = [each.id for each in discounts]
    uses = await crud.use_counts(conn, "discount_id", ids)
    codes = await crud.code_counts(conn, ids)
    return [
        rules.view(each, uses.get(each.id, 0), codes.get(each.id, 0))
        for each in discounts
    ]


async def _own(conn: Conn, restaurant_id: str, discount_id: str) -> Discount:
    discount = await crud.load(conn, discount_id)
    if discount is None or discount.restaurant_id != restaurant_id:
        raise rules.unknown_discount()
    return discount


async def _wares(restaurant_id: str, at: int) -> Wares:
    """What a scope may name, as the menu is now."""
    menu = (await menu_snapshot(restaurant_id, at)).menu
    return Wares(menu.item_ids_of)


def _yesterday(restaurant: Restaurant, at: int) -> str:
    """The day before, on the restaurant's wall: its windows may run into today."""
    return local_time(at - limits.DAY_MS, restaurant.timezone)[:10]


# --- codes -----------------------------------------------------------------------


async def make_codes(
    restaurant_id: str,
    discount_id: str,
    body: NewCodes,
    actor: Actor,
    key: RequestKey | None,
    at: int,
) -> Answer:
    """New codes of a discount: 201 with them, on one page.

    Refused for a wrong field; Conflict ``discount.no_codes`` when it is brought
    about otherwise, ``discount.code_taken``, ``discount.codes_too_many``.
    """
    named, count = rules.asked_codes(body)

    async def work(claim: Claim) -> Answer:
        async with transaction() as conn:
            await locked(conn, restaurant_id)
            discount = await _own(conn, restaurant_id, discount_id)
            await _check_room(conn, discount, count)
            texts = [named] if named else await _made(conn, restaurant_id, count)
            if named and await crud.codes_of(conn, restaurant_id, texts):
                raise Conflict("discount.code_taken", "There is this code already.")
            codes = [
                DiscountCode(system.new_id(), restaurant_id, discount_id, text, at)
                for text in texts
            ]
            await crud.add_codes(conn, codes)
            told = {"discount_id": discount_id, "count": count}
            entry = Entry("discount.codes_made", actor, payload=told)
            await record(conn, restaurant_id, [entry], at)
            page = CodePage(data=[rules.code_view(c, 0) for c in codes], next=None)
            answer = Answer(201, page.dict(), discount_id)
            await claim.finish(conn, answer)
        wake(f"events:{restaurant_id}")
        return answer

    return await once(key, work, at)


async def _check_room(conn: Conn, discount: Discount, count: int) -> None:
    if discount.trigger is not Trigger.CODE:
        raise Conflict("discount.no_codes", "This discount is not one with codes.")
    present = (await crud.code_counts(conn, [discount.id])).get(discount.id, 0)
    if present + count > limits.CODES_PER_DISCOUNT_MAX:
        most = limits.CODES_PER_DISCOUNT_MAX
        raise Conflict(
            "discount.codes_too_many", f"A discount has at most {most} codes."
        )


async def _made(conn: Conn, restaurant_id: str, count: int) -> list[str]:
    """So many codes that the restaurant does not have yet."""
    texts: set[str] = set()
    while len(texts) < count:
        made = {rules.made_code(system.new_secret()) for _ in range(count - len(texts))}
        texts |= made - (await crud.codes_of(conn, restaurant_id, made)).keys()
    return sorted(texts)


async def codes_of_discount(
    restaurant_id: str, discount_id: str, limit: int, after: Place
) -> CodePage:
    """Newest first, with how often each counts."""
    async with read() as conn:
        await _own(conn, restaurant_id, discount_id)
        found = await crud.codes_page(conn, discount_id, limit, after)
        uses = await crud.use_counts(conn, "code_id", [each.id for each in found])
    last = found[-1] if len(found) == limit else None
    return CodePage(
        data=[rules.code_view(each, uses.get(each.id, 0)) for each in found],
        next=cursor_of(last.created_at, last.id) if last else None,
    )


async def remove_code(restaurant_id: str, code_id: str, actor: Actor, at: int) -> None:
    """The code is good for nothing any more; orders keep what they have."""
    async with transaction() as conn:
        await locked(conn, restaurant_id)
        code = await crud.load_code(conn, code_id)
        if code is None or not await crud.delete_code(conn, code_id):
            raise NotFound("discount.code_unknown", "There is no such code for you.")
        # Prices remember the codes that they looked up.
        await restaurants.bump_version(conn, restaurant_id)
        told = {"discount_id": code.discount_id, "code_id": code_id}
        entry = Entry("discount.code_removed", actor, payload=told)
        await record(conn, restaurant_id, [entry], at)
    announce_menu(restaurant_id)
