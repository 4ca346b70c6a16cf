"""What is stored, for tests that say: nothing was, or only once."""

from __future__ import annotations

from typing import Any

OWN_TABLES = (
    *("restaurants", "categories", "menu_items", "modifier_groups", "modifiers"),
    *("devices", "dining_tables", "orders", "payments", "journal", "print_jobs"),
    *("refunds", "gift_cards", "gift_card_entries", "splits"),
    *("staff", "tips", "tip_payouts"),
    *("discounts", "discount_codes", "discount_uses"),
    *("stocks", "stock_movements", "recipes"),
)
SHARED_TABLES = ("order_lines", "idempotency")


async def snapshot(restaurant_id: str) -> dict[str, Any]:
    """Every row of one restaurant, and how many rows the shared tables have.

    When a device was last seen is left out: looking is no change.
    """
    from restaurant.crud import read

    found: dict[str, Any] = {}
    async with read() as conn:
        for table in OWN_TABLES:
            own = "id" if table == "restaurants" else "restaurant_id"
            rows = await conn.all(
                f"SELECT * FROM restaurant.{table} WHERE {own} = :id", id=restaurant_id
            )
            for row in rows:
                row.pop("last_seen_at", None)
            found[table] = sorted(rows, key=repr)
        for table in SHARED_TABLES:
            counted = await conn.one(f"SELECT COUNT(*) AS n FROM restaurant.{table}")
            found[table] = counted
    return found


async def order_ids(restaurant_id: str) -> set[str]:
    """The ids of the restaurant's orders."""
    from restaurant.crud import read

    async with read() as conn:
        rows = await conn.all(
            "SELECT id FROM restaurant.orders WHERE restaurant_id = :id",
            id=restaurant_id,
        )
    return {row["id"] for row in rows}


async def core_invoices(wallet_id: str) -> set[str]:
    """The payment hashes of all invoices that core made for this wallet."""
    from lnbits.core.crud import get_payments

    payments = await get_payments(
        wallet_id=wallet_id, incoming=True, pending=True, complete=True
    )
    return {payment.payment_hash for payment in payments}


async def clear_away() -> None:
    """End every open order without a word, so that what runs next finds none."""
    from restaurant.crud import transaction

    async with transaction() as conn:
        await conn.run(
            "UPDATE restaurant.payments SET status = 'failed', next_look_at = NULL "
            "WHERE status IN ('created', 'voided')"
        )
        await conn.run(
            "UPDATE restaurant.orders SET status = 'canceled' WHERE status = 'pending'"
        )
        await conn.run(
            "UPDATE restaurant.tip_payouts SET status = 'canceled', "
            "next_try_at = NULL WHERE status IN ('waiting', 'sending')"
        )
