"""Star's CloudPRNT: printers that ask the server themselves, in JSON."""
