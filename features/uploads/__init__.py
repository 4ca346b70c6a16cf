"""Uploads of a whole menu: every fault is found, and one fault refuses it all."""
