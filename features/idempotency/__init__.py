"""One key, one effect: what makes a repeated request harmless."""
