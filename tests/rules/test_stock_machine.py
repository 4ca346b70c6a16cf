"""Any number of orders and people at one shelf: the ledger always adds up.

`STOCK_EXAMPLES` runs more of them (`make stock`).
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, replace

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from builders import NOW
from restaurant.features.stock import rules
from restaurant.features.stock.models import (
    BY_HAND,
    MoveKind,
    Movement,
    Shortage,
    Step,
    Stock,
    StockKind,
    Wanted,
    Why,
)

EXAMPLES = int(os.environ.get("STOCK_EXAMPLES", "500"))
STEPS_EACH = 50
STEPS_MIN = 10_000

IDS = ("flan", "corn", "tea")
WHY = Why("owner", NOW)
carts = st.dictionaries(st.sampled_from(IDS), st.integers(1, 4), min_size=1)
#: Which of the orders that are there; the machine takes it modulo their number.
which = st.integers(0, 99)


@dataclass(frozen=True)
class Buyer:
    """An order: what it wants, whether it waits for money, whether the shelf gave."""

    id: str
    wanted: dict[str, int]
    is_waiting: bool = True
    is_taken: bool = False


class Shelf(RuleBasedStateMachine):
    """A restaurant of either policy. What a rule refuses must change nothing."""

    steps = 0

    @initialize(reserves=st.booleans(), figures=st.lists(st.integers(0, 9), min_size=3))
    def open(self, reserves: bool, figures: list[int]) -> None:
        self.reserves = reserves
        self.rows: list[Movement] = []
        self.orders: dict[str, Buyer] = {}
        self.stocks = {
            key: Stock(key, "r", StockKind.ITEM, True, 0, 0, 0, NOW) for key in IDS
        }
        counts = zip(IDS, figures, strict=False)
        self.post([Step(key, MoveKind.COUNT, n, n, 0) for key, n in counts])

    # --- what happens ----------------------------------------------------------

    @rule(wanted=carts)
    def order(self, wanted: dict[str, int]) -> None:
        buyer = Buyer(f"order-{len(self.orders)}", wanted)
        if self.reserves:
            steps = rules.reserve(self.stocks, wanted, buyer.id)
            self.check_share_of(steps, wanted, {})
            if isinstance(steps, Shortage):
                return
            self.post(steps)
        self.orders[buyer.id] = buyer

    @precondition(lambda self: self.some(is_waiting=True))
    @rule(n=which)
    def pay(self, n: int) -> None:
        buyer = self.pick(n, is_waiting=True)
        held = self.held(buyer.id)
        steps = rules.commit(self.stocks, buyer.wanted, buyer.id, held)
        missing = rules.missing_of(self.stocks, buyer.wanted, held)
        assert isinstance(steps, Shortage) == bool(missing)
        if isinstance(steps, Shortage):  # oversold: nothing is kept for it
            steps = rules.release(self.stocks, held, buyer.id)
        self.post(steps)
        taken = not missing
        self.orders[buyer.id] = replace(buyer, is_waiting=False, is_taken=taken)

    @precondition(lambda self: self.some(is_waiting=False, is_taken=False))
    @rule(n=which)
    def make_anyway(self, n: int) -> None:
        buyer = self.pick(n, is_waiting=False, is_taken=False)
        others = {key: stock.reserved for key, stock in self.stocks.items()}
        self.post(rules.commit_anyway(self.stocks, buyer.wanted, buyer.id))
        assert others == {key: stock.reserved for key, stock in self.stocks.items()}
        self.orders[buyer.id] = replace(buyer, is_taken=True)

    @precondition(lambda self: self.some(is_waiting=True))
    @rule(n=which)
    def expire(self, n: int) -> None:
        """Its time is over; its money may come all the same."""
        buyer = self.pick(n, is_waiting=True)
        self.post(rules.release(self.stocks, self.held(buyer.id), buyer.id))

    @precondition(lambda self: self.orders)
    @rule(n=which)
    def cancel(self, n: int) -> None:
        buyer = self.pick(n)
        if buyer.is_taken:
            kind = MoveKind.CANCEL
            back = rules.give_back(self.stocks, buyer.wanted, kind, buyer.id)
            self.post(back)
        else:
            self.post(rules.release(self.stocks, self.held(buyer.id), buyer.id))
        self.orders.pop(buyer.id)

    @precondition(lambda self: self.some(is_taken=True))
    @rule(n=which, part=carts)
    def refund(self, n: int, part: dict[str, int]) -> None:
        """Some of it was not cooked."""
        buyer = self.pick(n, is_taken=True)
        back = Counter(buyer.wanted) & Counter(part)
        kind = MoveKind.REFUND
        self.post(rules.give_back(self.stocks, back, kind, buyer.id))
        left = dict(Counter(buyer.wanted) - back)
        self.orders[buyer.id] = replace(buyer, wanted=left)

    @precondition(lambda self: self.orders)
    @rule(n=which, wanted=carts)
    def edit(self, n: int, wanted: dict[str, int]) -> None:
        buyer = self.pick(n)
        held = self.held(buyer.id)
        if buyer.is_taken:
            steps = rules.exchange(self.stocks, buyer.wanted, wanted, buyer.id)
        elif buyer.is_waiting and self.reserves:
            steps = rules.reserve(self.stocks, wanted, buyer.id, held)
            self.check_share_of(steps, wanted, held)
        else:
            steps = []
        if isinstance(steps, Shortage):
            return
        self.post(steps)
        self.orders[buyer.id] = replace(buyer, wanted=wanted)

    @rule(
        key=st.sampled_from(IDS),
        kind=st.sampled_from(sorted(BY_HAND)),
        quantity=st.integers(1, 6),
        is_up=st.booleans(),
    )
    def enter(self, key: str, kind: MoveKind, quantity: int, is_up: bool) -> None:
        stock = self.stocks[key]
        if not stock.is_counted:
            return
        if kind is MoveKind.ADJUST and not is_up:
            quantity = -quantity
        step = rules.by_hand(stock, Wanted(key, kind, quantity))
        if isinstance(step, Shortage):
            assert kind is not MoveKind.COUNT
            return
        self.post([step])
        if kind is MoveKind.COUNT:
            assert self.stocks[key].on_hand == quantity

    @rule(key=st.sampled_from(IDS), figure=st.none() | st.integers(0, 9))
    def count_or_not(self, key: str, figure: int | None) -> None:
        """Nobody counts it any more, or it is counted again."""
        stock = self.stocks[key]
        if figure is None and stock.is_counted:
            held_by = {each: self.held(each).get(key, 0) for each in self.orders}
            self.post(rules.uncount(stock, held_by))
            self.stocks[key] = replace(self.stocks[key], is_counted=False)
        elif figure is not None:
            self.stocks[key] = replace(stock, is_counted=True)
            step = rules.by_hand(stock, Wanted(key, MoveKind.COUNT, figure))
            assert isinstance(step, Step)
            self.post([step])

    # --- what always holds -----------------------------------------------------

    @invariant()
    def figures_are_what_the_ledger_adds_up_to(self) -> None:
        Shelf.steps += 1
        on_hand: Counter[str] = Counter()
        reserved: Counter[str] = Counter()
        moves: Counter[str] = Counter()
        for row in self.rows:
            on_hand[row.stock_id] += row.on_hand_delta
            reserved[row.stock_id] += row.reserved_delta
            moves[row.stock_id] += 1
            figures = on_hand[row.stock_id], reserved[row.stock_id]
            assert (row.on_hand, row.reserved) == figures
            assert row.seq == moves[row.stock_id]
            assert min(figures) >= 0
        for key, stock in self.stocks.items():
            figures = stock.on_hand, stock.reserved, stock.moves
            assert figures == (on_hand[key], reserved[key], moves[key])
            assert stock.is_counted or figures[:2] == (0, 0)

    @invariant()
    def promised_is_what_waiting_orders_hold(self) -> None:
        total: Counter[str] = Counter()
        for buyer in self.orders.values():
            held = self.held(buyer.id)
            assert buyer.is_waiting or not held
            assert self.reserves or not held
            total.update(held)
        assert {key: stock.reserved for key, stock in self.stocks.items()} == {
            key: total[key] for key in IDS
        }

    # --- the shelf's own -------------------------------------------------------

    def post(self, steps: list[Step] | Shortage) -> None:
        assert not isinstance(steps, Shortage)
        after, rows = rules.moved(self.stocks, steps, WHY)
        self.stocks.update(after)
        self.rows += rows

    def held(self, order_id: str) -> dict[str, int]:
        """As the database tells it: the sums of an order's rows."""
        sums: Counter[str] = Counter()
        for row in self.rows:
            if row.order_id == order_id:
                sums[row.stock_id] += row.reserved_delta
        return {key: n for key, n in sums.items() if n}

    def some(self, **state: bool) -> list[Buyer]:
        return [
            each
            for each in self.orders.values()
            if all(getattr(each, name) is value for name, value in state.items())
        ]

    def pick(self, n: int, **state: bool) -> Buyer:
        found = self.some(**state)
        return found[n % len(found)]

    def check_share_of(
        self,
        steps: list[Step] | Shortage,
        wanted: dict[str, int],
        held: dict[str, int],
    ) -> None:
        """Refused exactly when more is wanted of something than is free."""
        is_short = any(
            stock.is_counted
            and n > held.get(key, 0)
            and n - held.get(key, 0) > stock.available
            for key, n in wanted.items()
            if (stock := self.stocks[key])
        )
        assert isinstance(steps, Shortage) == is_short


def test_the_ledger_adds_up_whatever_happens() -> None:
    Shelf.steps = 0

    run_state_machine_as_test(
        Shelf,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS_EACH,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

    assert Shelf.steps >= STEPS_MIN
