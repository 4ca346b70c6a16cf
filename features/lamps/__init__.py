"""Lamps: does money still arrive, do rates move, do printers print?"""
