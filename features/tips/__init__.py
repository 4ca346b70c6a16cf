"""Tips: kept apart from sales, and paid out."""
