"""Words of idempotency: a key at the door, and the answer it stands for."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class RequestKey:
    """An Idempotency-Key with its scope (route, restaurant, credential) and body."""

    scope: str
    key: str
    body_hash: str


@dataclass(frozen=True)
class Answer:
    """What a creating route answers. ``secrets`` (tokens) are never stored: they
    are derived again for a replay."""

    status: int
    body: dict[str, Any]
    resource_id: str = ""
    replayed: bool = False
    secrets: dict[str, Any] = field(default_factory=dict)
