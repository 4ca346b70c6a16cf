"""Splits: one bill in several shares, which payments name. Orders stay whole."""
