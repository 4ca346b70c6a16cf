"""Recipes: what a portion of an item or a modifier takes of the ingredients."""
