"""Placing an order: claim the key → invoice → one transaction → answer.

No bolt11 leaves before the commit. A crash in between leaves an invoice that
nobody saw; it expires.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..adapters import lightning, system
from ..adapters.wake import wake
from ..core import ids, limits
from ..core.errors import Conflict, NotFound
from ..core.money import round_half_up
from ..core.times import business_day
from ..crud import Conn, server_secret, transaction
from ..features.bills.models import (
    Bill,
    BilledDiscount,
    BilledLine,
    KeptBill,
    Terms,
    pack_terms,
)
from ..features.budgets.models import Spender
from ..features.discounts.models import Wanted
from ..features.discounts.rules import of_till
from ..features.idempotency.models import Answer, RequestKey
from ..features.journal.models import Entry, JournalRow
from ..features.kitchen import rules as kitchen
from ..features.order_views.rules import view as shown_order
from ..features.orders import crud as orders
from ..features.orders import rules
from ..features.orders.models import (
    Delivery,
    LineModifier,
    Order,
    OrderLine,
    OrderView,
    PlacedView,
)
from ..features.payments import crud as payments
from ..features.payments import rules as payment_rules
from ..features.payments.models import Invoice, Payment
from ..features.pricing import rules as pricing
from ..features.pricing.models import Cart, PricedLine
from ..features.restaurants import crud as restaurants
from ..features.restaurants.models import Restaurant
from ..features.slots.models import Timing
from ..features.stock.models import taken_by
from ..features.tables.models import Table
from ..models import SYSTEM, PaymentMethod, Role
from .admitting import (
    check_cash,
    check_server,
    check_tab_limit,
    check_table_service,
    delivery_of,
    spender_of,
    table_of,
)
from .budgeting import check_budgets, check_budgets_early
from .deciding import announce, carry_out, print_tickets
from .discounting import claim_uses, guest_hash
from .menus import forget_menu
from .once import Claim, once
from .opening import check_open
from .quoting import (
    Placer,
    Priced,
    closed,
    kitchen_amount,
    open_snapshot,
    price_for_order,
    timing_for,
    with_fresh_quote,
)
from .receipting import print_due_receipt
from .recording import record
from .returning import books_of
from .scheduling import timing_of
from .showing import show_all
from .stocking import reserve_for, take_for

PRICING_TRIES_MAX = 3


class _MenuMoved(Exception):
    """The menu changed between pricing and the transaction: price again."""


@dataclass(frozen=True)
class Placing:
    """Everything an order's transaction needs, worked out before it begins."""

    cart: Cart
    placer: Placer
    priced: Priced
    table: Table | None
    invoice: Invoice | None
    pickup_at: int | None
    refund_to: str | None
    guest_hash: str | None
    spender: Spender
    delivery: Delivery | None
    at: int

    @property
    def restaurant(self) -> Restaurant:
        return self.priced.offer.restaurant

    @property
    def bill(self) -> Bill:
        return self.priced.cart.bill

    @property
    def is_cooked_first(self) -> bool:
        """It goes to the kitchen at once and stays due."""
        return self.cart.tab or self.cart.payment_method is PaymentMethod.CASH


async def place_order(
    cart: Cart, placer: Placer, key: RequestKey | None, at: int
) -> Answer:
    """Price the cart, create its invoice, store the order: 201 and a token.

    The same key gives the same order and invoice again. Raises what quoting
    raises, Forbidden ``cash.forbidden`` for anonymous cash, TooMany
    ``orders.too_many``, Unavailable when the node does not answer.
    """
    pricing.check_cart(cart)
    pickup_at = pricing.pickup_time(cart)

    async def work(claim: Claim) -> Answer:
        for _ in range(PRICING_TRIES_MAX):
            placing = await _prepare(cart, placer, pickup_at, at)
            try:
                return await _store(placing, claim)
            except _MenuMoved:
                forget_menu(placing.restaurant.id)
            except Conflict as error:
                if error.code != "discount.used_up":
                    raise
                raise await with_fresh_quote(error, cart, placer, at) from error
        raise Conflict("menu.changed", "The menu is changing. Please try again.")

    answer = await once(key, work, at)
    secret = await server_secret(system.new_secret())
    token = ids.derive_token(secret, "order", answer.resource_id)
    return replace(answer, body={**answer.body, "order_token": token})


async def _prepare(
    cart: Cart, placer: Placer, pickup_at: int | None, at: int
) -> Placing:
    snapshot = await open_snapshot(cart.restaurant_id, at)
    check_open(snapshot, cart, placer, pickup_at, at)
    restaurant = snapshot.restaurant
    table = await table_of(cart, restaurant, placer)
    check_cash(cart, restaurant, placer, table)
    check_table_service(cart, restaurant, placer, table)
    delivery = delivery_of(cart, placer)
    payment_rules.check_accepted(
        restaurant.accepted_payments,
        placer.methods,
        cart.payment_method,
        cart.order_type,
        payment_rules.usual_currency(cart.payment_method, restaurant.currency),
    )
    refund_to = rules.refund_to(cart.refund_to)
    await check_server(cart, placer)
    priced = _remember_till(await price_for_order(cart, snapshot, placer, at), placer)
    check_tab_limit(priced, cart, placer)
    spender = await spender_of(restaurant, placer, table)
    await check_budgets_early(restaurant, spender)
    await timing_for(cart, priced, placer, at)
    placing = Placing(
        cart=cart,
        placer=placer,
        priced=priced,
        table=table,
        invoice=None,
        pickup_at=pickup_at,
        refund_to=refund_to,
        guest_hash=await guest_hash(restaurant.id, cart.guest_id),
        spender=spender,
        delivery=delivery,
        at=at,
    )
    is_lightning = cart.payment_method is PaymentMethod.LIGHTNING
    total_msat = placing.bill.msat.total
    if not is_lightning or not total_msat or cart.tab:
        return placing
    invoice = await lightning.create_invoice(restaurant, total_msat, at)
    return replace(placing, invoice=invoice)


def _remember_till(priced: Priced, placer: Placer) -> Priced:
    """What a till takes off stays known as a till's, for when it edits the order."""
    if placer.actor.role is not Role.POS:
        return priced
    discounts = of_till(priced.terms.discounts)
    return replace(priced, terms=replace(priced.terms, discounts=discounts))


async def _store(placing: Placing, claim: Claim) -> Answer:
    """The one transaction of an order; the restaurant's row queues its writers."""
    async with transaction() as conn:
        restaurant = await _locked(conn, placing)
        order, payment, rows = await _add(conn, restaurant, placing)
        order = await _begin(conn, restaurant, placing, order)
        shown = _as_placed(order, payment, rows)
        if payment is None:  # more happened to it than being placed
            [shown] = await show_all(conn, [order])
        view = PlacedView(
            order=shown,
            order_token="",
            invoice=payment_rules.invoice_view(payment) if payment else None,
        )
        body = view.dict(exclude={"order_token"})
        answer = Answer(201, body, order.id)
        await claim.finish(conn, answer)
    if placing.invoice:
        if order.stock_reserved_at is not None and _leaves_few(placing, order):
            forget_menu(order.restaurant_id)
        wake(f"events:{order.restaurant_id}")
    else:  # it went to the kitchen, and its stock moved
        announce(order.restaurant_id, order.id)
    return answer


def _leaves_few(placing: Placing, order: Order) -> bool:
    """Is so little left that the menu may change? Else its look of every second will
    do: a menu that is fetched anew with every order costs every order."""
    available = placing.priced.snapshot.menu.available
    left = (available.get(key, 0) - n for key, n in taken_by(order.lines).items())
    return any(each <= limits.STOCK_FEW for each in left)


async def _locked(conn: Conn, placing: Placing) -> Restaurant:
    """The restaurant, still open and with the menu that the cart was priced from."""
    restaurant = await restaurants.lock(conn, placing.restaurant.id)
    if restaurant is None:
        raise NotFound("restaurant.unknown", "There is no such restaurant.")
    if not restaurant.is_open:
        raise closed()
    if restaurant.version != placing.priced.snapshot.menu.version:
        raise _MenuMoved
    await check_budgets(conn, restaurant, placing.spender)
    return restaurant


async def _add(
    conn: Conn, restaurant: Restaurant, placing: Placing
) -> tuple[Order, Payment | None, list[JournalRow]]:
    """Store the order with its number and invoice; its first lines of history."""
    at = placing.at
    day = business_day(at, restaurant.timezone, restaurant.day_starts_at)
    number = await restaurants.next_number(conn, restaurant.id, day)
    timing = await _timing(conn, restaurant, placing)
    order = _order(placing, number, day, timing)
    await orders.add(conn, order)
    payment = _payment(order, placing)
    if payment:
        await payments.add(conn, payment)
    entries = [rules.placed_entry(order, placing.placer.actor)]
    entries += await _count_discounts(conn, placing, order)
    return order, payment, await record(conn, restaurant.id, entries, at)


async def _timing(conn: Conn, restaurant: Restaurant, placing: Placing) -> Timing:
    """When it is wanted, among all that is wanted then."""
    return await timing_of(
        conn,
        restaurant,
        placing.cart.order_type,
        placing.pickup_at,
        *kitchen_amount(placing.priced),
        placing.placer.is_staff,
        placing.at,
    )


async def _begin(
    conn: Conn, restaurant: Restaurant, placing: Placing, order: Order
) -> Order:
    """Cook it, give it away, or wait for its money, with its stock promised to it
    where the owner wants that."""
    at = placing.at
    if placing.is_cooked_first:
        return await _begin_cooking(conn, restaurant, order, at)
    if not order.total_msat:
        return await _give_away(conn, restaurant, order, at)
    if restaurant.stock_policy == "reserve":
        return await reserve_for(conn, restaurant, order, at)
    return order


async def _count_discounts(conn: Conn, placing: Placing, order: Order) -> list[Entry]:
    """Count what was taken off against the limits of its discounts."""
    offers, terms = placing.priced.snapshot.offers, placing.priced.terms
    if not placing.bill.discounts:
        return []
    applied = applied_discounts(terms, placing.bill.discounts)
    return await claim_uses(
        conn,
        order.id,
        order.restaurant_id,
        applied,
        {discount.id: discount for discount in offers.discounts},
        placing.guest_hash,
        order.business_day,
        placing.at,
        placing.placer.actor,
    )


def applied_discounts(
    terms: Terms, billed: Sequence[BilledDiscount]
) -> list[tuple[Wanted, int]]:
    """What each discount of a bill took off it, in msat."""
    wanted = {(w.discount_id, w.code_id): w for w in terms.discounts if w.discount_id}
    rows = [((d.discount_id, d.code_id), d.amount_msat) for d in billed]
    return [(wanted[key], msat) for key, msat in rows if key in wanted]


def _as_placed(
    order: Order, payment: Payment | None, rows: list[JournalRow]
) -> OrderView:
    """An order that nothing happened to yet, without asking the database."""
    booked = [payment] if payment else []
    views = [payment_rules.payment_view(each) for each in booked]
    return shown_order(order, books_of(order, booked, []), rows, views)


async def _begin_cooking(
    conn: Conn, restaurant: Restaurant, order: Order, at: int
) -> Order:
    """It goes to the kitchen at once, as cash and tabs do; what it counts is taken
    now."""
    if not await take_for(conn, restaurant, order, SYSTEM, at):
        raise Conflict("stock.short", "Something in this order just sold out.")
    await conn.run(
        "UPDATE restaurant.orders SET stock_taken_at = :at WHERE id = :id",
        id=order.id,
        at=at,
    )
    entries = await print_tickets(conn, restaurant, order, at)
    await record(conn, restaurant.id, entries, at)
    begun = replace(order, stock_taken_at=at)
    waiting = replace(begun, status=rules.S.PENDING)
    await print_due_receipt(conn, restaurant, waiting, begun, entries, at)
    return begun


async def _give_away(
    conn: Conn, restaurant: Restaurant, order: Order, at: int
) -> Order:
    """A total of zero is paid by nothing: it goes on as if its money had come."""
    has_stock = await take_for(conn, restaurant, order, SYSTEM, at)
    decision = rules.on_payment(
        order, rules.Money.PAYS, 0, restaurant, SYSTEM, at, stock_short=not has_stock
    )
    sets = {"stock_taken_at": at} if has_stock else {}
    return await carry_out(conn, restaurant, order, decision, at, sets=sets)


def _order(placing: Placing, number: int, day: str, timing: Timing) -> Order:
    cart, at = placing.cart, placing.at
    restaurant, invoice = placing.restaurant, placing.invoice
    status = rules.S.ACCEPTED if placing.is_cooked_first else rules.S.PENDING
    return Order(
        id=invoice.payment_hash if invoice else system.new_id(),
        restaurant_id=restaurant.id,
        number=number,
        business_day=day,
        status=status,
        flags=frozenset(),
        cancel_reason=None,
        order_type=cart.order_type,
        payment_method=cart.payment_method,
        **billed_columns(placing.priced),
        table_id=placing.table.id if placing.table else None,
        table_name=cart.table or None,
        covers=cart.covers,
        customer_name=cart.customer_name or None,
        note=cart.note or None,
        created_at=at,
        pickup_at=placing.pickup_at,
        wanted_at=timing.wanted_at,
        quoted_minutes=timing.quoted_minutes,
        refund_to=placing.refund_to,
        is_by_guest=not placing.placer.is_staff,
        server_id=cart.server_id,
        placed_by=placing.spender.placed_by,
        address_hash=placing.spender.address_hash,
        guest_hash=placing.guest_hash,
        delivery=placing.delivery,
        is_tab=cart.tab,
        expires_at=_expires_at(placing),
        accepted_at=at if status is rules.S.ACCEPTED else None,
        lines=kitchen.first_statuses(order_lines(placing.priced)),
    )


def billed_columns(priced: Priced) -> dict[str, Any]:
    """What an order keeps of its price: sums, rates, and what they came from."""
    cart, rates = priced.cart, priced.rates
    bill, msat = cart.bill, cart.bill.msat
    return {
        "currency": bill.currency,
        "total_minor": bill.minor.total,
        "subtotal_msat": msat.subtotal,
        "discount_msat": msat.discount,
        "service_msat": msat.service,
        "tax_msat": msat.tax,
        "tip_msat": msat.tip,
        "rounding_msat": msat.rounding,
        "total_msat": msat.total,
        "rates": {code: f"{rate:f}" for code, rate in cart.rates.items()},
        "rate_at": cart.rate_at,
        "tax_inclusive": bill.tax_inclusive,
        "bill": KeptBill(
            minor=bill.minor,
            discounts=bill.discounts,
            charges=bill.charges,
            taxes=bill.taxes,
            exempt_reason=bill.exempt_reason,
            rate_sources=rates.sources,
            rate_markup_percent=rates.markup_percent,
            price_list=priced.offer.price_list,
            terms=pack_terms(priced.terms),
        ),
    }


def _expires_at(placing: Placing) -> int | None:
    """When an order that waits for its money is given up."""
    if placing.invoice:
        return placing.invoice.expires_at
    if not placing.is_cooked_first and placing.bill.msat.total:
        return placing.at + placing.restaurant.order_expiry_seconds * 1000
    return None


def order_lines(priced: Priced) -> tuple[OrderLine, ...]:
    """The lines as the order keeps them, each with its discounts and its tax."""
    return tuple(
        _line(line, billed)
        for line, billed in zip(priced.cart.lines, priced.cart.bill.lines, strict=True)
    )


def _line(line: PricedLine, billed: BilledLine) -> OrderLine:
    return OrderLine(
        id=system.new_id(),
        menu_item_id=line.menu_item_id,
        name=line.name,
        quantity=line.quantity,
        currency=line.currency,
        price_minor=line.price_minor,
        unit_msat=round_half_up(line.unit),
        line_msat=round_half_up(line.total),
        tax_rate=line.tax_rate,
        note=line.note,
        guest=line.guest,
        station=line.station,
        status="waiting",
        uses=line.uses,
        course=line.course,
        allergens=line.allergens,
        modifiers=tuple(
            LineModifier(m.modifier_id, m.name, m.quantity, m.price_delta_minor)
            for m in line.modifiers
        ),
        number=line.number,
        discount_msat=billed.discount_msat,
        tax_msat=billed.tax_msat,
        discounts=billed.discounts,
        combo=line.combo,
    )


def _payment(order: Order, placing: Placing) -> Payment | None:
    """The open payment of an order that waits for Lightning."""
    if placing.invoice is None:
        return None
    return payment_rules.lightning_payment(
        system.new_id(), order, placing.invoice, placing.placer.actor, placing.at
    )
