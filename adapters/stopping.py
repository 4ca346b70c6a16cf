"""Whether the web server is on its way out.

It waits for open requests before it tells the application; a long wait has to ask.
"""

import signal


def is_stopping() -> bool:
    """True once uvicorn, whose method handles SIGTERM, was told to stop."""
    server = getattr(signal.getsignal(signal.SIGTERM), "__self__", None)
    return bool(getattr(server, "should_exit", False))
