"""A node that is away: many a backend says "pending" when it cannot reach it."""

import pytest

MINUTE = 60_000


def now():
    from restaurant.adapters import system

    return system.now()


@pytest.fixture
def unreachable(monkeypatch):
    """As LNbits' own REST backends do: no error, every invoice is pending."""
    from lnbits.wallets import get_funding_source
    from lnbits.wallets.base import PaymentPendingStatus, StatusResponse

    async def pending(_):
        return PaymentPendingStatus()

    async def status():
        return StatusResponse("Unable to connect", 0)

    with monkeypatch.context() as patched:
        patched.setattr(get_funding_source(), "get_invoice_status", pending)
        patched.setattr(get_funding_source(), "status", status)
        yield patched


async def test_pending_from_a_node_that_is_away_expires_nothing(
    shop, quiet, unreachable
):
    from restaurant import services

    placed = await shop.placed()

    await services.expire_orders(now() + 60 * MINUTE)
    assert (await shop.order(placed["order"]["id"]))["status"] == "pending"

    unreachable.undo()  # it is back
    await services.expire_orders(now() + 61 * MINUTE)
    assert (await shop.order(placed["order"]["id"]))["status"] == "canceled"
