"""How a ticket lies on paper."""
