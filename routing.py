"""Errors → HTTP, who is at the door, how large a body may be. No business here."""

import json
import re
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response, WebSocket
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from lnbits.core.crud.wallets import get_base_wallet_for_key
from lnbits.decorators import check_account_id_exists
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection

from .adapters import system
from .adapters.describing import credentials_of, mark_nulls
from .adapters.finishing import to_the_end
from .adapters.log import log_failure
from .core import ids, limits
from .core.errors import (
    BadRequest,
    Forbidden,
    NotFound,
    Refused,
    RestaurantError,
    TooLarge,
    Unauthorized,
    Unavailable,
    invalid,
)
from .core.text import text_fault
from .crud import DATABASE_ERRORS, light_transaction, read, restaurant_of, server_secret
from .features.devices import crud as devices
from .features.devices.models import TOKEN_PREFIX, Device
from .features.idempotency.models import Answer, RequestKey
from .features.restaurants import crud as restaurants
from .features.restaurants.models import Restaurant
from .models import GUEST, Actor, Role

EXPOSED_HEADERS = "ETag, Retry-After, Idempotent-Replay, X-Bitmap-Sha256"
DEVICE_SEEN_EVERY_MS = 10 * limits.SECOND_MS
_PLACES = ("body", "query", "path", "header")
_JSON_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"?', re.DOTALL)
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_NO_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")

# --- errors ----------------------------------------------------------------


class ErrorView(BaseModel):
    """Every 4xx and 503: a sentence to act on, a code, and facts beside them."""

    detail: str
    code: str


def errors(*codes: int) -> dict[int | str, dict[str, Any]]:
    """The ``responses=`` of a route, for OpenAPI."""
    return {code: {"model": ErrorView} for code in codes}


def keyed(*, required: bool = False) -> dict[str, Any]:
    """The ``openapi_extra=`` of a route that takes an ``Idempotency-Key``."""
    key = {
        "name": "Idempotency-Key",
        "in": "header",
        "required": required,
        "description": "One per attempt of a person, the same for every retry.",
        "schema": {
            "type": "string",
            "minLength": limits.IDEMPOTENCY_KEY_MIN,
            "maxLength": limits.IDEMPOTENCY_KEY_MAX,
        },
    }
    return {"parameters": [key]}


def error_response(error: RestaurantError) -> JSONResponse:
    headers = {"Access-Control-Expose-Headers": EXPOSED_HEADERS}
    retry_after = error.retry_after
    if retry_after is None and error.status in (429, 503):
        retry_after = 5
    if retry_after is not None:
        headers["Retry-After"] = str(retry_after)
    content = {**error.facts, "detail": error.detail, "code": error.code}
    return JSONResponse(content, status_code=error.status, headers=headers)


def field_error(error: RequestValidationError) -> RestaurantError:
    """The first fault of a request body, as one sentence."""
    first = error.errors()[0]
    path = ".".join(str(part) for part in first["loc"] if part not in _PLACES)
    if first["type"] == "value_error.jsondecode":
        return BadRequest("body.json", "The body is not valid JSON.")
    message = first["msg"].rstrip(".")
    return invalid(path or "body", f"{path or 'body'}: {message}.")


class GuardedRequest(Request):
    """A request whose body is bounded, and whose JSON is an object or nothing."""

    max_bytes = limits.BODY_MAX_BYTES
    checks_texts = True

    async def body(self) -> bytes:
        if not hasattr(self, "_body"):
            chunks: list[bytes] = []
            size = 0
            async for chunk in self.stream():
                size += len(chunk)
                if size > self.max_bytes:
                    raise TooLarge(
                        "body.too_large",
                        f"The body may have at most {self.max_bytes} bytes.",
                    )
                chunks.append(chunk)
            self._body = b"".join(chunks)
        return self._body

    async def json(self) -> Any:
        if not hasattr(self, "_json"):
            raw = await self.body()
            self._json = parse_object(raw)
            if self.checks_texts and b"\\u" in raw:
                check_texts(self._json)
        return self._json


class MenuRequest(GuardedRequest):
    """Larger, and its own rules list every fault of every text."""

    max_bytes = limits.MENU_BODY_MAX_BYTES
    checks_texts = False


def parse_object(raw: bytes) -> dict[str, Any]:
    """A JSON object of bounded depth in UTF-8, without NaN; BadRequest otherwise."""
    if _depth(raw) > limits.JSON_DEPTH_MAX:
        raise BadRequest("body.depth", "The body is nested too deeply.")
    try:
        value = json.loads(raw.decode(), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise BadRequest("body.json", "The body is not valid JSON.") from error
    if not isinstance(value, dict):
        raise BadRequest("body.object", "The body must be a JSON object.")
    return value


def check_texts(value: Any, path: str = "") -> None:
    """Refuse what no hash and no database takes, in any text and any key."""
    if isinstance(value, str):
        if found := _UNSTORABLE.search(value):
            raise Refused(
                "text.invalid",
                f"{path or 'The body'} contains the character U+{ord(found[0]):04X}, "
                "which is not allowed.",
                field=path or "body",
            )
    elif isinstance(value, dict):
        for key, part in value.items():
            check_texts(key, path)
            check_texts(part, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for number, part in enumerate(value):
            check_texts(part, f"{path}.{number}")


def check_address(connection: HTTPConnection) -> None:
    """Ids, cursors and filters are plain text; nothing else is looked up."""
    for value in connection.path_params.values():
        if text_fault(str(value), limits.URL_MAX):
            raise NotFound("address.unknown", "There is nothing at this address.")
    for name, value in connection.query_params.multi_items():
        fault = text_fault(value, limits.URL_MAX)
        if fault:
            raise invalid(name, f"{name} {fault}")


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _depth(raw: bytes) -> int:
    """How deep brackets nest outside strings, counted before parsing costs."""
    depth = deepest = 0
    for byte in _JSON_STRING.sub(b"", raw).translate(None, _NO_BRACKETS):
        if byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth -= 1
    return deepest


class ApiRoute(APIRoute):
    """Answers every error of ours in the contract's shape, and says so in OpenAPI."""

    request_class = GuardedRequest

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any):
        reads_only = set(options.get("methods") or ()) <= {"GET", "DELETE"}
        usual = errors(422) if reads_only else errors(400, 413, 422)
        options["responses"] = {**usual, **(options.get("responses") or {})}
        options["dependencies"] = credentials_of(options)
        super().__init__(path, endpoint, **options)
        models = (self.body_field, self.response_field, *self.response_fields.values())
        mark_nulls(models)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handler = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            request = self.request_class(request.scope, request.receive)
            try:
                check_address(request)
                response: Response = await handler(request)
            except RestaurantError as error:
                return error_response(error)
            except RequestValidationError as error:
                return error_response(field_error(error))
            except HTTPException as error:
                return error_response(_unwrap(error))
            except DATABASE_ERRORS:
                log_failure("the database did not answer")
                return error_response(
                    Unavailable("database.busy", "Please try again in a moment.")
                )
            except Exception:
                log_failure("unexpected error")
                return error_response(
                    RestaurantError(
                        "server.error", "Something broke on our side. Please try again."
                    )
                )
            response.headers["Access-Control-Expose-Headers"] = EXPOSED_HEADERS
            return response

        return guarded


class MenuRoute(ApiRoute):
    """For the menu's PUT and imports: larger bodies."""

    request_class = MenuRequest


def _unwrap(error: HTTPException) -> RestaurantError:
    """FastAPI wraps what ``Request.json`` raises; find our error again."""
    cause = error.__cause__ or error.__context__
    if isinstance(cause, RestaurantError):
        return cause
    if error.status_code == 400:
        return BadRequest("body.json", "The body is not valid JSON.")
    wrapped = RestaurantError("http.error", str(error.detail))
    wrapped.status = error.status_code
    return wrapped


def answer(model: BaseModel, status: int = 200) -> JSONResponse:
    """Send a public shape as it stands, without validating it a second time."""
    return JSONResponse(model.dict(), status_code=status)


def replayable(result: Answer) -> JSONResponse:
    """The answer of a creating route, marked when it is a replay."""
    headers = {"Idempotent-Replay": "true"} if result.replayed else {}
    return JSONResponse(result.body, status_code=result.status, headers=headers)


# --- credentials -----------------------------------------------------------


@dataclass(frozen=True)
class Credential:
    """What somebody showed at the door, looked up but not yet judged."""

    wallet_id: str | None = None
    is_admin_key: bool = False
    user_id: str | None = None
    device: Device | None = None
    order_token: str | None = None
    fingerprint: str = "public"


@dataclass(frozen=True)
class Access:
    """Somebody with a right on this restaurant."""

    restaurant: Restaurant
    role: Role
    actor: Actor
    fingerprint: str
    device: Device | None = None

    @property
    def payment_methods(self) -> tuple[str, ...]:
        """What this device may take; empty means every method."""
        return self.device.payment_methods if self.device else ()


async def credential_of(request: Request) -> Credential:
    """Look up the credential; Unauthorized when it is unknown.

    Headers only: keys, tokens and sessions never travel in a query or path.
    """
    headers = request.headers
    bearer = _bearer(headers.get("authorization"))
    if key := headers.get("x-api-key"):
        return await wallet_credential(key)
    if bearer and bearer.startswith(TOKEN_PREFIX):
        return await device_credential(bearer)
    if token := headers.get("x-order-token"):
        return Credential(order_token=token, fingerprint=_fingerprint(token))
    if bearer:
        return await session_credential(request, bearer)
    if cookie := request.cookies.get("cookie_access_token"):
        _check_same_origin(request)
        return await session_credential(request, cookie)
    return Credential()


async def wallet_credential(key: str) -> Credential:
    wallet = await to_the_end(get_base_wallet_for_key(key))
    if wallet is None:
        raise Unauthorized("key.unknown", "This API key is unknown.")
    return Credential(
        wallet_id=wallet.id,
        is_admin_key=wallet.adminkey == key,
        fingerprint=_fingerprint(key),
    )


async def device_credential(token: str) -> Credential:
    at = system.now()
    async with read() as conn:
        device = await devices.by_token_hash(conn, ids.sha256_hex(token))
    if device is None:
        raise Unauthorized("device.unknown", "This device token is unknown or revoked.")
    if at - (device.last_seen_at or 0) > DEVICE_SEEN_EVERY_MS:
        async with light_transaction() as conn:
            await devices.mark_seen(conn, device.id, at)
    return Credential(device=device, fingerprint=_fingerprint(token))


async def session_credential(request: Request, token: str) -> Credential:
    try:
        account = await to_the_end(check_account_id_exists(request, token, None))
    except HTTPException as error:
        raise Unauthorized(
            "session.unknown", "Please log in to LNbits again."
        ) from error
    return Credential(user_id=account.id, fingerprint=f"user:{account.id}")


async def socket_credential(websocket: WebSocket, token: Any) -> Credential:
    """The credential of a WebSocket's first message, or the page's own session."""
    # LNbits looks at a session's method and path, which a socket has only half of.
    request = Request({**websocket.scope, "type": "http", "method": "GET"})
    if token is None or token == "":
        cookie = websocket.cookies.get("cookie_access_token")
        if not cookie:
            return Credential()
        _check_same_origin(websocket)
        return await session_credential(request, cookie)
    if not isinstance(token, str) or text_fault(token, limits.URL_MAX):
        raise Unauthorized("token.unknown", "This is no token.")
    if token.startswith(TOKEN_PREFIX):
        return await device_credential(token)
    if token.count(".") == 2:  # a session's JSON Web Token
        return await session_credential(request, token)
    return await wallet_credential(token)


def _bearer(header: str | None) -> str | None:
    scheme, _, token = (header or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def _fingerprint(secret: str) -> str:
    return ids.sha256_hex(secret)[:32]


def _check_same_origin(request: HTTPConnection) -> None:
    """A cookie only counts for pages of this server (against forged requests)."""
    origin = request.headers.get("origin")
    if origin and origin.split("://")[-1] != request.headers.get("host"):
        raise Forbidden("session.origin", "This page may not use your session.")


# --- rights ----------------------------------------------------------------


def judge(credential: Credential, restaurant: Restaurant) -> Access | None:
    """The access that this credential gives on this restaurant, if any."""
    role: Role | None = None
    device = credential.device
    if device:
        role = device.role if device.restaurant_id == restaurant.id else None
    elif credential.wallet_id == restaurant.wallet_id:
        role = Role.OWNER if credential.is_admin_key else Role.READER
    elif credential.user_id == restaurant.user_id:
        role = Role.OWNER
    if role is None:
        return None
    return Access(
        restaurant=restaurant,
        role=role,
        actor=Actor(role, device.id if device else None),
        fingerprint=credential.fingerprint,
        device=device,
    )


def check_role(access: Access | None, roles: tuple[Role, ...]) -> Access:
    if access is None:
        raise NotFound("restaurant.unknown", "There is no such restaurant for you.")
    if access.role not in roles:
        raise Forbidden("access.role", f"This needs {' or '.join(roles)}.")
    return access


async def access_to(request: Request, id_or_slug: str, *roles: Role) -> Access:
    """Staff access to a restaurant; 401 without a credential, 404 if foreign."""
    credential = await credential_of(request)
    if credential.fingerprint == "public":
        raise Unauthorized("credential.missing", "Please send a key or token.")
    async with read() as conn:
        restaurant = await restaurants.load(conn, id_or_slug)
    if restaurant is None:
        raise NotFound("restaurant.unknown", "There is no such restaurant for you.")
    return check_role(judge(credential, restaurant), roles)


async def access_by_row(
    request: Request, table: str, row_id: str, *roles: Role
) -> Access:
    """Staff access to whatever restaurant owns this row of ``table``."""
    credential = await credential_of(request)
    if credential.fingerprint == "public":
        raise Unauthorized("credential.missing", "Please send a key or token.")
    return check_role(await _judge_row(credential, table, row_id), roles)


async def order_access(request: Request, order_id: str, *roles: Role) -> Access:
    """Staff by role, or the guest who holds this order's token; 404 otherwise."""
    credential = await credential_of(request)
    access = await _judge_row(credential, "orders", order_id, guest=True)
    if access is None:
        raise NotFound("order.unknown", "There is no such order for you.")
    return check_role(access, roles)


async def socket_access(
    websocket: WebSocket, token: Any, restaurant_id: str, *roles: Role
) -> Access:
    """Staff access for a feed; raises like ``access_to``."""
    check_address(websocket)
    credential = await socket_credential(websocket, token)
    async with read() as conn:
        restaurant = await restaurants.load(conn, restaurant_id)
    access = judge(credential, restaurant) if restaurant else None
    return check_role(access, roles)


async def socket_guest(websocket: WebSocket, token: Any, order_id: str) -> Access:
    """The guest who holds this order's token; NotFound otherwise."""
    check_address(websocket)
    if not isinstance(token, str) or text_fault(token, limits.URL_MAX):
        raise Unauthorized("token.unknown", "This is no token.")
    credential = Credential(order_token=token, fingerprint=_fingerprint(token))
    access = await _judge_row(credential, "orders", order_id, guest=True)
    if access is None:
        raise NotFound("order.unknown", "There is no such order for you.")
    return access


async def _judge_row(
    credential: Credential, table: str, row_id: str, *, guest: bool = False
) -> Access | None:
    async with read() as conn:
        owner_id = await restaurant_of(conn, table, row_id)
        restaurant = owner_id and await restaurants.load_with_deleted(conn, owner_id)
    if not restaurant:
        return None
    if guest and credential.order_token:
        return await guest_access(credential.order_token, row_id, restaurant)
    return judge(credential, restaurant)


async def guest_access(
    token: str, order_id: str, restaurant: Restaurant
) -> Access | None:
    secret = await server_secret(system.new_secret())
    expected = ids.derive_token(secret, "order", order_id)
    if not ids.same_text(token, expected):
        return None
    return Access(restaurant, Role.GUEST, GUEST, _fingerprint(token))


# --- idempotency -----------------------------------------------------------


async def request_key(
    request: Request, restaurant_id: str, fingerprint: str, *, required: bool = False
) -> RequestKey | None:
    """The Idempotency-Key of this request with its scope and its body's hash.

    BadRequest ``idempotency.key`` when it is malformed, or required and absent.
    """
    key = request.headers.get("idempotency-key")
    if key is None and not required:
        return None
    fits = key and limits.IDEMPOTENCY_KEY_MIN <= len(key) <= limits.IDEMPOTENCY_KEY_MAX
    if not key or not fits or not key.isascii() or not key.isprintable():
        raise BadRequest(
            "idempotency.key",
            "Send an Idempotency-Key header of "
            f"{limits.IDEMPOTENCY_KEY_MIN} to {limits.IDEMPOTENCY_KEY_MAX} characters.",
        )
    route = f"{request.method} {request.scope['route'].path}"
    path = ids.canonical_json(request.path_params)
    raw = await request.body()
    body = parse_object(raw) if raw else {}
    return RequestKey(
        scope=ids.sha256_hex(ids.canonical_json([route, restaurant_id, fingerprint])),
        key=key,
        body_hash=ids.sha256_hex(path + ids.canonical_json(body)),
    )
