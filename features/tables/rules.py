"""Tables and the tokens that prove a guest sits at one. Pure."""

from ...core import fields
from ...core.ids import derive_token, same_text
from .models import NewTable, Table, TableView


def new_table(body: NewTable, restaurant_id: str, table_id: str, at: int) -> Table:
    """The table that a request asks for; Refused ``text.invalid`` for its name."""
    name = fields.check_name(body.name, "name")
    return Table(table_id, restaurant_id, name, token_version=1, created_at=at)


def token_of(secret: str, table_id: str, token_version: int) -> str:
    return derive_token(secret, "table", table_id, str(token_version))


def table_token_matches(secret: str, table: Table, token: str) -> bool:
    """Is this the table's present token? Any text may be asked about."""
    return token.isascii() and same_text(
        token, token_of(secret, table.id, table.token_version)
    )


def view(table: Table, secret: str) -> TableView:
    token = token_of(secret, table.id, table.token_version)
    return TableView(id=table.id, name=table.name, token=token)
