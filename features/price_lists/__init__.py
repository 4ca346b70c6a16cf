"""Price lists: other prices by order type, table zone or time."""
