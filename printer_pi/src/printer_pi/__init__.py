"""The print daemon of the LNbits restaurant extension: claim, print, confirm, ack."""

__version__ = "0.2.0"
