"""Card payments through LNbits' own fiat providers: checkouts, and what became of them.

LNbits tells a refusal, an outage and a payment that still waits apart only in its
log. So we listen to the provider's HTTP client during our own calls, and judge by
what went over the wire. Call this module between transactions only.
"""

import asyncio
import json
import math
from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any, Generic, TypeVar

import httpx
from lnbits.core.crud.payments import get_standalone_payment, update_payment
from lnbits.core.models import Payment, PaymentState
from lnbits.core.models.payments import CreateInvoice
from lnbits.core.services import create_payment_request
from lnbits.core.services.fiat_providers import handle_fiat_payment_confirmation
from lnbits.fiat import RevolutWallet, StripeWallet, get_fiat_provider
from lnbits.fiat.base import FiatProvider
from lnbits.settings import settings
from lnbits.task_manager import task_manager
from loguru import logger

from ..core import limits
from ..core.breaker import Breaker
from ..core.errors import Refused, Unavailable
from ..core.money import decimals_of, from_minor, is_lightning_unit
from ..core.text import text_fault
from ..features.payments.models import DisputeNews, NodeAnswer
from ..features.restaurants.models import Restaurant
from .finishing import to_the_end
from .lightning import TAG
from .log import log_failure

T = TypeVar("T")

DISPUTE_ENDS = {"won": "won", "warning_closed": "won", "lost": "lost"}


@dataclass(frozen=True)
class Charge:
    """What a card is to be charged: minor units of a currency, exactly."""

    provider: str
    currency: str
    amount_minor: int
    return_url: str


@dataclass(frozen=True)
class Checkout:
    """The provider's page where a guest pays by card. ``expires_at`` in ms."""

    provider: str
    url: str
    wallet_id: str
    payment_hash: str
    expires_at: int


class Heard(Enum):
    """What a provider's HTTP client saw last during one call."""

    NOTHING = "nothing"  # LNbits asked nobody
    SILENCE = "silence"  # no answer, none that makes sense, or not to us
    REFUSAL = "refusal"  # the provider is there, and does not want this
    ANSWER = "answer"


@dataclass
class Talk(Generic[T]):
    """One call to a provider, with how it went."""

    heard: Heard = Heard.NOTHING
    result: T | None = None
    error: Exception | None = None


_talk: ContextVar[Talk[Any] | None] = ContextVar("restaurant_card_talk", default=None)
#: By provider, for as long as the process lives.
_breakers: dict[str, Breaker] = {}


# --- who may be offered ------------------------------------------------------------


def providers_of(user_id: str, currency: str) -> list[str]:
    """The providers that LNbits lets this account use, and that can charge this
    currency as it is."""
    if is_lightning_unit(currency):
        return []
    allowed = settings.get_fiat_providers_for_user(user_id)
    return [name for name in allowed if _amount_for(name, 100_000, currency)]


def waits_until(provider: str, at: int) -> int | None:
    """When a provider that keeps failing is asked again; None when it is well."""
    return _breakers.get(provider, Breaker()).waits_until(at)


def return_url(path: str) -> str:
    """The whole address of a path on this server."""
    return settings.lnbits_baseurl.rstrip("/") + path


def away(provider: str, at: int) -> Unavailable:
    """The error for a provider that does not answer."""
    until = waits_until(provider, at)
    wait_ms = limits.CARD_RETRY_MS if until is None else until - at
    return Unavailable(
        "card.provider_away",
        "Card payments do not work right now. Please pay by Lightning or in cash, or "
        "try again in a minute.",
        retry_after=max(1, math.ceil(wait_ms / 1000)),
        provider=provider,
    )


def unavailable(detail: str = "Cards are not taken here.") -> Refused:
    return Refused("card.unavailable", detail, field="method")


# --- opening a checkout ------------------------------------------------------------


async def open_checkout(restaurant: Restaurant, charge: Charge, at: int) -> Checkout:
    """A checkout over exactly this sum, in the wallet's LNbits.

    ``extra`` carries our tag and nothing personal: core keeps it for ever. Refused
    ``card.unavailable`` or ``card.refused``, Unavailable ``card.provider_away``.
    """
    invoice = _invoice_for(restaurant, charge)
    if await _provider(charge.provider) is None:
        raise unavailable("The card provider is not set up.")
    if waits_until(charge.provider, at) is not None:
        raise away(charge.provider, at)
    work = create_payment_request(restaurant.wallet_id, invoice)
    seconds = limits.CARD_TIMEOUT_SECONDS
    talk = await _guarded(charge.provider, work, seconds, at)
    if talk.error or talk.result is None:
        raise _why_not(charge.provider, talk, at)
    url = str(talk.result.extra.get("fiat_payment_request") or "")
    if talk.result.amount <= 0 or not url.startswith(("https://", "http://")):
        raise unavailable("This sum cannot be paid by card.")
    return Checkout(
        provider=charge.provider,
        url=url,
        wallet_id=talk.result.wallet_id,
        payment_hash=talk.result.payment_hash,
        expires_at=at + limits.CHECKOUT_SECONDS * 1000,
    )


def _invoice_for(restaurant: Restaurant, charge: Charge) -> CreateInvoice:
    amount = _amount_for(charge.provider, charge.amount_minor, charge.currency)
    if amount is None:
        raise unavailable(f"This sum of {charge.currency} cannot be paid by card.")
    try:
        return CreateInvoice(
            unit=charge.currency,
            amount=amount,
            memo=restaurant.name,
            fiat_provider=charge.provider,
            extension=TAG,
            expiry=limits.CHECKOUT_SECONDS,
            extra={
                "tag": TAG,
                "restaurant_id": restaurant.id,
                "checkout": {"success_url": charge.return_url},
            },
        )
    except ValueError as error:  # a currency that this LNbits does not allow
        raise unavailable() from error


def _why_not(provider: str, talk: Talk[Payment], at: int) -> Refused | Unavailable:
    logger.warning(f"restaurant: no checkout by {provider}: {talk.error!r}")
    if talk.heard is Heard.NOTHING:  # limits, a faucet or a rate of LNbits' own
        return unavailable("LNbits does not take this payment by card.")
    if talk.heard is Heard.REFUSAL:
        return Refused(
            "card.refused",
            "The card provider does not take this payment. Please pay by Lightning "
            "or in cash.",
            field="amount",
        )
    return away(provider, at)


def _amount_for(provider: str, minor: int, currency: str) -> float | None:
    """The number with which LNbits makes this provider charge exactly so much.

    None when there is none: LNbits hands providers the money as a float, PayPal's
    and Square's always with two decimals, Square's cut off instead of rounded.
    """
    exact = from_minor(minor, currency)
    amount = float(exact)
    if provider in ("stripe", "revolut"):
        wallet = StripeWallet if provider == "stripe" else RevolutWallet
        try:
            units = wallet.amount_to_minor_units(amount, currency)
        except ValueError:
            return None
        charged = Decimal(units).scaleb(-wallet.currency_exponent(currency))
        return amount if charged == exact else None
    if decimals_of(currency) != 2:
        return None
    if provider == "paypal":
        return amount if Decimal(f"{amount:.2f}") == exact else None
    if provider == "square":
        for candidate in (amount, math.nextafter(amount, math.inf)):
            if int(candidate * 100) == minor:
                return candidate
    return None


# --- what became of it -------------------------------------------------------------


async def ask(row: Payment | None, at: int) -> NodeAnswer:
    """Ask the provider about a checkout in core's books, also past its expiry.

    Core asks nobody about a payment that it gave up; we do. When the provider has
    the money, core's books are brought up to date, which credits the wallet; STUCK
    when that does not succeed, AWAY when the provider does not answer.
    """
    if row is None:
        return NodeAnswer.FAILED
    if row.success:
        return NodeAnswer.PAID
    name, checking_id = row.fiat_provider or "", _checking_id(row)
    provider = await _provider(name)
    if provider is None or not checking_id:  # switched off: nobody can know
        return NodeAnswer.PENDING
    if waits_until(name, at) is not None:
        return NodeAnswer.AWAY
    work = provider.get_invoice_status(checking_id)
    talk = await _guarded(name, work, limits.LOOKUP_TIMEOUT_SECONDS, at)
    if talk.result is None or talk.heard is Heard.SILENCE:
        return NodeAnswer.AWAY
    if talk.result.success:
        return await _book(row)
    return NodeAnswer.FAILED if talk.result.failed else NodeAnswer.PENDING


async def _book(row: Payment) -> NodeAnswer:
    try:
        booked = await to_the_end(_credit(row.checking_id))
    except Exception:
        log_failure("a card provider has money that core did not book")
        return NodeAnswer.STUCK
    return NodeAnswer.PAID if booked else NodeAnswer.STUCK


async def _credit(checking_id: str) -> bool:
    """What core does when a provider's webhook comes in time."""
    row = await get_standalone_payment(checking_id, incoming=True)
    if row is None or row.success:
        return row is not None
    row.status = PaymentState.SUCCESS.value
    row.labels = [label for label in row.labels if label != "expired"]
    await update_payment(row)
    await handle_fiat_payment_confirmation(row)
    task_manager.internal_invoice_queue.put_nowait(row)
    return True


async def dispute_of(row: Payment, at: int) -> DisputeNews | None:
    """Does the card holder contest this payment? Only Stripe can be asked.

    None when not, or when nobody knows. It never counts as the provider's failure:
    its key may lack the right to read disputes.
    """
    session_id = _checking_id(row).removeprefix("fiat_stripe_")
    if row.fiat_provider != "stripe" or not session_id.startswith("cs_"):
        return None
    client = _client(await _provider("stripe"))
    if client is None or waits_until("stripe", at) is not None:
        return None
    try:
        return await asyncio.wait_for(
            _find_dispute(client, session_id), limits.LOOKUP_TIMEOUT_SECONDS
        )
    except Exception as error:
        logger.warning(f"restaurant: no look at disputes: {error!r}")
        return None


async def _find_dispute(
    client: httpx.AsyncClient, session_id: str
) -> DisputeNews | None:
    session = await _get(client, f"/v1/checkout/sessions/{session_id}")
    intent = session.get("payment_intent")
    if not isinstance(intent, str):
        return None
    search = {"payment_intent": intent, "limit": "1"}
    found = (await _get(client, "/v1/disputes", **search)).get("data") or []
    if not found:
        return None
    reason = str(found[0].get("reason") or "")
    return DisputeNews(
        # What we do not know is still open: a human looks at it.
        outcome=DISPUTE_ENDS.get(str(found[0].get("status")), "opened"),
        reason=None if text_fault(reason, limits.NAME_MAX) else reason or None,
    )


async def _get(client: httpx.AsyncClient, path: str, **search: str) -> dict[str, Any]:
    response = await client.get(path, params=search)
    response.raise_for_status()
    found = response.json()
    return found if isinstance(found, dict) else {}


def _checking_id(row: Payment) -> str:
    return str((row.extra or {}).get("fiat_checking_id") or "")


# --- listening ---------------------------------------------------------------------


async def _guarded(
    name: str, work: Coroutine[Any, Any, T], seconds: float, at: int
) -> Talk[T]:
    """Do the work of one call, and remember how the provider took it."""
    talk: Talk[T] = Talk()
    _judge(name, lambda breaker: breaker.begun(at))
    token = _talk.set(talk)
    try:
        talk.result = await asyncio.wait_for(to_the_end(work), seconds)
    except asyncio.CancelledError:  # our guest went away, which says nothing
        _judge(name, lambda breaker: breaker.released(at))
        raise
    except Exception as error:
        talk.error = error
    finally:
        _talk.reset(token)
    is_bad_answer = talk.error is not None and talk.heard is Heard.ANSWER
    if talk.heard is Heard.SILENCE or is_bad_answer:
        _judge(name, lambda breaker: breaker.failed(at))
    elif talk.heard is Heard.NOTHING:
        _judge(name, lambda breaker: breaker.released(at))
    else:
        _judge(name, lambda breaker: breaker.succeeded())
    return talk


def _judge(name: str, verdict: Callable[[Breaker], Breaker]) -> None:
    before = _breakers.get(name, Breaker())
    after = _breakers[name] = verdict(before)
    if after.opened_at is not None and before.opened_at != after.opened_at:
        logger.warning(f"restaurant: {name} keeps failing and is left alone")


async def _provider(name: str) -> FiatProvider | None:
    """LNbits' provider with our ear on its client; None when it is not set up."""
    try:
        provider = await get_fiat_provider(name)
    except Exception as error:
        logger.warning(f"restaurant: no card provider {name!r}: {error!r}")
        return None
    client = _client(provider)
    if client and _on_request not in client.event_hooks["request"]:
        client.event_hooks["request"].append(_on_request)
        client.event_hooks["response"].append(_on_response)
    return provider


def _client(provider: FiatProvider | None) -> httpx.AsyncClient | None:
    client = getattr(provider, "client", None)
    return client if isinstance(client, httpx.AsyncClient) else None


async def _on_request(_: httpx.Request) -> None:
    if talk := _talk.get():
        talk.heard = Heard.SILENCE


async def _on_response(response: httpx.Response) -> None:
    if talk := _talk.get():
        talk.heard = await _heard(response)


async def _heard(response: httpx.Response) -> Heard:
    """401 and 403 mean our key, 429 our pace: the next call fares no better."""
    if response.is_client_error:
        is_about_us = response.status_code in (401, 403, 408, 429)
        return Heard.SILENCE if is_about_us else Heard.REFUSAL
    if not response.is_success:
        return Heard.SILENCE
    try:
        answer = json.loads(await response.aread())
    except ValueError:
        return Heard.SILENCE
    return Heard.ANSWER if isinstance(answer, dict) else Heard.SILENCE
