"""Tips are paid out at the end of a shift."""
