"""What stands on paper for guests, and when a drawer may still open."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOW, a_print_job, a_restaurant, an_order
from restaurant.core import qr
from restaurant.core.errors import Conflict, Forbidden
from restaurant.core.paper import display_width
from restaurant.features.printing import rules
from restaurant.features.printing.models import (
    Caller,
    Failure,
    PrintJob,
    PrintJobView,
    PrintState,
)
from restaurant.features.slips import rules as slips
from restaurant.features.slips.models import SlipDocument, SlipLine, VoidSlip
from restaurant.models import Actor, Role

S = PrintState
LNURL = "LNURL1DP68GURN8GHJ7MRWW4EXCTNXD9SHG6NPVCHXXMMD9AKXUATJDSKHW6T5DPJ8YCTH8AEK2UM"
DAY = 86_400_000
LEASE, DRAWER = 60_000, 10_000
PRINTER = Caller(Actor(Role.PRINTER, "left"), "restaurant-0", (), "lease")


def a_slip(**changes: Any) -> VoidSlip:
    values: dict[str, Any] = {
        "amount": "85.00 GTQ",
        "amount_sat": 13_484,
        "reason": "dropped on the floor",
        "destination": "Scan this with a Lightning wallet to take your money back:",
        "lines": (SlipLine(quantity=2, name="Tacos"), SlipLine(quantity=1, name="水")),
        "lnurl": LNURL,
        "expires_at": NOW + 30 * DAY,
    }
    return VoidSlip(**{**values, **changes})


def document(**changes: Any) -> SlipDocument:
    restaurant = a_restaurant(timezone="America/Guatemala", name="Big Jay's")
    order = an_order(table_name="7", customer_name="SECRET NAME")
    return slips.slip_document(restaurant, order, a_slip(**changes), "counter", NOW)


DOCUMENT = document()


# --- the slip ---------------------------------------------------------------------


def test_a_whole_slip() -> None:
    assert slips.slip_text(document()) == (
        "#12 MONEY BACK\n"
        "Big Jay's\n"
        "TABLE 7\n"
        "2026-09-21 08:13\n"
        "==========================================\n"
        "2 x Tacos\n"
        "1 x 水\n"
        "------------------------------------------\n"
        "                                 85.00 GTQ\n"
        "                                 13484 sat\n"
        "Reason: dropped on the floor\n"
        "==========================================\n"
        "Scan this with a Lightning wallet to take\n"
        "your money back:\n"
        "VALID UNTIL 2026-10-21 08:13\n"
        "LNURL1DP68GURN8GHJ7MRWW4EXCTNXD9SHG6NPVCHX\n"
        "XMMD9AKXUATJDSKHW6T5DPJ8YCTH8AEK2UM\n"
    )


def test_a_slip_for_the_whole_order_without_a_code() -> None:
    paper = document(
        lines=(), lnurl=None, expires_at=None, reason=" ", destination="Cash, counter 1"
    )

    assert paper.qr is None
    assert slips.slip_text(paper, 32) == (
        "#12 MONEY BACK\n"
        "Big Jay's\n"
        "TABLE 7\n"
        "2026-09-21 08:13\n"
        "================================\n"
        "The whole order\n"
        "--------------------------------\n"
        "                       85.00 GTQ\n"
        "                       13484 sat\n"
        "================================\n"
        "Cash, counter 1\n"
    )


def test_a_slip_names_no_guest() -> None:
    assert "SECRET" not in document().json()


@pytest.mark.parametrize("columns", [24, 32, 42, 48])
@given(
    words=st.text(st.characters(exclude_categories=()), max_size=120),
    name=st.text(st.characters(exclude_categories=()), max_size=60),
)
def test_no_line_is_wider_than_the_paper_and_no_word_is_a_command(
    columns: int, words: str, name: str
) -> None:
    line = SlipLine(quantity=3, name=name)
    typed = {"reason": words, "destination": words, "amount": name, "lines": [line]}
    paper = DOCUMENT.copy(update=typed)

    text = slips.slip_text(paper, columns)

    assert all(display_width(line) <= columns for line in text.split("\n"))
    assert all(char.isprintable() or ord(char) > 0x9F for char in text if char != "\n")
    assert text.startswith("#12 MONEY BACK\n")


@pytest.mark.parametrize("columns", [32, 42, 48])
def test_the_lnurl_stands_in_letters_that_join_again(columns: int) -> None:
    text = slips.slip_text(document(), columns)

    assert text.replace("\n", "").endswith(LNURL)


def test_narrow_paper_is_refused() -> None:
    with pytest.raises(ValueError, match="24 columns"):
        slips.slip_text(document(), 23)


# --- its code ---------------------------------------------------------------------


def test_a_code_has_its_three_corners_and_its_clocks() -> None:
    code = document().qr
    assert code is not None
    corner = ["1111111", "1000001", "1011101", "1011101", "1011101", "1000001"]
    corner += ["1111111"]

    assert len(code) == 33  # version 4: what 78 letters need with the error level M
    assert {len(row) for row in code} == {33}
    assert {letter for row in code for letter in row} == {"0", "1"}
    assert [row[:7] for row in code[:7]] == corner
    assert [row[-7:] for row in code[:7]] == corner
    assert [row[:7] for row in code[-7:]] == corner
    assert code[6][8:-8] == "10101010101010101"
    assert "".join(row[6] for row in code[8:-8]) == "10101010101010101"


def test_a_code_is_always_the_same_and_differs_for_another_text() -> None:
    assert qr.modules(LNURL) == qr.modules(LNURL)
    assert qr.modules(LNURL) != qr.modules(LNURL[:-1] + "Q")


def test_a_code_cannot_hold_everything() -> None:
    with pytest.raises(ValueError, match="will not fit"):
        qr.modules("A" * 5000)


# --- the drawer -------------------------------------------------------------------


def a_kick(**changes: Any) -> PrintJob:
    order = an_order()
    document = slips.drawer_document(a_restaurant(), order, "counter", NOW)
    values = {"kind": "drawer", "document": document.dict(), "text": "", **changes}
    return a_print_job(order, station="counter", **values)


def claimed(at: int = NOW) -> PrintJob:
    return rules.claim(a_kick(), "left", "lease", at).job


def started(at: int = NOW) -> PrintJob:
    return rules.start(claimed(at), PRINTER, at).job


def test_a_kick_says_whose_drawer_and_until_when() -> None:
    order = an_order()
    restaurant = a_restaurant(name="Big Jay's")

    assert slips.drawer_document(restaurant, order, "counter", NOW).dict() == {
        "type": "drawer/1",
        "kind": "drawer",
        "restaurant": "Big Jay's",
        "order_id": order.id,
        "order_number": 12,
        "station": "counter",
        "expires_at": "2026-09-21T14:13:30.000Z",
    }


@pytest.mark.parametrize("job", [a_kick(), claimed(), claimed(NOW + DRAWER - 1)])
def test_a_kick_that_nobody_started_in_time_expires(job: PrintJob) -> None:
    assert rules.lapse(job, NOW + DRAWER - 1) == rules.Decision(job)

    late = rules.lapse(job, NOW + DRAWER)

    assert (late.job.state, late.event) == (S.EXPIRED, "print.expired")
    assert (late.job.error_code, late.job.lease_token) == ("job.expired", None)
    assert not rules.is_free(late.job, "left", NOW + DRAWER)


def test_a_kick_gets_no_go_when_its_time_is_over() -> None:
    assert rules.start(claimed(), PRINTER, NOW + DRAWER - 1).job.state is S.PRINTING
    with pytest.raises(Conflict) as refused:
        rules.start(claimed(), PRINTER, NOW + DRAWER)
    assert refused.value.code == "job.lease"
    assert refused.value.facts == {"state": "expired"}


def test_a_started_kick_of_which_nobody_heard_again_rests_in_doubt() -> None:
    decision = rules.lapse(started(), NOW + LEASE)

    assert (decision.job.state, decision.event) == (S.IN_DOUBT, "print.in_doubt")
    assert rules.lapse(decision.job, NOW + DAY) == rules.Decision(decision.job)


@pytest.mark.parametrize(
    ("failure", "state"),
    [
        (Failure("offline"), S.DEAD),
        (Failure("unknown type", retryable=False), S.DEAD),
        (Failure("cut off", in_doubt=True), S.IN_DOUBT),
    ],
)
def test_a_failed_kick_never_comes_again(failure: Failure, state: PrintState) -> None:
    failed = rules.fail(started(), PRINTER, failure, 0.5, NOW)

    assert (failed.job.state, failed.event) == (state, "print.failed")
    assert not rules.is_free(failed.job, "left", NOW + DAY)


@pytest.mark.parametrize("state", list(S))
def test_nobody_repeats_a_kick(state: PrintState) -> None:
    job = a_kick(state=state)
    for repeat in (
        lambda: rules.retry(job, NOW),
        lambda: rules.reprint_of(job, 1, "new", NOW),
    ):
        with pytest.raises(Conflict) as refused:
            repeat()
        assert refused.value.code == "job.once"


@pytest.mark.parametrize("state", [S.EXPIRED, S.IN_DOUBT, S.DEAD])
def test_a_drawer_that_opened_after_all_counts(state: PrintState) -> None:
    assert rules.ack(a_kick(state=state), PRINTER, "drain", NOW).job.state is S.PRINTED


def test_a_ticket_and_a_slip_never_expire() -> None:
    for kind in ("ticket", "void_slip"):
        job = a_print_job(kind=kind)
        assert rules.lapse(job, NOW + 100 * DAY) == rules.Decision(job)
        assert job.expires_at is None


# --- what leaves ------------------------------------------------------------------


def a_slip_job(**changes: Any) -> PrintJob:
    order = an_order()
    paper = slips.slip_document(a_restaurant(), order, a_slip(), "counter", NOW)
    values = {"document": paper.dict(), "text": slips.slip_text(paper)}
    return a_print_job(order, kind="void_slip", station="counter", **values, **changes)


def test_every_kind_leaves_under_its_own_type() -> None:
    ticket = PrintJobView.of(a_print_job()).dict()["content"]
    slip = PrintJobView.of(a_slip_job()).dict()["content"]
    kick = PrintJobView.of(a_kick()).dict()["content"]

    assert [ticket["type"], slip["type"], kick["type"]] == [
        *("ticket/1", "slip/1", "drawer/1")
    ]
    for content in (ticket, slip, kick):
        assert list(content) == ["type", "document", "text"]
        assert content["document"]["type"] == content["type"]
    assert (slip["document"]["lnurl"], len(slip["document"]["qr"])) == (LNURL, 33)
    assert LNURL in slip["text"].replace("\n", "")
    assert kick["text"] == ""


def test_a_reprinted_slip_is_marked_and_holds_the_same_code() -> None:
    original = a_slip_job()

    again = rules.reprint_of(original, 2, "again", NOW + 5)

    content = PrintJobView.of(again).dict()["content"]
    assert content["document"].pop("reprint") == {"of": original.id, "n": 2}
    assert content["document"] == {
        name: value for name, value in original.document.items() if name != "reprint"
    }
    banner = "*** REPRINT 2 ***".center(42).rstrip() + "\n"
    assert content["text"] == banner + original.text + banner


def test_a_slip_that_may_be_on_paper_says_so() -> None:
    job = replace(a_slip_job(), confirm="in_doubt")

    assert "*** POSSIBLE DUPLICATE ***" in PrintJobView.of(job).content.text


def test_the_journal_never_holds_the_code() -> None:
    job = a_slip_job()
    failed = rules.fail(job, PRINTER_WITHOUT_LEASE, Failure("jam", "jam"), 0, NOW)
    for decision in (failed, rules.cancel(job, NOW), rules.ack(job, PRINTER, None, 1)):
        entry = rules.entry(decision, Actor(Role.OWNER))
        assert entry is not None
        assert "LNURL" not in str(entry).upper()


PRINTER_WITHOUT_LEASE = Caller(Actor(Role.PRINTER, "left"), "restaurant-0")


@pytest.mark.parametrize(
    ("allowed", "wanted", "shown"),
    [
        ((), (), ()),
        (("ticket",), (), ("ticket",)),
        ((), ("drawer",), ("drawer",)),
        (("ticket",), ("drawer", "ticket"), ("ticket",)),
    ],
)
def test_whoever_asks_sees_only_their_kinds(
    allowed: tuple[str, ...], wanted: tuple[str, ...], shown: tuple[str, ...]
) -> None:
    assert rules.kinds_to_show(allowed, wanted) == shown


def test_a_kitchen_display_has_nothing_to_do_with_slips() -> None:
    kitchen = Caller(Actor(Role.KDS, "k"), "restaurant-0", kinds=("ticket",))

    assert rules.is_theirs(a_print_job(), kitchen)
    assert not rules.is_theirs(a_slip_job(), kitchen)
    with pytest.raises(Forbidden) as refused:
        rules.kinds_to_show(kitchen.kinds, ["void_slip"])
    assert refused.value.code == "job.kind"
