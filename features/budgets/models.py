"""Whose unpaid orders are counted together."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Spender:
    """Who orders. A guest is known by a proven table and a hint of an address, staff
    by ``placed_by``: a device, or the owner."""

    is_staff: bool
    placed_by: str
    table_id: str | None = None
    address_hash: str | None = None


@dataclass(frozen=True)
class Budget:
    """So many orders are unpaid, so many may be. ``cap`` names whose they are:
    restaurant, table, address or device."""

    cap: str
    unpaid: int
    most: int

    @property
    def is_spent(self) -> bool:
        return self.unpaid >= self.most

    @property
    def is_nearly_spent(self) -> bool:
        return self.unpaid * 10 >= self.most * 9
