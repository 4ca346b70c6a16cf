"""Tables and the tokens that prove a guest sits at one. Pure."""

from dataclasses import replace
from typing import Any

from ...core import fields
from ...core.errors import invalid
from ...core.ids import derive_token, same_text
from .models import NewTable, Table, TableChange, TableView


def new_table(body: NewTable, restaurant_id: str, table_id: str, at: int) -> Table:
    """The table that a request asks for; Refused ``text.invalid`` for its texts."""
    name = fields.check_name(body.name, "name")
    zone = _zone(body.zone)
    return Table(table_id, restaurant_id, name, 1, created_at=at, zone=zone)


def changed(table: Table, body: TableChange) -> Table:
    """The table with what was sent; Refused like a new one."""
    sent = body.dict(exclude_unset=True)
    values: dict[str, Any] = {}
    if "name" in sent:
        if sent["name"] is None:
            raise invalid("name", "name must not be null.")
        values["name"] = fields.check_name(sent["name"], "name")
    if "zone" in sent:
        values["zone"] = _zone(sent["zone"])
    return replace(table, **values)


def _zone(zone: str | None) -> str | None:
    return None if zone is None else fields.check_name(zone, "zone")


def token_of(secret: str, table_id: str, token_version: int) -> str:
    return derive_token(secret, "table", table_id, str(token_version))


def table_token_matches(secret: str, table: Table, token: str) -> bool:
    """Is this the table's present token? Any text may be asked about."""
    return token.isascii() and same_text(
        token, token_of(secret, table.id, table.token_version)
    )


def view(table: Table, secret: str) -> TableView:
    token = token_of(secret, table.id, table.token_version)
    return TableView(id=table.id, name=table.name, zone=table.zone, token=token)
