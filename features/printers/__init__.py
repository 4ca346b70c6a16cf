"""The restaurant's printers: what each serves, how it is, who stands in for it."""
