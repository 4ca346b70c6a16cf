"""Editing an order before it is accepted: what staff ask for, what it changes."""
