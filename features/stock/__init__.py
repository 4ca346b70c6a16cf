"""The stock ledger: counted items, modifiers and ingredients, and every movement."""
