"""Paper for guests: what stands on it."""
