"""Quotes: signed promises of a price, kept by the guest."""
