"""Settings of slots, of how long orders take, and of spam budgets."""
