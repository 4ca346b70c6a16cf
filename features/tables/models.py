"""What a dining table is."""

from dataclasses import dataclass

from pydantic import BaseModel, StrictStr


@dataclass(frozen=True)
class Table:
    """A table of a restaurant. Its token derives from id and ``token_version``."""

    id: str
    restaurant_id: str
    name: str
    token_version: int
    created_at: int


class NewTable(BaseModel):
    """Body of ``POST /restaurants/{id}/tables``."""

    name: StrictStr


class TableView(BaseModel):
    """A table with the token that proves a guest sits there."""

    id: str
    name: str
    token: str


class TablePage(BaseModel):
    """Newest first; ``next`` is the cursor of the next page, or null."""

    data: list[TableView]
    next: str | None
