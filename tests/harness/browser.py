"""Chromium for the page tests: the system's own, never one that a tool downloads."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")
MAC = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
# Nothing but the page under test may reach for the network.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium() -> str:
    """Path of the browser; CHROMIUM=… goes first. RuntimeError when there is none."""
    found = [os.environ.get("CHROMIUM"), *map(shutil.which, NAMES)]
    found += [path for path in MAC if Path(path).exists()]
    for path in found:
        if path:
            return path
    raise RuntimeError("No Chromium found: apt-get install chromium")
