"""What an uploaded menu is: a tree as its sender wrote it."""

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, Field

from ...core.schedules import ScheduleBody
from ...models import OrderType
from ..menu.models import Category


@dataclass(frozen=True)
class MenuDraft:
    """An uploaded menu without faults. Its ids are still those of the upload: ids
    of ours, aliases, or empty; ``stock_set`` names the items whose stock counts,
    ``modifier_stock_set`` the modifiers.
    """

    categories: tuple[Category, ...]
    stock_set: frozenset[str]
    modifier_stock_set: frozenset[str] = frozenset()


class ModifierUpload(BaseModel):
    id: str | None = None
    name: str
    price_delta: str = "0"
    stock: int | None = None
    stock_set: bool = False
    is_available: bool = True
    available_again_at: str | None = None


class GroupUpload(BaseModel):
    id: str | None = None
    name: str
    min: int = 0
    max: int | None = None
    modifiers: list[ModifierUpload] = Field(default_factory=list)


class ItemUpload(BaseModel):
    id: str | None = None
    name: str
    description: str = ""
    image_url: str | None = None
    price: str
    currency: str | None = None
    tax_rate: str | None = None
    tax_rates: dict[OrderType, str] = Field(default_factory=dict)
    stock: int | None = None
    stock_set: bool = False
    is_available: bool = True
    available_again_at: str | None = None
    is_hidden: bool = False
    schedule: ScheduleBody | None = None
    order_types: list[OrderType] = Field(default_factory=list)
    allergens: list[str] = Field(default_factory=list)
    modifier_groups: list[GroupUpload] = Field(default_factory=list)


class CategoryUpload(BaseModel):
    id: str | None = None
    name: str
    station: str | None = None
    schedule: ScheduleBody | None = None
    order_types: list[OrderType] = Field(default_factory=list)
    items: list[ItemUpload] = Field(default_factory=list)


class MenuUpload(BaseModel):
    """Body of ``PUT /restaurants/{id}/menu``, as documentation: the rules read the
    tree themselves, since they tell every fault and not the first."""

    categories: list[CategoryUpload]


def upload_schema() -> dict[str, Any]:
    """The upload's JSON schema without references, for OpenAPI."""
    schema = MenuUpload.schema()
    return dict(_inlined(schema, schema.pop("definitions")))


def _inlined(node: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(node, list):
        return [_inlined(each, definitions) for each in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        name = str(node["$ref"]).rpartition("/")[2]
        return _inlined(definitions[name], definitions)
    return {key: _inlined(each, definitions) for key, each in node.items()}
