"""Our bytes beside those of an independent library that prints pictures as rasters.

python-escpos sends one raster per picture of at most 960 rows and crops nothing; what
it sends and what we send must put the same dots on paper, and where we have nothing to
crop or to part, the commands are the same bytes.
"""

from __future__ import annotations

from random import Random

import pytest
from escpos.printer import Dummy
from PIL import Image

from escpos_machine import commands, decode
from restaurant.core import escpos
from restaurant.core.bitmaps import Bitmap


def theirs(bitmap: Bitmap) -> bytes:
    """The library's raster commands for these dots."""
    size = (bitmap.width, bitmap.height)
    picture = Image.frombytes("1", size, bitmap.rows, "raw", "1;I")
    printer = Dummy()
    printer.image(picture, impl="bitImageRaster", fragment_height=escpos.BAND_ROWS)
    return bytes(printer.output)


def ours(bitmap: Bitmap) -> bytes:
    """Our raster commands alone."""
    data = escpos.from_bitmap(bitmap)
    return b"".join(c.raw for c in commands(data) if c.name == "GS v 0")


@pytest.mark.parametrize("width", [8, 384, 512, 576])
@pytest.mark.parametrize("height", [1, 24, 255, 256, 849])
def test_full_pictures_are_the_same_bytes(width, height):
    dice = Random(height)
    stride = width // 8
    # ink in the last column of the first row of every band: nothing to crop
    rows = [dice.randbytes(stride - 1) + b"\x01" for _ in range(height)]
    bitmap = Bitmap(width, height, b"".join(rows))

    assert ours(bitmap) == theirs(bitmap)


@pytest.mark.parametrize("seed", range(20))
def test_pictures_with_white_parts_are_the_same_dots(seed):
    dice = Random(seed)
    width = dice.choice([384, 512, 576])
    rows: list[bytes] = []
    while len(rows) < dice.randrange(50, 1_500):
        inked = dice.randrange(0, width // 8)
        band = dice.randbytes(inked).ljust(width // 8, b"\0")
        rows += [band if dice.random() < 0.7 else bytes(width // 8)] * dice.randrange(
            1, 60
        )
    bitmap = Bitmap(width, len(rows), b"".join(rows))

    [mine], [other] = decode(ours(bitmap), width), decode(theirs(bitmap), width)

    assert mine.bitmap == other.bitmap == (width, len(rows), bitmap.rows)
    assert len(ours(bitmap)) < len(theirs(bitmap))


def test_a_drawer_is_kicked_as_the_library_does_but_for_the_length_of_its_pulse():
    """Theirs is 100 ms; ours is half of that, which Epson names for its drawers."""
    printer = Dummy()
    printer.cashdraw(2)

    assert printer.output[:3] == escpos.kick(2)[:3]


def test_a_sound_of_clones_is_the_library_s():
    printer = Dummy()
    printer.buzzer(2, 3)

    assert printer.output == escpos.beep("escpos")
