"""Hashes and derived tokens. Pure: the secret and every id are arguments.

Tokens are never stored. They are derived from the server's secret by
HMAC-SHA256 (RFC 2104), so an idempotent replay can show the same token again.
"""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from typing import Any

TOKEN_BYTES = 24  # 192 bits, well over the 128 the contract promises


def canonical_json(value: Any) -> str:
    """One text for one value: sorted keys, no spaces, UTF-8 kept."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str
    )


def sha256_hex(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def sign(secret: str, *parts: str) -> bytes:
    """HMAC-SHA256 over the length-prefixed parts (no two lists collide)."""
    message = b"".join(
        len(raw).to_bytes(4, "big") + raw for raw in (p.encode() for p in parts)
    )
    return hmac.new(secret.encode(), message, hashlib.sha256).digest()


def derive_token(secret: str, kind: str, *parts: str) -> str:
    """A bearer token for one thing, for example one order's guest."""
    return b64(sign(secret, kind, *parts)[:TOKEN_BYTES])


def b64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def same_text(left: str, right: str) -> bool:
    """Compare two secrets in constant time."""
    return hmac.compare_digest(left.encode(), right.encode())
