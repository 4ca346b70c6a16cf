"""Prices: carts, exchange rates, totals, quotes."""
