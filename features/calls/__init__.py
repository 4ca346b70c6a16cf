"""Guests at a table who want somebody to come."""
