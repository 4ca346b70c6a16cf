"""Fitting text to paper: nothing lost, nothing too wide, the number easy to see."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pi_setup import printer
from printer_pi.render import render
from printer_pi.ticket import DUPLICATE_BANNER, Line, compose, width


def lines(text: str, number: str = "", columns: int = 32) -> list[str]:
    return [line.text for line in compose(text, number, columns)]


def test_the_first_line_with_the_number_is_big() -> None:
    assert compose("Kitchen\n#7 at 12:07\n#7", "7", 42) == [
        Line("Kitchen"),
        Line("#7 at 12:07", big=True),
        Line("#7"),
    ]


def test_a_missing_number_is_put_on_top() -> None:
    assert compose("#77 is another\n7", "#7", 42)[0] == Line("#7", big=True)


@pytest.mark.parametrize("columns", [32, 42, 48])
def test_what_is_not_wanted_any_more_cannot_be_missed(columns: int) -> None:
    mark = "*** VOID ***".center(columns).rstrip()
    text = f"*** VOID *** #7\nBAR\nVOID 1 x Beer\n{mark}\nBig Jay's"
    assert compose(text, "7", columns) == [
        Line("*** VOID *** #7", big=True, inverse=True),
        Line("BAR"),
        Line("VOID 1 x Beer"),
        Line(mark, big=True, inverse=True),
        Line("Big Jay's"),
    ]


def test_other_titles_are_big_and_a_guest_cannot_type_a_mark() -> None:
    for title in ("#7 BAR", "ADD TO #7", "FIRE COURSE 2 #7", "MOVED #7"):
        assert compose(f"{title}\n*** VOID ***\n*** VOID *** #7", "7", 42) == [
            Line(title, big=True),
            Line("*** VOID ***"),
            Line("*** VOID *** #7"),
        ]
    changed = compose("*** CHANGED *** #7\n*** VOID ***", "7", 42)
    assert changed == [
        Line("*** CHANGED *** #7", big=True, inverse=True),
        Line("*** VOID ***"),
    ]


@pytest.mark.parametrize("columns", [32, 42, 48])
@pytest.mark.parametrize("known_here", [True, False])
def test_a_copy_marked_by_the_server_is_not_marked_twice(
    columns: int, known_here: bool
) -> None:
    server = DUPLICATE_BANNER.center(42).rstrip()
    text = f"{server}\n#7 BAR\nsoup\n{server}\n"
    banner = Line(DUPLICATE_BANNER.center(columns).rstrip(), big=True)
    lines = compose(text, "7", columns, duplicate=known_here)
    assert lines == [banner, Line("#7 BAR", big=True), Line("soup"), banner]


def test_a_guest_cannot_hide_the_mark() -> None:
    text = f"#7\n{DUPLICATE_BANNER}\nsoup"
    shown = [line.text.strip() for line in compose(text, "7", 42, duplicate=True)]
    assert shown.count(DUPLICATE_BANNER) == 3
    assert shown[0] == shown[-1] == DUPLICATE_BANNER


def test_no_number_no_heading() -> None:
    assert compose("Receipt", "", 42) == [Line("Receipt")]


def test_long_lines_break_at_spaces_and_keep_their_indentation() -> None:
    text = "  + extra brisket and all the chicken there is"
    assert lines(text) == ["  + extra brisket and all the", "  chicken there is"]


def test_a_word_wider_than_the_paper_is_broken() -> None:
    assert lines("ab" * 20) == ["ab" * 16, "ab" * 4]


def test_amounts_stay_on_their_line_and_rules_get_shorter() -> None:
    text = "2 x Tacos" + " " * 28 + "85.00\n" + "-" * 42
    assert lines(text) == ["2 x Tacos" + " " * 18 + "85.00", "-" * 32]


def test_empty_lines_stay_inside_and_go_at_the_end() -> None:
    assert lines("a\n\nb  \n\n \n") == ["a", "", "b"]


def test_wide_letters_count_twice() -> None:
    assert width("羊肉 a") == 6
    assert lines("羊" * 20) == ["羊" * 16, "羊" * 4]


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=300))
def test_wrapping_loses_no_letter(text: str) -> None:
    shown = lines(text)
    plain = compose(text, "", 10_000)
    drawn = re.fullmatch(r"[-=_*~─━═]*", text)
    if not drawn:
        joined = "".join(shown).replace(" ", "")
        assert joined == "".join(line.text for line in plain).replace(" ", "")
    assert all(width(line) <= 32 for line in shown)


def test_frames_are_straight_and_hold_no_control_bytes() -> None:
    data = render(
        "frame", "Maíz 羊肉\x1b[31m\n#5", "5", printer("terminal:"), copies=2
    ).decode()
    rows = data.splitlines()
    assert rows[0].startswith("┌─ kitchen ─")
    assert rows[1].startswith("│ Maíz 羊肉[31m")
    assert {width(row) for row in rows} == {46}
    assert len(rows) == 8
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", data)


def test_plain_text_copies_are_parted() -> None:
    data = render("text", "soup", "", printer("dir:///x"), copies=2).decode()
    assert data == "soup\n- - - - - - - -\nsoup\n"
