"""Words of a way out for a paid order with something in it that is not there."""

from pydantic import BaseModel, Field, StrictStr

from ...models import Word
from ..pricing.models import CartLine


class Way(Word):
    """``refund_line``: leave it out, its money goes back. ``substitute``: something
    else instead, never dearer for the guest. ``make_anyway``: it is there after
    all."""

    REFUND_LINE = "refund_line"
    SUBSTITUTE = "substitute"
    MAKE_ANYWAY = "make_anyway"


class Resolution(BaseModel):
    """Body of ``POST /orders/{id}/resolve``.

    ``line_ids`` name the lines that are not there; empty: those that are sold out or
    switched off now. ``items`` are cart lines that come instead of them.
    """

    way: Way
    line_ids: list[StrictStr] = Field(default_factory=list)
    items: list[CartLine] = Field(default_factory=list)
    reason: StrictStr | None = None
