"""Words of merging: which order comes into another."""

from pydantic import BaseModel, StrictInt, StrictStr


class MergeOrders(BaseModel):
    """Body of ``POST /orders/{id}/merge``: ``order_id`` comes into the order of the
    path. ``revision`` is that of the order of the path, where one was seen."""

    order_id: StrictStr
    revision: StrictInt | None = None
