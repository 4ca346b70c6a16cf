"""Money is whole minor units or exact Decimals; Lightning money is msat.

Currencies: ``sat`` and ``msat`` are Lightning units, ``BTC`` has 8 decimals,
every other code is fiat with the decimals of ISO 4217.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from typing import Any

MSAT_PER_SAT = 1_000
SAT_PER_BTC = 100_000_000
# Wide enough for 15-digit prices × 12-digit rates × quantities, without rounding.
EXACT = Context(prec=60)

_SAT_NAMES = {"sat", "sats", "satoshi", "satoshis"}
_MSAT_NAMES = {"msat", "msats", "millisatoshi", "millisatoshis"}
_LIGHTNING_DECIMALS = {"sat": 0, "msat": 0, "BTC": 8}
# ISO 4217: everything that does not have two decimals.
_WITHOUT_DECIMALS = (
    *("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX"),
    *("UYI", "VND", "VUV", "XAF", "XOF", "XPF"),
)
_WITH_THREE_DECIMALS = ("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND")
_LIGHTNING_MSAT = {"sat": 1_000, "msat": 1, "BTC": 100_000_000_000}
_ISO_DECIMALS = dict.fromkeys(_WITHOUT_DECIMALS, 0) | dict.fromkeys(
    _WITH_THREE_DECIMALS, 3
)
# The smallest coin, in minor units, where it is not the smallest unit of account.
_CASH_STEPS = {
    **dict.fromkeys(("AUD", "CAD", "CHF"), 5),
    "NZD": 10,
    "DKK": 50,
    **dict.fromkeys(("CZK", "NOK", "SEK"), 100),
    "HUF": 500,
}
_PLAIN_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")


def currency_code(name: str) -> str:
    """The stored form of a currency: ``SATS`` → ``sat``, ``gtq`` → ``GTQ``."""
    folded = name.strip().lower()
    if folded in _SAT_NAMES:
        return "sat"
    if folded in _MSAT_NAMES:
        return "msat"
    return folded.upper()


def is_lightning_unit(currency: str) -> bool:
    return currency in _LIGHTNING_DECIMALS


def decimals_of(currency: str) -> int:
    """How many decimals a price in this currency may have."""
    if currency in _LIGHTNING_DECIMALS:
        return _LIGHTNING_DECIMALS[currency]
    return _ISO_DECIMALS.get(currency, 2)


def plain_decimal(value: Any) -> Decimal:
    """A plain decimal number from JSON text or number; ValueError otherwise.

    Refuses booleans, NaN, infinities, exponents and more than 15 digits.
    """
    if isinstance(value, bool) or not isinstance(value, (str, int, float, Decimal)):
        raise ValueError("must be a number such as 85.00")
    text = repr(value) if isinstance(value, float) else str(value)
    if not _PLAIN_NUMBER.fullmatch(text):
        raise ValueError("must be a plain number such as 85.00")
    return Decimal(text)


def to_minor(value: Any, currency: str) -> int:
    """``"85.00"`` GTQ → 8500; ValueError when it has too many decimals."""
    places = decimals_of(currency)
    scaled = plain_decimal(value).scaleb(places)
    if scaled != scaled.to_integral_value():
        raise ValueError(f"may have at most {places} decimals in {currency}")
    return int(scaled)


def from_minor(minor: int, currency: str) -> Decimal:
    return Decimal(minor).scaleb(-decimals_of(currency))


def unit_msat(currency: str, rates: Mapping[str, str]) -> Decimal | None:
    """What the smallest unit of a currency is worth, exact; None without a rate.

    ``rates`` are satoshi per unit of fiat, as an order keeps them.
    """
    unit = from_minor(1, currency)
    if is_lightning_unit(currency):
        return EXACT.multiply(unit, Decimal(_LIGHTNING_MSAT[currency]))
    rate = rates.get(currency)
    return EXACT.multiply(unit, Decimal(rate) * MSAT_PER_SAT) if rate else None


def price_text(minor: int, currency: str) -> str:
    """8500 GTQ → ``"85.00"``; 850 JPY → ``"850"``."""
    return f"{from_minor(minor, currency):f}"


def cash_step(currency: str) -> int:
    """The smallest amount that coins of a currency can pay, in minor units."""
    return _CASH_STEPS.get(currency, 1)


def round_to_step(minor: int, step: int) -> int:
    """The nearest multiple of ``step``, halves up: 1002 by 5 → 1000."""
    return (minor + step // 2) // step * step if step > 1 else minor


def round_half_up(amount: Decimal) -> int:
    return int(amount.to_integral_value(ROUND_HALF_UP))


def ceil_to_sat(amount_msat: Decimal) -> int:
    """The next whole satoshi, in msat; between 0 and 1 sat becomes 1 sat."""
    sats = EXACT.divide(amount_msat, Decimal(MSAT_PER_SAT))
    return int(sats.to_integral_value(ROUND_CEILING)) * MSAT_PER_SAT


def exact_sum(amounts: Iterable[Decimal]) -> Decimal:
    """All of them together, not rounded."""
    total = Decimal(0)
    for amount in amounts:
        total = EXACT.add(total, amount)
    return total


def percent_of(amount: Decimal, percent: str) -> Decimal:
    """amount × percent ÷ 100, not rounded."""
    return EXACT.divide(EXACT.multiply(amount, Decimal(percent)), Decimal(100))


def contained_tax(gross: Decimal, percent: str) -> Decimal:
    """The tax that is in a gross amount: gross × percent ÷ (100 + percent)."""
    divisor = EXACT.add(Decimal(100), Decimal(percent))
    return EXACT.divide(EXACT.multiply(gross, Decimal(percent)), divisor)


def units_of(amount: Decimal, step: Decimal) -> int:
    """How many steps an amount is, half-up."""
    return round_half_up(EXACT.divide(amount, step))


def whole_steps(amount: Decimal, step: Decimal) -> Decimal:
    """The amount rounded half-up to whole steps."""
    return EXACT.multiply(step, Decimal(units_of(amount, step)))


def round_digits(number: Decimal, digits: int) -> Decimal:
    """Half-even to so many significant digits, never in exponent form."""
    rounded = Context(prec=digits, rounding=ROUND_HALF_EVEN).plus(number)
    return Decimal(f"{rounded.normalize():f}")


def floor_to_sat(amount_msat: int) -> int:
    """Whole satoshi, in msat."""
    return amount_msat // MSAT_PER_SAT * MSAT_PER_SAT


def split(total: int, parts: int) -> list[int]:
    """Shares that differ by at most one unit and always add up to the total."""
    return apportion(total, [1] * parts)


def apportion(total: int, weights: Sequence[int]) -> list[int]:
    """Shares in proportion to the weights that always add up to the total.

    The method of largest remainders (Hamilton): every share is rounded down, then
    those that lost most get one unit each, earlier ones first. Weights are whole
    and at least 0; when all are 0 the shares are equal.
    """
    if not any(weights):
        weights = [1] * len(weights)
    whole = sum(weights)
    shares = [total * weight // whole for weight in weights]
    lost = [total * weight % whole for weight in weights]
    by_loss = sorted(range(len(weights)), key=lambda index: (-lost[index], index))
    for index in by_loss[: total - sum(shares)]:
        shares[index] += 1
    return shares
