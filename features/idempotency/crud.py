"""The table of keys. A row without an answer is a request that still runs."""

import json
from typing import Any

from ...core import limits
from ...core.ids import canonical_json
from ...crud import Conn, Row
from .models import Answer, RequestKey


async def insert_key(conn: Conn, key: RequestKey, owner: str, at: int) -> bool:
    """Take the key for the first time; False when it is there already."""
    query = """
        INSERT INTO restaurant.idempotency (scope, key, body_hash, owner, claimed_at)
        VALUES (:scope, :key, :body_hash, :owner, :at)
        ON CONFLICT (scope, key) DO NOTHING"""
    return (
        await conn.run(
            query,
            scope=key.scope,
            key=key.key,
            body_hash=key.body_hash,
            owner=owner,
            at=at,
        )
        == 1
    )


async def load_key(conn: Conn, key: RequestKey) -> Row | None:
    return await conn.one(
        "SELECT * FROM restaurant.idempotency WHERE scope = :scope AND key = :key",
        scope=key.scope,
        key=key.key,
    )


async def take_over(conn: Conn, key: RequestKey, old: Row, owner: str, at: int) -> bool:
    """Take the key of a process that died; False when somebody was faster."""
    query = """
        UPDATE restaurant.idempotency SET owner = :owner, claimed_at = :at
        WHERE scope = :scope AND key = :key AND owner = :old_owner
          AND claimed_at = :old_at AND status_code IS NULL"""
    return (
        await conn.run(
            query,
            scope=key.scope,
            key=key.key,
            owner=owner,
            at=at,
            old_owner=old["owner"],
            old_at=old["claimed_at"],
        )
        == 1
    )


async def finish(conn: Conn, key: RequestKey, owner: str, answer: Answer) -> bool:
    """Remember the answer; False when the key was taken over meanwhile."""
    query = """
        UPDATE restaurant.idempotency
        SET resource_id = :resource_id, status_code = :status, answer = :answer
        WHERE scope = :scope AND key = :key AND owner = :owner
          AND status_code IS NULL"""
    return (
        await conn.run(
            query,
            scope=key.scope,
            key=key.key,
            owner=owner,
            resource_id=answer.resource_id,
            status=answer.status,
            answer=canonical_json(answer.body),
        )
        == 1
    )


async def release(conn: Conn, key: RequestKey, owner: str) -> None:
    """Forget a request that failed, so that the key may be tried again."""
    await conn.run(
        "DELETE FROM restaurant.idempotency WHERE scope = :scope AND key = :key "
        "AND owner = :owner AND status_code IS NULL",
        scope=key.scope,
        key=key.key,
        owner=owner,
    )


async def prune(conn: Conn, at: int) -> int:
    """Drop keys older than the promised time; the number dropped."""
    return await conn.run(
        "DELETE FROM restaurant.idempotency WHERE claimed_at < :before",
        before=at - limits.IDEMPOTENCY_KEEP_MS,
    )


def stored_answer(row: Row) -> Answer:
    body: dict[str, Any] = json.loads(row["answer"])
    return Answer(
        status=row["status_code"],
        body=body,
        resource_id=row["resource_id"],
        replayed=True,
    )
