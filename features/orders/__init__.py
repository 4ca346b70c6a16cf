"""Orders: their lines, their states, their standing."""
