"""Receipts: what a guest ate, what it cost, how it was paid."""
