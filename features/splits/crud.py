"""Splits and their shares. Shares never change; a split only stops being live."""

import json
from collections.abc import Iterable

from ...core.ids import canonical_json
from ...crud import Conn, Row, in_list
from ..payments.models import Part
from .models import LinePart, Portion, Share, Split, SplitKind


async def add(conn: Conn, split: Split) -> None:
    """Store a new split with its shares, in two statements."""
    await conn.insert(
        "splits",
        [
            {
                "id": split.id,
                "restaurant_id": split.restaurant_id,
                "order_id": split.order_id,
                "kind": split.kind.value,
                "is_live": split.is_live,
                "actor": split.actor,
                "created_at": split.created_at,
            }
        ],
    )
    await conn.insert(
        "split_shares",
        [_share_row(split, n, share) for n, share in enumerate(split.shares)],
    )


async def live_ids(conn: Conn, order_ids: Iterable[str]) -> dict[str, str]:
    """The ids of the splits that hold now, by order."""
    marks, values = in_list("id", order_ids)
    rows = await conn.all(
        "SELECT id, order_id FROM restaurant.splits "
        f"WHERE is_live AND order_id IN {marks}",
        **values,
    )
    return {row["order_id"]: row["id"] for row in rows}


async def live(conn: Conn, order_id: str) -> Split | None:
    """The split of an order that holds now, with its shares."""
    row = await conn.one(
        "SELECT * FROM restaurant.splits WHERE order_id = :order_id AND is_live "
        "ORDER BY created_at DESC, id LIMIT 1",
        order_id=order_id,
    )
    if row is None:
        return None
    shares = await conn.all(
        "SELECT * FROM restaurant.split_shares "
        "WHERE order_id = :order_id AND split_id = :id ORDER BY position",
        order_id=order_id,
        id=row["id"],
    )
    return _split(row, shares)


async def end(conn: Conn, split_id: str) -> bool:
    """It holds no more; False when somebody ended it meanwhile."""
    return (
        await conn.run(
            "UPDATE restaurant.splits SET is_live = FALSE WHERE id = :id AND is_live",
            id=split_id,
        )
        == 1
    )


def _share_row(split: Split, position: int, share: Share) -> Row:
    portion = share.portion
    lines = [[line.line_id, line.quantity, line.shared_by] for line in portion.lines]
    return {
        "id": share.id,
        "split_id": split.id,
        "order_id": split.order_id,
        "position": position,
        "label": portion.label,
        "amount_minor": portion.part.amount_minor,
        "amount_msat": portion.part.amount_msat,
        "lines": canonical_json(lines),
    }


def _split(row: Row, shares: list[Row]) -> Split:
    return Split(
        id=row["id"],
        restaurant_id=row["restaurant_id"],
        order_id=row["order_id"],
        kind=SplitKind(row["kind"]),
        is_live=bool(row["is_live"]),
        actor=row["actor"],
        created_at=row["created_at"],
        shares=tuple(_share(share) for share in shares),
    )


def _share(row: Row) -> Share:
    lines = tuple(LinePart(*line) for line in json.loads(row["lines"]))
    part = Part(row["amount_minor"], row["amount_msat"])
    return Share(row["id"], Portion(row["label"], part, lines))
