"""Who works here: whose tips are whose, and where they are paid out to."""

from dataclasses import dataclass

from pydantic import BaseModel, StrictBool, StrictInt, StrictStr


@dataclass(frozen=True)
class Member:
    """Somebody who works here. Tips go to ``pay_to`` (a Lightning address or LNURL)
    or to a wallet of this LNbits; with neither they are handed over in cash.

    ``weight`` is the share of the pool; 0 takes none of it.
    """

    id: str
    restaurant_id: str
    name: str
    pay_to: str | None
    wallet_id: str | None
    weight: int
    is_active: bool
    created_at: int


class NewMember(BaseModel):
    """Body of ``POST /restaurants/{id}/staff``."""

    name: StrictStr
    pay_to: StrictStr | None = None
    wallet_id: StrictStr | None = None
    weight: StrictInt = 1
    is_active: StrictBool = True


class MemberChange(BaseModel):
    """Body of ``PATCH /staff/{id}``: what is sent changes, the rest stays. A new
    ``pay_to`` takes the place of a wallet, and the other way round; null takes it
    away."""

    name: StrictStr | None = None
    pay_to: StrictStr | None = None
    wallet_id: StrictStr | None = None
    weight: StrictInt | None = None
    is_active: StrictBool | None = None


class MemberView(BaseModel):
    """``pay_to``, ``wallet_id`` and ``weight`` are for owner and manager; tills and
    kitchens read null."""

    id: str
    name: str
    is_active: bool
    pay_to: str | None
    wallet_id: str | None
    weight: int | None


class MemberPage(BaseModel):
    """Newest first; ``next`` is the cursor of the next page, or null."""

    data: list[MemberView]
    next: str | None


class ServerBody(BaseModel):
    """Body of ``PUT /orders/{id}/server``; null: nobody any more."""

    staff_id: StrictStr | None = None


class ServerView(BaseModel):
    """Who serves an order."""

    order_id: str
    staff_id: str | None
    name: str | None
