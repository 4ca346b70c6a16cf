"""Words of the stock ledger. Quantities are whole numbers of a stock's own unit."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Use:
    """So much of one stock goes into a single portion (of an item, of a modifier)."""

    stock_id: str
    quantity: int
