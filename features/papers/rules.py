"""What every paper has in common: its marks, its head and foot, and a test. Pure."""

from collections.abc import Iterator

from ...core import qr
from ...core.bitmaps import Bitmap
from ...core.sheets import (
    Align,
    Block,
    Code,
    Frame,
    Picture,
    Row,
    Rule,
    Sheet,
    Size,
    Space,
    Text,
)
from ...core.times import local_time
from ..restaurants.models import Restaurant
from .models import WORDS, Layout, Marks, TestDocument

#: Words of every script that the fonts know; each is "good appetite" or a dish.
SCRIPTS = (
    "Crème brûlée · ¡Buen provecho! · Größe · Çay",
    "Καλή όρεξη · Приятного аппетита",
    "בתיאבון · شكراً جزيلاً",
    "Tacos 2 × كباب (3)",
    "ขอให้อร่อย",
    "羊肉串 · いただきます · 잘 먹겠습니다",
    "☕ 🌶 🍕 ⚡",
)
_SIGNS = "€ $ £ ¥ ₿ ½ ° ß ñ @ & % # ÄÖÜ äöü"
_TEST_CODE = "TEST 12345"


def marked(sheet: Sheet, marks: Marks, language: str = "en") -> Sheet:
    """The sheet with its marks above and below, so that none is torn off."""
    banners = tuple(
        Text(said, Size.LARGE, True, True, Align.CENTER)
        for said in _said(marks, language)
    )
    return (*banners, *sheet, *reversed(banners))


def _said(marks: Marks, language: str) -> Iterator[str]:
    words = WORDS[language]
    if marks.is_possible_duplicate:
        yield words["duplicate"]
    if marks.reprint_n:
        yield words["reprint"].format(n=marks.reprint_n)
    if marks.copy_n:
        yield words["copy_n"].format(n=marks.copy_n)
    if marks.backup_of is not None:
        yield words["backup_of"].format(printer=marks.backup_of)
    if marks.copies > 1:
        yield words["copy_of"].format(n=marks.copy, m=marks.copies)


def dressed(
    sheet: Sheet, layout: Layout, kind: str, logo: Bitmap | None = None
) -> Sheet:
    """A receipt between the layout's logo, header and footer; others as they are."""
    if kind != "receipt":
        return sheet
    above: list[Block] = [Picture(logo)] if logo else []
    above += _paragraphs(layout.header)
    return (*above, *sheet, *_paragraphs(layout.footer))


def hung(sheet: Sheet, layout: Layout, kind: str) -> Sheet:
    """A ticket below the empty paper that the rail holds; others as they are."""
    if kind != "ticket" or not layout.rail_mm:
        return sheet
    return (Space(layout.rail_mm), *sheet)


def _paragraphs(text: str) -> Iterator[Text]:
    for line in text.split("\n"):
        if line.strip():
            yield Text(line, align=Align.CENTER)


# --- a test -------------------------------------------------------------------------


def test_document(restaurant: Restaurant, printer: str, at: int) -> TestDocument:
    """What a test print is of."""
    return TestDocument(
        kind="test",
        restaurant=restaurant.name,
        timezone=restaurant.timezone,
        local_time=local_time(at, restaurant.timezone),
        printer=printer,
    )


def test_sheet(document: TestDocument, layout: Layout) -> Sheet:
    """What a printer can do: every script and size, how wide it prints, a code."""
    words = WORDS[layout.language]
    if layout.render == "text":
        wide = words["test_text"].format(page=layout.codepage)
    else:
        wide = words["test_width"].format(dots=layout.width, columns=layout.letters)
    return (
        Text(words["test"], Size.HUGE, is_bold=True),
        Text(document.printer, Size.LARGE, is_bold=True),
        Text(document.restaurant),
        Text(document.local_time),
        Rule(is_heavy=True),
        *(Text(sample) for sample in (*SCRIPTS, _SIGNS)),
        Rule(),
        Text("Aa 123", Size.SMALL),
        Text("Aa 123"),
        Text("Aa 123", Size.LARGE),
        Text("Aa 123", Size.HUGE),
        Text("Aa 123", is_bold=True),
        Text("Aa 123", is_inverse=True),
        Frame("Aa 123"),
        Row("Aa 123", "4.56"),
        Rule(),
        Text(wide, Size.SMALL),
        Text(_ruler(layout.letters), Size.SMALL),
        Rule(is_heavy=True),
        Code(
            tuple(qr.modules(_TEST_CODE)),
            words["test_code"].format(text=_TEST_CODE),
            _TEST_CODE,
        ),
    )


def _ruler(columns: int) -> str:
    """A digit for every letter: ``1234567890123…``."""
    return "".join(str(n % 10) for n in range(1, columns + 1))
