"""Bitmaps as files, and pictures of people as bitmaps."""

from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from ...core.bitmaps import Bitmap

DPI = 203
#: Of a picture that somebody sends: more is refused before it is decoded. JPEG is
#: made smaller while it is decoded; others take four bytes a pixel, several times.
_PIXELS_MAX = 24_000_000
_WHOLE_PIXELS_MAX = 10_000_000
_SIDE_MAX = 20_000
# Kinds of pixels that can be put together.
_REDUCED = ("L", "LA", "RGB", "RGBA", "I", "F")
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
# PDF allows 200 inches a page.
_PAGE_DOTS_MAX = 40_000
# How much of a picture may be grey when it is to be drawn without dots.
_GREY_MAX = 0.12


def image_of(bitmap: Bitmap) -> Image.Image:
    """The bitmap as an image in which black dots are set."""
    return Image.frombytes("1", (bitmap.width, bitmap.height), bitmap.rows)


def bitmap_of(image: Image.Image) -> Bitmap:
    """An image in which black dots are set, as a bitmap."""
    return Bitmap(image.width, image.height, image.tobytes())


def png(bitmap: Bitmap) -> bytes:
    """The bitmap as PNG of one bit, dot for dot."""
    file = BytesIO()
    _as_seen(bitmap).save(file, "PNG", dpi=(DPI, DPI))
    return file.getvalue()


def pdf(bitmap: Bitmap) -> bytes:
    """The bitmap as PDF, as wide as the paper; one page unless it is longer than a
    page can be. The same bitmap makes the same bytes: no date stands in it."""
    image = _as_seen(bitmap)
    tops = range(0, max(image.height, 1), _PAGE_DOTS_MAX)
    pages = [
        image.crop((0, top, image.width, min(top + _PAGE_DOTS_MAX, image.height)))
        for top in tops
    ]
    file = BytesIO()
    pages[0].save(
        file,
        "PDF",
        resolution=DPI,
        save_all=True,
        append_images=pages[1:],
        creationDate=None,
        modDate=None,
        title=None,
    )
    return file.getvalue()


def logo(raw: bytes, width_max: int, height_max: int) -> Bitmap:
    """A picture made to fit, on white; photos in dots, drawings in plain black.

    ValueError with a sentence for what is no such picture or is too large.
    """
    try:
        with Image.open(BytesIO(raw), formats=_FORMATS) as opened:
            most = _PIXELS_MAX if opened.format == "JPEG" else _WHOLE_PIXELS_MAX
            if max(opened.size) > _SIDE_MAX or _area(opened) > most:
                raise ValueError("The picture has too many pixels.")
            opened.draft("L", (2 * width_max, 2 * height_max))
            grey = _on_white(_smaller(ImageOps.exif_transpose(opened), width_max))
    except ValueError as error:
        if str(error).startswith("The picture"):
            raise
        raise ValueError("The picture cannot be read.") from error
    except UnidentifiedImageError as error:
        raise ValueError("This is no PNG, JPEG, WebP, GIF or BMP picture.") from error
    except Exception as error:
        raise ValueError("The picture cannot be read.") from error
    grey.thumbnail((width_max, height_max), Image.Resampling.LANCZOS)
    return bitmap_of(ImageOps.invert(_black_and_white(grey).convert("L")).convert("1"))


def _as_seen(bitmap: Bitmap) -> Image.Image:
    """White is set, as files have it."""
    if not bitmap.height or not bitmap.width:
        return Image.new("1", (max(bitmap.width, 1), max(bitmap.height, 1)), 1)
    flipped = bytes(bitmap.rows).translate(_FLIPPED)
    return Image.frombytes("1", (bitmap.width, bitmap.height), flipped)


_FLIPPED = bytes(255 - value for value in range(256))


def _area(image: Image.Image) -> int:
    return image.width * image.height


def _smaller(image: Image.Image, width_max: int) -> Image.Image:
    """Whole pixels put together where there are many more than dots: what follows
    takes several copies."""
    times = max(image.size) // (4 * width_max)
    return image.reduce(times) if times > 1 and image.mode in _REDUCED else image


def _on_white(image: Image.Image) -> Image.Image:
    """In shades of grey; what is transparent is paper."""
    if image.mode in ("1", "L") and "transparency" not in image.info:
        return image.convert("L")
    if image.mode.startswith("I"):  # 16 bits of grey, which Pillow would cut to 8
        return image.convert("I").point(lambda grey: grey * (1 / 257)).convert("L")
    full = image.convert("RGBA")
    white = Image.new("RGBA", full.size, "white")
    return Image.alpha_composite(white, full).convert("L")


def _black_and_white(grey: Image.Image) -> Image.Image:
    """Drawings by a threshold; photos by Floyd and Steinberg's dots."""
    counts = grey.histogram()
    middle = sum(counts[48:208])
    if middle <= _GREY_MAX * max(sum(counts), 1):
        return grey.point([0] * 128 + [255] * 128, "1")
    return grey.convert("1")
