"""Things with sane defaults, so that a test only names what it is about.

Plain builders (`an_order(number=7)`) make values and need no LNbits; `stored_…` put
them into the database of the running app. Every id is new.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from restaurant.features.bills.models import Terms
    from restaurant.features.combos.models import Combo
    from restaurant.features.devices.models import Device
    from restaurant.features.menu.models import Menu, MenuItem
    from restaurant.features.orders.models import LineModifier, Order, OrderLine
    from restaurant.features.pricing.models import (
        Cart,
        FrozenLine,
        PricedCart,
        Taxing,
    )
    from restaurant.features.printing.models import PrintJob
    from restaurant.features.rates.models import Rates
    from restaurant.features.refunds.models import Refund
    from restaurant.features.restaurants.models import Restaurant

NOW = 1_790_000_000_000  # 2026-09-21T14:13:20Z
MINUTE = 60_000
_numbers = count(1)


def new_id(kind: str) -> str:
    return f"{kind}-{next(_numbers)}"


def a_restaurant(**changes: Any) -> Restaurant:
    """An open restaurant that sells in quetzales."""
    from restaurant.features.restaurants.models import Restaurant

    some_id = new_id("restaurant")
    values: dict[str, Any] = {
        "id": some_id,
        "slug": some_id,
        "wallet_id": f"wallet-of-{some_id}",
        "user_id": f"user-of-{some_id}",
        "name": "Big Jay's Bustaurant",
        "currency": "GTQ",
        "is_open": True,
        "version": 1,
        "stock_version": 1,
        "created_at": NOW,
    }
    return Restaurant(**{**values, **changes})


def a_line_modifier(name: str = "Brisket", quantity: int = 1) -> LineModifier:
    """A chosen modifier without a price of its own."""
    from restaurant.features.orders.models import LineModifier

    return LineModifier(
        modifier_id=new_id("modifier"),
        name=name,
        quantity=quantity,
        price_delta_minor=0,
    )


def a_line(name: str = "Tacos", **changes: Any) -> OrderLine:
    """One portion for the kitchen at 85.00 GTQ (13 484 sat)."""
    from restaurant.features.orders.models import OrderLine

    values: dict[str, Any] = {
        "id": new_id("line"),
        "menu_item_id": new_id("item"),
        "name": name,
        "quantity": 1,
        "currency": "GTQ",
        "price_minor": 8500,
        "unit_msat": 13_484_000,
        "line_msat": 13_484_000 * changes.get("quantity", 1),
        "tax_rate": "0",
        "note": None,
        "guest": None,
        "station": "kitchen",
        "status": "open",
        "uses": (),
        "allergens": (),
        "modifiers": (),
    }
    return OrderLine(**{**values, **changes})


def an_order(*lines: OrderLine, **changes: Any) -> Order:
    """A pickup order, paid by Lightning a minute after it was placed.

    Its sums follow from its lines: no tax, tip or discount. `status`, `flags`,
    `order_type` and `payment_method` may be given as plain words.
    """
    from restaurant.features.orders.models import Order
    from restaurant.models import Flag, OrderStatus, OrderType, PaymentMethod

    lines = lines or (a_line(),)
    total_msat = sum(line.line_msat for line in lines)
    values: dict[str, Any] = {
        "id": new_id("order"),
        "restaurant_id": "restaurant-0",
        "number": 12,
        "business_day": "2026-09-21",
        "status": "paid",
        "flags": (),
        "cancel_reason": None,
        "order_type": "pickup",
        "payment_method": "lightning",
        "currency": "GTQ",
        "total_minor": sum(line.price_minor * line.quantity for line in lines),
        "subtotal_msat": total_msat,
        "discount_msat": 0,
        "service_msat": 0,
        "tax_msat": 0,
        "tip_msat": 0,
        "rounding_msat": 0,
        "total_msat": total_msat,
        "rates": {"GTQ": "158.635"},
        "rate_at": NOW,
        "tax_inclusive": True,
        "table_id": None,
        "table_name": None,
        "covers": None,
        "customer_name": None,
        "note": None,
        "created_at": NOW - MINUTE,
        "pickup_at": None,
        "expires_at": NOW + 14 * MINUTE,
        "paid_at": NOW,
        "lines": tuple(lines),
        **changes,
    }
    values["status"] = OrderStatus(values["status"])
    values["flags"] = frozenset(map(Flag, values["flags"]))
    values["order_type"] = OrderType(values["order_type"])
    values["payment_method"] = PaymentMethod(values["payment_method"])
    return Order(**values)


def on_the_shelf(item: MenuItem) -> MenuItem:
    """The item with what its own count makes of it, as it is loaded."""
    from restaurant.features.stock.models import Use

    if item.stock is None:
        return item
    return replace(item, uses=(Use(item.id, 1),), portions=item.stock)


def a_print_job(order: Order | None = None, **changes: Any) -> PrintJob:
    """The queued kitchen ticket of an order."""
    from restaurant.features.printing import rules
    from restaurant.features.printing.models import PrintJob
    from restaurant.features.ticket_sheets import rules as sheets
    from restaurant.features.tickets import rules as tickets

    order = order or an_order()
    restaurant = a_restaurant(id=order.restaurant_id)
    ticket = tickets.plan(order, restaurant, (), NOW).tickets[0]
    values: dict[str, Any] = {
        "id": new_id("job"),
        "restaurant_id": order.restaurant_id,
        "order_id": order.id,
        "order_number": order.number,
        "station": ticket.station,
        "kind": "ticket",
        "round": 1,
        "document": ticket.document.dict(),
        "text": sheets.ticket_text(ticket.document),
        "created_at": NOW,
        "position": rules.position(NOW, 0),
    }
    return PrintJob(**{**values, **changes})


def a_refund(
    amount_msat: int = 1_000_000, status: str = "sent", **changes: Any
) -> Refund:
    """A refund by the owner that its guest fetches; of no sum in the currency."""
    from restaurant.features.refunds.models import (
        Destination,
        Refund,
        RefundRate,
        RefundStatus,
    )

    values: dict[str, Any] = {
        "id": f"refund-{amount_msat}-{status}",
        "restaurant_id": "restaurant-0",
        "order_id": "order",
        "status": RefundStatus(status),
        "amount_msat": amount_msat,
        "send_msat": amount_msat,
        "currency": "GTQ",
        "amount_minor": 0,
        "rate": RefundRate.PAID,
        "lines": (),
        "restocks": False,
        "reason": "",
        "destination": Destination.WITHDRAW,
        "value": None,
        "actor": "owner",
        "created_at": NOW,
    }
    return Refund(**{**values, **changes})


def priced(
    cart: Cart,
    menu: Menu,
    rates: Rates,
    terms: Terms,
    taxing: Taxing | None = None,
    combos: Mapping[str, Combo] | None = None,
    at: int = 0,
    frozen: Sequence[FrozenLine] | None = None,
) -> PricedCart:
    """What a cart costs; the rules one after the other, as quotes use them."""
    from restaurant.features.bills import rules as bills
    from restaurant.features.discount_amounts import rules as discount_amounts
    from restaurant.features.pricing import rules as pricing
    from restaurant.features.pricing.models import PricedCart, Taxing

    known = rates.by_currency
    pieces = pricing.pieces_of(cart, combos or {})
    taxing = taxing or Taxing(cart.order_type, {}, "0")
    lines = pricing.price_lines(pieces, menu, known, taxing, at, frozen)
    terms = replace(terms, currency=pricing.bill_currency(terms.currency, known))
    step = pricing.step_of(terms.currency, known)
    lefts = discount_amounts.reduce(
        pricing.bill_lines(lines),
        pricing.bundles_of(lines, known),
        terms.discounts,
        step,
    )
    if terms.exempt_reason and terms.tax_inclusive:
        discount_amounts.exempt(lefts, terms.exempt_reason)
    bill = bills.make_bill(lefts.reduced(), terms, step)
    return PricedCart(lines, dict(known), rates.at, bill)


# --- in the database of the running app ---------------------------------------


@dataclass(frozen=True)
class StoredDevice:
    """A paired device and the header that it shows."""

    device: Device
    header: dict[str, str]


async def stored_restaurant(wallet: Any, **changes: Any) -> Restaurant:
    """A restaurant whose owner holds `wallet`'s admin key (see `make_wallet`)."""
    from restaurant.crud import transaction
    from restaurant.features.restaurants import crud as restaurants

    owner = {"wallet_id": wallet.id, "user_id": wallet.user}
    restaurant = a_restaurant(**{**owner, **changes})
    async with transaction() as conn:
        await restaurants.add(conn, restaurant)
    return restaurant


async def stored_device(
    restaurant: Restaurant, role: str = "printer", *stations: str
) -> StoredDevice:
    """A device of the restaurant; without stations it serves all of them."""
    from restaurant.adapters import system
    from restaurant.core.ids import sha256_hex
    from restaurant.crud import transaction
    from restaurant.features.devices import crud as devices
    from restaurant.features.devices.models import TOKEN_PREFIX, Device
    from restaurant.models import Role

    token = TOKEN_PREFIX + system.new_secret()
    device = Device(
        id=new_id("device"),
        restaurant_id=restaurant.id,
        name=f"a {role}",
        role=Role(role),
        stations=stations,
        created_at=NOW,
        last_seen_at=None,
    )
    async with transaction() as conn:
        await devices.add(conn, device, sha256_hex(token))
    return StoredDevice(device, {"Authorization": f"Bearer {token}"})


async def stored_tickets(
    restaurant: Restaurant, order: Order | None = None, at: int | None = None
) -> Order:
    """The tickets of an order (by default one for the kitchen), queued now."""
    from restaurant.adapters import system
    from restaurant.adapters.wake import wake
    from restaurant.crud import transaction
    from restaurant.flows.ticketing import make_tickets

    order = order or an_order(restaurant_id=restaurant.id)
    async with transaction() as conn:
        await make_tickets(conn, restaurant, order, at or system.now())
    wake(f"print:{restaurant.id}")
    return order
