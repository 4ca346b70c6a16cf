"""Which font draws which character, and tables made ahead."""

import importlib
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restaurant.adapters import raster
from restaurant.adapters.raster import cmap, library
from restaurant.core.sheets import Size, Text

HERE = Path(__file__).resolve().parent


@pytest.fixture
def fonts():
    """dev/fonts.py"""
    return importlib.import_module("fonts")


def test_the_coverage_table_is_up_to_date(fonts):
    assert fonts.COVERAGE.read_text("utf-8") == fonts.coverage()


def test_every_bundled_font_is_listed_and_has_its_licence(fonts):
    files = {path.name for path in library.HERE.glob("*.ttf")}
    regular = {name for name in files if "-Bold." not in name}
    assert regular == set(library.BUNDLED)
    families = {name.partition("-")[0] for name in files}
    for family in families:
        licence = (library.HERE / f"{family}.LICENSE.txt").read_text("utf-8")
        assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    listed = {font.name for p in fonts.packages("bundled") for font in p.fonts}
    assert listed == files


def test_bundled_fonts_are_of_modest_size():
    assert sum(path.stat().st_size for path in library.HERE.iterdir()) < 3_000_000


def test_a_bold_font_has_what_its_sister_has():
    for path in library.HERE.glob("*-Bold.ttf"):
        sister = path.with_name(path.name.replace("-Bold.", "-Regular."))
        assert cmap.coverage(path) == cmap.coverage(sister)


RANGES = st.lists(st.integers(0, 0x10FFFF), unique=True).map(sorted)


@given(RANGES)
def test_ranges_are_written_as_they_are_read(codes):
    ranges = cmap._as_ranges((code, code) for code in codes)
    assert cmap.from_text(cmap.as_text(ranges)) == ranges
    assert [c for a, b in ranges for c in range(a, b + 1)] == codes


@given(st.integers(0, 0x2FFFF))
def test_a_face_has_exactly_its_ranges(code):
    face = library.Face.of(Path("x.ttf"), 0, ((0x20, 0x7E), (0x5D0, 0x5EA)))
    assert face.has(code) == (0x20 <= code <= 0x7E or 0x5D0 <= code <= 0x5EA)


@given(st.binary(max_size=300))
def test_what_is_no_font_is_refused(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("fonts") / "noise.ttf"
    for data in (content, b"\0\1\0\0" + content, b"ttcf" + content):
        path.write_bytes(data)
        with pytest.raises(ValueError, match="font"):
            cmap.coverage(path)


@given(st.integers(0, 190_000), st.binary(min_size=1, max_size=40))
def test_a_damaged_font_is_refused_or_read(tmp_path_factory, place, noise):
    good = (library.HERE / "NotoSansThai-Regular.ttf").read_bytes()
    place %= 3000
    path = tmp_path_factory.mktemp("fonts") / "damaged.ttf"
    path.write_bytes(good[:place] + noise + good[place + len(noise) :])
    try:
        cmap.coverage(path)
    except ValueError:
        return


@pytest.mark.parametrize(
    ("letters", "font"),
    [
        ("Aéñßøłżğ€₿₪₫Ắ", "NotoSans-Regular"),
        ("Ωж«»—…", "NotoSans-Regular"),
        ("שָׁ", "NotoSansHebrew"),
        ("عپچگ؟", "NotoSansArabic"),
        ("กำ฿", "NotoSans"),
        ("क्ष", "NotoSansDevanagari"),
        ("🍕☕⚡🌶", "NotoEmoji"),
        ("→★", "NotoSans"),
        ("们ひ、", "NotoSansSC"),
        ("한", "NotoSansKR"),
    ],
)
def test_every_script_has_its_font(letters, font):
    fonts = library.Library(HERE / "fonts", with_system=False)
    for letter in letters:
        face = fonts.face(ord(letter))
        assert face is not None, letter
        assert font in face.path, letter


def test_without_a_pack_or_the_systems_fonts_ideographs_are_missing():
    alone = library.Library(with_system=False)
    assert alone.missing == ("chinese", "kana", "hangul")
    packed = library.Library(HERE / "fonts", with_system=False)
    assert packed.missing == ()


def test_the_state_tells_what_is_missing(tmp_path):
    try:
        raster.use_fonts(tmp_path, with_system=False)
        state = raster.state()
        assert state.has_fribidi
        assert not state.has_cjk
        assert state.missing == ("chinese", "kana", "hangul")
    finally:
        raster.use_fonts(HERE / "fonts", with_system=False)
    assert raster.state() == raster.RasterState(True, True, ())


def test_a_pack_may_lie_in_folders_and_hold_what_is_no_font(tmp_path):
    (tmp_path / "cjk").mkdir()
    shutil.copy(HERE / "fonts" / "NotoSansSC-Regular.ttf", tmp_path / "cjk")
    (tmp_path / "broken.otf").write_bytes(b"nothing")
    (tmp_path / "README.txt").write_text("unpacked here")
    fonts = library.Library(tmp_path, with_system=False)
    assert fonts.missing == ("hangul",)
    assert fonts.unreadable == ["broken.otf"]
    assert fonts.face(ord("们")) is not None


def test_a_font_whose_letters_cannot_be_drawn_is_no_trouble(tmp_path):
    """Its table can be read, nothing else of it."""
    whole = (HERE / "fonts" / "NotoSansSC-Regular.ttf").read_bytes()
    (tmp_path / "half.ttf").write_bytes(whole[:4000] + bytes(len(whole) - 4000))
    try:
        raster.use_fonts(tmp_path, with_system=False)
        assert any(raster.draw((Text("们"),), 576).rows)
    finally:
        raster.use_fonts(HERE / "fonts", with_system=False)


def test_a_folder_that_is_not_there_is_an_empty_pack(tmp_path):
    assert library.Library(tmp_path / "none", with_system=False).face(65) is not None


def test_the_systems_fonts_are_asked_when_a_letter_needs_them():
    fonts = library.Library()
    assert fonts.face(ord("A")) is not None
    assert fonts._system is None
    fonts.face(0x12000)
    assert fonts._system is not None


def test_threads_draw_the_same():
    sheets = [
        (Text(f"{word} {n}", size),)
        for n, word in enumerate(("Zürich", "שלום", "شاورما", "牛肉", "ผัดไทย", "🍕"))
        for size in Size
    ] * 4
    expected = [raster.draw(sheet, 384) for sheet in sheets]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda sheet: raster.draw(sheet, 384), sheets))
    assert found == expected
