"""Members of the staff as they are asked for and shown. Pure."""

from dataclasses import replace
from typing import Any

from ...core import fields, limits
from ...core.errors import Conflict, NotFound, Refused, invalid
from ...core.money import MSAT_PER_SAT
from ...core.text import text_fault
from .models import Member, MemberChange, MemberView, NewMember


def new_member(body: NewMember, restaurant_id: str, member_id: str, at: int) -> Member:
    """The member that a request asks for. Refused for a wrong field."""
    draft = Member(
        *(member_id, restaurant_id, body.name, None, None),
        weight=1,
        is_active=body.is_active,
        created_at=at,
    )
    sent = body.dict()
    return changed(draft, sent)


def read_change(body: MemberChange) -> dict[str, Any]:
    """What a request changes; only what was sent. Refused for a null that means
    nothing."""
    sent = body.dict(exclude_unset=True)
    for name in ("name", "weight", "is_active"):
        if name in sent and sent[name] is None:
            raise invalid(name, f"{name} must not be null.")
    return sent


def changed(member: Member, sent: dict[str, Any]) -> Member:
    """The member with these fields. Refused ``text.invalid``, ``field.invalid``,
    ``staff.wallet``."""
    columns = dict(sent)
    if "name" in sent:
        fields.check_name(sent["name"], "name")
    if sent.get("pay_to") and sent.get("wallet_id"):
        raise invalid("wallet_id", "Send pay_to or wallet_id, not both.")
    if sent.get("pay_to") is not None:
        columns["pay_to"] = _pay_to(sent["pay_to"])
        columns["wallet_id"] = None
    elif sent.get("wallet_id") is not None:
        columns["wallet_id"] = _wallet_id(sent["wallet_id"])
        columns["pay_to"] = None
    if "weight" in sent and not 0 <= sent["weight"] <= limits.TIP_WEIGHT_MAX:
        raise invalid(
            "weight", f"weight is a whole number from 0 to {limits.TIP_WEIGHT_MAX}."
        )
    return replace(member, **columns)


def _pay_to(value: str) -> str:
    try:
        return fields.refund_address(value)
    except ValueError as error:
        raise invalid("pay_to", f"pay_to {error}.") from error


def _wallet_id(value: str) -> str:
    wallet_id = value.strip()
    if not wallet_id or text_fault(wallet_id, limits.NAME_MAX):
        raise unknown_wallet()
    return wallet_id


def differences(old: Member, new: Member) -> list[str]:
    """The names of what changed, for the journal: never what it says."""
    names = ("name", "pay_to", "wallet_id", "weight", "is_active")
    return [name for name in names if getattr(old, name) != getattr(new, name)]


def view(member: Member, *, is_manager: bool) -> MemberView:
    return MemberView(
        id=member.id,
        name=member.name,
        is_active=member.is_active,
        pay_to=member.pay_to if is_manager else None,
        wallet_id=member.wallet_id if is_manager else None,
        weight=member.weight if is_manager else None,
    )


def shares_pool(member: Member) -> bool:
    return member.is_active and member.weight > 0


def check_serves(member: Member | None, restaurant_id: str) -> Member:
    """A member who can serve. NotFound ``staff.unknown``; Refused
    ``staff.inactive``."""
    if member is None or member.restaurant_id != restaurant_id:
        raise unknown()
    if not member.is_active:
        raise Refused(
            "staff.inactive", "This person does not work here now.", field="staff_id"
        )
    return member


def check_gone(open_msat: int, under_way: int) -> None:
    """Conflict ``staff.owed`` for a member who still has a satoshi of tips to get."""
    if open_msat >= MSAT_PER_SAT or under_way:
        raise Conflict(
            "staff.owed",
            "This person has tips that are not paid out. Pay them out first.",
            open_msat=open_msat,
        )


def unknown() -> NotFound:
    return NotFound("staff.unknown", "There is no such person on your staff.")


def unknown_wallet() -> Refused:
    return Refused(
        "staff.wallet",
        "There is no such wallet on this LNbits that tips could go to.",
        field="wallet_id",
    )
