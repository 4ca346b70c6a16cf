"""Refunds: money that goes back, each an object with its own states."""
