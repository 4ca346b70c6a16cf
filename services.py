"""The index of use cases: one line each, no logic. Doors call these."""

from .features.pricing.rules import price_line_item as _price_line_item
from .features.pricing.rules import price_to_msat as _price_to_msat
from .flows.editing import (
    change_item,
    change_modifier,
    replace_menu,
)
from .flows.lamps import Loops, show_lamps
from .flows.managing import (
    add_table,
    change_restaurant,
    close_down,
    devices_of,
    open_restaurant,
    page_of_manager,
    pair_device,
    public_profile,
    remove_table,
    renew_table_token,
    restaurants_of,
    revoke_device,
    tables_of,
)
from .flows.menus import StaffMenu, public_menu, staff_menu
from .flows.ordering import Placer, place_order
from .flows.paying import mark_order_paid, take_payment
from .flows.quoting import quote_balance_required
from .flows.rating import refresh_rates, served_rate
from .flows.reconciling import (
    after_start,
    expire_orders,
    reconcile_books,
    reconcile_with_node,
)
from .flows.serving import cancel_by_guest, change_status, fresh_invoice
from .flows.showing import list_orders, show_order, show_restaurant
from .flows.ticketing import (
    JobSearch,
    ack_job,
    cancel_job,
    fail_job,
    list_jobs,
    renew_job,
    reprint_job,
    retry_job,
    start_job,
    wait_for_job,
)
from .flows.watching import events_after, journal_head, verify_journal

__all__ = [
    "JobSearch",
    "Loops",
    "Placer",
    "StaffMenu",
    "_price_line_item",
    "_price_to_msat",
    "ack_job",
    "add_table",
    "after_start",
    "cancel_by_guest",
    "cancel_job",
    "change_item",
    "change_modifier",
    "change_restaurant",
    "change_status",
    "close_down",
    "devices_of",
    "events_after",
    "expire_orders",
    "fail_job",
    "fresh_invoice",
    "journal_head",
    "list_jobs",
    "list_orders",
    "mark_order_paid",
    "open_restaurant",
    "page_of_manager",
    "pair_device",
    "place_order",
    "public_menu",
    "public_profile",
    "quote_balance_required",
    "reconcile_books",
    "reconcile_with_node",
    "refresh_rates",
    "remove_table",
    "renew_job",
    "renew_table_token",
    "replace_menu",
    "reprint_job",
    "restaurants_of",
    "retry_job",
    "revoke_device",
    "served_rate",
    "show_lamps",
    "show_order",
    "show_restaurant",
    "staff_menu",
    "start_job",
    "tables_of",
    "take_payment",
    "verify_journal",
    "wait_for_job",
]
