"""Secrets in addresses stay out of logs.

A server writes the path of a request into its log when the request is answered, and
reads it from where this writes: so the log says ``/cloudprnt/…``.
"""

from collections.abc import Callable, Coroutine
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
_HIDDEN = "..."


def hiding(handler: Handler, parameter: str = "secret") -> Handler:
    """The handler of a route, whose path no longer shows this part of it."""

    async def hidden(request: Request) -> Response:
        scope = request.scope
        secret = scope.get("path_params", {}).get(parameter)
        if secret:
            scope["path"] = scope["path"].replace(secret, _HIDDEN)
            scope["raw_path"] = scope["path"].encode()
        return await handler(request)

    return hidden
