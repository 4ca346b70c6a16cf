"""One folder per subject; each has only the files it needs."""
