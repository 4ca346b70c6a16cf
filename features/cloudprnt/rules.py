"""What a Star printer means, and how it is answered. Pure.

A printer polls (POST) with its state; where a job waits it fetches it (GET) and says
how it went (DELETE, or GET with ``delete``). Printers of one maker speak it in many
versions: any field may be missing or null, and none is trusted.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from ...core import limits
from ...core.paper import printable
from ..papers.models import WIDTHS, Layout
from ..printers.models import Fault
from ..printing.models import Failure
from .models import (
    PNG,
    TEXT,
    Facts,
    Poll,
    PollAnswer,
    Question,
    StarCode,
)

#: What a printer is asked at the first contact, and once a day from then on.
QUESTIONS = ("ClientType", "Encodings", "PageInfo", "GetPollInterval")
_CODE = re.compile(r"\s*(\d{3})(?!\d)[\s:-]*(.*)", re.DOTALL)
_WORDS_MAX = 60
_POLL_SECONDS_MAX = 3_600
# The printer could not get the whole job: nothing of it is on paper.
_NOT_DOWNLOADED = (520, 521)

# --- what the printer says -------------------------------------------------------


def poll_of(body: Mapping[str, Any]) -> Poll:
    """What a poll says, from its JSON; whatever cannot be read counts as not said."""
    return Poll(
        code=code_of(body.get("statusCode")),
        mac=_words(body.get("printerMAC")),
        is_printing=body.get("printingInProgress") is True,
        answers=_answers(body.get("clientAction")),
    )


def code_of(text: Any) -> StarCode:
    """A status code, URL-encoded or not: ``200%20OK``, ``OK``, ``410 Paper empty``."""
    if not isinstance(text, str):
        return StarCode(None)
    words = printable(unquote(text)).strip()[: 2 * _WORDS_MAX]
    if words.upper().startswith("OK"):
        return StarCode(200, words[:_WORDS_MAX])
    found = _CODE.match(words)
    if found is None:
        return StarCode(None, words[:_WORDS_MAX])
    return StarCode(int(found[1]), found[2].strip()[:_WORDS_MAX])


def _answers(value: Any) -> dict[str, Any] | None:
    """Answers by question; the last one counts. None when there are none."""
    if not isinstance(value, list):
        return None
    found = {
        entry["request"]: entry.get("result")
        for entry in value
        if isinstance(entry, dict) and isinstance(entry.get("request"), str)
    }
    return found or None


def facts_of(answers: Mapping[str, Any]) -> Facts:
    """What the printer told of itself; a part that makes no sense is left out."""
    seconds = _number(answers.get("GetPollInterval"), _POLL_SECONDS_MAX)
    media = answers.get("Encodings")
    known = media.split(";") if isinstance(media, str) else []
    words = known[: limits.CLOUDPRNT_MEDIA_MAX]
    return Facts(
        poll_seconds=int(seconds) if seconds else None,
        dots=_dots(answers.get("PageInfo")),
        model=_words(answers.get("ClientType")),
        media=tuple(w for w in (_words(word.lower()) for word in words) if w),
    )


def _dots(page: Any) -> int | None:
    """Dots across the printable part: its millimetres by the dots of each."""
    if isinstance(page, str):
        try:
            page = json.loads(page[:1_000])
        except (ValueError, RecursionError):
            return None
    if not isinstance(page, dict):
        return None
    width = _number(page.get("printWidth"), 1_000)
    resolution = _number(page.get("horizontalResolution"), 100)
    return round(width * resolution) if width and resolution else None


def _number(value: Any, most: int) -> float | None:
    """A positive number, also as text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(str(value)[:20])
    except ValueError:
        return None
    return number if 0 < number <= most else None


def _words(value: Any) -> str | None:
    """Somebody's short text, harmless to show; None for none."""
    if not isinstance(value, str):
        return None
    return printable(value[: 4 * _WORDS_MAX]).strip()[:_WORDS_MAX] or None


# --- what it means ---------------------------------------------------------------


def fault_of(code: StarCode) -> Fault | None:
    """The printer's own fault: it can print nothing until somebody helps."""
    if code.family != 4:
        return None
    if code.number == 410:
        return Fault.PAPER_OUT
    if code.number and code.number // 10 == 42:
        return Fault.COVER_OPEN
    return Fault.ERROR


def condition(poll: Poll) -> dict[str, Any]:
    """How the printer is, in the words that every kind of printer is shown by."""
    code, fault = poll.code, fault_of(poll.code)
    is_low = code.number is not None and code.number // 10 == 21
    paper = "out" if fault is Fault.PAPER_OUT else "low" if is_low else None
    if paper is None and code.family == 2:
        paper = "ok"
    cover = "open" if fault is Fault.COVER_OPEN else None
    if cover is None and code.family == 2:
        cover = "closed"
    shown = " ".join(filter(None, (str(code.number or ""), code.words)))
    return {
        "is_online": fault is None,
        "paper": paper,
        "cover": cover,
        "drawer": None,
        "code": shown or None,
    }


def failure_of(code: StarCode, *, was_given: bool) -> Failure | None:
    """Why a job did not come out, from the code that ends it; None: it was printed.

    ``was_given``: the printer has the job, so part of it may be on paper.
    """
    if code.family == 2:
        return None
    number = code.number or 0
    words = f"{code.number or 'no code'} {code.words}".strip()
    error = f"The printer said: {words}."
    fault = fault_of(code)
    if fault is not None:
        return Failure(error, fault.value, retryable=True, in_doubt=was_given)
    if number // 10 == 51:
        return Failure(error, f"star.{number}", retryable=False)
    if number in _NOT_DOWNLOADED:
        return Failure(error, f"star.{number}")
    return Failure(error, f"star.{number or 'unknown'}", in_doubt=was_given)


def paper_for(dots: int) -> str:
    """The widest of our papers that fits between the printer's edges."""
    fitting = [paper for paper, width in WIDTHS.items() if width <= dots]
    return max(fitting, key=lambda paper: WIDTHS[paper], default=min(WIDTHS))


def has_to_ask(
    asked_at: int | None, mac: str | None, known: str | None, at: int
) -> bool:
    """Whether it is time to ask a printer what it is: at first, when another one
    came in its place, and once a day, because settings change."""
    if asked_at is None or (mac and known and mac != known):
        return True
    return at - asked_at >= limits.CLOUDPRNT_ASK_MS


# --- what it is answered ---------------------------------------------------------

NOTHING = PollAnswer()


def ask() -> PollAnswer:
    """Questions. Never with a job: a printer would answer them and drop the job."""
    return PollAnswer(client_action=[Question(request=word) for word in QUESTIONS])


def offer(token: str, media: Sequence[str]) -> PollAnswer:
    return PollAnswer(job_ready=True, media_types=list(media), job_token=token)


def media_for(layout: Layout, known: Sequence[str], *, is_drawer: bool) -> list[str]:
    """The media that a job comes in, best first. ``known``: what the printer takes,
    as far as it told; a drawer has nothing to draw."""
    if is_drawer:
        return [TEXT]
    media = [PNG, TEXT] if layout.render == "raster" else [TEXT, PNG]
    taken = {word.split(",")[0].strip() for word in known}
    return [word for word in media if word in taken] or media


def chosen(wanted: str | None, offered: Sequence[str]) -> str | None:
    """The medium that a printer asks for, the best one for no word; None: not ours.

    ``text/plain; charset=…`` is ``text/plain``.
    """
    if not wanted:
        return offered[0]
    word = wanted.split(";")[0].strip().lower()
    return word if word in offered else None


def token_of(wire_id: str, copy: int) -> str:
    """The name of one copy of a job: a copy is a job of its own to the printer."""
    return wire_id if copy == 1 else f"{wire_id}-{copy}"


def wire_id_of(token: str) -> str:
    return token.partition("-")[0]


def copy_of(token: str) -> int | None:
    """The number of the copy that a token names; None when it is none of ours."""
    _, dash, number = token.partition("-")
    if not dash:
        return 1
    return int(number) if number.isdecimal() and len(number) <= 2 else None


def print_headers(layout: Layout, *, calls: bool) -> dict[str, str]:
    """How the printer treats paper: the dots as they are, then the cut. ``calls``:
    the buzzer sounds, where there is one."""
    headers = {
        "X-Star-ImageDitherPattern": "none",
        "X-Star-Cut": f"{layout.cut}; feed=true",
        "X-Star-CashDrawer": "none",
    }
    if calls and layout.buzzer in ("escpos", "epson"):
        headers["X-Star-Buzzerstartpattern"] = "1"
    elif calls and layout.buzzer == "drawer":
        headers["X-Star-CashDrawer"] = "start"
    return headers


def drawer_headers() -> dict[str, str]:
    """A drawer opens at once; no paper is moved for it."""
    return {"X-Star-Cut": "none; feed=false", "X-Star-CashDrawer": "start"}


#: The smallest text: printers may take an empty body for a job that did not come.
DRAWER_TEXT = b"\n"
