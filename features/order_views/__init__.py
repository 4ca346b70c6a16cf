"""The public shape of an order."""
