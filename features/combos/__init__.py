"""Combos: several items for one price, with choices."""
