"""Bitmaps as files, and pictures of people as bitmaps."""

import struct
import zlib
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from restaurant.adapters import raster
from restaurant.core.bitmaps import Bitmap
from restaurant.core.sheets import Rule, Text

SHEET = (Text("Crème brûlée 牛肉 שלום"), Rule(is_heavy=True))


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def saved(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def black(bitmap: Bitmap) -> int:
    return sum(byte.bit_count() for byte in bitmap.rows)


@pytest.mark.parametrize("width", [384, 576])
def test_png_is_the_bitmap_dot_for_dot(width):
    bitmap = raster.draw(SHEET, width)
    image = opened(raster.png(bitmap))
    assert (image.mode, image.size) == ("1", (bitmap.width, bitmap.height))
    assert bytes(255 - byte for byte in image.tobytes()) == bitmap.rows


def test_png_of_no_paper_is_a_picture_too():
    assert opened(raster.png(raster.draw((), 576))).size == (576, 1)


def test_pdf_is_one_page_as_wide_as_the_paper():
    bitmap = raster.draw(SHEET, 576)
    data = raster.pdf(bitmap)
    assert data.startswith(b"%PDF-")
    assert data.count(b"/Type /Page\n") == 1
    width, height = 576 * 72 / 203, bitmap.height * 72 / 203
    assert f"/MediaBox [ 0 0 {width} {height} ]".encode() in data


def test_pdf_of_the_same_bitmap_has_the_same_bytes_and_no_date():
    bitmap = raster.draw(SHEET, 384)
    assert raster.pdf(bitmap) == raster.pdf(bitmap)
    assert b"Date" not in raster.pdf(bitmap)


def test_pdf_of_endless_paper_has_several_pages():
    endless = Bitmap(384, 60_000, bytes(48 * 60_000))
    assert raster.pdf(endless).count(b"/Type /Page\n") == 2


def test_a_logo_fits_and_keeps_its_shape():
    drawing = Image.new("L", (1000, 500), 255)
    ImageDraw.Draw(drawing).rectangle((0, 0, 499, 499), fill=0)
    bitmap = raster.logo(saved(drawing), 300, 400)
    assert (bitmap.width, bitmap.height) == (300, 150)
    assert black(bitmap) == 150 * 150


def test_a_small_logo_is_not_blown_up():
    bitmap = raster.logo(saved(Image.new("L", (20, 10), 0)), 300, 400)
    assert (bitmap.width, bitmap.height, black(bitmap)) == (20, 10, 200)


def test_what_is_transparent_stays_white():
    for mode in ("RGBA", "LA", "P"):
        clear = Image.new("RGBA", (40, 40), (0, 0, 0, 0)).convert(mode)
        assert black(raster.logo(saved(clear), 100, 100)) == 0, mode


def test_a_photo_becomes_dots_as_dark_as_it_is():
    grey = Image.linear_gradient("L").resize((256, 256))
    bitmap = raster.logo(saved(grey), 256, 256)
    assert abs(black(bitmap) / (256 * 256) - 0.5) < 0.02


def test_a_drawing_with_smooth_edges_stays_clean():
    drawing = Image.new("L", (800, 800), 255)
    ImageDraw.Draw(drawing).ellipse((100, 100, 700, 700), fill=0)
    bitmap = raster.logo(saved(drawing), 200, 200)
    image = Image.frombytes("1", (200, 200), bitmap.rows)
    assert image.crop((70, 70, 130, 130)).histogram()[255] == 60 * 60
    assert image.crop((0, 0, 20, 20)).getbbox() is None


def test_a_photo_from_a_phone_stands_upright():
    photo = Image.new("L", (40, 20), 255)
    ImageDraw.Draw(photo).rectangle((0, 0, 9, 19), fill=0)
    turned = Image.Exif()
    turned[0x0112] = 6  # the camera was turned
    bitmap = raster.logo(saved(photo, "JPEG", exif=turned, quality=95), 100, 100)
    assert (bitmap.width, bitmap.height) == (20, 40)
    assert bitmap.row(2) == b"\xff\xff\xf0"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
def test_usual_kinds_of_pictures_are_read(kind):
    assert raster.logo(saved(Image.new("RGB", (8, 8)), kind), 8, 8).rows == b"\xff" * 8


@pytest.mark.parametrize(("grey", "ink"), [(0, 1), (3_000, 1), (62_000, 0)])
def test_sixteen_bits_of_grey_are_as_dark_as_they_look(grey, ink):
    bitmap = raster.logo(saved(Image.new("I;16", (8, 8), grey), "PNG"), 8, 8)
    assert bitmap.rows == (b"\xff" if ink else b"\0") * 8


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_picture_of_many_pixels_keeps_what_it_shows(mode):
    """It is made smaller in two steps, so that memory holds few copies of it."""
    large = Image.new("L", (1600, 1600), 255)
    ImageDraw.Draw(large).rectangle((0, 0, 799, 1599), fill=0)
    if mode == "I;16":
        large = large.convert("I").point(lambda grey: grey * 257)
    bitmap = raster.logo(saved(large.convert(mode), "PNG"), 16, 16)
    assert bitmap.rows == b"\xff\x00" * 16


def bomb(width: int, height: int) -> bytes:
    """A PNG of few bytes that says it has so many dots."""

    def chunk(name: bytes, data: bytes) -> bytes:
        check = struct.pack(">L", zlib.crc32(name + data))
        return struct.pack(">L", len(data)) + name + data + check

    head = struct.pack(">LLBBBBB", width, height, 1, 0, 0, 0, 0)
    body = zlib.compress(bytes(1000), 9)
    signature = b"\x89PNG\r\n\x1a\n"
    parts = (b"IHDR", head), (b"IDAT", body), (b"IEND", b"")
    return signature + b"".join(chunk(*part) for part in parts)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"GIF89a",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.4",
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        bomb(9000, 9000),
        bomb(4000, 4000),
        bomb(200_000, 200_000),
        bomb(25_000, 1),
        bomb(100, 100),
        saved(Image.new("RGB", (80, 80), "red"), "JPEG")[:300],
        saved(Image.new("RGB", (80, 80), "red"), "TIFF"),
    ],
    ids=lambda raw: repr(raw[:8]),
)
def test_what_is_no_picture_is_refused_in_a_sentence(raw):
    with pytest.raises(ValueError, match=r"^(The picture|This is no) .*\.$"):
        raster.logo(raw, 400, 400)


@given(st.binary(max_size=200), st.integers(0, 400))
def test_damaged_pictures_are_refused_or_drawn_never_worse(noise, place):
    good = saved(Image.linear_gradient("L").resize((64, 64)))
    raw = good[:place] + noise + good[place + len(noise) :]
    try:
        bitmap = raster.logo(raw, 100, 100)
    except ValueError:
        return
    assert bitmap.width <= 100
