"""The index of use cases: one line each, no logic. Doors call these."""

from .features.pricing.rules import price_line_item as _price_line_item
from .features.pricing.rules import price_to_msat as _price_to_msat
from .flows.charging import card_states
from .flows.disputing import settle_dispute, watch_disputes
from .flows.editing import (
    change_item,
    change_modifier,
    replace_menu,
)
from .flows.gifting import (
    change_gift_card,
    gift_card_balance,
    gift_cards_of,
    issue_gift_card,
    show_gift_card,
)
from .flows.lamps import Loops, show_lamps
from .flows.managing import (
    add_table,
    change_device,
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
from .flows.paying import mark_order_paid
from .flows.quoting import quote_balance_required
from .flows.rating import refresh_rates, served_rate
from .flows.reconciling import (
    after_start,
    expire_orders,
    reconcile_books,
    reconcile_with_node,
)
from .flows.refunding import (
    approve_refund,
    cancel_refund,
    order_of_refund,
    redirect_refund,
    request_refund,
    show_refund,
    show_refunds,
)
from .flows.sending import send_due_refunds
from .flows.serving import (
    cancel_by_guest,
    change_status,
    fresh_invoice,
    resurrect_order,
    switch_method,
)
from .flows.showing import list_orders, show_order, show_restaurant
from .flows.splitting import show_split, split_bill, unsplit_bill
from .flows.taking import Payer, take_payment
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
from .flows.withdrawing import offer_withdraw, withdraw

__all__ = [
    "JobSearch",
    "Loops",
    "Payer",
    "Placer",
    "StaffMenu",
    "_price_line_item",
    "_price_to_msat",
    "ack_job",
    "add_table",
    "after_start",
    "approve_refund",
    "cancel_by_guest",
    "cancel_job",
    "cancel_refund",
    "card_states",
    "change_device",
    "change_gift_card",
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
    "gift_card_balance",
    "gift_cards_of",
    "issue_gift_card",
    "journal_head",
    "list_jobs",
    "list_orders",
    "mark_order_paid",
    "offer_withdraw",
    "open_restaurant",
    "order_of_refund",
    "page_of_manager",
    "pair_device",
    "place_order",
    "public_menu",
    "public_profile",
    "quote_balance_required",
    "reconcile_books",
    "reconcile_with_node",
    "redirect_refund",
    "refresh_rates",
    "remove_table",
    "renew_job",
    "renew_table_token",
    "replace_menu",
    "reprint_job",
    "request_refund",
    "restaurants_of",
    "resurrect_order",
    "retry_job",
    "revoke_device",
    "send_due_refunds",
    "served_rate",
    "settle_dispute",
    "show_gift_card",
    "show_lamps",
    "show_order",
    "show_refund",
    "show_refunds",
    "show_restaurant",
    "show_split",
    "split_bill",
    "staff_menu",
    "start_job",
    "switch_method",
    "tables_of",
    "take_payment",
    "unsplit_bill",
    "verify_journal",
    "wait_for_job",
    "watch_disputes",
    "withdraw",
]
