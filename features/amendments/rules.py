"""What staff may change about an order, and what that changes. Pure.

Lines that stay keep what they were ordered with; they keep their numbers as well, by
which discounts and combos know them.
"""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from ...core import limits
from ...core.errors import Conflict, Forbidden, Refused
from ...core.money import EXACT, price_text
from ...core.text import check_text
from ...models import OrderStatus
from ..bills.models import Terms
from ..discounts.models import Trigger, Wanted
from ..orders.models import LineStatus, Order, OrderLine
from ..pricing.models import Cart, CartLine, PricedLine, PricedModifier
from ..refunds.models import Refund, RefundStatus
from .models import EditChange, EditOrder, NewRound, WantedLine

#: An order is edited until it is handed over, or it ended.
EDITABLE = frozenset(
    {OrderStatus.PENDING, OrderStatus.PAID, OrderStatus.ACCEPTED, OrderStatus.READY}
)
#: More is added to what the kitchen said yes to; before that an edit does it.
SENT = frozenset({OrderStatus.ACCEPTED, OrderStatus.READY})
#: Lines that somebody cooked already, or is cooking.
_BEGUN = {LineStatus.COOKING, LineStatus.DONE}
#: Refunds that took their share of what was paid, or are about to.
_RETURNING = {
    *(RefundStatus.REQUESTED, RefundStatus.APPROVED),
    *(RefundStatus.SENDING, RefundStatus.SENT),
}
#: Terms that say nothing about what an order costs once it is placed.
_PASSING_TERMS = ("minimum_minor", "invoice_limit_sat")
#: What the parts of a combo stand for where a whole cart is checked.
_ANY_QUANTITY = 1


@dataclass(frozen=True)
class Place:
    """One place in the new list: a line that stays, as it will be, or a new one.

    ``number`` is what its lines are numbered with.
    """

    number: int
    kept: OrderLine | None = None
    new: CartLine | None = None


# --- may it be edited --------------------------------------------------------------


def check_editable(
    order: Order, refunds: Iterable[Refund], revision: int | None
) -> None:
    """Conflict ``order.edit`` once it was handed over, or it ended;
    ``order.has_refunds``; ``order.changed`` with the present ``revision``, where one
    was seen."""
    if order.status not in EDITABLE:
        raise Conflict(
            "order.edit",
            f"Order {order.number} is {order.status} and cannot be edited any more.",
            status=order.status.value,
        )
    if revision is not None and order.revision != revision:
        raise changed(order)
    if order.bill.terms is None:
        raise Conflict(
            "order.edit",
            f"Order {order.number} is of an earlier version and cannot be edited.",
            status=order.status.value,
        )
    if any(refund.status in _RETURNING for refund in refunds):
        raise Conflict(
            "order.has_refunds", "Money of this order went back; it stays as it is."
        )


def check_round(order: Order, body: NewRound, *, is_allowed: bool) -> None:
    """May this be added to a sent order? ``is_allowed``: by whoever asks.

    Forbidden ``tab.forbidden``; Refused ``cart.lines``; Conflict ``order.edit`` before
    it is sent and after it ended, ``order.changed``, ``order.rounds``.
    """
    if not is_allowed:
        raise Forbidden("tab.forbidden", "Please ask the staff to add something.")
    if not 1 <= len(body.items) <= limits.LINES_MAX:
        raise Refused(
            "cart.lines",
            f"A round has 1 to {limits.LINES_MAX} lines.",
            field="items",
        )
    if order.status not in SENT:
        raise Conflict(
            "order.edit",
            f"Order {order.number} is {order.status}; nothing can be added to it.",
            status=order.status.value,
        )
    if body.revision is not None and body.revision != order.revision:
        raise changed(order)
    if order.revision > limits.ROUNDS_PER_ORDER_MAX:
        raise Conflict("order.rounds", "Please begin another order for this.")


def round_of(order: Order, body: NewRound, *, is_guest: bool) -> EditOrder:
    """A round as an edit: all that is there stays, and this comes with it. Forbidden
    ``course.forbidden`` for guests who name a course."""
    if is_guest and any(line.course is not None for line in body.items):
        raise Forbidden("course.forbidden", "Only staff serve in courses.")
    kept = [WantedLine(line_id=line.id) for line in order.lines]
    new = [WantedLine(**line.dict()) for line in body.items]
    return EditOrder(revision=order.revision, items=[*kept, *new])


def changed(order: Order) -> Conflict:
    return Conflict(
        "order.changed",
        "Somebody else changed this order just now. Please look at it again.",
        revision=order.revision,
    )


def reason_of(edit: EditOrder) -> str | None:
    """Why, in the words of staff; Refused for what no journal takes."""
    return check_text(edit.reason or "", "reason", limits.NOTE_MAX).strip() or None


# --- lines -------------------------------------------------------------------------


def places_of(order: Order, items: Sequence[WantedLine] | None) -> list[Place]:
    """The new list, place by place; without ``items`` the order's own. More of what
    was begun is a place of its own, behind the others: it is still to be cooked.

    Refused ``cart.lines``, ``line.unknown``, ``line.repeated``, ``line.item``,
    ``line.quantity`` or ``combo.parts``, naming the place as ``line``.
    """
    if items is None:
        return [Place(line.number, line) for line in order.lines]
    if not 1 <= len(items) <= limits.PIECES_MAX:
        raise Refused("cart.lines", "At least one line stays.", field="items")
    own = {line.id: line for line in order.lines}
    number = max(line.number for line in order.lines)
    places: list[Place] = []
    more: list[OrderLine] = []
    seen: set[str] = set()
    for index, wanted in enumerate(items):
        if wanted.line_id is None:
            number += 1
            places.append(Place(number, new=_new(index, wanted)))
            continue
        if wanted.line_id in seen:
            raise _fault(index, "line.repeated", "A line is named twice.")
        seen.add(wanted.line_id)
        kept = _kept(index, wanted, own.get(wanted.line_id))
        begun = _begun_part(kept, own[wanted.line_id].quantity)
        if begun is not kept:
            more.append(_more_of(kept, begun))
        places.append(Place(kept.number, begun))
    _check_combos(order, places)
    places += [Place(number + n, kept) for n, kept in enumerate(more, 1)]
    return places


def _begun_part(line: OrderLine, quantity: int) -> OrderLine:
    """What was cooked already of a line of which there are more now."""
    is_more = line.status in _BEGUN and quantity < line.quantity <= limits.QUANTITY_MAX
    return replace(line, quantity=quantity) if is_more else line


def _more_of(line: OrderLine, begun: OrderLine) -> OrderLine:
    """The part that is still to be cooked: a line without an id yet."""
    return replace(
        line,
        id="",
        quantity=line.quantity - begun.quantity,
        status=LineStatus.WAITING.value,
        started_at=None,
        done_at=None,
    )


def _new(index: int, wanted: WantedLine) -> CartLine:
    if wanted.quantity is None:
        raise _fault(index, "line.quantity", "A new line needs a quantity.")
    return CartLine(**wanted.dict(exclude={"line_id"}))


def _kept(index: int, wanted: WantedLine, line: OrderLine | None) -> OrderLine:
    if line is None:
        raise _fault(index, "line.unknown", "This order has no such line.")
    named = (wanted.menu_item_id, wanted.combo_id, *wanted.modifiers, *wanted.choices)
    if any(each is not None for each in (*named, wanted.course)):
        raise _fault(
            *(index, "line.item"),
            "A line that stays keeps its item, modifiers and course.",
        )
    sets: dict[str, Any] = {}
    if wanted.quantity is not None and wanted.quantity != line.quantity:
        if line.combo:
            raise _fault(
                index, "combo.parts", f"{line.combo.name}: quantities stay as they are."
            )
        sets["quantity"] = wanted.quantity
    for name in ("note", "guest"):
        if name in wanted.__fields_set__:
            sets[name] = getattr(wanted, name) or None
    return replace(line, **sets)


def _check_combos(order: Order, places: Iterable[Place]) -> None:
    """A combo stays as a whole, or goes as a whole."""
    before = Counter(line.combo.bundle for line in order.lines if line.combo)
    combos = [
        (index, place.kept.combo)
        for index, place in enumerate(places)
        if place.kept and place.kept.combo
    ]
    stays = Counter(combo.bundle for _, combo in combos)
    for index, combo in combos:
        if stays[combo.bundle] != before[combo.bundle]:
            raise _fault(
                index, "combo.parts", f"{combo.name} stays or goes as a whole."
            )


def cart_of(
    order: Order, edit: EditOrder, places: Sequence[Place]
) -> tuple[Cart, list[int]]:
    """What is to be checked like a cart, new lines first, and the place of each line.

    Of a combo that stays one line stands for all. In a long order what stays as it
    is was checked before.
    """
    new = [(index, place.new) for index, place in enumerate(places) if place.new]
    kept = [
        (index, _as_cart_line(place.kept))
        for index, place in enumerate(places)
        if place.kept and not _is_further_part(places, index)
    ]
    lines = [*new, *kept] if edit.items is not None else kept[: limits.LINES_MAX]
    if len(lines) > limits.LINES_MAX:
        differs = [each for each in kept if places[each[0]].kept not in order.lines]
        lines = [*new, *differs] or kept[:1]
    cart = Cart(
        restaurant_id=order.restaurant_id,
        order_type=order.order_type,
        items=[line for _, line in lines],
        table=edit.table if edit.sends("table") else order.table_id or order.table_name,
        covers=edit.covers if edit.sends("covers") else order.covers,
        note=edit.note if edit.sends("note") else order.note,
        codes=edit.codes or [],
        discounts=edit.discounts or [],
        tax_exempt=edit.tax_exempt,
    )
    return cart, [index for index, _ in lines]


def _as_cart_line(line: OrderLine) -> CartLine:
    quantity = _ANY_QUANTITY if line.combo else line.quantity
    return CartLine(
        menu_item_id=line.menu_item_id,
        quantity=quantity,
        note=line.note,
        guest=line.guest,
    )


def _is_further_part(places: Sequence[Place], index: int) -> bool:
    kept = places[index].kept
    if kept is None or kept.combo is None:
        return False
    return any(
        earlier.kept and earlier.number == kept.number for earlier in places[:index]
    )


@contextmanager
def at_places(indexes: Sequence[int]) -> Iterator[None]:
    """Errors about a line of a cart name its place in the list that was sent."""
    try:
        yield
    except Refused as error:
        line = error.facts.get("line")
        if line is not None:
            error.facts["line"] = indexes[line]
        raise


@contextmanager
def counted_from(first: int) -> Iterator[None]:
    """Errors about a line name its place behind the ``first`` ones: in a round, what
    was there before is not in the list that was sent."""
    try:
        yield
    except Refused as error:
        line = error.facts.get("line")
        if line is not None:
            error.facts["line"] = line - first
        raise


def kept_line(line: OrderLine, step: Decimal) -> PricedLine:
    """A line as it was priced; ``step`` is its currency's smallest unit in msat."""
    extra_minor = sum(m.price_delta_minor * m.quantity for m in line.modifiers)
    own = EXACT.multiply(step, Decimal(line.price_minor))
    unit = EXACT.multiply(step, Decimal(line.price_minor + extra_minor))
    return PricedLine(
        number=line.number,
        menu_item_id=line.menu_item_id,
        name=line.name,
        quantity=line.quantity,
        currency=line.currency,
        price_minor=line.price_minor,
        tax_rate=line.tax_rate,
        note=line.note,
        guest=line.guest,
        station=line.station,
        uses=line.uses,
        course=line.course,
        allergens=line.allergens,
        modifiers=tuple(
            PricedModifier(m.modifier_id, m.name, m.quantity, m.price_delta_minor)
            for m in line.modifiers
        ),
        combo=line.combo,
        own=own,
        unit=unit,
        total=EXACT.multiply(unit, Decimal(line.quantity)),
    )


def numbered(line: PricedLine, number: int) -> PricedLine:
    """A new line with its number on the bill; its combo goes by the same."""
    combo = replace(line.combo, bundle=number) if line.combo else None
    return replace(line, number=number, combo=combo)


def continued(line: OrderLine, kept: OrderLine) -> OrderLine:
    """A priced line that stays is the same one still, as far as it was cooked; more
    of one that was begun has no id before."""
    return replace(
        line,
        id=kept.id or line.id,
        status=kept.status,
        started_at=kept.started_at,
        done_at=kept.done_at,
    )


def spent(before: Order, after: Order) -> tuple[OrderLine, ...]:
    """What an edit takes away of what was begun: eaten or wasted, it is on no shelf
    any more."""
    left = {line.id: line.quantity for line in after.lines}
    gone = [
        replace(line, quantity=line.quantity - left.get(line.id, 0))
        for line in before.lines
        if line.status in _BEGUN
    ]
    return tuple(line for line in gone if line.quantity > 0)


# --- terms -------------------------------------------------------------------------


def terms_of(
    terms: Terms,
    edit: EditOrder,
    places: Sequence[Place],
    found: Sequence[Wanted],
    covers: int | None,
) -> Terms:
    """The order's terms with what the edit replaces of them. ``found`` are the
    discounts that were asked for; the ``line`` of each is a place."""
    replaced = set()
    if edit.codes is not None:
        replaced.add(Trigger.CODE)
    if edit.discounts is not None:
        replaced.add(Trigger.STAFF)
    numbers = {place.number for place in places}
    stays = [
        wanted
        for wanted in terms.discounts
        if wanted.trigger not in replaced
        and (wanted.line is None or wanted.line in numbers)
    ]
    fresh = [on_line(wanted, places) for wanted in found if wanted.trigger in replaced]
    fresh = _as_given(fresh, terms.discounts)
    reason = terms.exempt_reason
    if edit.sends("tax_exempt"):
        reason = edit.tax_exempt.reason if edit.tax_exempt else None
    return replace(
        terms,
        discounts=(*stays, *fresh),
        exempt_reason=reason,
        covers=covers,
        minimum_minor=0,
    )


def until_now(
    discounts: Iterable[Wanted], order: Order, holding: Container[str | None]
) -> tuple[Wanted, ...]:
    """The clock's discounts whose hour is over stay for the lines that were ordered
    in it; ``holding`` are the ids of those that hold now."""
    first = max((line.number for line in order.lines), default=-1) + 1
    return tuple(
        replace(each, until_line=first)
        if each.trigger is Trigger.SCHEDULE
        and each.until_line is None
        and each.discount_id not in holding
        else each
        for each in discounts
    )


def _as_given(fresh: Iterable[Wanted], old: Iterable[Wanted]) -> list[Wanted]:
    """What the order had already stays as it was given, by whomever."""
    left, given = list(old), []
    for wanted in fresh:
        own = replace(wanted, is_tills=False)
        found = [each for each in left if replace(each, is_tills=False) == own]
        for each in found[:1]:
            left.remove(each)
        given.append(found[0] if found else wanted)
    return given


def on_line(wanted: Wanted, places: Sequence[Place]) -> Wanted:
    """A discount on a place as one on the line that stands there."""
    if wanted.line is None:
        return wanted
    return replace(wanted, line=places[wanted.line].number)


# --- what it changed ---------------------------------------------------------------


def is_same(before: Order, after: Order) -> bool:
    """Does the edit change nothing?"""
    return _essence(before) == _essence(after)


def _essence(order: Order) -> Order:
    terms = {
        name: value
        for name, value in (order.bill.terms or {}).items()
        if name not in _PASSING_TERMS
    }
    return replace(order, bill=replace(order.bill, terms=terms))


def told(before: Order, after: Order, reason: str | None) -> dict[str, Any]:
    """What the journal says of an edit: figures and ids, nobody's words but the
    reason."""
    old = {line.id: line for line in before.lines}
    new = {line.id: line for line in after.lines}
    payload: dict[str, Any] = {
        "number": after.number,
        "revision": after.revision,
        "old_total_msat": before.total_msat,
        "total_msat": after.total_msat,
        "added": [line_id for line_id in new if line_id not in old],
        "removed": [line_id for line_id in old if line_id not in new],
        "changed": [
            line_id
            for line_id, line in new.items()
            if line_id in old and line != old[line_id]
        ],
    }
    return {**payload, "reason": reason} if reason else payload


def changes(before: Order, after: Order) -> list[EditChange]:
    """What the guest is told."""
    return [*_line_changes(before, after), *_sum_changes(before, after)]


def _line_changes(before: Order, after: Order) -> Iterator[EditChange]:
    old = {line.id: line for line in before.lines}
    new_ids = {line.id for line in after.lines}
    for line in before.lines:
        if line.id not in new_ids:
            yield _change("removed", line.name, str(line.quantity), None)
    for line in after.lines:
        was = old.get(line.id)
        if was is None:
            yield _change("added", line.name, None, str(line.quantity))
            continue
        if was.quantity != line.quantity:
            yield _change("quantity", line.name, str(was.quantity), str(line.quantity))
        if was.note != line.note:
            yield _change("note", line.name, was.note, line.note)


def _sum_changes(before: Order, after: Order) -> Iterator[EditChange]:
    texts = (
        ("note", before.note, after.note),
        ("table", before.table_name, after.table_name),
        ("covers", _text(before.covers), _text(after.covers)),
        ("tax_exempt", before.bill.exempt_reason, after.bill.exempt_reason),
        ("discount", _sum(before, "discount"), _sum(after, "discount")),
        ("tip", _sum(before, "tip"), _sum(after, "tip")),
        ("total", _sum(before, "total"), _sum(after, "total")),
    )
    for what, old, new in texts:
        if old != new:
            yield _change(what, None, old, new)


def _sum(order: Order, name: str) -> str | None:
    if order.bill.minor is None:
        return None
    return price_text(getattr(order.bill.minor, name), order.currency)


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)


def _change(
    what: str, name: str | None, before: str | None, after: str | None
) -> EditChange:
    return EditChange(what=what, name=name, before=before, after=after)


def _fault(index: int, code: str, detail: str) -> Refused:
    return Refused(code, detail, line=index)
