"""The database schema, append-only: one change per function, safe to run twice.

Imports nothing of ours: during an upgrade the old code is still loaded. Times are
milliseconds, prices minor units in their row's currency, Lightning amounts msat.
SQLite wants the schema before an index's name, PostgreSQL before its table.
"""

from time import time
from typing import Any

from lnbits.db import Connection


async def _index(
    db: Connection, name: str, table: str, columns: str, unique: bool = False
) -> None:
    kind = "UNIQUE INDEX" if unique else "INDEX"
    if db.type == "SQLITE":
        target = f"restaurant.{name} ON {table} ({columns})"
    else:
        target = f"{name} ON restaurant.{table} ({columns})"
    await db.execute(f"CREATE {kind} IF NOT EXISTS {target}")


async def _column(db: Connection, table: str, column: str, kind: str) -> None:
    """Add a column unless an earlier run of the same change did."""
    if db.type == "SQLITE":
        rows: list[dict[str, Any]] = await db.fetchall(
            f"PRAGMA restaurant.table_info({table})"
        )
        if any(row["name"] == column for row in rows):
            return
        await db.execute(f"ALTER TABLE restaurant.{table} ADD COLUMN {column} {kind}")
    else:
        await db.execute(
            f"ALTER TABLE restaurant.{table} ADD COLUMN IF NOT EXISTS {column} {kind}"
        )


async def m001_restaurants(db: Connection) -> None:
    """Restaurants, and what the server itself must remember (its secret)."""
    await db.execute(
        "CREATE TABLE IF NOT EXISTS restaurant.meta "
        "(name TEXT PRIMARY KEY, value TEXT NOT NULL)"
    )
    await db.execute(f"""
        CREATE TABLE IF NOT EXISTS restaurant.restaurants (
            id TEXT PRIMARY KEY,
            wallet_id TEXT NOT NULL,
            user_id TEXT NOT NULL,
            slug TEXT NOT NULL UNIQUE,
            profile TEXT NOT NULL,
            is_open BOOLEAN NOT NULL,
            menu_version {db.big_int} NOT NULL DEFAULT 1,
            stock_version {db.big_int} NOT NULL DEFAULT 1,
            journal_seq {db.big_int} NOT NULL DEFAULT 0,
            journal_hash TEXT NOT NULL DEFAULT '',
            number_day TEXT NOT NULL DEFAULT '',
            number_last {db.big_int} NOT NULL DEFAULT 0,
            created_at {db.big_int} NOT NULL,
            deleted_at {db.big_int}
        )""")
    await _index(db, "ix_restaurants_wallet", "restaurants", "wallet_id")
    await _index(db, "ix_restaurants_user", "restaurants", "user_id")


async def m002_menu(db: Connection) -> None:
    """The menu tree. Orders keep their own copy, so rows here may be deleted."""
    await db.execute(f"""
        CREATE TABLE IF NOT EXISTS restaurant.categories (
            id TEXT PRIMARY KEY,
            restaurant_id TEXT NOT NULL,
            position {db.big_int} NOT NULL,
            name TEXT NOT NULL,
            station TEXT
        )""")
    await db.execute(f"""
        CREATE TABLE IF NOT EXISTS restaurant.menu_items (
            id TEXT PRIMARY KEY,
            restaurant_id TEXT NOT NULL,
            category_id TEXT NOT NULL,
            position {db.big_int} NOT NULL,
            name TEXT NOT NULL,
            description TEXT NOT NULL,
            image_url TEXT,
            price_minor {db.big_int} NOT NULL,
            currency TEXT NOT NULL,
            tax_rate TEXT,
            stock {db.big_int},
            is_available BOOLEAN NOT NULL,
            available_again_at {db.big_int},
            is_hidden BOOLEAN NOT NULL,
            allergens TEXT NOT NULL
        )""")
    await db.execute(f"""
        CREATE TABLE IF NOT EXISTS restaurant.modifier_groups (
            id TEXT PRIMARY KEY,
            restaurant_id TEXT NOT NULL,
            menu_item_id TEXT NOT NULL,
            position {db.big_int} NOT NULL,
            name TEXT NOT NULL,
            min_quantity {db.big_int} NOT NULL,
            max_quantity {db.big_int}
        )""")
    await db.execute(f"""
        CREATE TABLE IF NOT EXISTS restaurant.modifiers (
            id TEXT PRIMARY KEY,
            restaurant_id TEXT NOT NULL,
            group_id TEXT NOT NULL,
            position {db.big_int} NOT NULL,
            name TEXT NOT NULL,
            price_delta_minor {db.big_int} NOT NULL,
            is_available BOOLEAN NOT NULL,
            available_again_at {db.big_int}
        )""")
    for table in ("categories", "menu_items", "modifier_groups", "modifiers"):
        await _index(db, f"ix_{table}_restaurant", table, "restaurant_id")


async def m003_devices_and_tables(db: Connection) -> None:
    """Devices keep only their token's hash; table tokens are derived."""
    await db.execute(f"""
        CREATE TABLE IF NOT EXISTS restaurant.devices (
            id TEXT PRIMARY KEY,
            restaurant_id TEXT NOT NULL,
            name TEXT NOT NULL,
            role TEXT NOT NULL,
            stations TEXT NOT NULL,
            token_hash TEXT NOT NULL UNIQUE,
            created_at {db.big_int} NOT NULL,
            last_seen_at {db.big_int}
        )""")
    await _index(db, "ix_devices_restaurant", "devices", "restaurant_id")
    await db.execute(f"""
        CREATE TABLE IF NOT EXISTS restaurant.dining_tables (
            id TEXT PRIMARY KEY,
            restaurant_id TEXT NOT NULL,
            name TEXT NOT NULL,
            token_version {db.big_int} NOT NULL,
            created_at {db.big_int} NOT NULL
        )""")
    await _index(
        db, "ix_dining_tables_name", "dining_tables", "restaurant_id, name", unique=True
    )


async def m004_orders(db: Connection) -> None:
    """Orders and their lines: a snapshot of everything they were priced with."""
    await db.execute(f"""
        CREATE TABLE IF NOT EXISTS restaurant.orders (
            id TEXT PRIMARY KEY,
            restaurant_id TEXT NOT NULL,
            number {db.big_int} NOT NULL,
            business_day TEXT NOT NULL,
            status TEXT NOT NULL,
            flags TEXT NOT NULL,
            cancel_reason TEXT,
            order_type TEXT NOT NULL,
            payment_method TEXT NOT NULL,
            currency TEXT NOT NULL,
            total_minor {db.big_int} NOT NULL,
            subtotal_msat {db.big_int} NOT NULL,
            discount_msat {db.big_int} NOT NULL,
            service_msat {db.big_int} NOT NULL,
            tax_msat {db.big_int} NOT NULL,
            tip_msat {db.big_int} NOT NULL,
            rounding_msat {db.big_int} NOT NULL,
            total_msat {db.big_int} NOT NULL,
            rates TEXT NOT NULL,
            rate_at {db.big_int},
            tax_inclusive BOOLEAN NOT NULL,
            table_id TEXT,
            table_name TEXT,
            covers {db.big_int},
            customer_name TEXT,
            note TEXT,
            created_at {db.big_int} NOT NULL,
            pickup_at {db.big_int},
            stock_taken_at {db.big_int},
            expires_at {db.big_int},
            paid_at {db.big_int},
            accepted_at {db.big_int},
            promised_at {db.big_int},
            ready_at {db.big_int},
            completed_at {db.big_int},
            canceled_at {db.big_int}
        )""")
    await _index(db, "ix_orders_status", "orders", "restaurant_id, status")
    await _index(db, "ix_orders_created", "orders", "restaurant_id, created_at")
    await _index(db, "ix_orders_number", "orders", "restaurant_id, number")
    await db.execute(f"""
        CREATE TABLE IF NOT EXISTS restaurant.order_lines (
            id TEXT PRIMARY KEY,
            order_id TEXT NOT NULL,
            position {db.big_int} NOT NULL,
            menu_item_id TEXT NOT NULL,
            name TEXT NOT NULL,
            quantity {db.big_int} NOT NULL,
            currency TEXT NOT NULL,
            price_minor {db.big_int} NOT NULL,
            unit_msat {db.big_int} NOT NULL,
            line_msat {db.big_int} NOT NULL,
            tax_rate TEXT NOT NULL,
            note TEXT,
            station TEXT NOT NULL,
            status TEXT NOT NULL,
            is_counted BOOLEAN NOT NULL,
            allergens TEXT NOT NULL,
            modifiers TEXT NOT NULL
        )""")
    await _index(db, "ix_order_lines_order", "order_lines", "order_id, position")


async def m005_payments(db: Connection) -> None:
    """One order, many payments; an invoice belongs to exactly one payment."""
    await db.execute(f"""
        CREATE TABLE IF NOT EXISTS restaurant.payments (
            id TEXT PRIMARY KEY,
            restaurant_id TEXT NOT NULL,
            order_id TEXT NOT NULL,
            method TEXT NOT NULL,
            status TEXT NOT NULL,
            amount_msat {db.big_int} NOT NULL,
            received_msat {db.big_int} NOT NULL DEFAULT 0,
            currency TEXT NOT NULL,
            amount_minor {db.big_int},
            tendered_minor {db.big_int},
            change_minor {db.big_int},
            wallet_id TEXT,
            payment_hash TEXT UNIQUE,
            payment_request TEXT,
            actor TEXT NOT NULL,
            created_at {db.big_int} NOT NULL,
            expires_at {db.big_int},
            captured_at {db.big_int},
            looks {db.big_int} NOT NULL DEFAULT 0,
            next_look_at {db.big_int}
        )""")
    await _index(db, "ix_payments_order", "payments", "order_id")
    await _index(db, "ix_payments_open", "payments", "status, next_look_at")


async def m006_journal(db: Connection) -> None:
    """One append-only, gapless, hash-chained history per restaurant."""
    await db.execute(f"""
        CREATE TABLE IF NOT EXISTS restaurant.journal (
            restaurant_id TEXT NOT NULL,
            seq {db.big_int} NOT NULL,
            at {db.big_int} NOT NULL,
            actor TEXT NOT NULL,
            event TEXT NOT NULL,
            order_id TEXT,
            payload TEXT NOT NULL,
            prev_hash TEXT NOT NULL,
            hash TEXT NOT NULL,
            PRIMARY KEY (restaurant_id, seq)
        )""")
    await _index(db, "ix_journal_order", "journal", "order_id")
    if db.type == "SQLITE":
        for verb in ("UPDATE", "DELETE"):
            await db.execute(f"""
                CREATE TRIGGER IF NOT EXISTS restaurant.journal_no_{verb.lower()}
                BEFORE {verb} ON journal
                BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""")
    else:
        await db.execute("""
            CREATE OR REPLACE FUNCTION restaurant.journal_is_append_only()
            RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$""")
        await db.execute(
            "DROP TRIGGER IF EXISTS journal_append_only ON restaurant.journal"
        )
        await db.execute("""
            CREATE TRIGGER journal_append_only
            BEFORE UPDATE OR DELETE ON restaurant.journal FOR EACH ROW
            EXECUTE FUNCTION restaurant.journal_is_append_only()""")


async def m007_print_jobs(db: Connection) -> None:
    """One copy of one ticket for one printer, taken by lease."""
    await db.execute(f"""
        CREATE TABLE IF NOT EXISTS restaurant.print_jobs (
            id TEXT PRIMARY KEY,
            restaurant_id TEXT NOT NULL,
            order_id TEXT,
            order_number {db.big_int},
            station TEXT NOT NULL,
            kind TEXT NOT NULL,
            round {db.big_int} NOT NULL,
            reprint_of TEXT,
            reprint_n {db.big_int} NOT NULL DEFAULT 0,
            copies {db.big_int} NOT NULL DEFAULT 1,
            state TEXT NOT NULL,
            attempts {db.big_int} NOT NULL DEFAULT 0,
            not_before {db.big_int} NOT NULL DEFAULT 0,
            lease_token TEXT,
            lease_owner TEXT,
            lease_until {db.big_int},
            started_at {db.big_int},
            printed_at {db.big_int},
            confirm TEXT,
            last_error TEXT,
            error_code TEXT,
            document TEXT NOT NULL,
            text TEXT NOT NULL,
            created_at {db.big_int} NOT NULL,
            position {db.big_int} NOT NULL
        )""")
    await _index(
        db,
        "ix_print_jobs_once",
        "print_jobs",
        "order_id, station, kind, round, reprint_n",
        unique=True,
    )
    await _index(db, "ix_print_jobs_queue", "print_jobs", "restaurant_id, state")


async def m008_idempotency(db: Connection) -> None:
    """First 2xx answers by scope and key; tokens are never part of them."""
    await db.execute(f"""
        CREATE TABLE IF NOT EXISTS restaurant.idempotency (
            scope TEXT NOT NULL,
            key TEXT NOT NULL,
            body_hash TEXT NOT NULL,
            owner TEXT NOT NULL,
            claimed_at {db.big_int} NOT NULL,
            resource_id TEXT,
            status_code {db.big_int},
            answer TEXT,
            PRIMARY KEY (scope, key)
        )""")
    await _index(db, "ix_idempotency_age", "idempotency", "claimed_at")


async def m009_rates(db: Connection) -> None:
    """The last good exchange rate per currency, and looks that disagree with it."""
    await db.execute(f"""
        CREATE TABLE IF NOT EXISTS restaurant.rates (
            currency TEXT PRIMARY KEY,
            rate TEXT NOT NULL,
            rate_at {db.big_int} NOT NULL
        )""")


async def m010_print_jobs_in_order(db: Connection) -> None:
    """Listing the queue and its past must not sort a restaurant's whole history."""
    await _index(
        db, "ix_print_jobs_position", "print_jobs", "restaurant_id, position, id"
    )


async def m011_payments_of_every_kind(db: Connection) -> None:
    """Cards, gift cards, cash rounding, who took a payment and for which share."""
    big = db.big_int
    for column, kind in (
        ("rounding_minor", f"{big} NOT NULL DEFAULT 0"),
        ("person", "TEXT"),
        ("share_id", "TEXT"),
        ("provider", "TEXT"),
        ("checkout_url", "TEXT"),
        ("gift_card_id", "TEXT"),
        ("settled_at", big),
        ("disputed_at", big),
    ):
        await _column(db, "payments", column, kind)
    await _column(db, "devices", "payment_methods", "TEXT NOT NULL DEFAULT ''")


async def m012_orders_that_get_money_back(db: Connection) -> None:
    """Where a guest wants refunds, who ate what, and a canceled order's return."""
    await _column(db, "orders", "refund_to", "TEXT")
    await _column(db, "orders", "resurrected_at", db.big_int)
    await _column(db, "orders", "is_by_guest", "BOOLEAN NOT NULL DEFAULT FALSE")
    await _column(db, "order_lines", "guest", "TEXT")


async def m013_refunds(db: Connection) -> None:
    """Money going back. An outgoing invoice belongs to exactly one refund."""
    await db.execute(f"""
        CREATE TABLE IF NOT EXISTS restaurant.refunds (
            id TEXT PRIMARY KEY,
            restaurant_id TEXT NOT NULL,
            order_id TEXT NOT NULL,
            status TEXT NOT NULL,
            amount_msat {db.big_int} NOT NULL,
            send_msat {db.big_int} NOT NULL,
            currency TEXT NOT NULL,
            amount_minor {db.big_int} NOT NULL,
            rate TEXT NOT NULL,
            lines TEXT NOT NULL,
            restocks BOOLEAN NOT NULL,
            reason TEXT NOT NULL,
            destination TEXT NOT NULL,
            value TEXT,
            gift_card_id TEXT,
            payment_request TEXT,
            payment_hash TEXT UNIQUE,
            wallet_id TEXT,
            fee_msat {db.big_int},
            problem TEXT,
            tries {db.big_int} NOT NULL DEFAULT 0,
            next_try_at {db.big_int},
            actor TEXT NOT NULL,
            person TEXT,
            approved_by TEXT,
            created_at {db.big_int} NOT NULL,
            approved_at {db.big_int},
            sending_at {db.big_int},
            sent_at {db.big_int},
            ended_at {db.big_int},
            expires_at {db.big_int}
        )""")
    await _index(db, "ix_refunds_order", "refunds", "order_id")
    await _index(db, "ix_refunds_due", "refunds", "status, next_try_at")


async def m014_gift_cards(db: Connection) -> None:
    """Store credit: a balance guarded by its WHERE, and the ledger behind it."""
    await db.execute(f"""
        CREATE TABLE IF NOT EXISTS restaurant.gift_cards (
            id TEXT PRIMARY KEY,
            restaurant_id TEXT NOT NULL,
            code_hash TEXT NOT NULL UNIQUE,
            hint TEXT NOT NULL,
            kind TEXT NOT NULL,
            currency TEXT NOT NULL,
            amount_minor {db.big_int} NOT NULL,
            balance_minor {db.big_int} NOT NULL,
            is_blocked BOOLEAN NOT NULL,
            note TEXT,
            actor TEXT NOT NULL,
            person TEXT,
            created_at {db.big_int} NOT NULL,
            expires_at {db.big_int}
        )""")
    await _index(db, "ix_gift_cards_restaurant", "gift_cards", "restaurant_id")
    await db.execute(f"""
        CREATE TABLE IF NOT EXISTS restaurant.gift_card_entries (
            id TEXT PRIMARY KEY,
            restaurant_id TEXT NOT NULL,
            gift_card_id TEXT NOT NULL,
            kind TEXT NOT NULL,
            delta_minor {db.big_int} NOT NULL,
            reference TEXT NOT NULL UNIQUE,
            actor TEXT NOT NULL,
            at {db.big_int} NOT NULL
        )""")
    await _index(db, "ix_gift_card_entries_card", "gift_card_entries", "gift_card_id")


async def m015_splits(db: Connection) -> None:
    """A bill split into shares; payments name the share that they are for."""
    await db.execute(f"""
        CREATE TABLE IF NOT EXISTS restaurant.splits (
            id TEXT PRIMARY KEY,
            restaurant_id TEXT NOT NULL,
            order_id TEXT NOT NULL,
            kind TEXT NOT NULL,
            is_live BOOLEAN NOT NULL,
            actor TEXT NOT NULL,
            created_at {db.big_int} NOT NULL
        )""")
    await _index(db, "ix_splits_order", "splits", "order_id")
    await db.execute(f"""
        CREATE TABLE IF NOT EXISTS restaurant.split_shares (
            id TEXT PRIMARY KEY,
            split_id TEXT NOT NULL,
            order_id TEXT NOT NULL,
            position {db.big_int} NOT NULL,
            label TEXT,
            amount_minor {db.big_int} NOT NULL,
            amount_msat {db.big_int} NOT NULL,
            lines TEXT NOT NULL
        )""")
    await _index(db, "ix_split_shares_order", "split_shares", "order_id")


async def m016_card_payments_by_themselves(db: Connection) -> None:
    """Looking for disputes must not read every payment that ever was."""
    await _index(db, "ix_payments_method", "payments", "method, status, next_look_at")


async def m017_bills(db: Connection) -> None:
    """What a bill is made of, frozen with its order: discounts, charges, taxes."""
    big = db.big_int
    await _column(db, "orders", "bill", "TEXT NOT NULL DEFAULT '{}'")
    await _column(db, "orders", "revision", f"{big} NOT NULL DEFAULT 1")
    await _column(db, "orders", "server_id", "TEXT")
    await _column(db, "order_lines", "discount_msat", f"{big} NOT NULL DEFAULT 0")
    await _column(db, "order_lines", "tax_msat", f"{big} NOT NULL DEFAULT 0")
    await _column(db, "order_lines", "discounts", "TEXT NOT NULL DEFAULT '[]'")
    await _column(db, "order_lines", "combo", "TEXT")
    await _column(db, "order_lines", "number", f"{big} NOT NULL DEFAULT 0")
    await _column(db, "menu_items", "tax_rates", "TEXT NOT NULL DEFAULT '{}'")
    await _column(db, "dining_tables", "zone", "TEXT")


async def m018_discounts(db: Connection) -> None:
    """Discounts, their codes, and every use with the order that it counts for."""
    await db.execute(f"""
        CREATE TABLE IF NOT EXISTS restaurant.discounts (
            id TEXT PRIMARY KEY,
            restaurant_id TEXT NOT NULL,
            document TEXT NOT NULL,
            created_at {db.big_int} NOT NULL
        )""")
    await _index(db, "ix_discounts_restaurant", "discounts", "restaurant_id")
    await db.execute(f"""
        CREATE TABLE IF NOT EXISTS restaurant.discount_codes (
            id TEXT PRIMARY KEY,
            restaurant_id TEXT NOT NULL,
            discount_id TEXT NOT NULL,
            code TEXT NOT NULL,
            created_at {db.big_int} NOT NULL
        )""")
    await _index(
        db, "ix_discount_codes_code", "discount_codes", "restaurant_id, code", True
    )
    await _index(db, "ix_discount_codes_discount", "discount_codes", "discount_id")
    await db.execute(f"""
        CREATE TABLE IF NOT EXISTS restaurant.discount_uses (
            id TEXT PRIMARY KEY,
            restaurant_id TEXT NOT NULL,
            discount_id TEXT NOT NULL,
            code_id TEXT,
            order_id TEXT NOT NULL,
            guest_hash TEXT,
            business_day TEXT NOT NULL,
            amount_msat {db.big_int} NOT NULL,
            created_at {db.big_int} NOT NULL,
            released_at {db.big_int}
        )""")
    await _index(db, "ix_discount_uses_discount", "discount_uses", "discount_id")
    await _index(db, "ix_discount_uses_order", "discount_uses", "order_id")


async def m019_price_lists_and_combos(db: Connection) -> None:
    """Other prices by order type, zone or time; several items for one price."""
    for table in ("price_lists", "combos"):
        await db.execute(f"""
            CREATE TABLE IF NOT EXISTS restaurant.{table} (
                id TEXT PRIMARY KEY,
                restaurant_id TEXT NOT NULL,
                document TEXT NOT NULL,
                created_at {db.big_int} NOT NULL
            )""")
        await _index(db, f"ix_{table}_restaurant", table, "restaurant_id")


async def m020_tips(db: Connection) -> None:
    """Whose tips are whose: a ledger apart from sales, and what was paid out."""
    big = db.big_int
    await db.execute(f"""
        CREATE TABLE IF NOT EXISTS restaurant.staff (
            id TEXT PRIMARY KEY,
            restaurant_id TEXT NOT NULL,
            name TEXT NOT NULL,
            pay_to TEXT,
            wallet_id TEXT,
            weight {big} NOT NULL,
            is_active BOOLEAN NOT NULL,
            created_at {big} NOT NULL
        )""")
    await _index(db, "ix_staff_restaurant", "staff", "restaurant_id")
    await db.execute(f"""
        CREATE TABLE IF NOT EXISTS restaurant.tips (
            id TEXT PRIMARY KEY,
            restaurant_id TEXT NOT NULL,
            order_id TEXT,
            payment_id TEXT,
            kind TEXT NOT NULL,
            reference TEXT NOT NULL UNIQUE,
            recipient TEXT NOT NULL,
            staff_id TEXT,
            amount_msat {big} NOT NULL,
            amount_minor {big} NOT NULL,
            currency TEXT NOT NULL,
            payout_id TEXT,
            at {big} NOT NULL
        )""")
    await _index(db, "ix_tips_open", "tips", "restaurant_id, payout_id, recipient")
    await _index(db, "ix_tips_order", "tips", "order_id")
    await db.execute(f"""
        CREATE TABLE IF NOT EXISTS restaurant.tip_payouts (
            id TEXT PRIMARY KEY,
            restaurant_id TEXT NOT NULL,
            staff_id TEXT NOT NULL,
            status TEXT NOT NULL,
            amount_msat {big} NOT NULL,
            destination TEXT NOT NULL,
            value TEXT,
            payment_request TEXT,
            payment_hash TEXT UNIQUE,
            wallet_id TEXT,
            fee_msat {big},
            problem TEXT,
            tries {big} NOT NULL DEFAULT 0,
            next_try_at {big},
            actor TEXT NOT NULL,
            person TEXT,
            created_at {big} NOT NULL,
            sending_at {big},
            sent_at {big},
            ended_at {big}
        )""")
    await _index(db, "ix_tip_payouts_restaurant", "tip_payouts", "restaurant_id")
    await _index(db, "ix_tip_payouts_due", "tip_payouts", "status, next_try_at")
    await _column(db, "payments", "tip_id", "TEXT")


async def m021_stock_ledger(db: Connection) -> None:
    """Counted things, and every movement of them; the figures move along.

    What the menu counted until now is the first count of the ledger.
    """
    big = db.big_int
    await db.execute(f"""
        CREATE TABLE IF NOT EXISTS restaurant.stocks (
            id TEXT PRIMARY KEY,
            restaurant_id TEXT NOT NULL,
            kind TEXT NOT NULL,
            name TEXT,
            unit TEXT,
            is_counted BOOLEAN NOT NULL,
            on_hand {big} NOT NULL,
            reserved {big} NOT NULL DEFAULT 0,
            low_at {big},
            moves {big} NOT NULL DEFAULT 0,
            created_at {big} NOT NULL
        )""")
    await _index(db, "ix_stocks_restaurant", "stocks", "restaurant_id")
    await db.execute(f"""
        CREATE TABLE IF NOT EXISTS restaurant.stock_movements (
            stock_id TEXT NOT NULL,
            seq {big} NOT NULL,
            restaurant_id TEXT NOT NULL,
            at {big} NOT NULL,
            kind TEXT NOT NULL,
            quantity {big} NOT NULL,
            on_hand_delta {big} NOT NULL,
            reserved_delta {big} NOT NULL,
            on_hand {big} NOT NULL,
            reserved {big} NOT NULL,
            reason TEXT,
            actor TEXT NOT NULL,
            order_id TEXT,
            PRIMARY KEY (stock_id, seq)
        )""")
    await _index(db, "ix_stock_movements_order", "stock_movements", "order_id")
    await _index(db, "ix_stock_movements_at", "stock_movements", "restaurant_id, at")
    await db.execute(f"""
        CREATE TABLE IF NOT EXISTS restaurant.recipes (
            restaurant_id TEXT NOT NULL,
            owner_id TEXT NOT NULL,
            stock_id TEXT NOT NULL,
            quantity {big} NOT NULL,
            PRIMARY KEY (owner_id, stock_id)
        )""")
    await _index(db, "ix_recipes_restaurant", "recipes", "restaurant_id")
    await _append_only(db, "stock_movements")
    await _column(db, "order_lines", "uses", "TEXT NOT NULL DEFAULT '[]'")
    await _column(db, "orders", "stock_reserved_at", big)
    await db.execute(
        "UPDATE restaurant.order_lines "
        "SET uses = '[[\"' || menu_item_id || '\",1]]' WHERE is_counted AND uses = '[]'"
    )
    now = {"now": int(time() * 1000)}
    await db.execute(
        """
        INSERT INTO restaurant.stocks
            (id, restaurant_id, kind, is_counted, on_hand, moves, created_at)
        SELECT id, restaurant_id, 'item', TRUE, stock, 1, :now
        FROM restaurant.menu_items WHERE stock IS NOT NULL
        ON CONFLICT (id) DO NOTHING""",
        now,
    )
    await db.execute(
        """
        INSERT INTO restaurant.stock_movements
            (stock_id, seq, restaurant_id, at, kind, quantity, on_hand_delta,
             reserved_delta, on_hand, reserved, reason, actor)
        SELECT id, 1, restaurant_id, :now, 'count', stock, stock, 0, stock, 0,
            'before the ledger', 'system'
        FROM restaurant.menu_items WHERE stock IS NOT NULL
        ON CONFLICT (stock_id, seq) DO NOTHING""",
        now,
    )


async def _append_only(db: Connection, table: str) -> None:
    """Refuse to change or delete rows, also to whoever has a database client."""
    if db.type == "SQLITE":
        for verb in ("UPDATE", "DELETE"):
            await db.execute(f"""
                CREATE TRIGGER IF NOT EXISTS restaurant.{table}_no_{verb.lower()}
                BEFORE {verb} ON {table}
                BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END""")
        return
    await db.execute(f"""
        CREATE OR REPLACE FUNCTION restaurant.{table}_is_append_only()
        RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$""")
    await db.execute(
        f"DROP TRIGGER IF EXISTS {table}_append_only ON restaurant.{table}"
    )
    await db.execute(f"""
        CREATE TRIGGER {table}_append_only
        BEFORE UPDATE OR DELETE ON restaurant.{table} FOR EACH ROW
        EXECUTE FUNCTION restaurant.{table}_is_append_only()""")


async def m022_menus_by_time(db: Connection) -> None:
    """When, and for which order types, a category or an item is offered."""
    for table in ("categories", "menu_items"):
        await _column(db, table, "schedule", "TEXT")
        await _column(db, table, "order_types", "TEXT NOT NULL DEFAULT ''")


async def m023_kitchen(db: Connection) -> None:
    """When orders are wanted, where they go, how their lines come along."""
    big = db.big_int
    for column, kind in (
        ("placed_by", "TEXT NOT NULL DEFAULT ''"),
        ("guest_hash", "TEXT"),
        ("address_hash", "TEXT"),
        ("wanted_at", big),
        ("quoted_minutes", big),
        ("delivery", "TEXT"),
        ("is_tab", "BOOLEAN NOT NULL DEFAULT FALSE"),
        ("merged_into", "TEXT"),
        ("alert_level", f"{big} NOT NULL DEFAULT 0"),
        ("alert_from", big),
    ):
        await _column(db, "orders", column, kind)
    for column in ("course", "started_at", "done_at"):
        await _column(db, "order_lines", column, big)
    await _index(db, "ix_orders_wanted", "orders", "restaurant_id, wanted_at")
    await _index(db, "ix_orders_address", "orders", "restaurant_id, address_hash")
    await _index(db, "ix_orders_merged", "orders", "merged_into")


async def m024_calls(db: Connection) -> None:
    """Guests at a table who want somebody to come."""
    big = db.big_int
    await db.execute(f"""
        CREATE TABLE IF NOT EXISTS restaurant.calls (
            id TEXT PRIMARY KEY,
            restaurant_id TEXT NOT NULL,
            table_id TEXT NOT NULL,
            table_name TEXT NOT NULL,
            kind TEXT NOT NULL,
            created_at {big} NOT NULL,
            answered_at {big},
            answered_by TEXT
        )""")
    await _index(db, "ix_calls_open", "calls", "restaurant_id, answered_at")


async def m025_printers(db: Connection) -> None:
    """Printers with their rules and looks, pairing codes, and logos for paper."""
    big = db.big_int
    await db.execute(f"""
        CREATE TABLE IF NOT EXISTS restaurant.printers (
            id TEXT PRIMARY KEY,
            restaurant_id TEXT NOT NULL,
            name TEXT NOT NULL,
            kind TEXT NOT NULL,
            created_at {big} NOT NULL,
            device_id TEXT,
            local_name TEXT,
            secret_hash TEXT,
            stations TEXT NOT NULL DEFAULT '[]',
            order_types TEXT NOT NULL DEFAULT '',
            copies {big} NOT NULL DEFAULT 1,
            layout TEXT NOT NULL DEFAULT '{{}}',
            backup_id TEXT,
            is_paused BOOLEAN NOT NULL DEFAULT FALSE,
            fault TEXT,
            fault_at {big},
            status TEXT NOT NULL DEFAULT '{{}}',
            status_at {big},
            last_seen_at {big},
            poll_seconds {big}
        )""")
    await _index(db, "ix_printers_restaurant", "printers", "restaurant_id")
    await _index(db, "ix_printers_secret", "printers", "secret_hash", unique=True)
    await _index(
        db, "ix_printers_local", "printers", "device_id, local_name", unique=True
    )
    await db.execute(f"""
        CREATE TABLE IF NOT EXISTS restaurant.pairings (
            id TEXT PRIMARY KEY,
            code_hash TEXT NOT NULL UNIQUE,
            secret_hash TEXT NOT NULL,
            name TEXT NOT NULL,
            printers TEXT NOT NULL,
            created_at {big} NOT NULL,
            expires_at {big} NOT NULL,
            restaurant_id TEXT,
            device_id TEXT,
            approved_at {big},
            collected_at {big}
        )""")
    await _index(db, "ix_pairings_expiry", "pairings", "expires_at")
    await db.execute(f"""
        CREATE TABLE IF NOT EXISTS restaurant.logos (
            sha256 TEXT NOT NULL,
            restaurant_id TEXT NOT NULL,
            width {big} NOT NULL,
            height {big} NOT NULL,
            dots TEXT NOT NULL,
            created_at {big} NOT NULL,
            PRIMARY KEY (restaurant_id, sha256)
        )""")
    for column, kind in (
        ("printer_id", "TEXT"),
        ("taken_by", "TEXT"),
        ("failover_from", "TEXT"),
        ("order_type", "TEXT"),
        ("layout", "TEXT"),
        ("bitmap_sha256", "TEXT"),
        ("wire_id", "TEXT"),
    ):
        await _column(db, "print_jobs", column, kind)
    await _index(db, "ix_print_jobs_wire", "print_jobs", "wire_id")
    await _index(db, "ix_print_jobs_age", "print_jobs", "restaurant_id, created_at")


async def m026_wake_keys(db: Connection) -> None:
    """The key by which a device is woken over Nostr."""
    await _column(db, "devices", "wake_key", "TEXT")


async def m027_print_doubts(db: Connection) -> None:
    """How often a ticket came back of which part may be on paper, and when a printer
    without leases first read it."""
    await _column(db, "print_jobs", "doubts", f"{db.big_int} NOT NULL DEFAULT 0")
    await _column(db, "print_jobs", "read_at", db.big_int)
