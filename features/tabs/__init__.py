"""Open tabs: order now, pay at the end."""
