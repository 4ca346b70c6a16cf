"""Dining tables and the tokens that their QR codes carry."""
