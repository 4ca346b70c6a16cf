"""One key, one effect: runs a creating use case at most once per Idempotency-Key.

Claim the key (its own transaction) → work → the use case's transaction also
stores the answer, so that a crash leaves either both or neither.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from ..adapters import system
from ..adapters.wake import Waiter, wake
from ..core import limits
from ..core.errors import Conflict, Refused
from ..crud import Conn, light_transaction
from ..features.idempotency import crud
from ..features.idempotency.models import Answer, RequestKey


@dataclass(frozen=True)
class Claim:
    """The right to do the work of one key; without a key it allows anything."""

    key: RequestKey | None
    owner: str

    async def finish(self, conn: Conn, answer: Answer) -> None:
        """Store the answer in the work's own transaction.

        Conflict when the key was taken over by another process: roll back.
        """
        if self.key and not await crud.finish(conn, self.key, self.owner, answer):
            raise _in_flight()


async def once(
    key: RequestKey | None,
    work: Callable[[Claim], Awaitable[Answer]],
    at: int,
) -> Answer:
    """The answer of ``work``, or the one it gave before for the same key.

    Refused ``idempotency.mismatch`` for another body; Conflict
    ``idempotency.in_flight`` when the first request takes longer than 5 s.
    """
    claim = Claim(key, system.new_id())
    if key is None:
        return await work(claim)
    if found := await _take(key, claim.owner, at):
        return found
    try:
        return await work(claim)
    except BaseException:
        # shielded: a request that is canceled must not keep its key for a minute
        await asyncio.shield(_release(key, claim.owner))
        raise
    finally:
        wake(_topic(key))


async def _take(key: RequestKey, owner: str, at: int) -> Answer | None:
    """None when the key is ours now, else the answer that others gave."""
    rounds = limits.IDEMPOTENCY_WAIT_MS // limits.IDEMPOTENCY_POLL_MS
    async with Waiter(_topic(key)) as waiter:
        for _ in range(rounds):
            async with light_transaction() as conn:
                if await crud.insert_key(conn, key, owner, at):
                    return None
                row = await crud.load_key(conn, key)
                if row is None:
                    continue
                if row["body_hash"] != key.body_hash:
                    raise Refused(
                        "idempotency.mismatch",
                        "This Idempotency-Key was used with another body.",
                    )
                if row["status_code"] is not None:
                    return replace(crud.stored_answer(row), replayed=True)
                is_dead = row["claimed_at"] < at - limits.IDEMPOTENCY_TAKEOVER_MS
                if is_dead and await crud.take_over(conn, key, row, owner, at):
                    return None
            await waiter.wait(limits.IDEMPOTENCY_POLL_MS / 1000)
    raise _in_flight()


async def _release(key: RequestKey, owner: str) -> None:
    async with light_transaction() as conn:
        await crud.release(conn, key, owner)


def _topic(key: RequestKey) -> str:
    return f"once:{key.scope}:{key.key}"


def _in_flight() -> Conflict:
    return Conflict(
        "idempotency.in_flight",
        "The first request with this key is still running.",
        retry_after=1,
    )
