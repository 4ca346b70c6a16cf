"""Which tickets an order still needs: nothing twice, nothing forgotten."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from builders import NOW, a_line, a_line_modifier, a_restaurant, an_order, new_id
from restaurant.features.orders.models import OrderLine
from restaurant.features.printing import rules as queue
from restaurant.features.printing.models import (
    Caller,
    Failure,
    PrintJob,
    PrintState,
)
from restaurant.features.ticket_sheets import rules as sheets
from restaurant.features.tickets import rules
from restaurant.features.tickets.models import TicketLine
from restaurant.models import Actor, OrderStatus, Role

S = PrintState
PRINTED = {"state": S.PRINTED}
Words = tuple[Any, ...]


class Kitchen:
    """An order, its print jobs as the database keeps them, and a printer."""

    def __init__(self, *lines: OrderLine, **changes: Any) -> None:
        self.restaurant = a_restaurant()
        changes.setdefault("status", "accepted")
        self.order = an_order(*lines, **changes)
        self.jobs: list[PrintJob] = []
        self.at = NOW

    def plan(self, **asked: Any) -> list[PrintJob]:
        """Bring the papers in line; the new jobs."""
        self.at += 1
        plan = rules.plan(self.order, self.restaurant, self.jobs, self.at, **asked)
        for job in plan.cancels:
            self.put(job, queue.cancel(job, self.at).job)
        fresh = [
            PrintJob(
                id=new_id("job"),
                restaurant_id=self.restaurant.id,
                order_id=self.order.id,
                order_number=self.order.number,
                station=ticket.station,
                kind="ticket",
                round=ticket.document.round,
                document=ticket.document.dict(),
                text=sheets.ticket_text(ticket.document),
                created_at=self.at,
                position=queue.position(self.at, n),
            )
            for n, ticket in enumerate(plan.tickets)
        ]
        self.jobs += fresh
        places = [(job.station, job.round, job.reprint_n) for job in self.jobs]
        assert len(set(places)) == len(places)
        return fresh

    def put(self, old: PrintJob, new: PrintJob) -> None:
        """Store what became of a job; a surprise is planned for at once."""
        self.jobs[self.jobs.index(old)] = new
        if rules.is_surprise(old, new):
            self.plan()

    def edit(self, *lines: OrderLine, **changes: Any) -> list[PrintJob]:
        self.order = replace(self.order, lines=lines or self.order.lines, **changes)
        return self.plan()

    def print_all(self) -> None:
        for job in self.jobs:
            if job.is_open:
                self.jobs[self.jobs.index(job)] = replace(job, **PRINTED)

    def told(self, *jobs: PrintJob) -> list[tuple[Any, ...]]:
        """(station, part, round, lines, voided) of tickets."""
        found = []
        for job in jobs:
            document = job.document
            lines, voided = (
                [(line["quantity"], line["name"]) for line in document[name]]
                for name in ("lines", "voided")
            )
            place = (job.station, document["part"], job.round)
            found.append((*place, lines, voided))
        return found


@pytest.fixture
def kitchen() -> Kitchen:
    """Two tacos for the kitchen and a beer for the bar, both on paper."""
    made = Kitchen(a_line("Tacos", quantity=2), a_line("Beer", station="bar"))
    made.plan()
    made.print_all()
    return made


def test_the_first_tickets_say_everything() -> None:
    kitchen = Kitchen(a_line("Tacos"), a_line("Beer", station="bar"))

    assert kitchen.told(*kitchen.plan()) == [
        ("kitchen", "new", 1, [(1, "Tacos")], []),
        ("bar", "new", 1, [(1, "Beer")], []),
    ]
    assert kitchen.plan() == []


def test_a_second_round_prints_only_what_is_new(kitchen: Kitchen) -> None:
    tacos, beer = kitchen.order.lines

    made = kitchen.edit(tacos, beer, a_line("Flan"), a_line("Soup", station="grill"))

    assert kitchen.told(*made) == [
        ("kitchen", "added", 2, [(1, "Flan")], []),
        ("grill", "new", 2, [(1, "Soup")], []),
    ]


def test_a_raised_and_a_lowered_quantity_print_the_difference(kitchen: Kitchen) -> None:
    tacos, beer = kitchen.order.lines

    made = kitchen.edit(replace(tacos, quantity=5), beer)
    assert kitchen.told(*made) == [("kitchen", "added", 2, [(3, "Tacos")], [])]
    kitchen.print_all()
    made = kitchen.edit(replace(tacos, quantity=1), beer)
    assert kitchen.told(*made) == [("kitchen", "void", 3, [], [(4, "Tacos")])]


def test_a_line_that_is_removed_is_voided_at_its_station(kitchen: Kitchen) -> None:
    made = kitchen.edit(kitchen.order.lines[0])

    assert kitchen.told(*made) == [("bar", "void", 2, [], [(1, "Beer")])]


def test_changed_words_are_read_once(kitchen: Kitchen) -> None:
    tacos, beer = kitchen.order.lines

    made = kitchen.edit(replace(tacos, note="no onion"), beer)

    assert kitchen.told(*made) == [
        ("kitchen", "changed", 2, [(2, "Tacos")], [(2, "Tacos")])
    ]
    notes = [made[0].document[name][0]["note"] for name in ("lines", "voided")]
    assert notes == ["no onion", None]


def test_tickets_that_nobody_started_are_said_anew(kitchen: Kitchen) -> None:
    tacos, beer = kitchen.order.lines
    [first] = kitchen.edit(replace(tacos, quantity=3), beer)

    made = kitchen.edit(replace(tacos, quantity=4), beer, a_line("Flan"))

    assert kitchen.told(*made) == [
        ("kitchen", "added", 3, [(2, "Tacos"), (1, "Flan")], [])
    ]
    assert [j.state for j in kitchen.jobs if j.id == first.id] == [S.CANCELED]


def test_an_edit_that_is_taken_back_prints_nothing(kitchen: Kitchen) -> None:
    tacos, beer = kitchen.order.lines
    kitchen.edit(replace(tacos, quantity=3), beer)

    assert kitchen.edit(tacos, beer) == []
    states = Counter(job.state for job in kitchen.jobs)
    assert states == {S.PRINTED: 2, S.CANCELED: 1}


def test_a_first_ticket_that_nobody_started_stays_the_only_one() -> None:
    kitchen = Kitchen(a_line("Tacos"))
    kitchen.plan()

    made = kitchen.edit(*kitchen.order.lines, a_line("Flan"))

    assert kitchen.told(*made) == [
        ("kitchen", "new", 2, [(1, "Tacos"), (1, "Flan")], [])
    ]
    assert [job.state for job in kitchen.jobs] == [S.CANCELED, S.QUEUED]


@pytest.mark.parametrize(
    "may_be_out",
    [
        {"state": S.PRINTING, "lease_until": NOW + 10**6},
        {"state": S.QUEUED, "confirm": "in_doubt"},
        {"state": S.DEAD, "confirm": "in_doubt"},
        {"state": S.CANCELED, "error_code": "job.taken_off"},
    ],
)
def test_what_may_be_on_paper_is_not_said_again(may_be_out: dict[str, Any]) -> None:
    kitchen = Kitchen(a_line("Tacos"))
    [job] = kitchen.plan()
    kitchen.jobs = [replace(job, **may_be_out)]

    made = kitchen.edit(*kitchen.order.lines, a_line("Flan"))

    assert kitchen.told(*made) == [("kitchen", "added", 2, [(1, "Flan")], [])]
    assert kitchen.jobs[0] == replace(job, **may_be_out)


def test_a_dead_ticket_is_said_anew() -> None:
    kitchen = Kitchen(a_line("Tacos"))
    [job] = kitchen.plan()
    kitchen.jobs = [replace(job, state=S.DEAD)]

    made = kitchen.edit(*kitchen.order.lines, a_line("Flan"))

    assert made[0].document["part"] == "new"
    assert kitchen.jobs[0].state is S.CANCELED


def test_a_reprint_is_not_a_second_ticket() -> None:
    kitchen = Kitchen(a_line("Tacos"))
    [job] = kitchen.plan()
    copy = queue.reprint_of(job, 1, "copy", NOW)
    kitchen.jobs = [replace(job, state=S.DEAD), replace(copy, **PRINTED)]

    assert kitchen.plan() == []
    made = kitchen.edit(replace(kitchen.order.lines[0], quantity=2))
    assert kitchen.told(*made) == [("kitchen", "added", 2, [(1, "Tacos")], [])]


def test_money_and_flags_print_nothing(kitchen: Kitchen) -> None:
    kitchen.order = replace(kitchen.order, total_msat=1, paid_at=NOW, tip_msat=5)

    assert kitchen.plan() == []
    tacos, beer = kitchen.order.lines
    assert kitchen.edit(beer, tacos) == []
    assert kitchen.edit(replace(tacos, status="cooking", discount_msat=5), beer) == []


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"table_name": "9"}, "table"),
        ({"customer_name": "Ana"}, "customer_name"),
        ({"covers": 4}, "covers"),
        ({"note": "nuts!"}, "note"),
    ],
)
def test_news_about_the_whole_order_go_where_somebody_is_at_it(
    changes: dict[str, Any], what: str
) -> None:
    done = a_line("Beer", station="bar", status="done")
    kitchen = Kitchen(a_line("Tacos"), replace(done, status="waiting"))
    kitchen.plan()
    kitchen.print_all()

    made = kitchen.edit(kitchen.order.lines[0], done, **changes)

    assert kitchen.told(*made) == [("kitchen", "moved", 2, [], [])]
    assert [news["what"] for news in made[0].document["news"]] == [what]
    assert kitchen.plan() == []


def test_lines_of_another_order_keep_their_paper_and_tell_their_new_number(
    kitchen: Kitchen,
) -> None:
    """Its tickets came along, behind those that the order had."""
    other = Kitchen(a_line("Flan", note="late"), number=13, table_name="9")
    [job] = other.plan()
    kitchen.jobs.append(replace(job, round=2, **PRINTED))

    made = kitchen.edit(*kitchen.order.lines, *other.order.lines)

    assert kitchen.told(*made) == [("kitchen", "moved", 3, [], [])]
    assert made[0].text.split("\n")[:5] == [
        "MOVED #12",
        "KITCHEN",
        "ROUND 3",
        "#13 -> #12",
        "TABLE 9 -> NO TABLE",
    ]
    assert kitchen.plan() == []


def test_two_orders_that_nobody_started_become_one_ticket() -> None:
    kitchen, other = Kitchen(a_line("Tacos")), Kitchen(a_line("Flan"), number=13)
    kitchen.plan()
    kitchen.jobs += [replace(job, round=2) for job in other.plan()]

    made = kitchen.edit(*kitchen.order.lines, *other.order.lines)

    assert kitchen.told(*made) == [
        ("kitchen", "new", 3, [(1, "Tacos"), (1, "Flan")], [])
    ]
    states = [job.state for job in kitchen.jobs]
    assert states == [S.CANCELED, S.CANCELED, S.QUEUED]


def test_a_ready_order_that_moves_prints_nothing(kitchen: Kitchen) -> None:
    assert kitchen.edit(table_name="9", status=OrderStatus.READY) == []


def test_news_stand_on_the_next_ticket_and_once(kitchen: Kitchen) -> None:
    tacos, beer = kitchen.order.lines
    made = kitchen.edit(tacos, beer, a_line("Flan"), table_name="9")

    assert kitchen.told(*made) == [
        ("kitchen", "added", 2, [(1, "Flan")], []),
        ("bar", "moved", 2, [], []),
    ]
    assert made[0].document["news"] == [{"what": "table", "before": None, "after": "9"}]
    kitchen.print_all()
    assert kitchen.edit(*kitchen.order.lines) == []


def test_held_lines_wait_for_their_course() -> None:
    soup, steak = a_line("Soup", course=1), a_line("Steak", course=2, status="held")
    cake = a_line("Cake", course=3, status="held", quantity=2)
    kitchen = Kitchen(soup, steak, cake)

    [first] = kitchen.plan()
    assert kitchen.told(first) == [("kitchen", "new", 1, [(1, "Soup")], [])]
    assert first.document["held"] == [
        {"course": 2, "items": 1},
        {"course": 3, "items": 2},
    ]
    steak = replace(steak, status="waiting")
    kitchen.order = replace(kitchen.order, lines=(soup, steak, cake))
    fired = kitchen.plan(fires=2)
    assert kitchen.told(*fired) == [("kitchen", "fired", 2, [(1, "Steak")], [])]
    assert fired[0].document["course"] == 2
    assert first.state is S.QUEUED
    assert kitchen.plan(fires=2) == []


def test_a_fired_course_that_nobody_started_is_fired_anew_with_more() -> None:
    steak = a_line("Steak", course=2, status="held")
    kitchen = Kitchen(a_line("Soup", course=1), steak)
    kitchen.plan()
    kitchen.print_all()
    soup, steak = kitchen.order.lines[0], replace(steak, status="waiting")
    kitchen.order = replace(kitchen.order, lines=(soup, steak))
    kitchen.plan(fires=2)

    made = kitchen.edit(soup, replace(steak, quantity=3))

    assert kitchen.told(*made) == [("kitchen", "fired", 3, [(3, "Steak")], [])]


def test_an_order_that_holds_everything_has_no_ticket_yet() -> None:
    kitchen = Kitchen(a_line("Cake", course=3, status="held"))

    assert kitchen.plan() == []


def test_what_is_done_needs_no_first_paper(kitchen: Kitchen) -> None:
    tacos, beer = kitchen.order.lines
    done = a_line("Soup", status="done")

    assert kitchen.edit(replace(tacos, status="done"), beer, done) == []
    made = kitchen.edit(replace(tacos, status="done", quantity=3), beer, done)
    assert kitchen.told(*made) == [("kitchen", "added", 2, [(1, "Tacos")], [])]


def test_a_canceled_order_is_taken_back_and_may_come_again(kitchen: Kitchen) -> None:
    tacos, beer = kitchen.order.lines
    kitchen.edit(tacos, beer, a_line("Flan"))

    made = kitchen.edit(status=OrderStatus.CANCELED)

    assert kitchen.told(*made) == [
        ("kitchen", "void", 3, [], [(2, "Tacos")]),
        ("bar", "void", 3, [], [(1, "Beer")]),
    ]
    assert kitchen.plan() == []
    kitchen.print_all()
    made = kitchen.edit(status=OrderStatus.ACCEPTED)
    assert kitchen.told(*made) == [
        ("kitchen", "new", 4, [(2, "Tacos"), (1, "Flan")], []),
        ("bar", "new", 4, [(1, "Beer")], []),
    ]


def test_a_doubtful_copy_of_what_is_void_is_not_printed_again() -> None:
    kitchen = Kitchen(a_line("Tacos"))
    [job] = kitchen.plan()
    kitchen.jobs = [replace(job, confirm="in_doubt")]

    made = kitchen.edit(status=OrderStatus.CANCELED)

    assert kitchen.told(*made) == [("kitchen", "void", 2, [], [(1, "Tacos")])]
    assert kitchen.jobs[0].state is S.CANCELED
    assert kitchen.plan() == []


def test_a_canceled_ticket_that_came_out_is_taken_back() -> None:
    kitchen = Kitchen(a_line("Tacos"))
    [first] = kitchen.plan()
    kitchen.edit(*kitchen.order.lines, a_line("Flan"))
    kitchen.print_all()

    old = kitchen.jobs[0]
    kitchen.put(old, replace(old, **PRINTED))

    assert old.id == first.id
    assert kitchen.told(*kitchen.jobs[2:]) == [
        ("kitchen", "void", 3, [], [(1, "Tacos")])
    ]


def test_a_ticket_that_failed_is_not_printed_behind_its_void() -> None:
    kitchen = Kitchen(a_line("Tacos", quantity=2))
    [first] = kitchen.plan()
    printing = replace(first, state=S.PRINTING)
    for is_void_out in (False, True):
        kitchen.jobs = [printing]
        kitchen.order = replace(kitchen.order, status=OrderStatus.ACCEPTED)
        [void] = kitchen.edit(status=OrderStatus.CANCELED)
        if is_void_out:
            kitchen.jobs[1] = replace(void, **PRINTED)

        kitchen.put(printing, replace(first, state=S.QUEUED))

        states = [job.state for job in kitchen.jobs]
        assert states == [S.CANCELED, S.PRINTED if is_void_out else S.CANCELED]


def test_what_failed_before_a_void_is_said_anew_without_it() -> None:
    kitchen = Kitchen(a_line("Tacos", quantity=2))
    [first] = kitchen.plan()
    printing = replace(first, state=S.PRINTING)
    kitchen.jobs = [printing]
    [void] = kitchen.edit(replace(kitchen.order.lines[0], quantity=1))
    kitchen.jobs[1] = replace(void, **PRINTED)

    kitchen.put(printing, replace(first, state=S.QUEUED))

    assert kitchen.jobs[0].state is S.CANCELED
    assert kitchen.told(*kitchen.jobs[2:]) == [
        ("kitchen", "new", 3, [(1, "Tacos")], [])
    ]


def test_tickets_of_older_versions_are_told_by_their_words() -> None:
    kitchen = Kitchen(a_line("Tacos", quantity=2, modifiers=(a_line_modifier(),)))
    [job] = kitchen.plan()
    new_fields = ("part", "course", "voided", "news", "held", "delivery")
    document = {k: v for k, v in job.document.items() if k not in new_fields}
    document["lines"] = [
        {k: v for k, v in line.items() if k not in ("line_id", "course")}
        for line in document["lines"]
    ]
    second = {**document, "round": 2, "replaces": 1}
    jobs = [
        replace(job, document=document, **PRINTED),
        replace(job, id="second", round=2, document=second, **PRINTED),
    ]

    for kitchen.jobs in (jobs[:1], jobs):
        assert kitchen.plan() == []
    [tacos] = kitchen.order.lines
    made = kitchen.edit(replace(tacos, quantity=1), a_line("Flan"))
    assert kitchen.told(*made) == [
        ("kitchen", "changed", 3, [(1, "Flan")], [(1, "Tacos")])
    ]
    kitchen.print_all()
    assert kitchen.plan() == []


# --- any lines -------------------------------------------------------------------

names = st.sampled_from(["Tacos", "Flan"])
ticket_lines = st.builds(
    TicketLine,
    quantity=st.integers(1, 4),
    name=names,
    note=st.sampled_from([None, "no onion"]),
    allergens=st.just([]),
    modifiers=st.just([]),
    line_id=st.sampled_from(["a", "b", "c", None]),
)


def counted(lines: Any, *, by_id: bool = True) -> Counter[Words]:
    found: Counter[Words] = Counter()
    for line in lines:
        found[(line.line_id if by_id else None, line.name, line.note)] += line.quantity
    return found


@given(
    wanted=st.lists(
        ticket_lines.filter(lambda line: line.line_id),
        max_size=3,
        unique_by=lambda line: line.line_id,
    ),
    paper=st.lists(
        ticket_lines, max_size=5, unique_by=lambda x: (x.line_id, x.name, x.note)
    ),
)
def test_paper_and_what_is_missing_make_what_is_wanted(
    wanted: list[TicketLine], paper: list[TicketLine]
) -> None:
    found = rules.missing(wanted, paper)

    after = counted(paper, by_id=False) + counted(found.added, by_id=False)
    after.subtract(counted(found.voided, by_id=False))
    assert +after == counted(wanted, by_id=False)
    assert not (counted(found.added) & counted(found.voided))
    assert bool(found) == bool(found.added or found.voided)
    assert not rules.missing(wanted, wanted)


# --- any life of an order ----------------------------------------------------------

PRINTER = Caller(Actor(Role.PRINTER, device_id="p"), "restaurant")
stations = st.sampled_from(["kitchen", "bar"])
notes = st.sampled_from([None, "no onion"])


class Papers(RuleBasedStateMachine):
    """Staff edit, fire and cancel while printers print, fail, vanish and lie late."""

    @initialize(held=st.booleans())
    def place(self, held: bool) -> None:
        second = a_line("Cake", course=2, status="held" if held else "waiting")
        self.kitchen = Kitchen(a_line("Tacos", quantity=2), second)
        self.kitchen.plan()

    @property
    def lines(self) -> tuple[OrderLine, ...]:
        return self.kitchen.order.lines

    def is_live(self) -> bool:
        return self.kitchen.order.status is OrderStatus.ACCEPTED

    def edit(self, *lines: OrderLine) -> None:
        self.kitchen.order = replace(self.kitchen.order, lines=lines)
        self.kitchen.plan()
        self.check()

    @precondition(is_live)
    @rule(station=stations, quantity=st.integers(1, 3), note=notes, held=st.booleans())
    def add(self, station: str, quantity: int, note: str | None, held: bool) -> None:
        sets = {"course": 2, "status": "held"} if held else {"status": "waiting"}
        line = a_line("Flan", station=station, quantity=quantity, note=note, **sets)
        self.edit(*self.lines[-5:], line)

    @precondition(is_live)
    @rule(data=st.data(), quantity=st.integers(1, 4), note=notes)
    def change(self, data: Any, quantity: int, note: str | None) -> None:
        if self.lines:
            old = data.draw(st.sampled_from(self.lines))
            new = replace(old, quantity=quantity, note=note)
            self.edit(*(new if line is old else line for line in self.lines))

    @precondition(is_live)
    @rule(data=st.data())
    def remove(self, data: Any) -> None:
        if self.lines:
            gone = data.draw(st.sampled_from(self.lines))
            self.edit(*(line for line in self.lines if line is not gone))

    @precondition(is_live)
    @rule()
    def fire(self) -> None:
        lines = [
            replace(x, status="waiting") if x.status == "held" else x
            for x in self.lines
        ]
        self.kitchen.order = replace(self.kitchen.order, lines=tuple(lines))
        self.kitchen.plan(fires=2)
        self.check()

    @precondition(is_live)
    @rule(table=st.sampled_from(["7", "9"]))
    def move(self, table: str) -> None:
        self.kitchen.edit(table_name=table)
        self.check()

    @rule()
    def cancel_or_bring_back(self) -> None:
        is_live = self.is_live()
        new = OrderStatus.CANCELED if is_live else OrderStatus.ACCEPTED
        self.kitchen.edit(status=new)
        self.check()

    @rule(
        data=st.data(),
        what=st.sampled_from(["take", "start", "ack", "fail", "doubt", "vanish"]),
    )
    def printer(self, data: Any, what: str) -> None:
        """Whatever a printer may do to any job, late as it may be."""
        jobs = [job for job in self.kitchen.jobs if self.may(job, what)]
        if jobs:
            job = data.draw(st.sampled_from(jobs))
            self.kitchen.put(job, self.after(job, what))
            self.check()

    def may(self, job: PrintJob, what: str) -> bool:
        return {
            "take": job.state is S.QUEUED,
            "start": job.state is S.LEASED,
            "ack": job.state is not S.PRINTED,
            "fail": job.state in (S.LEASED, S.PRINTING),
            "doubt": job.state is S.PRINTING,
            "vanish": job.state in (S.LEASED, S.PRINTING),
        }[what]

    def after(self, job: PrintJob, what: str) -> PrintJob:
        at = self.kitchen.at
        caller = replace(PRINTER, lease_token=job.lease_token)
        if what == "take":
            job = replace(job, not_before=0)
            return queue.claim(job, "p oven", new_id("lease"), at).job
        if what == "start":
            return queue.start(job, caller, at).job
        if what == "ack":
            return queue.ack(job, caller, None, at).job
        if what == "vanish":
            return queue.lapse(job, job.lease_until or 0).job
        failure = Failure("paper", in_doubt=what == "doubt")
        return queue.fail(job, caller, failure, 0.0, at).job

    def check(self) -> None:
        """When everything that waits is printed, papers and order say the same."""
        rounds = {}
        for job in sorted(self.kitchen.jobs, key=lambda job: job.round):
            if job.is_known or job.is_open:
                rounds[job.station, job.round] = job.document
        papers: Counter[Words] = Counter()
        for (station, _), document in rounds.items():
            for line in document["voided"]:
                key = (station, line["line_id"], line["name"], line["note"])
                papers[key] = max(0, papers[key] - line["quantity"])
            for line in document["lines"]:
                key = (station, line["line_id"], line["name"], line["note"])
                papers[key] += line["quantity"]
        lines = self.lines if self.is_live() else ()
        assert +papers == Counter(
            {
                (line.station, line.id, line.name, line.note): line.quantity
                for line in lines
                if line.status != "held"
            }
        )
        loose = Counter(
            job.station for job in self.kitchen.jobs if job.is_open and not job.is_known
        )
        assert self.kitchen.plan() == [], loose


Papers.TestCase.settings = settings(
    max_examples=250, stateful_step_count=40, deadline=None
)
TestPapers = Papers.TestCase
