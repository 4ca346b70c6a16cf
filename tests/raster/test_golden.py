"""Every kind of paper in every script, dot for dot as somebody has looked at it.

What changes on purpose is drawn anew: RENEW_GOLDEN=1 .venv/bin/pytest
tests/raster/test_golden.py. Look at every picture in the difference before it is kept.
"""

import os
import unicodedata
from pathlib import Path

import pytest
from PIL import Image

from golden_papers import Paper, all_papers
from restaurant.adapters import raster

GOLDEN = Path(__file__).resolve().parent / "golden"
PAPERS = all_papers()


def drawn(paper: Paper) -> Image.Image:
    """Black dots set."""
    bitmap = raster.draw(paper.sheet, paper.width, is_large=paper.is_large)
    return Image.frombytes("1", (bitmap.width, bitmap.height), bitmap.rows)


@pytest.fixture(scope="session", autouse=True)
def _renewed(fonts_of_this_repository: None) -> None:
    if os.environ.get("RENEW_GOLDEN"):
        for name, paper in PAPERS.items():
            bitmap = raster.draw(paper.sheet, paper.width, is_large=paper.is_large)
            (GOLDEN / f"{name}.png").write_bytes(raster.png(bitmap))


@pytest.mark.parametrize("name", PAPERS)
def test_paper_is_drawn_dot_for_dot(name):
    with Image.open(GOLDEN / f"{name}.png") as golden:
        expected = golden.point([255, *[0] * 255], "1")
    found = drawn(PAPERS[name])
    assert found.size == expected.size
    assert found.tobytes() == expected.tobytes()


def test_the_letters_of_the_papers_are_in_the_fonts():
    """But for those that show what a missing one looks like."""
    from restaurant.adapters.raster import library

    fonts = library.Library(GOLDEN.parent / "fonts", with_system=False)
    letters = {
        letter
        for name, paper in PAPERS.items()
        if not name.startswith("corners")
        for letter in repr(paper.sheet)
        if not unicodedata.category(letter).startswith(("C", "M"))
    }
    assert {letter for letter in letters if fonts.face(ord(letter)) is None} == set()


def test_every_golden_picture_has_its_paper():
    assert {path.stem for path in GOLDEN.glob("*.png")} == set(PAPERS)
