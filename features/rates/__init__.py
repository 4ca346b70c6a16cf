"""Exchange rates: which look at the source is believed, and for how long."""
