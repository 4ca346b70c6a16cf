"""How many unpaid orders a guest, a table or a device may leave open."""
