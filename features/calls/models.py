"""Words of calling somebody to a table."""

from dataclasses import dataclass

from pydantic import BaseModel, StrictStr

from ...models import Word


class CallKind(Word):
    """What somebody is wanted for."""

    WAITER = "waiter"
    BILL = "bill"
    HELP = "help"


@dataclass(frozen=True)
class Call:
    """One call of a table. ``answered_by`` None though it was answered: nobody came,
    it was closed by time."""

    id: str
    restaurant_id: str
    table_id: str
    table_name: str
    kind: CallKind
    created_at: int
    answered_at: int | None = None
    answered_by: str | None = None


class NewCall(BaseModel):
    """Body of ``POST /restaurants/{id}/calls``: the table with the token of its code,
    or ``order_id`` of an order at a table, with its ``X-Order-Token``."""

    kind: CallKind
    table: StrictStr | None = None
    table_token: StrictStr | None = None
    order_id: StrictStr | None = None


class RaisedView(BaseModel):
    """What a guest is told of their call."""

    id: str
    table: str
    kind: str
    created_at: str


class CallView(BaseModel):
    """A call for the staff; ``answered_by`` is who went."""

    id: str
    table_id: str
    table: str
    kind: str
    created_at: str
    answered_at: str | None
    answered_by: str | None


class CallList(BaseModel):
    data: list[CallView]
