"""The opening hours that an owner sets."""
