"""Which pictures may become a logo. Pure."""

from ...core.errors import Unsupported
from .models import PICTURE_TYPES


def check_type(content_type: str) -> None:
    """Unsupported ``logo.type`` unless the header names a picture that we read."""
    if content_type.split(";")[0].strip().lower() not in PICTURE_TYPES:
        raise Unsupported("logo.type", "Please send a PNG, JPEG or WebP picture.")
