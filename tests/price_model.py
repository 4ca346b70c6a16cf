"""A second reading of docs/PRICING.md, for comparing: whole numbers and fractions.

It shares no line with the rules. Amounts are whole atoms, so tiny that every amount in
msat is a whole number of them; only contained tax needs a fraction.

A cart is plain data, ``facts``; see ``random_carts.py`` for all its names. Percentages
come in ten-thousandths (7.5 % is 75_000), sums in minor units.
"""

from fractions import Fraction
from typing import Any

MSAT = 10**40  # atoms
SAT = 1000 * MSAT
LARGEST = 10**18  # msat, and units
WHOLE = 10**6  # 100 % in ten-thousandths
PLACES = {"JPY": 0, "KWD": 3, "BHD": 3}  # 2 in all others
TRIGGERS = ("schedule", "code", "staff")


class No(Exception):
    """The cart is refused; its argument is the code."""


def atoms_per_minor(currency: str, rates: dict[str, str]) -> int:
    """What the smallest unit of a currency is worth."""
    if currency in ("sat", "BTC"):
        return SAT
    if currency == "msat":
        return MSAT
    whole, _, decimals = rates[currency].partition(".")
    rate = int(whole + decimals.ljust(40, "0"))  # in 10**-40 satoshi
    return rate * 1000 // 10 ** PLACES.get(currency, 2)


def nearest(amount: int | Fraction, step: int) -> int:
    """How many steps, half-up."""
    whole, part = amount.numerator, amount.denominator * step
    return (2 * whole + part) // (2 * part)


def shared(total: int, weights: list[int]) -> list[int]:
    """So many units in proportion, the rest to the largest fractions."""
    weights = weights if sum(weights) else [1 for _ in weights]
    exact = [divmod(total * weight, sum(weights)) for weight in weights]
    order = sorted(range(len(exact)), key=lambda place: (-exact[place][1], place))
    more = set(order[: total - sum(share for share, _ in exact)])
    return [share + (place in more) for place, (share, _) in enumerate(exact)]


class Reckoning:
    """One cart, step by step as on the page."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self.facts = facts
        self.rates = facts["rates"]
        own = facts["currency"]
        known = own in ("sat", "msat", "BTC") or own in self.rates
        self.currency = own if known else "sat"
        self.unit = atoms_per_minor(self.currency, self.rates)
        self.lines: list[dict[str, Any]] = []

    def answer(self) -> dict[str, Any]:
        """Every figure that the rules show, or the code of the refusal."""
        try:
            return self.reckoned()
        except No as no:
            return {"refused": str(no)}

    def reckoned(self) -> dict[str, Any]:
        for number, sent in enumerate(self.facts["lines"]):
            self.add_line(number, sent)
        self.subtotal = sum(line["total"] for line in self.lines)
        for trigger in TRIGGERS:
            for number, discount in enumerate(self.facts["discounts"]):
                if discount["trigger"] == trigger:
                    self.discount(number, discount)
        if max(nearest(self.subtotal, step) for step in (MSAT, self.unit)) > LARGEST:
            raise No("total.too_large")
        if nearest(self.subtotal, self.unit) < self.facts["minimum"]:
            raise No("order.minimum")
        self.charges = self.charged()
        if self.facts["exempt"] and self.facts["inclusive"]:
            self.exempt()
        return self.shown()

    # --- lines and combos

    def add_line(self, number: int, sent: dict[str, Any]) -> None:
        if "item" in sent:
            self.lines.append(self.line(number, sent, 1))
            return
        combo = self.facts["combos"][sent["combo"]]
        price = combo["price"] + self.surcharges(combo["groups"], sent["choices"])
        parts = [self.line(number, each, sent["quantity"]) for each in sent["choices"]]
        regular = [part["minor"] * part["quantity"] for part in parts]
        saving = sum(regular) - price * sent["quantity"]
        if saving > 0:
            for part, share in zip(parts, shared(saving, regular), strict=True):
                amount = share * atoms_per_minor(combo["currency"], self.rates)
                self.take(part, ("combo", sent["combo"], None), amount)
        self.lines += parts

    def surcharges(
        self, groups: list[dict[str, Any]], choices: list[dict[str, Any]]
    ) -> int:
        """What the choices of one combo cost on top, each in its group."""
        counts, more = [0 for _ in groups], 0
        for choice in choices:
            wanted = choice["quantity"]
            for place, group in enumerate(groups):
                has_room = counts[place] + wanted <= group["max"]
                if choice["item"] in group["options"] and has_room:
                    counts[place] += wanted
                    more += group["options"][choice["item"]] * wanted
                    break
            else:
                raise No("combo.count")
        for count, group in zip(counts, groups, strict=True):
            if count < group["min"]:
                raise No("combo.count")
        return more

    def line(self, number: int, sent: dict[str, Any], times: int) -> dict[str, Any]:
        item, kind = self.facts["items"][sent["item"]], self.facts["type"]
        extras = (item["deltas"][m] * n for m, n in sent["modifiers"].items())
        worth = atoms_per_minor(item["currency"], self.rates)
        quantity = sent["quantity"] * times
        total = (item["price"] + sum(extras)) * quantity * worth
        wishes = (item["taxes"].get(kind), item["tax"], self.facts["taxes"].get(kind))
        tax = next((each for each in wishes if each is not None), self.facts["tax"])
        return {
            "number": number,
            "item": sent["item"],
            "quantity": quantity,
            "minor": item["price"],
            "own": item["price"] * worth,
            "total": total,
            "left": total,
            "tax": tax,
            "taken": [],
            "closed": False,
        }

    # --- discounts

    def take(self, line: dict[str, Any], what: tuple[Any, ...], amount: int) -> bool:
        amount = min(amount, line["left"])
        if amount:
            line["left"] -= amount
            line["taken"].append((what, amount))
        return amount > 0

    def discount(self, number: int, it: dict[str, Any]) -> None:
        if self.subtotal < it["minimum"] * self.unit:
            if it["trigger"] == "schedule":
                return
            raise No("discount.minimum")
        lines = [
            line
            for line in self.lines
            if (not it["items"] or line["item"] in it["items"])
            and it["line"] in (None, line["number"])
            and not line["closed"]
            and (it["combines"] or not line["taken"])
        ]
        amounts = getattr(self, it["kind"])(lines, it)
        what = (it["kind"], it["name"], number)
        hit = [x for x, n in zip(lines, amounts, strict=True) if self.take(x, what, n)]
        if it["trigger"] == "code" and not hit:
            raise No("discount.no_effect")
        if not it["combines"]:
            for line in hit:
                line["closed"] = True

    def part(self, amount: int, percent: int) -> int:
        """A percentage in whole units, at most all of it; all of it at 100 %."""
        if percent == WHOLE:
            return amount
        return min(nearest(amount * percent, self.unit * WHOLE) * self.unit, amount)

    def percent(self, lines: list[dict[str, Any]], it: dict[str, Any]) -> list[int]:
        return [self.part(line["left"], it["percent"]) for line in lines]

    def amount(self, lines: list[dict[str, Any]], it: dict[str, Any]) -> list[int]:
        left = [line["left"] for line in lines]
        if it["amount"] * self.unit >= sum(left):
            return left
        weights = [nearest(each, MSAT) for each in left]
        return [share * self.unit for share in shared(it["amount"], weights)]

    def buy_get(self, lines: list[dict[str, Any]], it: dict[str, Any]) -> list[int]:
        every = sum(line["quantity"] for line in lines)
        return self.cheapest(lines, every // (it["buy"] + it["get"]) * it["get"], it)

    def free_item(self, lines: list[dict[str, Any]], it: dict[str, Any]) -> list[int]:
        return self.cheapest(lines, it["get"], it)

    def cheapest(
        self, lines: list[dict[str, Any]], count: int, it: dict[str, Any]
    ) -> list[int]:
        units = [
            (line["own"], place)
            for place, line in enumerate(lines)
            for _ in range(min(count, line["quantity"]))
        ]
        free = [place for _, place in sorted(units)[:count]]
        return [
            self.part(line["own"] * free.count(place), it["percent"])
            for place, line in enumerate(lines)
        ]

    # --- charges, taxes, tip

    def contained(self, amount: int, percent: int) -> int:
        return nearest(amount * percent, self.unit * (WHOLE + percent)) * self.unit

    def charged(self) -> list[tuple[dict[str, Any], int]]:
        facts, lines = self.facts, sum(line["left"] for line in self.lines)
        found = []
        for it in facts["charges"]:
            if it["covers"] and (facts["covers"] or 0) < it["covers"]:
                continue
            if it["free_from"] is not None and lines >= it["free_from"] * self.unit:
                continue
            if it["percent"] is None:
                amount = it["amount"] * self.unit
            else:
                amount = nearest(lines * it["percent"], self.unit * WHOLE) * self.unit
            if facts["exempt"] and facts["inclusive"]:
                amount -= self.contained(amount, it["tax"])
            if amount:
                found.append((it, amount))
        return found

    def exempt(self) -> None:
        for line in self.lines:
            amount = self.contained(line["left"], line["tax"])
            self.take(line, ("tax_exempt", "Embassy", None), amount)

    def tax_of(self, amount: int, percent: int) -> Fraction:
        below = WHOLE + percent if self.facts["inclusive"] else WHOLE
        return Fraction(amount * percent, below)

    def line_tax(self, amount: int, percent: int) -> Fraction:
        """What one line or charge shows."""
        if self.facts["exempt"]:
            return Fraction(0)
        tax = self.tax_of(amount, percent)
        is_rounded = self.facts["rounding"] == "line"
        return Fraction(nearest(tax, self.unit) * self.unit) if is_rounded else tax

    def tax_rows(self) -> dict[int, tuple[int, Fraction]]:
        """Amount and tax by rate, the highest rate first."""
        taxed = [(line["left"], line["tax"]) for line in self.lines]
        taxed += [(amount, it["tax"]) for it, amount in self.charges]
        if self.facts["exempt"]:
            taxed = [(amount, 0) for amount, _ in taxed]
        rows = {}
        for percent in sorted({percent for n, percent in taxed if n}, reverse=True):
            amounts = [n for n, each in taxed if each == percent]
            if self.facts["rounding"] == "line":
                tax = sum((self.line_tax(n, percent) for n in amounts), Fraction(0))
            else:
                tax = self.tax_of(sum(amounts), percent)
            if self.facts["rounding"] == "rate":
                tax = Fraction(nearest(tax, self.unit) * self.unit)
            rows[percent] = (sum(amounts), tax)
        return rows

    def tip(self, before: Fraction) -> int | Fraction:
        wish, unit = self.facts["tip"], self.unit
        if "percent" in wish:
            lines = sum(line["left"] for line in self.lines)
            return nearest(lines * wish["percent"], unit * WHOLE) * unit
        if "amount" in wish:
            return int(wish["amount"]) * unit
        if "round_to" in wish:
            coin = int(wish["round_to"]) * unit
            return -(-before // coin) * coin - before
        return int(wish["msat"]) * MSAT

    # --- what is shown

    def shown(self) -> dict[str, Any]:
        inclusive = self.facts["inclusive"]
        lines = sum(line["left"] for line in self.lines)
        service = sum(amount for _, amount in self.charges)
        rows = self.tax_rows()
        tax = sum((each for _, each in rows.values()), Fraction(0))
        before = lines + service + (0 if inclusive else tax)
        tip = self.tip(Fraction(before))
        most = max(nearest(self.subtotal, MSAT), 10**9)
        if nearest(tip, MSAT) > most:
            raise No("tip.too_large")
        exact = before + tip
        parts = (self.subtotal, self.subtotal - lines, service, tax, tip)
        return {
            "currency": self.currency,
            "msat": self.figures(parts, -(-exact // SAT) * 1000, MSAT),
            "minor": self.figures(parts, nearest(exact, self.unit), self.unit),
            "lines": [self.shown_line(line) for line in self.lines],
            "discounts": self.shown_discounts(),
            "charges": [(it["name"], *self.both(n)) for it, n in self.charges],
            "taxes": [self.row(rate, *row) for rate, row in rows.items()],
        }

    def both(self, amount: int | Fraction) -> tuple[int, int]:
        return nearest(amount, MSAT), nearest(amount, self.unit)

    def figures(self, parts: tuple[Any, ...], total: int, step: int) -> tuple[int, ...]:
        subtotal, discount, service, tax, tip = (nearest(part, step) for part in parts)
        added = 0 if self.facts["inclusive"] else tax
        rest = total - subtotal + discount - service - added - tip
        return subtotal, discount, service, tax, tip, rest, total

    def shown_line(self, line: dict[str, Any]) -> tuple[Any, ...]:
        taken = [(kind, name, *self.both(n)) for (kind, name, _), n in line["taken"]]
        less = nearest(line["total"] - line["left"], MSAT)
        tax = nearest(self.line_tax(line["left"], line["tax"]), MSAT)
        return nearest(line["total"], MSAT), less, tax, taken

    def shown_discounts(self) -> list[tuple[Any, ...]]:
        sums: dict[tuple[Any, ...], int] = {}
        for line in self.lines:
            for what, amount in line["taken"]:
                sums[what] = sums.get(what, 0) + amount
        return sorted((what[1], *self.both(amount)) for what, amount in sums.items())

    def row(self, percent: int, amount: int, tax: Fraction) -> tuple[Any, ...]:
        shown: list[Any] = [Fraction(percent, 10**4)]
        for of_all, of_tax in zip(self.both(amount), self.both(tax), strict=True):
            net = of_all - of_tax if self.facts["inclusive"] else of_all
            shown.append((net, of_tax, net + of_tax))
        return tuple(shown)
