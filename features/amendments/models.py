"""Words of an edit: what is asked for, and what guests are told of it."""

from pydantic import BaseModel, Field, StrictInt, StrictStr

from ..discounts.models import StaffDiscount
from ..pricing.models import CartChoice, CartLine, CartModifier, TaxExemption


class WantedLine(BaseModel):
    """A line of the order (``line_id``) with what changes about it, or a new one as
    in a cart."""

    line_id: StrictStr | None = None
    menu_item_id: StrictStr | None = None
    combo_id: StrictStr | None = None
    quantity: StrictInt | None = None
    note: StrictStr | None = None
    guest: StrictStr | None = None
    course: StrictInt | None = None
    modifiers: list[CartModifier] = Field(default_factory=list)
    choices: list[CartChoice] = Field(default_factory=list)


class EditOrder(BaseModel):
    """Body of ``PATCH /orders/{id}``: only what is sent changes.

    ``revision`` is the one that was seen. ``items`` is the complete new list;
    ``codes`` and ``discounts`` replace all of theirs. ``line`` of a discount is a
    place in ``items``, or in the order's when none are sent.
    """

    revision: StrictInt
    items: list[WantedLine] | None = None
    codes: list[StrictStr] | None = None
    discounts: list[StaffDiscount] | None = None
    tax_exempt: TaxExemption | None = None
    table: StrictStr | None = None
    covers: StrictInt | None = None
    note: StrictStr | None = None
    server_id: StrictStr | None = None
    reason: StrictStr | None = None

    def sends(self, name: str) -> bool:
        """Was this field in the body, be it as null?"""
        return name in self.__fields_set__


class NewRound(BaseModel):
    """Body of ``POST /orders/{id}/items``: more for an order that was sent.

    ``revision`` is the one that was seen; without it the order may have changed.
    """

    items: list[CartLine]
    revision: StrictInt | None = None


class EditChange(BaseModel):
    """One thing that an edit changed, as texts; null: there was or is none.

    ``what``: added, removed, quantity, note (``name`` is the item's; null: the
    order's note), discount, tip, total (in the order's currency), tax_exempt,
    table, covers.
    """

    what: str
    name: str | None
    before: str | None
    after: str | None


class EditedView(BaseModel):
    """What the last edit changed, and when."""

    at: str
    changes: list[EditChange]
