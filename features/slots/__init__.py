"""Times for orders that are wanted later, and how long orders take."""
