"""Logos: a restaurant's pictures for its paper, as black dots."""
