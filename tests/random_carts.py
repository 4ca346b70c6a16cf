"""Random carts as plain data, and the same as the rules want them."""

from collections.abc import Sequence
from decimal import Decimal
from random import Random
from typing import Any

from builders import priced
from restaurant.core.errors import Refused
from restaurant.core.schedules import ALWAYS
from restaurant.features.bills.models import Bill, Charge, Terms, Tip
from restaurant.features.combos.models import Combo, ComboGroup, ComboOption
from restaurant.features.discounts.models import DiscountKind, Trigger, Wanted
from restaurant.features.menu.models import (
    Category,
    Menu,
    MenuItem,
    Modifier,
    ModifierGroup,
)
from restaurant.features.pricing.models import (
    Cart,
    CartChoice,
    CartLine,
    CartModifier,
    PricedCart,
    PricedLine,
    Taxing,
)
from restaurant.features.rates.models import Rates
from restaurant.features.restaurants.models import TaxRounding
from restaurant.models import OrderType, PaymentMethod

FIAT = ("GTQ", "EUR", "JPY", "KWD", "BHD")
LIGHTNING = ("sat", "msat", "BTC")
TAXES = ("0", "0", "2.6", "5", "7", "8", "8.1", "8.875", "10", "12", "19", "20", "50")
TYPES = ("dine_in", "pickup", "delivery")
NO_LIMIT = 10**60

Facts = dict[str, Any]


def ten_thousandths(percent: str) -> int:
    return int(Decimal(percent) * 10_000)


# --- making them up ----------------------------------------------------------------


class Maker:
    """Makes up one cart; the same random numbers make the same."""

    def __init__(self, random: Random) -> None:
        self.r = random
        self.chance = random.random

    def facts(self) -> Facts:
        r = self.r
        own = r.choice((*FIAT, *FIAT, "sat", "msat"))
        also = r.choice(FIAT + LIGHTNING)
        self.currencies = (own, own, own, also)
        self.rates = {code: self.rate() for code in {own, also} & set(FIAT)}
        self.items = {f"i{n}": self.item() for n in range(r.randint(1, 5))}
        self.combos = {"c": self.combo()} if self.chance() < 0.3 else {}
        lines = [self.line() for _ in range(self.few(12))]
        facts: Facts = {
            "currency": own,
            "rates": self.rates,
            "type": r.choice(TYPES),
            "items": self.items,
            "combos": self.combos,
            "lines": lines,
            "tax": self.percent(TAXES),
            "taxes": self.taxes(0.3),
            "inclusive": self.chance() < 0.5,
            "rounding": r.choice(("exact", "line", "rate")),
            "discounts": [self.discount(n, lines) for n in range(self.few(6) - 1)],
            "charges": [self.charge(n) for n in range(self.few(4) - 1)],
            "exempt": self.chance() < 0.1,
            "covers": r.choice((None, 1, 2, 6, 8)),
            "tip": self.tip(),
            "minimum": self.money() if self.chance() < 0.05 else 0,
        }
        if self.chance() < 0.1:
            self.to_the_unit(facts)
        if self.chance() < 0.2 and not self.needs_own_rate(facts):
            self.rates.pop(own, None)
        return facts

    def few(self, most: int) -> int:
        """From 1 to the most, small numbers more often."""
        return self.r.randint(1, self.r.randint(1, most))

    def rate(self) -> str:
        digits = self.r.randint(1, 12)
        number = self.r.randint(10 ** (digits - 1), 10**digits - 1)
        exponent = self.r.randint(-6, 6) - digits
        return f"{Decimal(number).scaleb(exponent):f}"

    def money(self) -> int:
        """Minor units: round and crooked, small and now and then very large."""
        r = self.r
        top = r.choice((10, 1000, 1000, 10_000, 10_000, 10**6, 10**15))
        return r.choice((r.randint(0, top), r.randint(0, top), top, top // 2, 850))

    def percent(self, of: Sequence[str]) -> int:
        if self.chance() < 0.1:
            return self.r.randint(0, 10**6)
        return ten_thousandths(self.r.choice(of))

    def taxes(self, likely: float) -> dict[str, int]:
        return {t: self.percent(TAXES) for t in TYPES if self.chance() < likely}

    def item(self, currency: str | None = None) -> Facts:
        r, price = self.r, self.money()
        deltas = {"m0": self.money() // 4, "m1": r.choice((0, 150, -(price // 3)))}
        return {
            "currency": currency or r.choice(self.currencies),
            "price": price,
            "tax": None if self.chance() < 0.5 else self.percent(TAXES),
            "taxes": self.taxes(0.15),
            "deltas": deltas,
        }

    def combo(self) -> Facts:
        r, currency = self.r, self.r.choice(self.currencies)
        groups: list[Facts] = []
        worth = 0
        for n in range(r.randint(1, 3)):
            ids = [f"k{n}{option}" for option in range(r.randint(1, 3))]
            for each in ids:
                self.items[each] = self.item(currency)
                worth = max(worth, self.items[each]["price"])
            shared = list(groups[0]["options"])[:1] if groups else []
            options = {each: r.choice((0, 0, 50, 300)) for each in (*shared, *ids)}
            groups.append({"min": 1, "max": r.randint(1, 3), "options": options})
        price = r.randint(0, worth * len(groups) + 1)
        return {"currency": currency, "price": price, "groups": groups}

    def modifiers(self) -> dict[str, int]:
        return {m: self.r.randint(1, 3) for m in ("m0", "m1") if self.chance() < 0.3}

    def line(self) -> Facts:
        if self.combos and self.chance() < 0.3:
            choices = [
                choice
                for group in self.combos["c"]["groups"]
                for choice in self.choices(group)
            ]
            return {"combo": "c", "quantity": self.few(5), "choices": choices}
        return {
            "item": self.r.choice([i for i in self.items if i[0] == "i"]),
            "quantity": 999 if self.chance() < 0.01 else self.few(20),
            "modifiers": self.modifiers(),
        }

    def choices(self, group: Facts) -> list[Facts]:
        """Mostly in range; some belong to another group as well."""
        options = list(group["options"])
        chosen = options[-1:] if self.chance() < 0.8 else self.r.sample(options, 1)
        count = self.r.randint(1, group["max"])
        return [
            {"item": each, "quantity": count, "modifiers": self.modifiers()}
            for each in chosen
        ]

    def discount(self, number: int, lines: list[Facts]) -> Facts:
        r, kind = self.r, self.r.choice(("percent", "percent", "amount", "buy_get"))
        if self.chance() < 0.1:
            kind = "free_item"
        percents = ("100", "50", "10", "15", "33.3333", "0.5")
        trigger = r.choice(("schedule", "code", "staff"))
        is_for_line = trigger == "staff" and self.chance() < 0.5
        return {
            "name": f"d{number}",
            "trigger": trigger,
            "kind": kind,
            "percent": None if kind == "amount" else self.percent(percents),
            "amount": self.money() if kind == "amount" else None,
            "buy": r.randint(1, 3) if kind == "buy_get" else 0,
            "get": r.randint(1, 3),
            "items": r.sample(sorted(self.items), 1) if self.chance() < 0.3 else [],
            "minimum": self.money() if self.chance() < 0.1 else 0,
            "combines": self.chance() < 0.75,
            "line": r.randrange(len(lines)) if is_for_line else None,
        }

    def charge(self, number: int) -> Facts:
        is_percent = self.chance() < 0.6
        return {
            "name": f"charge {number}",
            "percent": self.percent(("10", "12.5", "18")) if is_percent else None,
            "amount": None if is_percent else self.money(),
            "covers": self.r.choice((None, None, 6)),
            "free_from": self.money() if self.chance() < 0.2 else None,
            "tax": self.percent(TAXES),
        }

    def tip(self) -> Facts:
        kind = self.r.choice(("none", "none", "msat", "percent", "amount", "round_to"))
        return {
            "none": {"msat": 0},
            "msat": {"msat": self.r.randint(0, 10**7)},
            "percent": {"percent": self.percent(("5", "10", "15", "18"))},
            "amount": {"amount": min(self.money(), 5000)},
            "round_to": {"round_to": self.r.choice((1, 5, 50, 100, 1000))},
        }[kind]

    def to_the_unit(self, facts: Facts) -> None:
        """Set a minimum and a free delivery to what the lines come to, or beside."""
        worth = 0
        for line in facts["lines"]:
            item = self.items.get(line.get("item", ""))
            if item and item["currency"] == facts["currency"]:
                extras = (item["deltas"][m] * n for m, n in line["modifiers"].items())
                worth += (item["price"] + sum(extras)) * line["quantity"]
        facts["minimum"] = worth + self.r.choice((0, 0, 1))
        for each in (*facts["discounts"], *facts["charges"]):
            key = "minimum" if "minimum" in each else "free_from"
            each[key] = worth + self.r.choice((-1, 0, 1)) if worth else each[key]

    def needs_own_rate(self, facts: Facts) -> bool:
        own = facts["currency"]
        sums = [
            *(each["amount"] or each["minimum"] for each in facts["discounts"]),
            *(each["amount"] or each["free_from"] for each in facts["charges"]),
            *(facts["minimum"], facts["tip"].get("amount")),
            facts["tip"].get("round_to"),
        ]
        ordered = [self.items[i]["currency"] for i in self.ordered(facts)]
        return any(sums) or own in ordered

    def ordered(self, facts: Facts) -> list[str]:
        choices = [c for line in facts["lines"] for c in line.get("choices", [line])]
        return [each["item"] for each in choices]


# --- as the rules want them -----------------------------------------------------------


def _text(ten_thousandths_of: int | None) -> str | None:
    if ten_thousandths_of is None:
        return None
    return f"{Decimal(ten_thousandths_of) / 10_000:f}"


def _rate(ten_thousandths_of: int) -> str:
    return f"{Decimal(ten_thousandths_of) / 10_000:f}"


def menu_of(facts: Facts) -> Menu:
    items = []
    for item_id, item in facts["items"].items():
        extras = tuple(Modifier(m, m, n, True) for m, n in item["deltas"].items())
        items.append(
            MenuItem(
                id=item_id,
                name=item_id,
                description="",
                image_url=None,
                price_minor=item["price"],
                currency=item["currency"],
                tax_rate=_text(item["tax"]),
                stock=None,
                is_available=True,
                available_again_at=None,
                is_hidden=False,
                allergens=(),
                groups=(ModifierGroup("g", "G", 0, None, extras),),
                tax_rates={t: _rate(n) for t, n in item["taxes"].items()},
            )
        )
    return Menu("r", 1, (Category("all", "All", None, tuple(items)),))


def combos_of(facts: Facts) -> dict[str, Combo]:
    return {
        combo_id: Combo(
            id=combo_id,
            restaurant_id="r",
            name=combo_id,
            description="",
            image_url=None,
            position=0,
            price_minor=combo["price"],
            currency=combo["currency"],
            groups=tuple(
                ComboGroup(
                    f"g{n}",
                    "G",
                    group["min"],
                    group["max"],
                    tuple(ComboOption(i, more) for i, more in group["options"].items()),
                )
                for n, group in enumerate(combo["groups"])
            ),
            schedule=ALWAYS,
            is_active=True,
            created_at=0,
        )
        for combo_id, combo in facts["combos"].items()
    }


def _modifiers(line: Facts) -> list[CartModifier]:
    chosen = line["modifiers"].items()
    return [CartModifier.construct(modifier_id=m, quantity=n) for m, n in chosen]


def _line(line: Facts) -> CartLine:
    if "item" in line:
        return CartLine.construct(
            menu_item_id=line["item"],
            quantity=line["quantity"],
            modifiers=_modifiers(line),
        )
    choices = [
        CartChoice.construct(
            menu_item_id=each["item"],
            quantity=each["quantity"],
            modifiers=_modifiers(each),
        )
        for each in line["choices"]
    ]
    return CartLine.construct(
        combo_id=line["combo"], quantity=line["quantity"], choices=choices
    )


def cart_of(facts: Facts) -> Cart:
    """Not validated, which takes longer than all the rest."""
    return Cart.construct(
        restaurant_id="r",
        order_type=OrderType(facts["type"]),
        payment_method=PaymentMethod.LIGHTNING,
        items=[_line(line) for line in facts["lines"]],
    )


def terms_of(facts: Facts) -> Terms:
    tip = facts["tip"]
    return Terms(
        currency=facts["currency"],
        order_type=OrderType(facts["type"]),
        tax_inclusive=facts["inclusive"],
        tax_rounding=TaxRounding(facts["rounding"]),
        charges=tuple(
            Charge(
                kind="service",
                name=each["name"],
                percent=_text(each["percent"]),
                amount_minor=each["amount"],
                from_covers=each["covers"],
                free_from_minor=each["free_from"],
                tax_rate=_rate(each["tax"]),
            )
            for each in facts["charges"]
        ),
        discounts=tuple(_wanted(each) for each in facts["discounts"]),
        exempt_reason="Embassy" if facts["exempt"] else None,
        covers=facts["covers"],
        tip=Tip(
            msat=tip.get("msat", 0),
            percent=_text(tip.get("percent")),
            amount_minor=tip.get("amount"),
            round_to_minor=tip.get("round_to"),
        ),
        minimum_minor=facts["minimum"],
        invoice_limit_sat=NO_LIMIT,
    )


def _wanted(each: Facts) -> Wanted:
    return Wanted(
        discount_id=each["name"],
        name=each["name"],
        trigger=Trigger(each["trigger"]),
        kind=DiscountKind(each["kind"]),
        percent=_text(each["percent"]),
        amount_minor=each["amount"],
        buy=each["buy"],
        get=each["get"],
        item_ids=frozenset(each["items"]),
        minimum_minor=each["minimum"],
        combines=each["combines"],
        line=each["line"],
    )


def priced_cart(facts: Facts, **frozen: Any) -> PricedCart:
    """The cart as the rules price it."""
    rates = Rates({c: Decimal(rate) for c, rate in facts["rates"].items()}, 7)
    taxes = {t: _rate(n) for t, n in facts["taxes"].items()}
    taxing = Taxing(OrderType(facts["type"]), taxes, _rate(facts["tax"]))
    return priced(
        cart_of(facts),
        menu_of(facts),
        rates,
        terms_of(facts),
        taxing,
        combos_of(facts),
        **frozen,
    )


def answer_of(facts: Facts) -> dict[str, Any]:
    """Every figure that the rules show, or the code of the refusal."""
    try:
        result = priced_cart(facts)
    except Refused as refused:
        return {"refused": refused.code}
    return shown(result.lines, result.bill)


def shown(lines: Sequence[PricedLine], bill: Bill) -> dict[str, Any]:
    """A bill in the words of ``price_model``."""
    return {
        "currency": bill.currency,
        "msat": tuple(vars(bill.msat).values()),
        "minor": tuple(vars(bill.minor).values()),
        "lines": [
            (
                int(line.total + Decimal("0.5")),
                billed.discount_msat,
                billed.tax_msat,
                [
                    (d.kind, d.name, d.amount_msat, d.amount_minor)
                    for d in billed.discounts
                ],
            )
            for line, billed in zip(lines, bill.lines, strict=True)
        ],
        "discounts": sorted(
            (d.name, d.amount_msat, d.amount_minor) for d in bill.discounts
        ),
        "charges": [(c.name, c.amount_msat, c.amount_minor) for c in bill.charges],
        "taxes": [
            (
                Decimal(t.rate),
                (t.net_msat, t.tax_msat, t.gross_msat),
                (t.net_minor, t.tax_minor, t.gross_minor),
            )
            for t in bill.taxes
        ],
    }
