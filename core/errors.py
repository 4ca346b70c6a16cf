"""The few typed, coded errors of the extension. Only ``routing`` knows their HTTP.

RestaurantError
├── BadRequest    400  not JSON, not an object, a header is malformed
├── Unauthorized  401  no or unknown credential
├── Forbidden     403  the credential lacks the right
├── NotFound      404  not there, or not yours
├── Conflict      409  the state or the price moved on
├── Gone          410  it was there, and is over
├── Changed       412  somebody changed it meanwhile
├── TooLarge      413  more bytes than this route takes
├── Unsupported   415  a body of another type
├── Refused       422  a field is wrong
├── TooMany       429  a cap is reached; try again later
└── Unavailable   503  something we depend on is away; try again later
"""

from typing import Any


class RestaurantError(Exception):
    """One sentence a person can act on, a code for machines, and facts.

    ``code`` is ``subject.reason`` (``stock.short``); ``facts`` become fields of
    the HTTP answer; ``retry_after`` (seconds) becomes the header of that name.
    """

    status = 500

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        retry_after: int | None = None,
        **facts: Any,
    ):
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.retry_after = retry_after
        self.facts = facts


class BadRequest(RestaurantError):
    status = 400


class Unauthorized(RestaurantError):
    status = 401


class Forbidden(RestaurantError):
    status = 403


class NotFound(RestaurantError):
    status = 404


class Conflict(RestaurantError):
    status = 409


class Gone(RestaurantError):
    status = 410


class Changed(RestaurantError):
    status = 412


class TooLarge(RestaurantError):
    status = 413


class Unsupported(RestaurantError):
    status = 415


class Refused(RestaurantError):
    status = 422


class TooMany(RestaurantError):
    status = 429


class Unavailable(RestaurantError):
    status = 503


def invalid(field: str, detail: str, **facts: Any) -> Refused:
    """The error for one wrong field of a request: 422 ``field.invalid``."""
    return Refused("field.invalid", detail, field=field, **facts)
