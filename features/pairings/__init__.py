"""A new printer machine shows a code; staff type it in."""
