"""Who may order what, where, and on whose budget."""

from ..adapters import system
from ..core.errors import Forbidden, Refused
from ..crud import read, server_secret
from ..features.budgets.models import Spender
from ..features.orders.models import Delivery
from ..features.pricing.models import Cart
from ..features.restaurants.models import Restaurant
from ..features.staff import crud as staff
from ..features.staff import rules as staff_rules
from ..features.tables import crud as tables
from ..features.tables import rules as table_rules
from ..features.tables.models import Table
from ..features.tabs import rules as tabs
from ..models import OrderType, PaymentMethod
from .budgeting import address_hash
from .quoting import Placer, Priced


async def spender_of(
    restaurant: Restaurant, placer: Placer, table: Table | None
) -> Spender:
    """Whose budget of unpaid orders it is on: staff know whom they order for."""
    address = None if placer.is_staff else placer.address
    return Spender(
        is_staff=placer.is_staff,
        placed_by=str(placer.actor),
        table_id=table.id if table else None,
        address_hash=await address_hash(restaurant.id, address),
    )


async def table_of(cart: Cart, restaurant: Restaurant, placer: Placer) -> Table | None:
    """The table that a token proves, or that staff named; a mere name is a label."""
    if not cart.table or not (cart.table_token or placer.is_staff):
        return None
    async with read() as conn:
        table = await tables.by_name_or_id(conn, restaurant.id, cart.table)
    if not cart.table_token:
        return table
    secret = await server_secret(system.new_secret())
    if not table or not table_rules.table_token_matches(
        secret, table, cart.table_token
    ):
        raise Forbidden(
            "table.token", "This table's code is no longer valid. Ask the staff."
        )
    return table


async def check_server(cart: Cart, placer: Placer) -> None:
    """Staff say which of them serves: somebody who works here."""
    if cart.server_id is None:
        return
    if not placer.is_staff:
        raise Forbidden("server.forbidden", "Only staff say who serves an order.")
    async with read() as conn:
        member = await staff.load(conn, cart.server_id)
    staff_rules.check_serves(member, cart.restaurant_id)


def check_cash(
    cart: Cart, restaurant: Restaurant, placer: Placer, table: Table | None
) -> None:
    if cart.payment_method is not PaymentMethod.CASH or placer.is_staff:
        return
    if not (table and cart.table_token and restaurant.cash_at_table):
        raise Forbidden("cash.forbidden", "Please order cash with the staff.")


def check_table_service(
    cart: Cart, restaurant: Restaurant, placer: Placer, table: Table | None
) -> None:
    """Courses are for staff; a tab as well, and for guests whose table may have one."""
    if placer.is_staff:
        return
    if any(line.course is not None for line in cart.items):
        raise Forbidden("course.forbidden", "Only staff serve in courses.")
    if cart.tab and not (table and cart.table_token and restaurant.tabs_at_table):
        raise Forbidden("tab.forbidden", "Please ask the staff to open a tab.")


def check_tab_limit(priced: Priced, cart: Cart, placer: Placer) -> None:
    restaurant, bill = priced.offer.restaurant, priced.cart.bill
    if cart.tab and not placer.is_staff:
        tabs.check_limit(restaurant, bill.currency, bill.minor.total)


def delivery_of(cart: Cart, placer: Placer) -> Delivery | None:
    """Where a delivery goes. Refused ``delivery.address`` when a guest did not say;
    staff may know the way."""
    if cart.order_type is not OrderType.DELIVERY:
        return None
    if cart.delivery is not None:
        return Delivery(cart.delivery.address, cart.delivery.phone or None)
    if placer.is_staff:
        return None
    raise Refused(
        "delivery.address", "Please say where to deliver.", field="delivery.address"
    )
