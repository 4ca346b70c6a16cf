"""Failures in the log: the way through the code, never the values on it.

LNbits' log format drops tracebacks, and loguru's own would print variables, which
may be keys and tokens.
"""

import traceback

from loguru import logger


def log_failure(message: str) -> None:
    """Log the exception that is being handled, with its traceback."""
    logger.error("restaurant: {}\n{}", message, traceback.format_exc())


def log_warning(message: str) -> None:
    """Log what somebody should look at; values that are no secret may be in it."""
    logger.warning("restaurant: {}", message)
