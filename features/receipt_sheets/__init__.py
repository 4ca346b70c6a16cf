"""How a receipt lies on paper."""
