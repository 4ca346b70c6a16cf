"""What a lamp says."""

from pydantic import BaseModel


class LampView(BaseModel):
    """``ok`` false wants a human; ``at`` is when it was last seen well. A printer with
    neither a fault nor an ``at`` is new: it has not asked for work yet."""

    name: str
    label: str
    ok: bool
    at: str | None
    detail: str


class LampsView(BaseModel):
    data: list[LampView]
