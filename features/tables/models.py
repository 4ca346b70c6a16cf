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
    #: The part of the house that it stands in; price lists may name it.
    zone: str | None = None


class NewTable(BaseModel):
    """Body of ``POST /restaurants/{id}/tables``."""

    name: StrictStr
    zone: StrictStr | None = None


class TableChange(BaseModel):
    """Body of ``PATCH /tables/{id}``: only what is sent changes; ``zone`` null: the
    table stands in none."""

    name: StrictStr | None = None
    zone: StrictStr | None = None


class TableView(BaseModel):
    """A table with the token that proves a guest sits there."""

    id: str
    name: str
    zone: str | None
    token: str


class TablePage(BaseModel):
    """Newest first; ``next`` is the cursor of the next page, or null."""

    data: list[TableView]
    next: str | None
