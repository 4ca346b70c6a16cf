"""When orders are taken."""
