"""What the kitchen may do with lines, courses and orders that nobody accepts; and any
sequence of it, for orders from their first moment to their last."""

from __future__ import annotations

import os
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from builders import MINUTE, NOW, a_line, a_restaurant, an_order
from restaurant.core.errors import Conflict, Forbidden, Refused
from restaurant.features.kitchen import rules
from restaurant.features.kitchen.models import LinesChange
from restaurant.features.orders import rules as orders
from restaurant.features.orders.models import Books, LineStatus
from restaurant.models import SYSTEM, Actor, Flag, Role
from restaurant.models import OrderStatus as S

COOK = Actor(Role.KDS, "screen")
#: So many steps of the lifecycle are tried; more on request.
STEPS = int(os.environ.get("LIFECYCLE_STEPS", "16000"))
STEPS_EACH = 40
STEPS_MIN = 10_000


def lines_of(*courses, status="waiting", station="kitchen"):
    return [a_line(course=each, status=status, station=station) for each in courses]


def statuses(lines):
    return [line.status for line in lines]


# --- courses -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("courses", "expected"),
    [
        ((None, None), "ww"),
        ((1, 2, 3), "whh"),
        ((3, 2, 2), "hww"),
        ((None, 1, 2), "wwh"),
        ((None, 2), "wh"),
        ((), ""),
    ],
)
def test_the_lowest_course_waits_and_later_ones_are_held(courses, expected):
    words = {"w": "waiting", "h": "held"}

    found = rules.first_statuses(lines_of(*courses))

    assert statuses(found) == [words[letter] for letter in expected]


def test_what_is_added_is_held_behind_the_courses_that_were_called_for():
    before = [*lines_of(1, 2, status="done"), *lines_of(3, status="held")]

    found = rules.first_statuses(lines_of(None, 2, 3, 4), before)

    assert statuses(found) == ["waiting", "waiting", "held", "held"]


def test_a_course_is_fired_once_and_only_if_there_is_one():
    lines = rules.first_statuses(lines_of(1, 2, 2))

    assert rules.to_fire(lines, 2) == list(lines[1:])
    assert rules.to_fire(lines, 1) == []
    with pytest.raises(Refused) as refused:
        rules.to_fire(lines, 3)
    assert refused.value.code == "course.unknown"
    assert refused.value.facts["courses"] == [1, 2]


@pytest.mark.parametrize(
    ("given", "state"),
    [
        (("done", "done"), "done"),
        (("done", "waiting"), "fired"),
        (("cooking",), "fired"),
        (("held", "done"), "held"),
    ],
)
def test_a_course_is_done_when_all_of_its_lines_are(given, state):
    assert rules.course_state([a_line(status=each) for each in given]) == state


# --- lines -------------------------------------------------------------------------


def to_move(lines, status="done", own=(), **named):
    return rules.lines_to_move(lines, LinesChange(status=status, **named), own)


def test_all_lines_are_meant_unless_some_are_named():
    food, drink = a_line(status="waiting"), a_line(status="done", station="bar")

    assert to_move([food, drink]) == [food]
    assert to_move([food, drink], "cooking") == [food, drink]
    assert to_move([food, drink], "cooking", station="bar") == [drink]
    assert to_move([food, drink], "cooking", line_ids=[drink.id] * 2) == [drink]
    assert to_move([food, drink], "waiting", own=["kitchen"]) == []


@pytest.mark.parametrize(
    "named", [{"line_ids": ["food"]}, {"station": "kitchen"}, {"line_ids": ["x"]}]
)
def test_a_device_reaches_no_line_of_another_station(named):
    lines = [
        a_line(id="food", status="waiting"),
        a_line(id="drink", status="waiting", station="bar"),
    ]

    with pytest.raises((Forbidden, Refused)) as refused:
        to_move(lines, own=["bar"], **named)

    known = named != {"line_ids": ["x"]}
    assert refused.value.code == ("device.stations" if known else "line.unknown")


def test_held_lines_stay_out_of_what_is_not_named():
    lines = rules.first_statuses(lines_of(1, 2))

    assert to_move(lines) == [lines[0]]
    for named in ({"line_ids": [line.id for line in lines]},):
        with pytest.raises(Conflict) as refused:
            to_move(lines, **named)
        assert refused.value.code == "line.held"
        assert refused.value.facts["courses"] == [2]


# --- orders that nobody accepts ----------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "level"),
    [(-1, 0), (0, 1), (33.9, 1), (34, 2), (66.9, 2), (67, 3), (99.9, 3), (100, 4)],
)
def test_it_is_louder_after_each_part_of_the_time(minutes, level):
    profile = a_restaurant(accept_within_minutes=100)
    at = NOW + round(minutes * MINUTE)

    assert rules.level_at(NOW, profile, at) == level


@pytest.mark.parametrize(
    ("order", "opens_in", "expected"),
    [
        ({}, None, 0),
        ({}, 30, 30),
        ({"wanted_at": NOW + 15 * MINUTE, "quoted_minutes": 15}, None, 0),
        ({"wanted_at": NOW + 60 * MINUTE, "quoted_minutes": 20}, None, 35),
        ({"wanted_at": NOW + 60 * MINUTE}, None, 43),
        ({"wanted_at": NOW + 60 * MINUTE}, 50, 50),
        ({"pickup_at": NOW + 60 * MINUTE}, 10, 43),
    ],
)
def test_time_counts_from_when_somebody_should_begin(order, opens_in, expected):
    profile = a_restaurant(accept_within_minutes=5, prep_minutes=12)
    opens_at = None if opens_in is None else NOW + opens_in * MINUTE

    found = rules.counts_from(an_order(**order), profile, opens_at)

    assert found == NOW + expected * MINUTE


@given(st.sets(st.sampled_from(list(Flag))), st.integers(0, 4), st.booleans())
def test_only_the_last_alert_ends_an_order_that_waits_for_no_decision(
    flags, level, cancels
):
    profile = a_restaurant(unaccepted="cancel" if cancels else "wait")
    waits = flags & {Flag.OVERSOLD, Flag.UNAVAILABLE, Flag.PAID_LATE}

    found = rules.ends_by_itself(level, flags, profile)

    assert found == (cancels and level == 4 and not waits)


# --- any sequence ------------------------------------------------------------------

SHELF = 10
COUNTED = 3
PRICE = 1_000_000


class Lifecycle(RuleBasedStateMachine):
    """One order, from being placed on: guests, money, the kitchen and time in any
    order. The books beside it are kept by hand."""

    steps = 0

    @initialize(
        courses=st.lists(st.sampled_from([None, 1, 2, 3]), min_size=1, max_size=5),
        stations=st.lists(st.sampled_from(["kitchen", "bar"]), min_size=5, max_size=5),
        is_cash=st.booleans(),
        auto=st.booleans(),
        policy=st.sampled_from(["wait", "cancel"]),
    )
    def place(self, courses, stations, is_cash, auto, policy):
        self.at = NOW
        self.profile = a_restaurant(
            auto_accept_orders=auto, unaccepted=policy, accept_within_minutes=10
        )
        lines = [
            a_line(course=course, station=station, line_msat=PRICE)
            for course, station in zip(courses, stations, strict=False)
        ]
        self.order = an_order(
            *rules.first_statuses(lines),
            status="accepted" if is_cash else "pending",
            paid_at=None,
            created_at=NOW,
            accepted_at=NOW if is_cash else None,
            stock_taken_at=NOW if is_cash else None,
        )
        self.shelf = SHELF - COUNTED if is_cash else SHELF
        self.paid = self.refunded = 0
        self.way = [self.order.status]
        self.called = {
            rules.course_of(line) for line in self.order.lines if not held(line)
        }
        self.on_paper = is_cash

    # --- as the flows join it

    def carry_out(self, decision, **sets):
        if decision.restores_stock and self.order.stock_taken_at is not None:
            self.shelf += COUNTED
            sets["stock_taken_at"] = None
        before = self.order
        self.order = replace(
            before,
            status=decision.status,
            flags=decision.flags,
            **{**decision.sets, **sets},
        )
        told = [e.payload["status"] for e in decision.entries if "status" in e.payload]
        self.way += [S(each) for each in told]
        assert self.way[-1] is self.order.status
        assert bool(told) == (self.order.status is not before.status)
        self.on_paper = self.on_paper or decision.makes_tickets

    def take(self):
        """Take what is counted; when, or None when it is short."""
        if self.order.stock_taken_at is not None or self.shelf < COUNTED:
            return self.order.stock_taken_at
        self.shelf -= COUNTED
        return self.at

    def books(self):
        order, kept = self.order, self.paid - self.refunded
        surplus = (
            max(0, kept - order.total_msat) if order.status is not S.CANCELED else 0
        )
        owed = kept if order.status is S.CANCELED else surplus
        return Books(
            paid_msat=self.paid,
            refunded_msat=self.refunded,
            refundable_msat=kept,
            owed_msat=owed,
            surplus_msat=surplus,
        )

    def move(self, moves, status):
        for line in moves:
            assert status in rules.STEPS[LineStatus(line.status)]
        self.order = replace(
            self.order, lines=rules.moved(self.order.lines, moves, status)
        )

    def follow_lines(self):
        is_done = rules.is_done(self.order.lines)
        if is_done and self.order.status is S.ACCEPTED:
            decision = orders.step(self.order, S.READY, COOK, self.at, kept_msat=0)
            self.carry_out(decision)
        elif not is_done and self.order.status is S.READY:
            self.carry_out(orders.recall(self.order, COOK))

    # --- what happens

    @rule(minutes=st.integers(0, 6))
    def time_passes(self, minutes):
        self.at += minutes * MINUTE
        order = self.order
        if order.status is not S.PAID:
            return
        starts_at = rules.counts_from(order, self.profile, None)
        level = rules.level_at(starts_at, self.profile, self.at)
        if level <= order.alert_level:
            return
        self.order = replace(order, alert_level=level)
        if rules.ends_by_itself(level, order.flags, self.profile):
            assert self.at >= rules.accept_by(starts_at, self.profile)
            decision = orders.step(
                self.order,
                S.CANCELED,
                SYSTEM,
                self.at,
                kept_msat=self.books().refundable_msat,
                reason=rules.NOBODY_CAME,
            )
            self.carry_out(decision)
            self.refunded = self.paid
            self.follow_refunds()

    @precondition(lambda self: self.paid < 3 * self.order.total_msat)
    @rule(parts=st.integers(1, 4))
    def money_comes(self, parts):
        order, received = self.order, self.order.total_msat * parts // 2
        meaning = orders.meaning_of_money(order, self.paid, received, self.at)
        self.paid += received
        pays = meaning is orders.Money.PAYS
        taken_at = self.take() if pays else order.stock_taken_at
        decision = orders.on_payment(
            order,
            meaning,
            self.paid,
            self.profile,
            SYSTEM,
            self.at,
            stock_short=pays and taken_at is None,
        )
        self.carry_out(decision, stock_taken_at=taken_at)

    @rule()
    def nobody_else_may_have_the_last(self):
        """Others buy what is left, or bring it back."""
        self.shelf = 0 if self.shelf >= COUNTED else SHELF

    @rule(new=st.sampled_from(list(S)), reason=st.sampled_from([None, "so it is"]))
    def staff_step(self, new, reason):
        order, kept = self.order, self.books().refundable_msat
        try:
            decision = orders.step(
                order, new, COOK, self.at, kept_msat=kept, reason=reason
            )
            if decision is None:
                assert new is order.status
                return
            moves = (
                rules.to_finish(order.lines) if new in (S.READY, S.COMPLETED) else []
            )
        except Conflict as refused:
            self.check_refusal(refused, new, reason)
            return
        self.move(moves, LineStatus.DONE)
        taken_at = self.take() if new is S.ACCEPTED else order.stock_taken_at
        self.carry_out(decision, stock_taken_at=taken_at)

    def check_refusal(self, refused, new, reason):
        order, kept = self.order, self.books().refundable_msat
        if refused.code == "order.step":
            assert new is S.PAID or new not in orders.STEPS[order.status]
        elif refused.code == "line.held":
            assert new in (S.READY, S.COMPLETED)
            assert any(map(held, order.lines))
        elif refused.code == "order.unpaid":
            assert (new, kept) == (S.ACCEPTED, 0)
        else:
            assert (refused.code, new, reason) == ("refund.missing", S.REFUNDED, None)

    @rule(
        status=st.sampled_from(["waiting", "cooking", "done", "done"]),
        which=st.sets(st.integers(0, 4)),
        own=st.sampled_from([(), (), ("kitchen",), ("bar",)]),
    )
    def bump_or_recall(self, status, which, own):
        order = self.order
        ids = [line.id for n, line in enumerate(order.lines) if n in which] or None
        before = {line.id: line.status for line in order.lines}
        try:
            orders.check_cooks(order)
            change = LinesChange(status=status, line_ids=ids)
            moves = rules.lines_to_move(order.lines, change, own)
        except (Conflict, Forbidden) as refused:
            self.check_cooks(refused, {"line.held", "device.stations"})
            return
        self.move(moves, LineStatus(status))
        for line in self.order.lines:
            is_moved = any(line.id == move.id for move in moves)
            assert line.status == (status if is_moved else before[line.id])
            assert not is_moved or not own or line.station in own
        self.follow_lines()
        again = rules.lines_to_move(self.order.lines, change, own)
        assert again == []

    def check_cooks(self, refused, codes):
        """An order that is cooked refuses for these reasons alone."""
        if self.order.status in (S.ACCEPTED, S.READY):
            assert refused.code in codes
        else:
            assert refused.code == "order.step"

    def check_not(self, status):
        assert self.order.status is not status

    @rule(course=st.integers(0, 4))
    def fire(self, course):
        try:
            orders.check_cooks(self.order)
            held_lines = rules.to_fire(self.order.lines, course)
        except (Conflict, Refused) as refused:
            known = course in {rules.course_of(line) for line in self.order.lines}
            self.check_cooks(refused, set() if known else {"course.unknown"})
            return
        assert bool(held_lines) == (course not in self.called)
        self.called.add(course)
        self.move(held_lines, LineStatus.WAITING)
        assert rules.to_fire(self.order.lines, course) == []

    @rule()
    def guest_gives_up(self):
        try:
            decision = orders.end_pending(
                self.order, "guest", self.paid - self.refunded, SYSTEM, self.at
            )
        except Conflict:
            self.check_not(S.PENDING)
            return
        self.carry_out(decision)

    @rule(quarters=st.integers(1, 4))
    def refund(self, quarters):
        kept = self.paid - self.refunded
        if kept:
            self.refunded += max(1, kept * quarters // 4)
            self.follow_refunds()

    def follow_refunds(self):
        decision = orders.on_refund(self.order, self.books(), SYSTEM)
        if decision:
            self.carry_out(decision)

    @rule()
    def bring_back(self):
        try:
            decision = orders.resurrect(self.order, self.books(), COOK, self.at)
        except Conflict:
            return
        taken_at = self.take()
        if taken_at is None:
            return
        self.order = replace(self.order, lines=rules.first_statuses(self.order.lines))
        self.called = {
            rules.course_of(line) for line in self.order.lines if not held(line)
        }
        self.carry_out(decision, stock_taken_at=taken_at)

    # --- what always holds

    @invariant()
    def every_step_was_allowed(self):
        for old, new in pairwise(self.way):
            is_recall = (old, new) == (S.READY, S.ACCEPTED)
            is_resurrection = (old, new) == (S.CANCELED, S.ACCEPTED)
            assert new in orders.STEPS[old] or is_recall or is_resurrection
        assert self.way.count(S.PENDING) + self.way.count(S.PAID) <= 2

    @invariant()
    def an_order_is_ready_exactly_when_its_lines_are(self):
        status, done = self.order.status, rules.is_done(self.order.lines)
        if status in (S.READY, S.COMPLETED):
            assert done
        if status in (S.PENDING, S.PAID, S.ACCEPTED):
            assert not done
        if status is not S.READY and S.COMPLETED not in self.way:
            assert status not in (S.PENDING, S.PAID, S.ACCEPTED) or (
                self.order.ready_at is None
            )

    @invariant()
    def a_course_is_held_until_it_is_called_for_and_never_again(self):
        for line in self.order.lines:
            assert held(line) == (rules.course_of(line) not in self.called)

    @invariant()
    def nothing_is_begun_before_somebody_accepts(self):
        if S.ACCEPTED not in self.way:
            assert set(statuses(self.order.lines)) <= {"waiting", "held"}
        if self.order.status in (S.ACCEPTED, S.READY):
            assert self.on_paper
            assert self.order.accepted_at is not None

    @invariant()
    def what_was_counted_is_on_the_shelf_or_in_the_order(self):
        assert 0 <= self.shelf <= SHELF + COUNTED
        if self.order.status is S.PENDING:
            assert self.order.stock_taken_at is None

    @invariant()
    def the_books_agree(self):
        Lifecycle.steps += 1
        assert 0 <= self.refunded <= self.paid
        if self.order.status is S.PAID:
            assert self.order.paid_at is not None
        if 0 < self.paid == self.refunded and self.order.status is S.CANCELED:
            assert Flag.REFUND_DUE not in self.order.flags


def held(line):
    return line.status == "held"


def test_an_orders_life_is_one_of_the_table_whatever_happens():
    Lifecycle.steps = 0

    run_state_machine_as_test(
        Lifecycle,
        settings=settings(
            max_examples=max(1, STEPS // STEPS_EACH),
            stateful_step_count=STEPS_EACH,
            deadline=None,
        ),
    )

    assert Lifecycle.steps >= STEPS_MIN
