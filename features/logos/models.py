"""What a stored logo is."""

from dataclasses import dataclass

from pydantic import BaseModel

from ...core.bitmaps import Bitmap

PICTURE_TYPES = ("image/png", "image/jpeg", "image/webp")


@dataclass(frozen=True)
class Logo:
    """A restaurant's logo as it is printed; ``created_at`` in milliseconds."""

    restaurant_id: str
    bitmap: Bitmap
    created_at: int


class LogoView(BaseModel):
    """``sha256`` is what a printer's layout names; width and height in dots."""

    sha256: str
    width: int
    height: int

    @classmethod
    def of(cls, bitmap: Bitmap) -> "LogoView":
        return cls(sha256=bitmap.sha256, width=bitmap.width, height=bitmap.height)
