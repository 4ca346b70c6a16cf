"""Words of the journal: what happened, who did it, and what links the rows."""

from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from ...models import Actor


@dataclass(frozen=True)
class Entry:
    """Something that happened, before it has a place in the journal.

    ``payload`` holds plain JSON values and never personal data.
    """

    event: str
    actor: Actor
    order_id: str | None = None
    payload: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class JournalRow:
    """One row as stored; ``at`` in milliseconds."""

    restaurant_id: str
    seq: int
    at: int
    actor: str
    event: str
    order_id: str | None
    payload: dict[str, Any]
    prev_hash: str
    hash: str


class JournalView(BaseModel):
    """One row of ``GET /restaurants/{id}/events`` and one WebSocket frame."""

    seq: int
    at: str
    actor: str
    event: str
    order_id: str | None
    payload: dict[str, Any]
    prev_hash: str
    hash: str


class JournalPage(BaseModel):
    """Oldest first; ``next`` is the ``after`` of the next page, or null."""

    data: list[JournalView]
    next: int | None
