"""The index of use cases: one line each, no logic. Doors call these."""

from .features.pricing.rules import price_line_item as _price_line_item
from .features.pricing.rules import price_to_msat as _price_to_msat
from .flows.amending import add_round, edit_order
from .flows.calling import answer_call, list_calls, raise_call
from .flows.charging import card_states
from .flows.cooking import (
    fire_course,
    kitchen_board,
    set_line_status,
    watch_unaccepted,
)
from .flows.disputing import settle_dispute, watch_disputes
from .flows.editing import (
    change_item,
    change_modifier,
    replace_menu,
)
from .flows.epson_door import epson_form
from .flows.gifting import (
    change_gift_card,
    gift_card_balance,
    gift_cards_of,
    issue_gift_card,
    show_gift_card,
)
from .flows.hinting import hint_devices
from .flows.lamps import Loops, show_lamps
from .flows.logo_keeping import put_logo, remove_logo, show_logo
from .flows.managing import (
    add_table,
    change_device,
    change_restaurant,
    change_table,
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
from .flows.menus import MenuState, StaffMenu, menu_state, public_menu, staff_menu
from .flows.merging import merge_orders
from .flows.offering import (
    add_combo,
    add_price_list,
    change_combo,
    change_price_list,
    combos_of,
    price_lists_of,
    remove_combo,
    remove_price_list,
    show_combo,
    show_price_list,
)
from .flows.opening import opening_days, pause_orders, resume_orders
from .flows.ordering import place_order
from .flows.pairing import approve_pairing, collect_pairing, open_pairing
from .flows.paying import mark_order_paid
from .flows.paying_out import (
    cancel_payout,
    pay_out_tips,
    payouts_of,
    retry_payout,
    send_due_payouts,
    show_payout,
)
from .flows.previewing import Preview, preview_job, preview_layout
from .flows.printer_keeping import (
    add_printer,
    change_printer,
    print_test,
    printers_of,
    remove_printer,
    renew_secret,
    report_printers,
)
from .flows.promoting import (
    change_discount,
    codes_of_discount,
    create_discount,
    discounts_of,
    make_codes,
    remove_code,
    remove_discount,
    show_discount,
)
from .flows.queueing import (
    JobSearch,
    ack_job,
    cancel_job,
    claim_for,
    fail_job,
    list_jobs,
    renew_job,
    reprint_job,
    reroute_job,
    retry_job,
    start_job,
    wait_for_job,
)
from .flows.quoting import Placer, quote_balance_required
from .flows.rating import refresh_rates, served_rate
from .flows.receipting import (
    print_receipt,
    receipt_file,
    show_receipt,
    tracking_url,
)
from .flows.recipe_keeping import recipes_of, set_recipe
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
from .flows.resolving import resolve_order
from .flows.scheduling import end_busy, set_busy, show_slots
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
from .flows.staffing import (
    add_member,
    change_member,
    members_of,
    remove_member,
    set_server,
)
from .flows.star_door import star_end, star_job, star_poll
from .flows.stock_keeping import (
    add_ingredient,
    change_stock,
    check_stock,
    move_stock,
    movements_of,
    remove_ingredient,
    stocks_of,
)
from .flows.stock_taking import import_stock, stock_sheet
from .flows.stocking import verify_stock
from .flows.taking import Payer, take_payment
from .flows.ticketing import forget_paper
from .flows.tipping import (
    ask_tip,
    show_tips,
    tip_balances,
    tips_of,
)
from .flows.watching import events_after, journal_head, verify_journal
from .flows.withdrawing import offer_withdraw, withdraw

__all__ = [
    "JobSearch",
    "Loops",
    "MenuState",
    "Payer",
    "Placer",
    "Preview",
    "StaffMenu",
    "_price_line_item",
    "_price_to_msat",
    "ack_job",
    "add_combo",
    "add_ingredient",
    "add_member",
    "add_price_list",
    "add_printer",
    "add_round",
    "add_table",
    "after_start",
    "answer_call",
    "approve_pairing",
    "approve_refund",
    "ask_tip",
    "cancel_by_guest",
    "cancel_job",
    "cancel_payout",
    "cancel_refund",
    "card_states",
    "change_combo",
    "change_device",
    "change_discount",
    "change_gift_card",
    "change_item",
    "change_member",
    "change_modifier",
    "change_price_list",
    "change_printer",
    "change_restaurant",
    "change_status",
    "change_stock",
    "change_table",
    "check_stock",
    "claim_for",
    "close_down",
    "codes_of_discount",
    "collect_pairing",
    "combos_of",
    "create_discount",
    "devices_of",
    "discounts_of",
    "edit_order",
    "end_busy",
    "epson_form",
    "events_after",
    "expire_orders",
    "fail_job",
    "fire_course",
    "forget_paper",
    "fresh_invoice",
    "gift_card_balance",
    "gift_cards_of",
    "hint_devices",
    "import_stock",
    "issue_gift_card",
    "journal_head",
    "kitchen_board",
    "list_calls",
    "list_jobs",
    "list_orders",
    "make_codes",
    "mark_order_paid",
    "members_of",
    "menu_state",
    "merge_orders",
    "move_stock",
    "movements_of",
    "offer_withdraw",
    "open_pairing",
    "open_restaurant",
    "opening_days",
    "order_of_refund",
    "page_of_manager",
    "pair_device",
    "pause_orders",
    "pay_out_tips",
    "payouts_of",
    "place_order",
    "preview_job",
    "preview_layout",
    "price_lists_of",
    "print_receipt",
    "print_test",
    "printers_of",
    "public_menu",
    "public_profile",
    "put_logo",
    "quote_balance_required",
    "raise_call",
    "receipt_file",
    "recipes_of",
    "reconcile_books",
    "reconcile_with_node",
    "redirect_refund",
    "refresh_rates",
    "remove_code",
    "remove_combo",
    "remove_discount",
    "remove_ingredient",
    "remove_logo",
    "remove_member",
    "remove_price_list",
    "remove_printer",
    "remove_table",
    "renew_job",
    "renew_secret",
    "renew_table_token",
    "replace_menu",
    "report_printers",
    "reprint_job",
    "request_refund",
    "reroute_job",
    "resolve_order",
    "restaurants_of",
    "resume_orders",
    "resurrect_order",
    "retry_job",
    "retry_payout",
    "revoke_device",
    "send_due_payouts",
    "send_due_refunds",
    "served_rate",
    "set_busy",
    "set_line_status",
    "set_recipe",
    "set_server",
    "settle_dispute",
    "show_combo",
    "show_discount",
    "show_gift_card",
    "show_lamps",
    "show_logo",
    "show_order",
    "show_payout",
    "show_price_list",
    "show_receipt",
    "show_refund",
    "show_refunds",
    "show_restaurant",
    "show_slots",
    "show_split",
    "show_tips",
    "split_bill",
    "staff_menu",
    "star_end",
    "star_job",
    "star_poll",
    "start_job",
    "stock_sheet",
    "stocks_of",
    "switch_method",
    "tables_of",
    "take_payment",
    "tip_balances",
    "tips_of",
    "tracking_url",
    "unsplit_bill",
    "verify_journal",
    "verify_stock",
    "wait_for_job",
    "watch_disputes",
    "watch_unaccepted",
    "withdraw",
]
