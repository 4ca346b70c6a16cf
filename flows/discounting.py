"""Discounts of a cart, and how often they count.

Prices say which discounts a cart gets; the order's own transaction, which holds the
restaurant's lock, counts them against their limits.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..adapters import guesses, system
from ..core.errors import RestaurantError
from ..crud import Conn, read, server_secret
from ..features.discounts import crud, rules
from ..features.discounts.models import (
    Discount,
    DiscountCode,
    DiscountUse,
    Trigger,
    Wanted,
)
from ..features.journal.models import Entry
from ..features.menu.models import Menu
from ..features.pricing.models import Cart
from ..features.restaurants.models import Restaurant
from ..models import GUEST, Actor
from .menus import Offers


@dataclass(frozen=True)
class Asking:
    """Who asks for discounts, and on which business day.

    ``guest_hash`` None: nobody known. ``address`` is the client's, None for staff,
    who are not slowed down.
    """

    guest_hash: str | None
    business_day: str
    address: str | None


async def guest_hash(restaurant_id: str, guest_id: str | None) -> str | None:
    """What stands for a guest's browser; Refused for an id of the wrong length."""
    if guest_id is None:
        return None
    secret = await server_secret(system.new_secret())
    return rules.guest_hash_of(secret, restaurant_id, guest_id)


# --- what a cart gets ------------------------------------------------------------


async def wanted_for(
    restaurant: Restaurant,
    menu: Menu,
    offers: Offers,
    cart: Cart,
    who: Asking,
    at: int,
) -> list[Wanted]:
    """The discounts of a cart: the clock's that are not used up, then its codes',
    then those of staff. Not for use inside a transaction.

    Raises as ``check_codes``; Refused for a wrong discount of staff, Conflict
    ``discount.used_up`` for one that is used up.
    """
    codes = rules.fold_codes(cart.codes)
    usable = [
        each
        for each in rules.in_currency(offers.discounts, restaurant.currency)
        if each.is_active
    ]
    if not (usable or codes or cart.discounts):
        return []
    moment = (cart.order_type, at, restaurant.timezone)
    categories = menu.item_ids_of
    by_clock = rules.scheduled(usable, *moment)
    got = [rules.wanted_of(each, categories, None) for each in by_clock]
    now = [each for each in usable if rules.holds(each, *moment)]
    currency, lines = restaurant.currency, len(cart.items)
    by_staff = [
        rules.staff_wanted(each, now, currency, lines, categories, number)
        for number, each in enumerate(cart.discounts)
    ]
    rules.check_repeated(by_staff)
    found = await check_codes(restaurant, offers, usable, codes, cart, who, at)
    by_code = [rules.wanted_of(d, categories, code) for d, code in found]
    counted = {each.id: each for each in usable if rules.is_counted(each)}
    if not any(each.discount_id in counted for each in (*got, *by_code, *by_staff)):
        return [*got, *by_code, *by_staff]
    async with read() as conn:
        got = [each for each in got if not await _fault(conn, each, counted, who)]
        for each in (*by_code, *by_staff):
            if fault := await _fault(conn, each, counted, who):
                raise fault
    return [*got, *by_code, *by_staff]


async def check_codes(
    restaurant: Restaurant,
    offers: Offers,
    discounts: Iterable[Discount],
    codes: Sequence[str],
    cart: Cart,
    who: Asking,
    at: int,
) -> list[tuple[Discount, DiscountCode]]:
    """What the folded codes stand for, in their order.

    Refused ``discount.unknown`` for a code that is none here or is switched off,
    ``discount.not_now`` outside its hours or types of order, ``discount.twice`` for
    two codes of one discount; TooMany ``discount.guesses`` after too many wrong
    ones, whatever the codes are. ``discounts`` are those that are switched on.
    """
    if not codes:
        return []
    _check_guesses(who, restaurant.id, at)
    rows = await _looked_up(restaurant, offers, codes)
    # Whoever asked often at once learns nothing more when the first are answered.
    _check_guesses(who, restaurant.id, at)
    by_code = {each.id: each for each in discounts if each.trigger is Trigger.CODE}
    wrong = [
        number
        for number, code in enumerate(codes)
        if code not in rows or rows[code].discount_id not in by_code
    ]
    if wrong:
        if who.address is not None:
            guesses.count_wrong(who.address, restaurant.id, len(wrong), at)
        raise rules.unknown_code(wrong[0])
    found = [(by_code[rows[code].discount_id], rows[code]) for code in codes]
    for number, (discount, _) in enumerate(found):
        if discount in [earlier for earlier, _ in found[:number]]:
            raise rules.twice(number)
        if not rules.holds(discount, cart.order_type, at, restaurant.timezone):
            raise rules.not_now(discount, number)
    return found


async def _looked_up(
    restaurant: Restaurant, offers: Offers, codes: Sequence[str]
) -> Mapping[str, DiscountCode]:
    """The codes that there are; they are remembered as long as the menu is."""
    new = [code for code in codes if code not in offers.codes]
    if new:
        async with read() as conn:
            offers.codes.update(await crud.codes_of(conn, restaurant.id, new))
    return offers.codes


def _check_guesses(who: Asking, restaurant_id: str, at: int) -> None:
    if who.address is None:
        return
    if wait_ms := guesses.wait_ms(who.address, restaurant_id, at):
        raise rules.too_many_guesses(wait_ms)


# --- counting --------------------------------------------------------------------


async def claim_uses(
    conn: Conn,
    order_id: str,
    restaurant_id: str,
    applied: Sequence[tuple[Wanted, int]],
    discounts: Mapping[str, Discount],
    guest_hash: str | None,
    business_day: str,
    at: int,
    actor: Actor = GUEST,
) -> list[Entry]:
    """Count an order's discounts: what each took off it, in msat. The entries are
    for the caller to journal.

    Under the restaurant's lock. Called again for an order it replaces what was
    counted; what the order has already is not held against the limits. Conflict
    ``discount.used_up``, Refused ``discount.guest``: nothing may be committed then.
    """
    who = Asking(guest_hash, business_day, None)
    before = {
        (use.discount_id, use.code_id)
        for use in await crud.uses_of(conn, order_id)
        if use.released_at is None
    }
    await crud.drop_uses(conn, order_id)
    uses = []
    for wanted, amount_msat in _merged(applied):
        discount_id = wanted.discount_id or ""
        is_new = (discount_id, wanted.code_id) not in before
        if is_new and (fault := await _fault(conn, wanted, discounts, who)):
            raise fault
        use = DiscountUse(
            *(system.new_id(), restaurant_id, discount_id, wanted.code_id, order_id),
            *(guest_hash, business_day, amount_msat, at),
        )
        uses.append(use)
    await crud.add_uses(conn, uses)
    return _entries("discount.used", uses, order_id, actor)


def _merged(applied: Sequence[tuple[Wanted, int]]) -> list[tuple[Wanted, int]]:
    """Stored discounts that took something off, each once with all that it took."""
    found: dict[tuple[str, str | None], tuple[Wanted, int]] = {}
    for wanted, amount_msat in applied:
        if wanted.discount_id is None or amount_msat <= 0:
            continue
        key = (wanted.discount_id, wanted.code_id)
        first, sum_msat = found.get(key, (wanted, 0))
        found[key] = first, sum_msat + amount_msat
    return list(found.values())


async def release_uses(conn: Conn, order_id: str, actor: Actor, at: int) -> list[Entry]:
    """Give back what an order counts for, because it died unpaid; the entries are
    for the caller to journal. Again gives back nothing."""
    uses = [u for u in await crud.uses_of(conn, order_id) if u.released_at is None]
    if uses:
        await crud.release(conn, order_id, at)
    return _entries("discount.released", uses, order_id, actor)


async def take_uses_again(conn: Conn, order_id: str, actor: Actor) -> list[Entry]:
    """Count an order again that came back, also above the limits: its price was
    promised. The entries are for the caller to journal."""
    uses = [u for u in await crud.uses_of(conn, order_id) if u.released_at is not None]
    if uses:
        await crud.take_again(conn, order_id)
    return _entries("discount.used", uses, order_id, actor)


def _entries(
    event: str, uses: Iterable[DiscountUse], order_id: str, actor: Actor
) -> list[Entry]:
    return [Entry(event, actor, order_id, rules.use_told(use)) for use in uses]


async def _fault(
    conn: Conn, wanted: Wanted, discounts: Mapping[str, Discount], who: Asking
) -> RestaurantError | None:
    """Why a discount cannot be had once more, or None when it can."""
    discount = discounts.get(wanted.discount_id or "")
    if discount is None or not rules.is_counted(discount):
        return None
    limits = discount.limits
    if limits.per_guest is not None and who.guest_hash is None:
        return rules.no_guest()
    allowed: tuple[tuple[int | None, dict[str, str | None]], ...] = (
        (limits.total, {}),
        (limits.per_day, {"business_day": who.business_day}),
        (limits.per_guest, {"guest_hash": who.guest_hash}),
        (limits.per_code, {"code_id": wanted.code_id}),
    )
    for most, of in allowed:
        if most is not None and await crud.count_uses(conn, discount.id, **of) >= most:
            return rules.used_up(wanted)
    return None
