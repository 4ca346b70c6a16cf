"""Devices: printers, kitchen screens, tills; each with one revocable token."""
