"""The node's outgoing half, for tests: it pays, refuses, stays silent or dies, as it is
told. Everything that LNbits' own FakeWallet knows stays as it is.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from secrets import token_bytes
from typing import Any

SOMEBODY = "6f9f4d2b1c0e8a7d5b3c1f2e4d6a8b0c9e7f5d3b1a2c4e6f8a0b2c4d6e8f0a1b"


@dataclass
class OutgoingNode:
    """What the node does with the next payment, and what it did so far.

    ``answer`` is ``pay``, ``refuse``, ``silent`` (nobody knows yet), ``break`` (the
    connection fails after the payment left) or ``hang`` (until ``let_go`` is set).
    ``outcomes`` holds what it says later, by payment hash: True, False or None.
    """

    answer: str = "pay"
    fee_msat: int = 0
    asked: list[str] = field(default_factory=list)
    outcomes: dict[str, bool | None] = field(default_factory=dict)
    on_pay: Any = None
    let_go: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def paid(self) -> list[str]:
        """The hashes of what truly left, one each time that it did."""
        return [one for one in self.asked if self.outcomes.get(one)]

    async def pay_invoice(self, bolt11: str, fee_limit_msat: int) -> Any:
        from bolt11 import decode
        from lnbits.wallets.base import PaymentResponse

        payment_hash = decode(bolt11).payment_hash
        self.asked.append(payment_hash)
        answer = self.answer
        paid = {"pay": True, "refuse": False}.get(answer)
        self.outcomes[payment_hash] = paid
        if self.on_pay:
            self.on_pay(payment_hash)
        if answer == "break":
            raise ConnectionError("the node hung up")
        if answer == "hang":
            await self.let_go.wait()
            paid = self.outcomes[payment_hash] = True
        return PaymentResponse(
            ok=paid,
            checking_id=payment_hash,
            fee_msat=min(self.fee_msat, fee_limit_msat) if paid else None,
            preimage="0" * 64 if paid else None,
            error_message=None if paid else "no route",
        )

    async def get_payment_status(self, checking_id: str) -> Any:
        from lnbits.wallets.base import (
            PaymentFailedStatus,
            PaymentPendingStatus,
            PaymentSuccessStatus,
        )

        outcome = self.outcomes.get(checking_id)
        if outcome is None:
            return PaymentPendingStatus()
        if not outcome:
            return PaymentFailedStatus()
        return PaymentSuccessStatus(fee_msat=self.fee_msat, preimage="0" * 64)


@contextmanager
def outgoing_node() -> Iterator[OutgoingNode]:
    """LNbits pays invoices of others through this node meanwhile."""
    from lnbits.wallets import get_funding_source

    source: Any = get_funding_source()
    node = OutgoingNode()
    source.pay_invoice = node.pay_invoice
    source.get_payment_status = node.get_payment_status
    try:
        yield node
    finally:
        node.let_go.set()
        del source.pay_invoice
        del source.get_payment_status


def invoice_of_others(
    amount_msat: int | None, network: str = "bc", expiry: int = 3600, age: int = 0
) -> str:
    """A bolt11 of somebody out on Lightning; ``age`` in seconds."""
    from bolt11 import Bolt11, MilliSatoshi, TagChar, Tags, encode

    tags = Tags()
    tags.add(TagChar.description, "give it back")
    tags.add(TagChar.expire_time, expiry)
    tags.add(TagChar.payment_secret, token_bytes(32).hex())
    tags.add(TagChar.payment_hash, sha256(token_bytes(32)).hexdigest())
    invoice = Bolt11(
        currency=network,
        amount_msat=None if amount_msat is None else MilliSatoshi(amount_msat),
        date=int(time.time()) - age,
        tags=tags,
    )
    return encode(invoice, SOMEBODY)


def hash_of(bolt11: str) -> str:
    from bolt11 import decode

    return str(decode(bolt11).payment_hash)
