"""A restaurant's logo: read from any picture, kept as black dots."""

import asyncio
from dataclasses import dataclass

from ..adapters import raster
from ..adapters.wake import wake
from ..core import limits
from ..core.bitmaps import Bitmap
from ..core.errors import NotFound, Refused
from ..crud import read, transaction
from ..features.journal.models import Entry
from ..features.logos import crud as logos
from ..features.logos import rules
from ..features.logos.models import Logo, LogoView
from ..features.restaurants import crud as restaurants
from ..models import Actor
from .recording import record

# A large picture takes a hundred megabytes while it is read: one after the other.
_reading = asyncio.Semaphore(1)


@dataclass(frozen=True)
class Picture:
    """A bitmap as a file for people, and the bitmap's own hash."""

    png: bytes
    sha256: str

    @classmethod
    async def of(cls, bitmap: Bitmap) -> "Picture":
        png = await asyncio.to_thread(raster.png, bitmap)
        return cls(png, bitmap.sha256)


async def put_logo(
    restaurant_id: str, content_type: str, raw: bytes, actor: Actor, at: int
) -> LogoView:
    """Store a picture as the restaurant's newest logo.

    Unsupported ``logo.type``; Refused ``logo.unreadable`` for what is no picture.
    """
    rules.check_type(content_type)
    async with _reading:
        bitmap = await asyncio.to_thread(_read, raw)
    async with transaction() as conn:
        await restaurants.lock(conn, restaurant_id)
        await logos.put(conn, Logo(restaurant_id, bitmap, at))
        await logos.forget_old(conn, restaurant_id, limits.LOGOS_KEPT_MAX)
        entry = Entry("logo.changed", actor, payload={"sha256": bitmap.sha256})
        await record(conn, restaurant_id, [entry], at)
    wake(f"events:{restaurant_id}")
    return LogoView.of(bitmap)


def _read(raw: bytes) -> Bitmap:
    try:
        return raster.logo(raw, limits.LOGO_WIDTH_MAX, limits.LOGO_HEIGHT_MAX)
    except ValueError as error:
        raise Refused("logo.unreadable", str(error)) from error


async def show_logo(restaurant_id: str) -> Picture:
    """The restaurant's newest logo; NotFound ``logo.none``."""
    async with read() as conn:
        logo = await logos.newest(conn, restaurant_id)
    if logo is None:
        raise NotFound("logo.none", "This restaurant has no logo.")
    return await Picture.of(logo.bitmap)


async def remove_logo(restaurant_id: str, actor: Actor, at: int) -> None:
    """Every logo of the restaurant goes, older ones too; again is fine."""
    async with transaction() as conn:
        await restaurants.lock(conn, restaurant_id)
        if not await logos.drop_all(conn, restaurant_id):
            return
        await record(conn, restaurant_id, [Entry("logo.removed", actor)], at)
    wake(f"events:{restaurant_id}")
