"""What stands where on paper: widths, wrapping, figures, frames, codes, pictures."""

import random
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFont

from restaurant.adapters import raster
from restaurant.adapters.raster import lines
from restaurant.core import limits, qr
from restaurant.core.bitmaps import Bitmap
from restaurant.core.sheets import (
    Align,
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

WIDTHS = (384, 576)
WORD = "Wiener Schnitzel mit Kartoffelsalat und Preiselbeeren"


def picture(sheet: Sheet, width: int = 576, **options: bool) -> Image.Image:
    """Black dots set."""
    bitmap = raster.draw(sheet, width, **options)
    return Image.frombytes("1", (bitmap.width, bitmap.height), bitmap.rows)


def box(image: Image.Image) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what is black."""
    found = image.getbbox()
    assert found
    return found


def text_lines(image: Image.Image) -> int:
    """How many lines of words: runs of rows with something black."""
    is_black = [image.crop((0, y, image.width, y + 1)).getbbox() is not None
                for y in range(image.height)]  # fmt: skip
    return sum(b and not a for a, b in zip([False, *is_black], is_black, strict=False))


@pytest.mark.parametrize("width", [8, 200, *WIDTHS, 832])
def test_a_bitmap_is_as_wide_as_asked(width):
    for block in (Text(WORD), Row(WORD, "12.50"), Frame(WORD), Rule(), Space()):
        bitmap = raster.draw((block,), width)
        assert (bitmap.width, len(bitmap.rows)) == (width, bitmap.height * width // 8)


def test_the_same_sheet_makes_the_same_dots():
    sheet = (Text(WORD), Text("شاورما 2"), Frame("牛肉麵"), Row("a", "1.00"))
    assert raster.draw(sheet, 576).sha256 == raster.draw(sheet, 576).sha256


def test_sizes_are_once_twice_and_thrice_as_tall():
    heights = {
        size: box(picture((Text("H", size),)))[3] - box(picture((Text("H", size),)))[1]
        for size in Size
    }
    normal = heights[Size.NORMAL]
    assert heights[Size.SMALL] < normal
    assert abs(heights[Size.LARGE] - 2 * normal) <= 2
    assert abs(heights[Size.HUGE] - 3 * normal) <= 2


def test_a_large_layout_prints_larger():
    small, large = (picture((Text("H"),), is_large=on) for on in (False, True))
    assert box(large)[3] - box(large)[1] > box(small)[3] - box(small)[1]


def test_bold_is_darker_in_every_script():
    for word in ("Tacos", "שלום", "شاورما", "ผัดไทย", "मसाला", "牛肉", "김치"):
        thin, bold = (picture((Text(word, is_bold=on),)) for on in (False, True))
        assert bold.histogram()[255] > thin.histogram()[255], word


def test_a_picture_stays_as_it_is_in_bold():
    thin, bold = (picture((Text("🍕", is_bold=on),)) for on in (False, True))
    assert thin.tobytes() == bold.tobytes()


def test_a_long_text_wraps_between_words_and_loses_none():
    words = WORD.split()
    alone = sum(picture((Text(word),), 1600).histogram()[255] for word in words)
    wrapped = picture((Text(WORD),), 200)
    assert text_lines(wrapped) >= 4
    assert wrapped.histogram()[255] == alone


def test_a_word_wider_than_the_paper_is_cut_between_letters():
    word = "Donaudampfschifffahrtsgesellschaftskapitänsmütze"
    image = picture((Text(word, Size.LARGE),), 384)
    assert text_lines(image) >= 3
    assert box(image)[2] <= 384


def test_ideographs_wrap_anywhere_but_not_before_closing_signs():
    sheet = (Text("牛肉麵牛肉麵牛肉麵牛肉麵牛肉麵牛肉。"),)
    # 17 letters of 24 dots and the stop: the last one comes along to the next line.
    assert text_lines(picture(sheet, 17 * 24)) == 2
    assert box(picture(sheet, 17 * 24).crop((0, 32, 408, 64)))[2] > 24


def test_words_that_begin_at_the_right_stand_at_the_right():
    left, _, right, _ = box(picture((Text("פלאפל"),)))
    assert right >= 572
    assert left > 300
    assert box(picture((Text("Falafel"),)))[0] <= 4
    assert box(picture((Text("פלאפל", align=Align.END),)))[0] <= 4
    assert box(picture((Text("Falafel", align=Align.END),)))[2] >= 572


def test_a_lead_in_stands_before_its_words_on_their_side():
    line = picture((Text("H" * 20, first="2 x "),), 240)
    lead = box(picture((Text("2 x"),), 240))[2]
    # The second line hangs below the words, not below the figure.
    half = line.height // 2
    assert box(line.crop((0, half, 240, line.height)))[0] > lead
    hebrew = picture((Text("פלאפל", first="2 x "),))
    figure = picture((Text("2"),)).crop(box(picture((Text("2"),))))
    _, top, right, bottom = box(hebrew)
    at_the_right = hebrew.crop((right - figure.width, top, right, bottom))
    assert at_the_right.crop(box(at_the_right)).tobytes() == figure.tobytes()


def test_a_word_too_long_for_the_paper_does_not_cut_those_that_fit():
    long = "Rindfleischetikettierungsgesetz Kartoffelsalat"
    image = picture((Text(long, Size.LARGE, first="100 x "),), 384)
    alone = picture((Text("Kartoffelsalat", Size.LARGE),), 384)
    last = image.crop((0, image.height - alone.height, 384, image.height))
    assert last.crop(box(last)).tobytes() == alone.crop(box(alone)).tobytes()


def test_a_lead_in_too_long_for_its_words_gets_its_own_line():
    image = picture((Text("Flan", Size.HUGE, first="VOID 1000 x "),), 384)
    assert text_lines(image) >= 2
    assert box(image)[2] <= 384


@pytest.mark.parametrize("quantity", ["1 x ", "100 x "])
def test_a_quantity_stays_with_its_dish_where_a_word_before_it_takes_the_line(quantity):
    image = picture(
        (Text("Flan", Size.LARGE, True, first=f"AGGIUNGERE {quantity}"),), 384
    )
    apart = (
        Text("AGGIUNGERE", Size.LARGE, True),
        Text("Flan", Size.LARGE, True, first=quantity),
    )
    assert image.tobytes() == picture(apart, 384).tobytes()


@pytest.mark.parametrize(
    ("word", "size", "smaller"),
    [
        ("NACHTRAG", Size.HUGE, Size.LARGE),
        ("ACRESCENTAR", Size.HUGE, Size.LARGE),
        ("HAUPTGRILL", Size.HUGE, Size.LARGE),
        ("REMBOURSEMENT", Size.LARGE, Size.NORMAL),
    ],
)
def test_a_title_s_word_wider_than_the_paper_is_smaller_instead_of_cut(
    word, size, smaller
):
    title, least = (picture((Text(word, of, True),), 384) for of in (size, smaller))
    assert text_lines(title) == 1
    assert least.height <= title.height < picture((Text("I", size),)).height


def test_words_to_the_left_are_centered_on_the_paper_beside_figures_too():
    centered = Text("תודה רבה", align=Align.CENTER)
    sheet = (Row("שקשוקה", "1,250.00"), centered)
    row = picture(sheet[:1])
    below = picture(sheet).crop((0, row.height, 576, row.height + 31))
    left, _, right, _ = box(below)
    assert abs(left - (576 - right)) <= 2


def test_inverse_text_is_a_black_bar_from_edge_to_edge():
    image = picture((Text("VOID", is_inverse=True),))
    assert box(image) == (0, 0, 576, image.height)
    assert image.histogram()[0] > 200


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("left", ["Flan", WORD, "שקשוקה עם הרבה מאוד לחם טרי ועוד", ""])
def test_a_figure_stands_at_the_right_of_the_last_line(left, width):
    image = picture((Row(left, "1,250.00"),), width)
    figure = box(picture((Text("1,250.00"),), width))
    last = image.crop((0, image.height - 31, width, image.height))
    assert width - box(last)[2] <= 2
    alone = picture((Text("1,250.00", align=Align.END),), width)
    start = width - (figure[2] - figure[0]) - 8
    shape = last.crop((start, 0, width, 31))
    assert shape.tobytes() == alone.crop((start, 0, width, 31)).tobytes()


@given(st.text("אבגabc 12", max_size=80), st.text("0123456789.,", max_size=12))
def test_words_and_figure_never_overlap(left, right):
    """Where the figure stands there is nothing else, and a gap before it."""
    image = picture((Row(left, right),), 384)
    alone = picture((Text(right, align=Align.END),), 384)
    start = box(alone)[0] - 8 if right else 384
    place = (start, image.height - alone.height, 384, image.height)
    expected = alone.crop((start, 0, 384, alone.height))
    assert image.crop(place).tobytes() == expected.tobytes()


def test_a_figure_too_wide_gets_its_own_line():
    image = picture((Row("Total", "1,234,567,890.00", Size.LARGE),), 384)
    assert text_lines(image) >= 2
    assert box(image)[2] <= 384


@pytest.mark.parametrize("word", ["TOTAL", "Remboursement"])
def test_a_word_that_a_figure_leaves_no_room_for_stays_whole_above_it(word):
    size = Size.LARGE if word == "TOTAL" else Size.NORMAL
    figure = "272.50 ILS" if word == "TOTAL" else "1,234,567,890.00"
    image = picture((Row(word, figure, size, True),), 384)
    apart = (Text(word, size, True), Row("", figure, size, True))
    assert image.tobytes() == picture(apart, 384).tobytes()


def test_the_line_after_a_word_that_stays_whole_has_the_figure_if_there_is_room():
    image = picture((Row("Remboursement (versé)", "-1,250.00 EUR"),), 240)
    apart = (Text("Remboursement"), Row("(versé)", "-1,250.00 EUR"))
    assert image.tobytes() == picture(apart, 240).tobytes()


def test_a_frame_is_closed_around_its_words_and_keeps_line_feeds():
    image = picture((Frame("one\ntwo", indent=2),))
    left, top, right, bottom = box(image)
    assert (left, right) == (24, 576)
    for edge in (
        (left, top, right, top + 1),
        (left, bottom - 1, right, bottom),
        (left, top, left + 1, bottom),
        (right - 1, top, right, bottom),
    ):
        part = image.crop(edge)
        assert part.histogram()[255] == part.width * part.height
    assert text_lines(image.crop((left + 8, top + 8, right - 8, bottom - 8))) == 2


def test_a_frame_of_words_to_the_left_is_indented_at_the_right():
    assert box(picture((Frame("בלי בצל", indent=2),)))[::2] == (0, 552)


def decoded(image: Image.Image, modules: int) -> tuple[str, ...]:
    """The code's modules, from the middle of each."""
    left, top, right, _ = box(image)
    dots = (right - left) // modules
    assert (right - left) % modules == 0
    assert min(left, top) >= 4 * dots
    return tuple(
        "".join(
            "1" if image.getpixel((left + x * dots + dots // 2,
                                   top + y * dots + dots // 2)) else "0"
            for x in range(modules)
        )
        for y in range(modules)
    )  # fmt: skip


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("length", [10, 100, 400])
def test_a_code_has_whole_dots_and_a_white_edge(width, length):
    modules = tuple(qr.modules("https://example.com/" + "a" * length))
    assert decoded(picture((Code(modules),), width), len(modules)) == modules


def test_a_code_too_dense_for_the_paper_is_written_out():
    code = Code(tuple("1" * 60 for _ in range(60)), letters="LNURL1ABC")
    assert picture((code,), 56).getbbox() is not None


@pytest.mark.parametrize("width", WIDTHS)
def test_a_picture_is_centered_and_made_smaller_if_it_must(width):
    logo = Bitmap(100, 10, (b"\xff" * 12 + b"\xf0") * 10)
    image = picture((Picture(logo),), width)
    assert box(image) == ((width - 100) // 2, 0, (width + 100) // 2, 10)
    wide = Bitmap(1152, 100, b"\xff" * 144 * 100)
    assert box(picture((Picture(wide),), width)) == (0, 0, width, width * 100 // 1152)


def test_space_is_as_high_as_asked():
    assert raster.draw((Space(10),), 576).height == 80


def test_paper_that_never_ends_is_cut_off_with_a_mark():
    bitmap = raster.draw((Text("no end " * 200_000),), 384)
    assert limits.BITMAP_HEIGHT_MAX - 200 < bitmap.height <= limits.BITMAP_HEIGHT_MAX
    assert bitmap.row(bitmap.height - 1) == b"\xff" * 48


def test_what_no_font_has_is_a_box_with_its_number():
    for letter in ("\U00012000", "\ue000", "\ud800", "\x01", "\U0010ffff"):
        image = picture((Text(letter),))
        left, top, right, _ = box(image)
        edge = image.crop((left, top, right, top + 1))
        assert edge.histogram()[255] == right - left, letter
    assert picture((Text("\ue000"),)).tobytes() != picture((Text("\ue001"),)).tobytes()


def test_what_a_bold_font_cannot_draw_comes_from_the_regular_one():
    """Noto's bold basmala has more strokes than FreeType takes."""
    bold, plain = (box(picture((Text("﷽", is_bold=way),))) for way in (True, False))
    assert bold[2] - bold[0] > 100
    assert abs((bold[2] - bold[0]) - (plain[2] - plain[0])) <= 2
    assert abs((bold[3] - bold[1]) - (plain[3] - plain[1])) <= 2


@pytest.mark.parametrize(
    ("letter", "widest"),
    [
        ("👨‍👩‍👧", 31),  # joined to one
        ("👍🏽", 31),
        ("🏳️‍🌈", 31),
        ("🇮🇱", 31),
        ("1️⃣", 31),
        ("ที่", 20),  # marks above
        ("e\u0301", 16),
        ("\u1112\u1161\u11ab", 26),  # one syllable of three parts
    ],
)
def test_letters_of_several_characters_are_as_wide_as_one(letter, widest):
    left, _, right, _ = box(picture((Text(letter),)))
    assert right - left <= widest


def test_arabic_is_joined():
    joined = picture((Text("بيت"),))
    apart = picture((Text("ب\u200cي\u200cت"),))
    assert joined.tobytes() != apart.tobytes()


def test_brackets_turn_with_their_words():
    hebrew = picture((Text("(אבג)"),))
    shape = picture((Text("("),))
    left, top, _, bottom = box(hebrew)
    bracket = shape.crop(box(shape))
    assert hebrew.crop((left, top, left + bracket.width, bottom)).histogram()[255] >= (
        bracket.histogram()[255] - 2
    )
    first = hebrew.crop((left, 0, left + bracket.width, hebrew.height))
    assert first.crop(box(first)).tobytes() == bracket.tobytes()


WILD = st.one_of(
    st.text(st.characters(), max_size=60),
    st.text(
        st.characters(categories=["Mn", "Me", "Cf", "Cc", "Cs", "Co"]), max_size=60
    ),
    st.text("אب1(\u202e\u2066\u2067\u2069\u200f\u200dक्ष👩🏽🇮\ufe0f a\n", max_size=60),
    st.builds(lambda a, n: a * n, st.characters(), st.integers(0, 300)),
)
BLOCKS = st.one_of(
    st.builds(
        Text, WILD, st.sampled_from(Size), st.booleans(), st.booleans(),
        st.sampled_from(Align), WILD, st.integers(-5, 60),
    ),
    st.builds(Row, WILD, WILD, st.sampled_from(Size), st.booleans(),
              st.integers(-5, 60)),
    st.builds(Frame, WILD, st.sampled_from(Size), st.booleans(), st.integers(-5, 60)),
    st.builds(Code, st.lists(st.text("01", max_size=60), max_size=60).map(tuple),
              WILD, WILD),
    st.builds(Space, st.integers(-3, 40)),
    st.builds(Rule, st.booleans()),
    st.builds(
        lambda w, h: Picture(Bitmap(w, h, bytes((w + 7) // 8 * h))),
        st.integers(0, 900), st.integers(0, 50),
    ),
)  # fmt: skip


@settings(max_examples=300)
@given(
    st.lists(BLOCKS, max_size=4).map(tuple),
    st.sampled_from([8, 16, 384, 576]),
    st.booleans(),
)
def test_any_text_makes_a_bitmap_of_the_width_asked_for(sheet, width, is_large):
    bitmap = raster.draw(sheet, width, is_large=is_large)
    assert bitmap.width == width
    assert bitmap.height <= limits.BITMAP_HEIGHT_MAX
    assert raster.png(bitmap).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "letter", ["a", "\u0301", "ب", "ก", "क्", "👩\u200d", "\u202e", "牛"]
)
def test_words_of_ten_thousand_characters_are_no_trouble(letter):
    word = letter * 10_000
    sheet = (Text(word, first=word[:200]), Row(word, word[:500]), Frame(word))
    bitmap = raster.draw(sheet, 384)
    assert bitmap.height <= limits.BITMAP_HEIGHT_MAX


def test_copies_share_what_they_have_in_common_and_look_as_if_drawn_alone():
    """A long ticket in nine copies is drawn once, or it would outlive its lease."""
    body = (Text("2 x Tacos"), Row("שלום", "1.00"), Frame("sin\ncebolla"), Rule())
    drawn: raster.Strips = {}
    for banner in ((), (Text("COPY 2", Size.LARGE, True, True),)):
        sheet = (*banner, *body, *banner)
        assert raster.draw(sheet, 384, drawn=drawn) == raster.draw(sheet, 384)
    assert len(drawn) == 5


# --- how much work it is ----------------------------------------------------------


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Counts what is done with letters: ``looked up`` pieces, and letters that are
    ``measured`` and ``drawn``."""
    counted: Counter[str] = Counter()

    def counting(what: str, done: Any, size: Any) -> Any:
        def count(*arguments: Any, **more: Any) -> Any:
            counted[what] += size(arguments)
            return done(*arguments, **more)

        return count

    font = ImageFont.FreeTypeFont
    for name, what in (("getmask2", "drawn"), ("getbbox", "measured")):
        wrapped = counting(what, getattr(font, name), lambda given: len(given[1]))
        monkeypatch.setattr(font, name, wrapped)
    monkeypatch.setattr(
        lines, "pieces", counting("looked up", lines.pieces, lambda _: 1)
    )
    return counted


def wordless(letters: str, seed: str, size: int = 500) -> str:
    """Letters without a space, in an order that no other test has."""
    return "".join(random.Random(letters + seed).choices(letters, k=size))


LETTERS = {
    "latin": "abcdefghijklmnopqrstuvwxyz",
    "thai": "กขคงจฉชซดตถทธนบปผพมยรลวสหอ",
    "arabic": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "signs": "!?…%",
}


@pytest.mark.parametrize("letters", LETTERS.values(), ids=LETTERS)
@pytest.mark.parametrize("first", ["", "7 x "])
def test_a_text_without_spaces_is_work_in_step_with_its_letters(
    letters: str, first: str, work: Counter[str]
) -> None:
    text = wordless(letters, first)

    bitmap = raster.draw((Text(text, first=first),), 576)

    rows = bitmap.height / 31
    once = len(first + text) + len(letters)
    assert work["drawn"] <= once, "what comes out, and every letter alone"
    assert work["measured"] <= 4 * len(text)
    assert work["looked up"] <= 2 * len(letters) + 4 * rows + 10


def test_signs_that_no_line_begins_with_still_fill_their_lines() -> None:
    signs, letters = (raster.draw((Text(each * 480),), 576) for each in "!x")

    assert signs.height <= letters.height


def test_a_long_word_with_a_letter_that_cannot_be_drawn_is_a_frame() -> None:
    """The bold font has a letter that is too intricate for the rasterizer."""
    frame = picture((Text("ر" * 40 + "\ufdfd", is_bold=True),), 1024)

    left, top, right, bottom = box(frame)
    edge = frame.crop((left, top, right, top + 1))
    assert edge.tobytes() == Image.new("1", edge.size, 1).tobytes()
    assert bottom - top > 2
