"""Every limit and delay of the extension, by name, with its unit and its reason.

A restaurant's own settings (order expiry, opening, …) live in its profile; what
stands here holds for every restaurant on the server.
"""

SECOND_MS = 1_000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS

# --- text and bodies -------------------------------------------------------
NAME_MAX = 120
NOTE_MAX = 500
DESCRIPTION_MAX = 2_000
URL_MAX = 2_000
BODY_MAX_BYTES = 256 * 1024
MENU_BODY_MAX_BYTES = 8 * 1024 * 1024
JSON_DEPTH_MAX = 32

# --- lists -----------------------------------------------------------------
PAGE_DEFAULT = 50
PAGE_MAX = 500
JOURNAL_SEQ_MAX = 2**53  # every JSON reader knows whole numbers up to here

# --- restaurant, devices, tables -------------------------------------------
PROFILES_KEPT_MAX = 500  # settings that stay in memory
SLUG_MAX = 60
SLUG_TRIES = 9  # name, name-2 … name-9, then a slug that nobody else can have
PERCENT_DECIMALS_MAX = 4
TIP_OPTIONS_MAX = 6
QUOTE_SECONDS_MIN = 10
QUOTE_SECONDS_MAX = 600
OPEN_ORDERS_MAX = 10_000
DEVICES_MAX = 500
STATIONS_PER_DEVICE_MAX = 50
TABLES_MAX = 2_000

# --- menu ------------------------------------------------------------------
CATEGORIES_MAX = 200
ITEMS_MAX = 5_000
GROUPS_PER_ITEM_MAX = 50
MODIFIERS_PER_GROUP_MAX = 200
GROUPS_MAX = 20_000  # in one menu
MODIFIERS_MAX = 50_000  # in one menu
ALLERGENS_MAX = 32
# Minor units; with quantities and 8 decimals it stays far within 64 bits.
PRICE_MINOR_MAX = 10**15
STOCK_MAX = 1_000_000
FAULTS_SHOWN_MAX = 200
LEFT_SHOWN_UP_TO = 5
# Another process may have written; one look per second at the version is enough.
MENU_RECHECK_MS = 1 * SECOND_MS
SCHEDULES_KEPT_MAX = 1_000  # of menu entries, that stay in memory
MENU_CACHE_MAX = 200  # restaurants whose menus stay in memory
MENU_LOAD_TRIES = 5  # a menu that is written while it is read is read again

# --- cart and order --------------------------------------------------------
LINES_MAX = 100
PIECES_MAX = 400  # lines of a cart, and the choices of its combos
QUANTITY_MAX = 999
AMOUNT_MAX = 10**18  # msat or minor units: fits every database's 64 bits
TIP_FREE_MSAT = 1_000_000_000  # 1 000 000 sat: a tip up to this is never refused
QUOTE_SECONDS = 120
ORDER_EXPIRY_SECONDS_MIN = 5
ORDER_EXPIRY_SECONDS_MAX = 86_400
OPEN_ORDERS_PER_RESTAURANT = 200
OPEN_ORDERS_PER_TABLE = 10
# Guests of one house may share an address, behind its wireless network.
OPEN_ORDERS_PER_ADDRESS = 50
OPEN_ORDERS_PER_DEVICE = 500
BUDGETS_KEPT_MAX = 10_000  # nearly spent ones that stay in memory
PROMISED_MINUTES_MAX = 24 * 60
# Money first seen later than this past the order's expiry is never cooked for.
LATE_ACCEPT_MS = 15 * MINUTE_MS

# --- stock -------------------------------------------------------------------
INGREDIENTS_MAX = 2_000
RECIPE_MAX = 50  # ingredients of one item or modifier
UNIT_MAX = 20  # characters
STOCK_CSV_ROWS_MAX = 20_000
STOCK_MOVES_MAX = 500  # by hand, in one request
STOCK_MOVES_TOLD_MAX = 500  # by one journal entry
RESERVE_PERCENT_MIN = 1
# With more than this left, what an order is promised is on the menu within a second.
STOCK_FEW = 20

# --- hours, slots, times -----------------------------------------------------
OPENING_WINDOWS_MAX = 100
SPECIAL_DAYS_MAX = 400
SPECIAL_WINDOWS_MAX = 20  # of one entry
SPECIAL_DAYS_SPAN_MAX = 366  # days that one entry may cover
LAST_ORDER_MINUTES_MAX = 12 * 60
PAUSE_MINUTES_MAX = 7 * 24 * 60
# How far ahead the next opening is looked for.
OPENING_LOOK_AHEAD_DAYS = 60
OPENING_DAYS_MAX = 31  # in one answer
SLOT_MINUTES_MIN = 5
SLOT_MINUTES_MAX = 4 * 60
SLOT_LEAD_MINUTES_MAX = 14 * 24 * 60
SLOT_DAYS_AHEAD_MAX = 60
SLOT_CAPACITY_MAX = 100_000
PREP_MINUTES_MAX = 12 * 60
LOAD_STEPS_MAX = 20
SLOTS_SUGGESTED_MAX = 5  # instead of a full one
BUSY_MINUTES_MAX = 24 * 60
# An order that is wanted later than this is not in the kitchen yet.
LOAD_AHEAD_MS = 60 * MINUTE_MS
LOADS_KEPT_MAX = 1_000  # restaurants
# The kitchen's load is counted at most so often for quotes.
LOAD_RECHECK_MS = 5 * SECOND_MS

# --- kitchen -------------------------------------------------------------------
ACCEPT_MINUTES_MAX = 24 * 60
# How loud: at once, and after each of these parts (in percent) of the time.
ALERT_PARTS = (0, 34, 67, 100)
KITCHEN_LOOK_SECONDS = 5
ALERTS_PER_ROUND = 100
KITCHEN_ORDERS_MAX = 500  # of one board
COURSES_MAX = 9
ROUNDS_PER_ORDER_MAX = 200
CALLS_OPEN_MAX = 500
CALL_KEEP_MS = 2 * HOUR_MS
CALL_SHOWN_MS = 10 * MINUTE_MS  # after it was answered
# So many calls of one table, answered or not, in this time.
CALLS_PER_TABLE_MAX = 12
CALL_WINDOW_MS = 10 * MINUTE_MS
MERGES_FOLLOWED_MAX = 20  # one order came into another, and that into a third
ADDRESS_TEXT_MAX = 500
PHONE_MAX = 40

# --- discounts, price lists, combos, charges -----------------------------------
DISCOUNTS_MAX = 500
CODES_PER_DISCOUNT_MAX = 10_000
CODES_AT_ONCE_MAX = 500
CODE_MIN = 3
CODE_MAX = 40
DISCOUNT_USES_MAX = 1_000_000_000
BUY_GET_MAX = 100
SCOPE_MAX = 1_000  # items, and categories, that a discount may name
CODES_PER_CART_MAX = 5
# Items that the discounts of a quote may name: 22 characters each, and it must fit
# into a cart's body.
SCOPE_QUOTED_MAX = 1_000
GUEST_ID_MIN = 16
GUEST_ID_MAX = 64
STAFF_DISCOUNTS_PER_CART_MAX = 20
# Wrong codes: so many per minute and address, and per minute and restaurant.
CODE_GUESSES_PER_ADDRESS = 10
CODE_GUESSES_PER_RESTAURANT = 300
CODE_GUESS_WINDOW_MS = 1 * MINUTE_MS
CODE_GUESSERS_MAX = 20_000  # addresses, and restaurants, that stay in memory
PRICE_LISTS_MAX = 50
ZONES_PER_LIST_MAX = 50
ADJUST_PERCENT_MAX = 1_000
COMBOS_MAX = 200
COMBO_GROUPS_MAX = 12
COMBO_OPTIONS_MAX = 100
COMBO_CHOICES_MAX = 20  # quantities that one combo's group may count
WINDOWS_MAX = 50
POSITION_MAX = 1_000_000  # of a price list or combo among its like
PRICE_CHANGES_TOLD_MAX = 500  # by one journal entry
CHARGES_MAX = 10
HOUSE_RATES_MAX = 20
MARKUP_PERCENT_MAX = 50

# --- tips --------------------------------------------------------------------
TIP_DAYS_MAX = 365
STAFF_MAX = 500
TIP_WEIGHT_MAX = 1_000
LATER_TIPS_PER_ORDER_MAX = 20  # open or paid, after the meal
TIP_MIN_MSAT = 1_000

# --- idempotency -----------------------------------------------------------
IDEMPOTENCY_KEY_MIN = 16
IDEMPOTENCY_KEY_MAX = 255
IDEMPOTENCY_WAIT_MS = 5 * SECOND_MS
IDEMPOTENCY_POLL_MS = 500
IDEMPOTENCY_TAKEOVER_MS = 60 * SECOND_MS
IDEMPOTENCY_KEEP_MS = 8 * DAY_MS

# --- exchange rates --------------------------------------------------------
RATE_DIGITS = 12
RATE_BAND_BPS = 2_000  # ± 20 % of the last good rate
RATE_JUMP_BPS = 200  # looks that confirm a real jump agree within 2 %
RATE_JUMP_LOOKS = 3
RATE_LOOK_GAP_MS = 20 * SECOND_MS
RATE_SERVES_MS = 10 * MINUTE_MS
RATE_REFRESH_MS = 30 * SECOND_MS
RATE_TIMEOUT_SECONDS = 8
# A source that is away is left alone for so long, while a good rate serves or not.
RATE_RETRY_SERVED_MS = 5 * SECOND_MS
RATE_RETRY_MS = 1 * SECOND_MS

# --- payments: reconciling with the node -----------------------------------
RECONCILE_SECONDS = 15
LOOKUPS_PER_ROUND = 200
LOOKUPS_PARALLEL = 8
LOOKUP_TIMEOUT_SECONDS = 20
# The younger the order, the sooner it is asked for again: age / this factor.
LOOKUP_BACKOFF_DIVISOR = 10
LOOKUP_GAP_MIN_MS = 15 * SECOND_MS
LOOKUP_GAP_MAX_MS = 6 * HOUR_MS
LOOKUP_HORIZON_MS = 7 * DAY_MS
STUCK_AFTER_MS = 60 * SECOND_MS

# --- payments ----------------------------------------------------------------
PAYMENTS_PER_ORDER_MAX = 200
PERSON_MAX = 120
ACCEPTED_PAYMENTS_MAX = 20
CASH_STEP_MINOR_MAX = 100_000
CURRENCIES_PER_RULE_MAX = 20
SHARES_MAX = 50
GUEST_NAME_MAX = 40
# A checkout at a card provider lives as long as Stripe lets one live.
CHECKOUT_SECONDS = 24 * 3_600
CARD_TIMEOUT_SECONDS = 15
# A card provider that fails so often in a row is left alone for a while.
BREAKER_FAILURES = 3
BREAKER_OPEN_MS = 60 * SECOND_MS
CARD_RETRY_MS = 5 * SECOND_MS
# Card holders may contest a payment for about four months.
DISPUTE_HORIZON_MS = 120 * DAY_MS
DISPUTE_LOOK_GAP_MS = 6 * HOUR_MS
DISPUTES_PER_ROUND = 20

# --- gift cards --------------------------------------------------------------
GIFT_CARD_CODE_BITS = 80
GIFT_CARDS_MAX = 100_000
GIFT_CARD_DAYS_MAX = 3_650

# --- refunds -----------------------------------------------------------------
REFUNDS_PER_ORDER_MAX = 50
REFUND_TO_MAX = 2_000  # characters of a bolt11 or LNURL
# An invoice that a refund is sent to lives at least so long from now.
REFUND_INVOICE_LEFT_MS = 20 * SECOND_MS
REFUND_ROUND = 20
REFUND_TRIES_MAX = 200
# Funds or a node that are missing: wait and try again, ever longer.
REFUND_RETRY_FIRST_MS = 15 * SECOND_MS
REFUND_RETRY_MAX_MS = 10 * MINUTE_MS
# Whoever took a refund for sending may take so long before others look.
REFUND_LEASE_MS = 120 * SECOND_MS
REFUND_SEND_TIMEOUT_SECONDS = 60
REFUND_LOOKUP_TIMEOUT_SECONDS = 20
REFUND_LOOP_SECONDS = 10
# LNbits' own reserve for routing is at least 2 sat, whatever the amount.
REFUND_FEE_FREE_MSAT = 10_000
WITHDRAW_DAYS_MIN = 1
WITHDRAW_DAYS_MAX = 90

# --- printing --------------------------------------------------------------
PRINT_WAIT_SECONDS_MAX = 25
PRINT_LOOK_SECONDS = 2
PRINT_LEASE_SECONDS = 60
# No lease and no pause is longer: what ends later was made before the clock went back.
PRINT_HOLDS_MS = 5 * MINUTE_MS
PRINT_ATTEMPTS_MAX = 5
# A ticket that so often came back with part of it on paper, perhaps, is not printed
# again by itself, also where each time it was its printer that broke; paper, covers
# and power are no such times.
PRINT_DOUBTS_MAX = 5
PRINT_BACKOFF_FIRST_MS = 2 * SECOND_MS
PRINT_BACKOFF_MAX_MS = 120 * SECOND_MS
PRINTER_SILENT_MS = 60 * SECOND_MS
TICKET_COLUMNS = 42
# A cash drawer that opens later than this opens in front of nobody.
DRAWER_SECONDS = 10
# A ticket that its own printer cannot print goes to the backup after so long.
PRINT_FAILOVER_MS = 60 * SECOND_MS
# What was printed of orders that are over is forgotten after so long.
PRINT_KEEP_MS = 7 * DAY_MS
PRINT_FORGET_BATCH = 200
PRINT_FORGET_SECONDS = 600
PRINTERS_MAX = 100
# Who failed and asks for work again at once has not been mended.
PRINTER_REST_MS = 2 * SECOND_MS
PRINTER_SEEN_EVERY_MS = 10 * SECOND_MS
PRINTER_COPIES_MAX = 9
# A device is hinted at once, and again for what came meanwhile after so long.
HINT_EVERY_SECONDS = 1
PRINT_RELAYS_MAX = 3
RELAY_URL_MAX = 200
RELAY_SEND_SECONDS = 3
RELAY_REST_SECONDS = 30  # after a connection that failed
# A relay that nobody used for so long is hung up on.
RELAY_IDLE_SECONDS = 600
RELAYS_MAX = 50  # connected at once, of all restaurants
RELAY_HINTS_MAX = 100  # that wait for one relay
RAIL_MM_MAX = 60
LAYOUT_TEXT_MAX = 500  # characters of a header or footer
LOGO_BYTES_MAX = 1_000_000
LOGO_WIDTH_MAX = 384  # dots: what the narrowest paper has
LOGO_HEIGHT_MAX = 400  # dots
LOGOS_KEPT_MAX = 20  # of one restaurant; jobs of the past show older ones
# Dots from top to bottom; longer paper is cut off with a visible mark.
BITMAP_HEIGHT_MAX = 60_000
PRINTER_STATUS_BYTES_MAX = 4_000
# A Star printer is asked what it is at first, and again after so long.
CLOUDPRNT_ASK_MS = DAY_MS
# An Epson printer gives up within its lease, so that the result is not late.
EPSON_TIMEOUT_MS = 50 * SECOND_MS
EPSON_XML_MAX = 2_000_000  # characters; printers refuse more
# An Epson printer that reported a fault with a job tries the next one after so long.
EPSON_REST_MS = 30 * SECOND_MS
EPSON_REST_TIMES_MAX = 4  # as long, when it fails again and again
# What it said of itself holds so long, unless it says something else.
EPSON_STATUS_HOLDS_MS = 10 * MINUTE_MS
# A Star printer that says it is still printing is believed so long.
CLOUDPRNT_PRINTING_MS = 5 * MINUTE_MS
CLOUDPRNT_MEDIA_MAX = 20  # that a printer may tell of

# --- pairing ---------------------------------------------------------------
PAIRING_CODE_LETTERS = 8
PAIRING_MS = 10 * MINUTE_MS
PAIRING_TRIES = 5
PAIRINGS_MAX = 200  # open at once on one server
PAIRINGS_PER_ADDRESS = 20  # opened within the time that one is open
PAIRING_OPENERS_MAX = 1_000  # addresses that stay in memory
PAIRING_PRINTERS_MAX = 20  # of one device
PAIRING_BODY_MAX_BYTES = 16 * 1024
# Until then who asks for one that is over is told so.
PAIRING_KEEP_MS = 1 * HOUR_MS

# --- live feeds ------------------------------------------------------------
WS_HELLO_SECONDS = 10
WS_LOOK_SECONDS = 5
WS_GUEST_LOOK_SECONDS = 10
WS_BATCH_MAX = 200
WS_PER_RESTAURANT_MAX = 200
WS_PER_ORDER_MAX = 10
WS_PER_MENU_MAX = 500  # guests who look at one menu
WS_OF_A_KIND_MAX = 1_000  # guests, and staff, on one server

# --- lamps -----------------------------------------------------------------
LAMP_LOOP_SILENT_MS = 45 * SECOND_MS
NODE_PROBE_SECONDS = 20
NODE_PROBE_TIMEOUT_SECONDS = 10
