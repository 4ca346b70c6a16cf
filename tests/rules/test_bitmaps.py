"""Black dots on white paper."""

import pytest

from restaurant.core.bitmaps import Bitmap


def test_rows_begin_on_bytes():
    bitmap = Bitmap(10, 2, b"\xff\xc0\x80\x40")
    assert bitmap.stride == 2
    assert [bitmap.row(y) for y in range(2)] == [b"\xff\xc0", b"\x80\x40"]


@pytest.mark.parametrize("rows", [b"", b"\0" * 3, b"\0" * 5])
def test_rows_of_another_size_are_refused(rows):
    with pytest.raises(ValueError, match="size"):
        Bitmap(10, 2, rows)


def test_paper_may_be_empty():
    assert Bitmap(576, 0, b"").row(0) == b""


def test_a_picture_is_told_from_others_by_its_size_and_dots():
    wide, tall = Bitmap(16, 1, b"\1\2"), Bitmap(8, 2, b"\1\2")
    other = Bitmap(16, 1, b"\1\3")
    assert len({wide.sha256, tall.sha256, other.sha256}) == 3
    assert wide.sha256 == Bitmap(16, 1, b"\1\2").sha256
    assert len(wide.sha256) == 64
