"""One business: its profile, its settings, whether it is open."""
