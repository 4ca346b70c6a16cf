"""What a Star printer says and what it is answered: every word of the protocol."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restaurant.core import limits
from restaurant.features.cloudprnt import rules
from restaurant.features.cloudprnt.models import Facts, PollAnswer, StarCode
from restaurant.features.papers.models import Layout
from restaurant.features.printers.models import Fault

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner)
    ),
    max_leaves=8,
)
# The names that a printer uses, with anything behind them.
NAMES = st.sampled_from(
    ["statusCode", "printerMAC", "printingInProgress", "clientAction", "jobToken"]
)


@pytest.mark.parametrize(
    ("said", "number", "words"),
    [
        ("200%20OK", 200, "OK"),
        ("200 OK", 200, "OK"),
        ("OK", 200, "OK"),
        ("ok%20", 200, "ok"),
        ("211 Paper low", 211, "Paper low"),
        ("410%20Paper%20empty", 410, "Paper empty"),
        ("520", 520, ""),
        ("5201", None, "5201"),
        ("broken", None, "broken"),
        ("", None, ""),
        (None, None, ""),
        (200, None, ""),
        ("%ZZ%00\x1b@", None, "%ZZ  @"),
    ],
)
def test_a_status_code_is_read_encoded_or_not(
    said: Any, number: int | None, words: str
) -> None:
    assert rules.code_of(said) == StarCode(number, words)


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        (200, None),
        (211, None),
        (410, Fault.PAPER_OUT),
        (411, Fault.ERROR),
        (420, Fault.COVER_OPEN),
        (499, Fault.ERROR),
        (510, None),
        (None, None),
    ],
)
def test_codes_of_four_hundred_are_the_printers_own_faults(
    number: int | None, fault: Fault | None
) -> None:
    assert rules.fault_of(StarCode(number)) is fault


def test_a_condition_says_what_a_person_can_mend() -> None:
    def shown(code: str) -> dict[str, Any]:
        return rules.condition(rules.poll_of({"statusCode": code}))

    well = {"is_online": True, "paper": "ok", "cover": "closed", "drawer": None}
    assert shown("200%20OK") == {**well, "code": "200 OK"}
    assert shown("211 Low") == {**well, "paper": "low", "code": "211 Low"}
    assert shown("410 Empty") == {
        **well,
        "is_online": False,
        "paper": "out",
        "cover": None,
        "code": "410 Empty",
    }
    assert shown("420 Open")["cover"] == "open"
    assert shown("420 Open")["paper"] is None
    assert shown("510 Type")["is_online"] is True


@pytest.mark.parametrize("code", ["OK", "200 OK", "200", "211 Paper low", "220 Busy"])
def test_a_job_that_ends_well_was_printed(code: str) -> None:
    assert rules.failure_of(rules.code_of(code), was_given=True) is None


@pytest.mark.parametrize(
    ("code", "word", "is_retryable", "is_in_doubt"),
    [
        ("410 Paper empty", "printer.paper_out", True, True),
        ("420 Cover", "printer.cover_open", True, True),
        ("411 Jam", "printer.error", True, True),
        ("510 Media", "star.510", False, False),
        ("511 Decode", "star.511", False, False),
        ("512 Version", "star.512", False, False),
        ("520 Timeout", "star.520", True, False),
        ("521 Too large", "star.521", True, False),
        ("500 Whatever", "star.500", True, True),
        ("nonsense", "star.unknown", True, True),
        (None, "star.unknown", True, True),
    ],
)
def test_a_job_that_ends_otherwise_says_what_to_do_with_it(
    code: str | None, word: str, is_retryable: bool, is_in_doubt: bool
) -> None:
    failure = rules.failure_of(rules.code_of(code), was_given=True)
    assert failure is not None
    assert failure.code == word
    assert failure.retryable is is_retryable
    assert failure.in_doubt is is_in_doubt
    assert failure.error.startswith("The printer said: ")


def test_a_job_that_was_never_fetched_is_on_no_paper() -> None:
    failure = rules.failure_of(rules.code_of("410 Paper"), was_given=False)
    assert failure is not None
    assert failure.in_doubt is False


def test_a_poll_reads_the_examples_of_the_makers_guide() -> None:
    plain = rules.poll_of(
        {
            "status": "23 6 0 0 0 0 0 0 0 ",
            "printerMAC": "00:11:e5:06:04:ff",
            "statusCode": "200%20OK",
            "clientAction": None,
        }
    )
    assert (plain.code.number, plain.mac) == (200, "00:11:e5:06:04:ff")
    assert (plain.answers, plain.is_printing) == (None, False)
    told = rules.poll_of(
        {
            "status": "23 6 0 0 0 0 0 0 0 ",
            "printerMAC": "00:11:e5:06:04:ff",
            "uniqueID": "Star1",
            "statusCode": "200%20OK",
            "clientAction": [
                {"request": "GetPollInterval", "result": "10"},
                {
                    "request": "Encodings",
                    "result": "image/png; image/jpeg; application/vnd.star.raster; "
                    "text/plain; application/octet-stream",
                },
            ],
        }
    )
    assert told.answers is not None
    assert rules.facts_of(told.answers) == Facts(
        poll_seconds=10,
        media=(
            *("image/png", "image/jpeg", "application/vnd.star.raster"),
            *("text/plain", "application/octet-stream"),
        ),
    )


@pytest.mark.parametrize(
    ("page", "dots"),
    [
        ({"paperWidth": "80", "printWidth": "72", "horizontalResolution": "8"}, 576),
        ({"printWidth": "48", "horizontalResolution": "8"}, 384),
        ('{"printWidth": "72", "horizontalResolution": "8"}', 576),
        ({"printWidth": 104, "horizontalResolution": 8}, 832),
        ({"printWidth": "nan", "horizontalResolution": "8"}, None),
        ({"printWidth": "-72", "horizontalResolution": "8"}, None),
        ({"printWidth": True, "horizontalResolution": "8"}, None),
        ({"printWidth": "72"}, None),
        ("{", None),
        (["72"], None),
        (None, None),
    ],
)
def test_page_info_becomes_dots_or_nothing(page: Any, dots: int | None) -> None:
    assert rules.facts_of({"PageInfo": page}).dots == dots


@pytest.mark.parametrize(
    ("dots", "paper"), [(832, "80"), (576, "80"), (432, "58"), (384, "58"), (200, "58")]
)
def test_paper_is_the_widest_that_fits(dots: int, paper: str) -> None:
    assert rules.paper_for(dots) == paper


@pytest.mark.parametrize("seconds", ["0", "-5", "x", "1e9", "inf", None, True, [5]])
def test_a_poll_interval_that_makes_no_sense_is_left_out(seconds: Any) -> None:
    assert rules.facts_of({"GetPollInterval": seconds}).poll_seconds is None


@given(st.dictionaries(NAMES | st.text(max_size=8), JSON))
def test_no_json_object_is_too_strange_to_read(body: dict[str, Any]) -> None:
    poll = rules.poll_of(body)
    rules.condition(poll)
    rules.failure_of(poll.code, was_given=True)


@given(st.dictionaries(st.sampled_from(rules.QUESTIONS), JSON))
def test_no_answer_is_too_strange_to_read(answers: dict[str, Any]) -> None:
    rules.facts_of(answers)


def test_questions_never_come_with_a_job() -> None:
    said = rules.ask().wire()
    assert said == {
        "jobReady": False,
        "clientAction": [
            {"request": word, "options": ""}
            for word in ("ClientType", "Encodings", "PageInfo", "GetPollInterval")
        ],
    }
    assert rules.offer("abc", ["image/png"]).wire() == {
        "jobReady": True,
        "mediaTypes": ["image/png"],
        "jobToken": "abc",
    }
    assert PollAnswer().wire() == {"jobReady": False}


def test_a_printer_is_asked_at_first_daily_and_when_it_is_another_one() -> None:
    day = limits.CLOUDPRNT_ASK_MS
    assert rules.has_to_ask(None, "00:11", None, 5)
    assert not rules.has_to_ask(5, "00:11", "00:11", 6)
    assert not rules.has_to_ask(5, None, "00:11", 4 + day)
    assert rules.has_to_ask(5, None, "00:11", 5 + day)
    assert rules.has_to_ask(5, "00:22", "00:11", 6)


def test_a_job_comes_in_the_media_that_the_printer_takes() -> None:
    raster, letters = Layout(), Layout(render="text")
    assert rules.media_for(raster, (), is_drawer=False) == ["image/png", "text/plain"]
    assert rules.media_for(letters, (), is_drawer=False) == ["text/plain", "image/png"]
    told = ("image/vnd.star.png", "text/plain")
    assert rules.media_for(raster, told, is_drawer=False) == ["text/plain"]
    assert rules.media_for(raster, ("a/b",), is_drawer=False) == [
        *("image/png", "text/plain"),
    ]
    assert rules.media_for(raster, (), is_drawer=True) == ["text/plain"]


@pytest.mark.parametrize(
    ("wanted", "medium"),
    [
        ("image/png", "image/png"),
        ("text/plain; charset=utf-8", "text/plain"),
        ("IMAGE/PNG", "image/png"),
        (None, "image/png"),
        ("", "image/png"),
        ("image/jpeg", None),
        ("application/vnd.star.line", None),
    ],
)
def test_a_printer_gets_the_medium_it_asks_for(
    wanted: str | None, medium: str | None
) -> None:
    assert rules.chosen(wanted, ["image/png", "text/plain"]) == medium


def test_every_copy_has_a_token_of_its_own() -> None:
    assert rules.token_of("abc", 1) == "abc"
    assert rules.token_of("abc", 2) == "abc-2"
    assert rules.wire_id_of("abc-2") == rules.wire_id_of("abc") == "abc"
    assert (rules.copy_of("abc"), rules.copy_of("abc-2")) == (1, 2)
    assert rules.copy_of("abc-") is rules.copy_of("abc-x") is None
    assert rules.copy_of("abc-999") is None


def test_headers_leave_the_dots_alone_and_open_no_drawer() -> None:
    assert rules.print_headers(Layout(cut="full"), calls=True) == {
        "X-Star-ImageDitherPattern": "none",
        "X-Star-Cut": "full; feed=true",
        "X-Star-CashDrawer": "none",
    }
    loud = rules.print_headers(Layout(buzzer="epson", cut="none"), calls=True)
    assert loud["X-Star-Buzzerstartpattern"] == "1"
    assert loud["X-Star-Cut"] == "none; feed=true"
    bell = rules.print_headers(Layout(buzzer="drawer"), calls=True)
    assert bell["X-Star-CashDrawer"] == "start"
    for buzzer in ("epson", "drawer"):
        mute = rules.print_headers(Layout(buzzer=buzzer), calls=False)
        assert mute["X-Star-CashDrawer"] == "none"
        assert "X-Star-Buzzerstartpattern" not in mute
    assert rules.drawer_headers() == {
        "X-Star-Cut": "none; feed=false",
        "X-Star-CashDrawer": "start",
    }
