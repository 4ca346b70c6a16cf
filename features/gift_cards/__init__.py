"""Gift cards and store credit: a balance, a code that is a secret, and a ledger."""
