"""The menu: categories, items, modifier groups, modifiers."""
