"""Whole bills of real countries, reckoned by hand, with the arithmetic beside them."""

from dataclasses import dataclass, replace
from decimal import Decimal

import pytest

from builders import an_order, priced
from restaurant.core.schedules import ALWAYS
from restaurant.features.bills.models import Charge, Terms, Tip
from restaurant.features.combos.models import Combo, ComboGroup, ComboOption
from restaurant.features.discounts.models import DiscountKind, Trigger, Wanted
from restaurant.features.menu.models import Category, Menu, MenuItem
from restaurant.features.payments.models import Counted, Part, TakePayment
from restaurant.features.payments.rules import all_due, count_cash
from restaurant.features.pricing.models import Cart, Taxing
from restaurant.features.rates.models import Rates
from restaurant.features.restaurants.models import TaxRounding
from restaurant.models import OrderType

HAPPY_HOUR = Wanted(
    "d", "Happy hour", Trigger.SCHEDULE, DiscountKind.PERCENT, percent="10"
)


def an_item(name, price_minor, currency, tax=None, **taxes):
    """``taxes`` by type of order win over ``tax``."""
    return MenuItem(
        id=name,
        name=name,
        description="",
        image_url=None,
        price_minor=price_minor,
        currency=currency,
        tax_rate=tax,
        stock=None,
        is_available=True,
        available_again_at=None,
        is_hidden=False,
        allergens=(),
        groups=(),
        tax_rates=taxes,
    )


@dataclass(frozen=True)
class House:
    """A restaurant as far as prices go."""

    currency: str
    rates: dict[str, str]
    items: tuple[MenuItem, ...]
    tax: str = "0"
    inclusive: bool = True
    rounding: str = "rate"
    charges: tuple[Charge, ...] = ()
    combos: tuple[Combo, ...] = ()

    def bill(self, kind, *lines, discounts=(), **terms):
        """``lines`` are (quantity, item); a dict is a line as it is."""
        rates = {code: Decimal(rate) for code, rate in self.rates.items()}
        return priced(
            Cart(restaurant_id="r", order_type=kind, items=[a_line(x) for x in lines]),
            Menu("r", 1, (Category("all", "All", None, self.items),)),
            Rates(rates, 1),
            Terms(
                self.currency,
                OrderType(kind),
                self.inclusive,
                TaxRounding(self.rounding),
                self.charges,
                tuple(discounts),
                invoice_limit_sat=10_000_000,
                **terms,
            ),
            Taxing(OrderType(kind), {}, self.tax),
            {combo.id: combo for combo in self.combos},
        ).bill


def a_line(sent):
    if isinstance(sent, dict):
        return sent
    quantity, name = sent
    return {"menu_item_id": name, "quantity": quantity}


def a_charge(kind, percent, tax, from_covers=None):
    return Charge(kind, kind.title(), percent, None, from_covers, None, tax)


def sums(bill):
    """(subtotal, discount, service, tax, tip, rounding, total) in the currency."""
    return tuple(vars(bill.minor).values())


def rows(bill):
    """(rate, net, tax, gross) in the currency."""
    return [(t.rate, t.net_minor, t.tax_minor, t.gross_minor) for t in bill.taxes]


def discounts_of(bill):
    return [[each.amount_minor for each in line.discounts] for line in bill.lines]


# --- Germany ----------------------------------------------
# Food 19 % eaten in and 7 % taken away, drinks 19 %; prices contain it. A menu of
# kebab, fries and cola costs 9.50 instead of 13.00. 1539.07692308 sat per EUR.


def _choice(name):
    return ComboGroup(name, name, 1, 1, (ComboOption(name),))


GERMANY = House(
    currency="EUR",
    rates={"EUR": "1539.07692308"},
    items=(
        an_item("kebab", 650, "EUR", pickup="7"),
        an_item("fries", 350, "EUR", pickup="7"),
        an_item("cola", 300, "EUR"),
    ),
    tax="19",
    combos=(
        Combo(
            id="menu",
            restaurant_id="r",
            name="Menü",
            description="",
            image_url=None,
            position=0,
            price_minor=950,
            currency="EUR",
            groups=tuple(map(_choice, ("kebab", "cola", "fries"))),
            schedule=ALWAYS,
            is_active=True,
            created_at=0,
        ),
    ),
)
GERMAN_CART = (
    (2, "kebab"),
    (1, "cola"),
    {
        "combo_id": "menu",
        "quantity": 1,
        "choices": [{"menu_item_id": name} for name in ("kebab", "cola", "fries")],
    },
)


def test_germany_eaten_in():
    """13.00 + 3.00 + 9.50 = 25.50; 25.50 × 19 ÷ 119 = 4.0714.

    2550 × 15 390.7692308 msat = 39 246 461.5 msat.
    """
    bill = GERMANY.bill("dine_in", *GERMAN_CART)

    assert sums(bill) == (2900, 350, 0, 407, 0, 0, 2550)
    assert rows(bill) == [("19", 2143, 407, 2550)]
    assert bill.msat.total == 39_247_000


def test_germany_taken_away():
    """The menu's 3.50 by 6.50 : 3.00 : 3.50 are 1.75, 0.8077 and 0.9423; the cent
    that rounding down leaves goes to the cola: 1.75, 0.81, 0.94.

    7 %: 13.00 + 4.75 + 2.56 = 20.31, × 7 ÷ 107 = 1.3287.
    19 %: 3.00 + 2.19 = 5.19, × 19 ÷ 119 = 0.8287.
    """
    bill = GERMANY.bill("pickup", *GERMAN_CART)

    assert discounts_of(bill) == [[], [], [175], [81], [94]]
    assert sums(bill) == (2900, 350, 0, 216, 0, 0, 2550)
    assert rows(bill) == [("19", 436, 83, 519), ("7", 1898, 133, 2031)]
    assert bill.msat.total == 39_247_000


# --- United States ----------------------------------------------
# 8.875 % sales tax is added; 18 % gratuity for parties of six and more, which is not
# taxed; a code takes 5.00 off. 1250 sat per USD.

UNITED_STATES = House(
    currency="USD",
    rates={"USD": "1250"},
    items=(
        an_item("burger", 1695, "USD"),
        an_item("salad", 1325, "USD"),
        an_item("tea", 375, "USD"),
    ),
    tax="8.875",
    inclusive=False,
    charges=(a_charge("gratuity", "18", "0", from_covers=6),),
)
FIVE_OFF = Wanted(
    "d", "FIVE", Trigger.CODE, DiscountKind.AMOUNT, amount_minor=500, code_id="c"
)


@pytest.mark.parametrize(
    ("covers", "gratuity", "total", "total_msat"),
    [(6, 2012, 14_184, 177_300_000), (5, 0, 12_172, 152_150_000)],
)
def test_the_united_states(covers, gratuity, total, total_msat):
    """67.80 + 26.50 + 22.50 = 116.80. Of 5.00 they get 2.9024, 1.1344 and 0.9632;
    the cent left goes to the salad: 2.90, 1.14, 0.96. 111.80 are left.

    Gratuity 18 %: 20.124. Tax 8.875 %: 9.92225. 111.80 + 20.12 + 9.92 = 141.84.
    """
    bill = UNITED_STATES.bill(
        *("dine_in", (4, "burger"), (2, "salad"), (6, "tea")),
        discounts=[FIVE_OFF],
        covers=covers,
    )

    assert discounts_of(bill) == [[290], [114], [96]]
    assert sums(bill) == (11_680, 500, gratuity, 992, 0, 0, total)
    assert rows(bill)[0] == ("8.875", 11_180, 992, 12_172)
    assert rows(bill)[1:] == ([("0", 2012, 0, 2012)] if gratuity else [])
    assert bill.msat.total == total_msat


# --- Switzerland ----------------------------------------------
# 8.1 % eaten in, 2.6 % taken away, beer always 8.1 %; prices contain it. The bill is
# exact; whoever pays cash pays a multiple of 0.05. 1700.5 sat per CHF.

SWITZERLAND = House(
    currency="CHF",
    rates={"CHF": "1700.5"},
    items=(
        an_item("rösti", 1850, "CHF", pickup="2.6"),
        an_item("rivella", 480, "CHF", pickup="2.6"),
        an_item("beer", 690, "CHF"),
    ),
    tax="8.1",
)
SWISS_CART = ((1, "rösti"), (1, "rivella"), (1, "beer"))


def test_switzerland_taken_away():
    """10 % off: 16.65 + 4.32 + 6.21 = 27.18.

    8.1 %: 6.21 × 8.1 ÷ 108.1 = 0.4653. 2.6 %: 20.97 × 2.6 ÷ 102.6 = 0.5314.
    2718 × 17 005 msat = 46 219 590 msat.
    """
    bill = SWITZERLAND.bill("pickup", *SWISS_CART, discounts=[HAPPY_HOUR])

    assert discounts_of(bill) == [[185], [48], [69]]
    assert sums(bill) == (3020, 302, 0, 100, 0, 0, 2718)
    assert rows(bill) == [("8.1", 574, 47, 621), ("2.6", 2044, 53, 2097)]
    assert bill.msat.total == 46_220_000


def test_switzerland_eaten_in():
    """27.18 × 8.1 ÷ 108.1 = 2.0366."""
    bill = SWITZERLAND.bill("dine_in", *SWISS_CART, discounts=[HAPPY_HOUR])

    assert rows(bill) == [("8.1", 2514, 204, 2718)]


@pytest.mark.parametrize(
    ("off", "total", "cash", "rounding"),
    [(True, 2718, 2720, 2), (False, 3020, 3020, 0)],
)
def test_swiss_cash_is_rounded_to_five_centimes_when_it_is_paid(
    off, total, cash, rounding
):
    discounts = [HAPPY_HOUR] if off else []
    bill = SWITZERLAND.bill("pickup", *SWISS_CART, discounts=discounts)
    order = an_order(
        currency="CHF", total_minor=bill.minor.total, total_msat=bill.msat.total
    )

    body = TakePayment(method="cash", tendered="50")
    counted = count_cash(order, all_due(order, []), body, 5)

    part = Part(total, bill.msat.total)
    assert counted == Counted(part, rounding, 5000, 5000 - cash)


# --- Japan ----------------------------------------------
# 10 % eaten in, 8 % taken away, beer always 10 %, added once per rate. A business may
# round up, down or to the nearest; here it is half-up. 9.5 sat per JPY.

JAPAN = House(
    currency="JPY",
    rates={"JPY": "9.5"},
    items=(
        an_item("ramen", 850, "JPY", pickup="8"),
        an_item("gyoza", 333, "JPY", pickup="8"),
        an_item("beer", 505, "JPY"),
    ),
    tax="10",
    inclusive=False,
)
JAPANESE_CART = ((1, "ramen"), (1, "gyoza"), (1, "beer"))


def test_japan_taken_away():
    """8 % of 1183 is 94.64; 10 % of 505 is 50.5. 1688 + 95 + 51 = 1834."""
    bill = JAPAN.bill("pickup", *JAPANESE_CART)

    assert sums(bill) == (1688, 0, 0, 146, 0, 0, 1834)
    assert rows(bill) == [("10", 505, 51, 556), ("8", 1183, 95, 1278)]
    assert bill.msat.total == 17_423_000


def test_japan_eaten_in():
    """10 % of 1688 is 168.8; 1857 × 9500 msat = 17 641 500 msat."""
    bill = JAPAN.bill("dine_in", *JAPANESE_CART)

    assert sums(bill) == (1688, 0, 0, 169, 0, 0, 1857)
    assert bill.msat.total == 17_642_000


def test_japan_with_tax_in_its_prices():
    """1183 × 8 ÷ 108 = 87.63; 505 × 10 ÷ 110 = 45.909."""
    bill = replace(JAPAN, inclusive=True).bill("pickup", *JAPANESE_CART)

    assert rows(bill) == [("10", 459, 46, 505), ("8", 1095, 88, 1183)]
    assert (bill.minor.total, bill.minor.tax) == (1688, 134)


# --- El Salvador ----------------------------------------------
# A menu in satoshi, 13 % IVA in its prices.


def test_el_salvador_satoshi_in_a_restaurant_that_reckons_in_dollars():
    """3 × 1200 sat + 1.25 USD at 1250 sat per USD: 5162.5 sat, which are 4.13 USD.

    4.13 × 13 ÷ 113 = 0.4751; 5 162 500 × 13 ÷ 113 = 593 915.93 msat.
    """
    house = House(
        currency="USD",
        rates={"USD": "1250"},
        items=(an_item("pupusa", 1200, "sat"), an_item("horchata", 125, "USD")),
        tax="13",
        rounding="exact",
    )

    bill = house.bill("dine_in", (3, "pupusa"), (1, "horchata"))

    assert sums(bill) == (413, 0, 0, 48, 0, 0, 413)
    assert (bill.msat.subtotal, bill.msat.tax) == (5_162_500, 593_916)
    assert (bill.msat.total, bill.msat.rounding) == (5_163_000, 500)


def test_el_salvador_in_satoshi_alone_needs_no_rate():
    """3600 + 1500 = 5100, 10 % off: 4590; × 13 ÷ 113 = 528.05 sat."""
    house = House(
        currency="sat",
        rates={},
        items=(an_item("pupusa", 1200, "sat"), an_item("horchata", 1500, "sat")),
        tax="13",
    )

    bill = house.bill("dine_in", (3, "pupusa"), (1, "horchata"), discounts=[HAPPY_HOUR])

    assert sums(bill) == (5100, 510, 0, 528, 0, 0, 4590)
    assert bill.msat.tax == 528_000
    assert bill.msat.total == 4_590_000


# --- Bahrain and Kuwait ----------------------------------------------
# Three decimals.


def test_bahrain():
    """2 × 4.500 + 3 × 0.350 = 10.050; 5 % service is 0.5025, so 0.503.

    10 % VAT is in it: 10.553 × 10 ÷ 110 = 0.95936.
    10 553 × 33 125.25 msat = 349 570 763.25 msat.
    """
    house = House(
        currency="BHD",
        rates={"BHD": "33125.25"},
        items=(an_item("machboos", 4500, "BHD"), an_item("karak", 350, "BHD")),
        tax="10",
        charges=(a_charge("service", "5", "10"),),
    )

    bill = house.bill("dine_in", (2, "machboos"), (3, "karak"))

    assert sums(bill) == (10_050, 0, 503, 959, 0, 0, 10_553)
    assert rows(bill) == [("10", 9594, 959, 10_553)]
    assert bill.msat.total == 349_571_000


def test_kuwait():
    """No VAT. 10 % off 1.255 is 0.1255, so 0.126; 5 % service on 1.129 is 0.05645.

    1.129 + 0.056 = 1.185; 1185 × 40 000 msat = 47 400 000 msat.
    """
    house = House(
        currency="KWD",
        rates={"KWD": "40000"},
        items=(an_item("tea", 1255, "KWD"),),
        charges=(a_charge("service", "5", "0"),),
    )

    bill = house.bill("dine_in", (1, "tea"), discounts=[HAPPY_HOUR])

    assert sums(bill) == (1255, 126, 56, 0, 0, 0, 1185)
    assert bill.msat.total == 47_400_000


# --- Guatemala ----------------------------------------------


def test_guatemala():
    """170.00 + 3 × 10.00 with one agua free = 190.00; 10 % service: 19.00.

    209.00 is rounded up to 210.00 as a tip. 12 % IVA: 209 × 12 ÷ 112 = 22.3929.
    21 000 × 1586.35 msat = 33 313 350 msat.
    """
    house = House(
        currency="GTQ",
        rates={"GTQ": "158.635"},
        items=(an_item("tacos", 8500, "GTQ"), an_item("agua", 1000, "GTQ")),
        tax="12",
        charges=(a_charge("service", "10", "12"),),
    )
    third_free = Wanted(
        *("d", "2 + 1", Trigger.SCHEDULE, DiscountKind.BUY_GET),
        percent="100",
        buy=2,
        get=1,
        item_ids=frozenset({"agua"}),
    )

    bill = house.bill(
        *("dine_in", (2, "tacos"), (3, "agua")),
        discounts=[third_free],
        tip=Tip(round_to_minor=500),
    )

    assert sums(bill) == (20_000, 1000, 1900, 2239, 100, 0, 21_000)
    assert rows(bill) == [("12", 18_661, 2239, 20_900)]
    assert (bill.msat.tip, bill.msat.total) == (158_635, 33_314_000)


# --- a menu that mixes currencies ----------------------------------------------


def test_currencies_mixed_in_one_cart():
    """10.00 GTQ, 850 JPY and 2100 sat: 1 586 350 + 8 075 000 + 2 100 000 msat, which
    are 74.14 GTQ. One unit, 0.01 GTQ, is 1586.35 msat.

    10 % of each in whole units: 1.00, 509.03 → 5.09 and 132.38 → 1.32 GTQ, which are
    158 635 + 807 452.15 + 209 398.2 = 1 175 485.35 msat.
    """
    house = House(
        currency="GTQ",
        rates={"GTQ": "158.635", "JPY": "9.5"},
        items=(
            an_item("taco", 1000, "GTQ"),
            an_item("sushi", 850, "JPY"),
            an_item("espresso", 2100, "sat"),
        ),
    )

    bill = house.bill(
        *("dine_in", (1, "taco"), (1, "sushi"), (1, "espresso")),
        discounts=[HAPPY_HOUR],
    )

    assert discounts_of(bill) == [[100], [509], [132]]
    assert sums(bill) == (7414, 741, 0, 0, 0, 0, 6673)
    assert (bill.msat.subtotal, bill.msat.discount) == (11_761_350, 1_175_485)
    assert (bill.msat.rounding, bill.msat.total) == (135, 10_586_000)
