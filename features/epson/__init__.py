"""Epson's Server Direct Print: printers that ask the server themselves, in XML."""
