"""Which way text runs, and in which order its pieces stand on paper."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restaurant.adapters.raster import bidi

HERE = Path(__file__).resolve().parent


def seen(text: str, direction: int) -> str:
    """The characters from left to right, brackets as they look there."""
    levels = bidi.levels(text, direction)
    turned = str.maketrans("()", ")(")
    return "".join(
        text[place].translate(turned) if levels[place] % 2 else text[place]
        for place in bidi.visual(list(levels))
    )


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("Burger", bidi.LTR),
        ("2 x فلافل", bidi.LTR),
        ("2 فلافل x", bidi.RTL),
        ("(שקשוקה) x", bidi.RTL),
        ("🌶 شاورما", bidi.RTL),
        ("羊肉", bidi.LTR),
        ("12:30", None),
        ("🍔 + 2", None),
        ("", None),
        ("\u2067abc\u2069 שלום", bidi.RTL),
    ],
)
def test_a_paragraph_runs_as_its_first_letter_does(text, direction):
    assert bidi.base(text) == direction


@pytest.mark.parametrize(
    ("text", "direction", "expected"),
    [
        # The names are written in the order of letters: abc runs left, אבג right.
        ("2 x אבג (extra) 5.00", bidi.LTR, "2 x גבא (extra) 5.00"),
        ("2 x אבג (extra) 5.00", bidi.RTL, "5.00 (extra) גבא x 2"),
        ("2 x ", bidi.RTL, " x 2"),
        ("אבג 12:30 דהו", bidi.RTL, "והד 12:30 גבא"),
        ("אבג (2)", bidi.RTL, "(2) גבא"),
        ("VOID 2 x ", bidi.RTL, " VOID 2 x"),
        ("Ceviche", bidi.RTL, "Ceviche"),
        ("מחיר 1,250.00 ₪!", bidi.RTL, "!₪ 1,250.00 ריחמ"),
    ],
)
def test_mixed_directions_stand_as_people_read_them(text, direction, expected):
    assert seen(text, direction) == expected


@given(st.lists(st.integers(0, 6), max_size=40))
def test_visual_order_is_the_rule_l2_of_the_standard(levels):
    """Reverse from the highest level to the lowest odd one, whole runs at a time."""
    expected = list(range(len(levels)))
    for level in range(6, 0, -1):
        if not any(x % 2 and x <= level for x in levels):
            continue
        at = 0
        while at < len(levels):
            end = at
            while end < len(levels) and levels[expected[end]] >= level:
                end += 1
            expected[at:end] = reversed(expected[at:end])
            at = max(end, at + 1)
    assert bidi.visual(levels) == expected


@given(st.text(max_size=60), st.sampled_from([bidi.LTR, bidi.RTL]))
def test_every_character_has_a_level(text, direction):
    levels = bidi.levels(text, direction)
    assert len(levels) == len(text)
    assert sorted(bidi.visual(list(levels))) == list(range(len(text)))


WORDS = ["שקשוקה", "فلافل", "Burger", "12:30", "5.00", "(", ")", "+", " ", "🌶", "x"]


@given(st.lists(st.sampled_from(WORDS), max_size=12), st.sampled_from([0, 1]))
def test_without_the_library_words_still_run_their_own_way(words, direction):
    text = " ".join(words)
    plain = bidi._plain(text, direction)
    for character, level in zip(text, plain, strict=True):
        kind = bidi._kind(character)
        if kind:
            assert level % 2 == (kind == "R")


def test_a_machine_without_libfribidi_prints_everything_and_says_so(tmp_path):
    """A file that is no library stands in its place."""
    for name in ("libfribidi.so.0", "libfribidi.so"):
        (tmp_path / name).write_bytes(b"nothing")
    program = HERE / "without_fribidi.py"
    environment = {**os.environ, "LD_LIBRARY_PATH": str(tmp_path)}
    found = subprocess.run(
        [sys.executable, str(program)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.split() == ["False", "libfribidi", "True", "True"]
