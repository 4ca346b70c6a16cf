"""Lines on their way through the kitchen, and orders that nobody accepts."""
