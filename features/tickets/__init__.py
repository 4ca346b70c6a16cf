"""Tickets for the kitchen: what is missing on paper, and the words for it."""
