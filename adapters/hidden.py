"""Secrets in addresses stay out of logs.

Some printers can show who they are by their address alone. The web server writes
addresses into its log, and so does LNbits' limiter; both through ``logging``.
"""

import logging
import re

#: Who logs the addresses of requests.
_LOGGERS = ("uvicorn.access", "slowapi")
_HIDDEN = r"\1..."


class _Hides(logging.Filter):
    """Writes ``/epson/...`` where the log would say ``/epson/<secret>``."""

    def __init__(self, door: str):
        super().__init__()
        self.door = door
        # An address that was typed in a little wrong leads nowhere, but is logged.
        typed = rf"(/{re.escape(door)}/+)[0-9A-F]{{16,}}"
        self._secret = re.compile(typed, re.IGNORECASE)

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(map(self._without, record.args))
        record.msg = self._without(record.msg)
        return True

    def _without(self, value: object) -> object:
        if not isinstance(value, str):
            return value
        return self._secret.sub(_HIDDEN, value)


def hide_in_logs(door: str) -> None:
    """From now on no log shows what stands behind ``/<door>/`` in an address."""
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        known = [getattr(each, "door", None) for each in logger.filters]
        if door not in known:
            logger.addFilter(_Hides(door))
