"""Tickets and the queue that brings them to paper: printers pull, nothing dials in."""
