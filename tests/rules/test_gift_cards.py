import base64
import hashlib
import hmac
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOW
from restaurant.core import limits
from restaurant.core.errors import Conflict, Forbidden, Refused
from restaurant.core.times import rfc3339
from restaurant.features.gift_cards import rules
from restaurant.features.gift_cards.models import (
    EntryKind,
    GiftCardChange,
    GiftCardKind,
    NewGiftCard,
)
from restaurant.models import Actor, Role

SECRET = "the server's secret"
CARD_ID = "yB2Jw0Xk3nqg5mXo8rT1aQ"
OWNER, POS = Actor(Role.OWNER), Actor(Role.POS, "till")
DAY = 86_400_000
BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def a_card(minor=10_000, currency="GTQ", card_id=CARD_ID, **fields):
    code = rules.code_of(SECRET, card_id)
    kind = GiftCardKind.SOLD
    made = rules.new_card(
        card_id, "restaurant", code, kind, minor, currency, OWNER, NOW
    )
    return replace(made, **fields)


def redeemable(card, wanted=1_000, currency="GTQ", is_exact=False, at=NOW):
    return rules.redeemable_minor(card, wanted, currency, is_exact=is_exact, at=at)


# --- codes -----------------------------------------------------------------------


def test_a_code_is_80_bits_in_four_groups_of_four():
    assert limits.GIFT_CARD_CODE_BITS == 80
    code = rules.code_of(SECRET, CARD_ID)
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}", code)


def test_a_code_is_the_cards_own_and_the_servers_own():
    code = rules.code_of(SECRET, CARD_ID)

    assert rules.code_of(SECRET, CARD_ID) == code
    assert rules.code_of(SECRET, CARD_ID + "x") != code
    assert rules.code_of(SECRET + "x", CARD_ID) != code


def test_the_code_of_known_bits_is_known():
    """The alphabet and the order of the bits: stored hashes must stay findable."""
    parts = b"\0\0\0\x09gift_card" + b"\0\0\0\x04card"
    raw = hmac.new(b"secret", parts, hashlib.sha256).digest()[:10]
    base32 = base64.b32encode(raw).decode()
    plain = base32.translate(str.maketrans(BASE32, rules.ALPHABET))

    assert rules.normalized(rules.code_of("secret", "card")) == plain
    assert rules.code_of("secret", "card") == "4VWH-JZEE-5SM1-1FC7"


def test_every_character_of_the_alphabet_occurs():
    codes = (rules.code_of(SECRET, str(n)) for n in range(200))

    assert set("".join(codes)) == set(rules.ALPHABET + "-")
    assert len(rules.ALPHABET) == len(set(rules.ALPHABET)) == 32
    assert not set(rules.ALPHABET) & set("ILOU")


MISREAD = {"0": "0Oo", "1": "1IiLl"}


@given(st.text(max_size=30), st.data())
def test_however_it_is_typed_it_is_the_same_code(card_id, data):
    code = rules.code_of(SECRET, card_id)
    typed = ""
    for character in code.replace("-", ""):
        ways = MISREAD.get(character, character + character.lower())
        typed += data.draw(st.sampled_from(ways))
        typed += data.draw(st.sampled_from(["", " ", "-", " - ", "\t", "\n", "\xa0"]))

    assert rules.hash_of(typed) == a_card(card_id=card_id).code_hash


@given(st.text(max_size=40) | st.from_regex(r"[0-9A-Za-z -]{14,19}", fullmatch=True))
def test_any_text_is_a_code_or_refused(text):
    bare = re.sub(r"[\s-]", "", text)
    if not re.fullmatch(r"[0-9A-TV-Za-tv-z]{16}", bare):
        with pytest.raises(Refused):
            rules.normalized(text)
        return
    plain = rules.normalized(text)
    assert len(plain) == 16
    assert set(plain) <= set(rules.ALPHABET)
    assert rules.normalized(plain) == plain


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "----", "7H2K", "7H2K-9QXM-0A4T-ZZ3", "7H2K-9QXM-0A4T-ZZ3CC"),
        *("7H2K-9QXM-0A4T-ZZ3U", "7H2K-9QXM-0A4T-ZZ3.", "7H2K_9QXM_0A4T_ZZ3C"),
        *("7H2K-9QXM-0A4T-ZZ3ſ", "７H2K-9QXM-0A4T-ZZ3C", "x" * 100_000, "ı" * 16),
    ],
)
def test_what_cannot_be_a_code_is_refused(text):
    with pytest.raises(Refused) as refused:
        rules.hash_of(text)
    assert refused.value.code == "gift_card.code"
    assert text.strip(" -") == "" or text not in refused.value.detail


def test_no_code_is_another_fault_than_a_wrong_one():
    with pytest.raises(Refused) as refused:
        rules.asked_hash(None)
    assert refused.value.code == "gift_card.missing"


def test_a_card_knows_its_codes_hash_and_its_end_only():
    card = a_card()
    code = rules.code_of(SECRET, CARD_ID)

    assert card.hint == code[-4:]
    assert code not in str(card)
    assert code.replace("-", "") not in str(card)


# --- making ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("100", "GTQ", 10_000),
        ("0.01", "GTQ", 1),
        (100, "GTQ", 10_000),
        (12.5, "GTQ", 1_250),
        ("850", "JPY", 850),
        ("1.250", "BHD", 1_250),
        ("21000", "sat", 21_000),
        ("10000000000000.00", "GTQ", 10**15),
    ],
)
def test_an_amount_is_read_in_the_restaurants_currency(amount, currency, minor):
    body = NewGiftCard(amount=amount, kind="sold")

    assert rules.amount_minor(body, currency) == minor


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        *(("0", "GTQ"), ("0.00", "GTQ"), (0, "GTQ"), ("-1", "GTQ"), (-0.01, "GTQ")),
        *(("1.001", "GTQ"), ("1.5", "JPY"), ("0.5", "sat"), ("1.0001", "BHD")),
        *(("10000000000000.01", "GTQ"), (10**15, "GTQ"), ("1e3", "GTQ")),
        *(("NaN", "GTQ"), ("Infinity", "GTQ"), (float("nan"), "GTQ")),
        *((float("inf"), "GTQ"), ("", "GTQ"), (" 1", "GTQ"), ("1,5", "GTQ")),
        *(("٣", "GTQ"), ("0x10", "GTQ"), (1e300, "GTQ"), (10**30, "GTQ")),
    ],
)
def test_no_other_amount_makes_a_card(amount, currency):
    with pytest.raises(Refused) as refused:
        rules.amount_minor(NewGiftCard(amount=amount, kind="sold"), currency)
    assert refused.value.facts == {"field": "amount"}


def test_a_till_sells_and_gives_nothing_away():
    rules.check_issuer(POS, "sold")
    for role in (Role.OWNER, Role.MANAGER):
        for kind in ("sold", "given"):
            rules.check_issuer(Actor(role), kind)
    with pytest.raises(Forbidden):
        rules.check_issuer(POS, "given")


# --- changing --------------------------------------------------------------------


def test_what_is_not_sent_stays():
    card = a_card(note="for Ana", expires_at=NOW + DAY, is_blocked=True)

    assert rules.with_wishes(card, GiftCardChange(), NOW) == card
    noted = rules.with_wishes(card, GiftCardChange(note=None), NOW)
    assert noted == replace(card, note=None)
    endless = rules.with_wishes(card, GiftCardChange(expires_at=None), NOW)
    assert endless == replace(card, expires_at=None)
    freed = rules.with_wishes(card, GiftCardChange(is_blocked=False), NOW)
    assert freed == replace(card, is_blocked=False)


@pytest.mark.parametrize("ahead", [1, DAY, limits.GIFT_CARD_DAYS_MAX * DAY])
def test_an_expiry_lies_ahead(ahead):
    body = NewGiftCard(amount="1", kind="given", expires_at=rfc3339(NOW + ahead))

    assert rules.with_wishes(a_card(), body, NOW).expires_at == NOW + ahead


@pytest.mark.parametrize(
    "expires_at",
    [
        *(rfc3339(NOW), rfc3339(NOW - DAY), "1970-01-01T00:00:00Z"),
        *(rfc3339(NOW + limits.GIFT_CARD_DAYS_MAX * DAY + 1), "9999-12-31T23:59:59Z"),
        *("2027-01-01", "2027-01-01T00:00:00", "tomorrow", "", "0"),
    ],
)
def test_no_other_expiry_is_taken(expires_at):
    with pytest.raises(Refused) as refused:
        rules.with_wishes(a_card(), GiftCardChange(expires_at=expires_at), NOW)
    assert refused.value.facts == {"field": "expires_at"}


def test_an_expiry_that_is_there_may_stay_after_it_is_over():
    card = a_card(expires_at=NOW)
    body = GiftCardChange(expires_at=rfc3339(NOW), note="Ana asked")

    assert rules.with_wishes(card, body, NOW + DAY) == replace(card, note="Ana asked")


@pytest.mark.parametrize("note", ["x" * 501, "\0", "a\x07b", "\u202egnp"])
def test_a_note_is_text_that_can_be_shown(note):
    with pytest.raises(Refused) as refused:
        rules.with_wishes(a_card(), GiftCardChange(note=note), NOW)
    assert refused.value.code == "text.invalid"


def test_the_journal_is_told_that_there_is_a_note_not_which():
    old = a_card()
    body = GiftCardChange(
        note="for Ana", is_blocked=True, expires_at=rfc3339(NOW + DAY)
    )
    new = rules.with_wishes(old, body, NOW)

    assert rules.change_told(new, rules.differences(old, new)) == {
        "gift_card_id": CARD_ID,
        "fields": ["expires_at", "is_blocked", "note"],
        "is_blocked": True,
        "expires_at": rfc3339(NOW + DAY),
    }
    assert rules.differences(old, old) == {}


# --- using -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("balance", "wanted", "taken"),
    [(10_000, 1, 1), (10_000, 9_999, 9_999), (10_000, 10_000, 10_000)],
)
@pytest.mark.parametrize("is_exact", [True, False])
def test_a_card_gives_what_is_wanted(balance, wanted, taken, is_exact):
    assert redeemable(a_card(balance), wanted, is_exact=is_exact) == taken


def test_a_card_with_less_gives_all_or_is_short():
    card = a_card(999)

    assert redeemable(card, 1_000) == 999
    with pytest.raises(Conflict) as short:
        redeemable(card, 1_000, is_exact=True)
    assert (short.value.code, short.value.facts) == (
        "gift_card.short",
        {"balance": "9.99"},
    )


@pytest.mark.parametrize("is_exact", [True, False])
@pytest.mark.parametrize(
    ("fields", "currency", "code"),
    [
        ({"balance_minor": 0}, "GTQ", "gift_card.empty"),
        ({"is_blocked": True}, "GTQ", "gift_card.blocked"),
        ({"expires_at": NOW}, "GTQ", "gift_card.expired"),
        ({"expires_at": NOW - 1}, "GTQ", "gift_card.expired"),
        ({}, "USD", "gift_card.currency"),
        ({}, "sat", "gift_card.currency"),
    ],
)
def test_a_card_that_is_not_good_gives_nothing(fields, currency, code, is_exact):
    with pytest.raises((Conflict, Refused)) as refused:
        redeemable(a_card(**fields), 1, currency, is_exact)
    assert refused.value.code == code


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.booleans(), st.integers(-2, 2))
def test_what_is_usable_gives_something_and_never_more_than_there_is(
    balance, wanted, is_blocked, ahead
):
    card = a_card(balance, is_blocked=is_blocked, expires_at=NOW + ahead)
    try:
        taken = redeemable(card, wanted)
    except Conflict:
        taken = 0

    assert rules.is_usable(card, NOW) is (taken > 0)
    assert 0 <= taken <= min(balance, wanted)


# --- shapes ----------------------------------------------------------------------


def test_amounts_are_told_in_the_cards_currency():
    card = a_card(1_250, "BHD", balance_minor=250)
    entry = rules.entry(
        "entry", card, EntryKind.REDEEMED, -1_000, "payment:p1", "pos:till", NOW
    )

    shown = rules.view(card, NOW)
    assert (shown.amount, shown.balance, shown.currency) == ("1.250", "0.250", "BHD")
    [line] = rules.entry_views(card, [entry])
    assert line.dict() == {
        "kind": "redeemed",
        "amount": "-1.000",
        "reference": "payment:p1",
        "actor": "pos:till",
        "at": rfc3339(NOW),
    }
    assert rules.balance_view(card, NOW).dict() == {
        "balance": "0.250",
        "currency": "BHD",
        "expires_at": None,
        "is_usable": True,
    }
    assert rules.amount_told(card, 1_000) == {
        "gift_card_id": CARD_ID,
        "amount": "1.000",
        "currency": "BHD",
    }
