"""Discounts: what is taken off a bill, when, and how often."""
