"""Messages to systemd (Type=notify, WatchdogSec) in a few lines of standard library."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping


def notify(state: str, env: Mapping[str, str] = os.environ) -> None:
    """Tell systemd `state`, as "READY=1"; without systemd this does nothing."""
    address = env.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):  # Linux' abstract names
        address = "\0" + address[1:]
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
            sock.sendto(state.encode(), address)
    except OSError:
        return  # systemd restarts a service that it does not hear


def watchdog_seconds(env: Mapping[str, str] = os.environ) -> float | None:
    """How often to say WATCHDOG=1: half of what systemd allows; None when unwatched."""
    try:
        allowed = int(env.get("WATCHDOG_USEC", "")) / 1_000_000
    except ValueError:
        return None
    if env.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return None
    return allowed / 2 if allowed > 0 else None
