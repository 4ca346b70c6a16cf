"""Payments: attempts to pay an order, by one method each."""
