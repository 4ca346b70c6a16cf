"""What OpenAPI says of our routes beside their bodies: who may, and what may be null.

Routes declare, this describes: nothing here lets anybody in or refuses anybody.
"""

from collections.abc import Iterable
from typing import Any

from fastapi import Security
from fastapi.params import Depends
from fastapi.security import APIKeyHeader, HTTPBearer
from pydantic import BaseModel
from pydantic.fields import ModelField
from pydantic.schema import get_flat_models_from_fields

#: The package of this extension, whatever LNbits calls it.
_PACKAGE = __name__.removesuffix("adapters.describing")
_NULL = {"type": "null"}

# --- credentials ---------------------------------------------------------------------

_KEY = APIKeyHeader(
    name="X-Api-Key",
    scheme_name="RestaurantKey",
    description="The wallet's admin key is the owner's; its invoice key only reads.",
    auto_error=False,
)
_LOGIN = HTTPBearer(
    scheme_name="RestaurantLogin",
    bearerFormat="JWT",
    description="The LNbits account that owns the wallet is its owner too. Pages of "
    "this server send the cookie of LNbits' login instead.",
    auto_error=False,
)
_DEVICE = HTTPBearer(
    scheme_name="RestaurantDevice",
    bearerFormat="rdt_…",
    description="A device's token: printer, kds, pos or manager.",
    auto_error=False,
)
_ORDER = APIKeyHeader(
    name="X-Order-Token",
    scheme_name="RestaurantOrder",
    description="The guest's token for one order, from the answer to placing it.",
    auto_error=False,
)

#: For ``dependencies=``. Any one of them will do; the first is what every route that
#: declares a 401 takes unless it says otherwise.
STAFF: list[Depends] = [Security(_KEY), Security(_LOGIN), Security(_DEVICE)]
STAFF_OR_GUEST: list[Depends] = [*STAFF, Security(_ORDER)]
KEY_ONLY: list[Depends] = [Security(_KEY)]
DEVICE_ONLY: list[Depends] = [Security(_DEVICE)]


def or_nobody() -> dict[str, Any]:
    """The ``openapi_extra=`` of a route that staff's credential tells more or opens
    more, and that is public without one."""
    return {"security": [{}]}


def credentials_of(options: dict[str, Any]) -> list[Depends]:
    """The dependencies of a route with these options: what it declares, or staff's
    credentials where it may answer 401 or tells staff more."""
    declared = list(options.get("dependencies") or ())
    has_any = 401 in options["responses"] or "security" in (
        options.get("openapi_extra") or {}
    )
    return declared or (STAFF if has_any else [])


# --- nulls ---------------------------------------------------------------------------


def mark_nulls(fields: Iterable[Any]) -> None:
    """Let the schemas of our models behind these fields of a route say what may be
    null, which pydantic 1 leaves out. A route without a body has None in its place."""
    for model in get_flat_models_from_fields(list(filter(None, fields)), set()):
        is_ours = model.__module__.startswith(_PACKAGE)
        if is_ours and issubclass(model, BaseModel):
            # Looked up on the class: a plain function, called with both.
            setattr(model.__config__, "schema_extra", _with_nulls)  # noqa: B010


def _with_nulls(schema: dict[str, Any], model: type[BaseModel]) -> None:
    shown = schema.get("properties", {})
    for field in model.__fields__.values():
        if field.alias in shown:
            shown[field.alias] = _nullable(shown[field.alias], field)


def _nullable(schema: dict[str, Any], field: ModelField) -> dict[str, Any]:
    """The schema of a field, or of what a list or a dict holds."""
    if field.sub_fields and field.type_ is not field.outer_type_:
        for place in ("items", "additionalProperties"):
            if isinstance(schema.get(place), dict):
                held = _nullable(schema[place], field.sub_fields[0])
                schema = {**schema, place: held}
    says_what = {"type", "$ref", "allOf", "anyOf", "enum"} & schema.keys()
    if not field.allow_none or not says_what:
        return schema
    told: dict[str, Any] = {
        name: schema[name] for name in ("title", "description") if name in schema
    }
    bare = {name: value for name, value in schema.items() if name not in told}
    return {**told, "anyOf": [bare, _NULL]}
