import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOW
from restaurant.core import limits
from restaurant.core.errors import Gone, Refused
from restaurant.core.ids import sha256_hex
from restaurant.core.times import rfc3339
from restaurant.features.devices.models import Device
from restaurant.features.pairings import rules
from restaurant.features.pairings.models import (
    Approval,
    NamedPrinter,
    NewPairing,
    PairedPrinter,
)
from restaurant.models import Role

SERVER = "the server's secret"
TEN_MINUTES = 600_000


def opened(name="Kitchen Pi", *printers):
    body = NewPairing(name=name, printers=list(printers))
    return rules.new_pairing(body, "p1", "s3cret", SERVER, NOW)


def device(**changes):
    plain = Device("d1", "r1", "Kitchen Pi", Role.PRINTER, (), NOW, None)
    return replace(plain, **changes)


def approved(at=NOW):
    return replace(opened().pairing, restaurant_id="r1", device_id="d1", approved_at=at)


# --- codes -----------------------------------------------------------------------


@given(st.text(min_size=1), st.text(min_size=1))
def test_a_code_is_two_fours_without_lookalikes_and_the_same_again(secret, pairing_id):
    secret, pairing_id = (repr(each) for each in (secret, pairing_id))
    code = rules.code_of(secret, pairing_id)
    assert re.fullmatch(r"[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}", code)
    assert rules.code_of(secret, pairing_id) == code


def test_codes_of_other_pairings_and_servers_differ_and_use_every_letter():
    codes = [rules.code_of(SERVER, str(n)) for n in range(500)]
    assert len({*codes, rules.code_of("another", "0")}) == 501
    assert set("".join(codes)) == {*rules.ALPHABET, "-"}
    assert len(rules.ALPHABET) == 31


@pytest.mark.parametrize(
    "typed", ["7H2K-9QXM", "7h2k9qxm", " 7H2K 9QXM\n", "7-H-2-K-9-Q-X-M"]
)
def test_a_code_is_known_however_it_is_typed(typed):
    assert rules.hash_of(typed) == sha256_hex("7H2K9QXM")


@pytest.mark.parametrize(
    "typed",
    ["", "7H2K-9QX", "7H2K-9QXMM", "7H2K-9QX0", "7H2K-9QXO", "7H2K-9QX1", "7H2K-9QXI",
     "7H2K-9QXL", "7H2K–9QXM", "7H2K-9QXſ", "7H2K-9QXМ", "７H2K9QXM"],
)  # fmt: skip
def test_what_cannot_be_a_code_is_refused(typed):
    with pytest.raises(Refused) as refused:
        rules.hash_of(typed)
    assert refused.value.code == "pairing.code"
    assert typed == "" or typed not in refused.value.detail


# --- a machine asks --------------------------------------------------------------


def test_a_new_pairing_keeps_hashes_alone_and_ends_after_ten_minutes():
    printers = [PairedPrinter(name="bar", width=58), PairedPrinter(name="hot")]
    made = opened("Kitchen Pi", *printers)
    pairing = made.pairing
    assert made.secret not in str(pairing)
    assert made.code not in str(pairing)
    assert made.code.replace("-", "") not in str(pairing)
    assert pairing.code_hash == rules.hash_of(made.code)
    assert pairing.secret_hash == sha256_hex(made.secret)
    assert pairing.expires_at == NOW + TEN_MINUTES
    assert pairing.printers == (NamedPrinter("bar", 58), NamedPrinter("hot"))
    assert rules.opened_view(made).dict() == {
        "id": "p1",
        "secret": made.secret,
        "code": made.code,
        "expires_at": rfc3339(NOW + TEN_MINUTES),
    }


@pytest.mark.parametrize(
    ("name", "printers"),
    [
        ("", []),
        ("x" * 121, []),
        ("a\x1bp", []),
        ("ok", [{"name": ""}]),
        ("ok", [{"name": "a\n"}]),
        ("ok", [{"name": "a"}, {"name": "a", "width": 80}]),
        ("ok", [{"name": "a", "model": "\x07"}]),
        ("ok", [{"name": "a", "model": "m" * 121}]),
    ],
)
def test_wrong_names_are_refused(name, printers):
    with pytest.raises(Refused):
        opened(name, *(PairedPrinter(**each) for each in printers))


def test_a_device_says_how_many_printers_it_may_have():
    most = [PairedPrinter(name=str(n)) for n in range(limits.PAIRING_PRINTERS_MAX)]
    assert len(opened("ok", *most).pairing.printers) == 20
    with pytest.raises(ValueError, match="printers"):
        NewPairing(name="ok", printers=[*most, PairedPrinter(name="one more")])


# --- staff approves --------------------------------------------------------------


@pytest.mark.parametrize(("after", "expected"), [(0, True), (TEN_MINUTES - 1, True)])
def test_a_code_is_good_for_ten_minutes(after, expected):
    pairing = opened().pairing
    assert rules.is_open(pairing, NOW + after) is expected
    assert not rules.is_open(pairing, NOW + TEN_MINUTES)


def test_a_code_is_good_once():
    assert not rules.is_open(approved(), NOW + 1)


def test_the_device_takes_the_machines_name_or_the_one_that_staff_gives():
    pairing = opened().pairing
    asked = rules.asked_device(pairing, Approval(code="x"))
    assert (asked.name, asked.role, asked.stations) == ("Kitchen Pi", "printer", [])
    named = Approval(code="x", name="Bar", stations=["bar"])
    asked = rules.asked_device(pairing, named)
    assert (asked.name, asked.role, asked.stations) == ("Bar", "printer", ["bar"])
    assert rules.asked_device(pairing, Approval(code="x", name="")).name == ""


# --- the machine collects --------------------------------------------------------


def test_only_who_knows_the_secret_may_ask():
    pairing = opened().pairing
    assert rules.is_its_own(pairing, "s3cret")
    assert not rules.is_its_own(pairing, "s3cre")
    assert not rules.is_its_own(pairing, pairing.secret_hash)
    assert not rules.is_its_own(None, "s3cret")


def test_it_waits_while_nobody_typed_in_the_code_and_then_it_is_over():
    pairing = opened().pairing
    assert not rules.is_collectable(pairing, None, NOW + TEN_MINUTES - 1)
    with pytest.raises(Gone) as gone:
        rules.is_collectable(pairing, None, NOW + TEN_MINUTES)
    assert (gone.value.status, gone.value.code) == (410, "pairing.expired")


def test_the_token_is_there_for_ten_minutes_after_the_approval():
    late = NOW + TEN_MINUTES - 1
    pairing = approved(late)
    assert rules.is_collectable(pairing, device(), late)
    assert rules.is_collectable(pairing, device(), late + TEN_MINUTES - 1)
    with pytest.raises(Gone) as gone:
        rules.is_collectable(pairing, device(), late + TEN_MINUTES)
    assert gone.value.code == "pairing.over"


@pytest.mark.parametrize("known", [None, device(last_seen_at=NOW)])
def test_the_token_is_not_shown_of_a_device_that_was_seen_or_is_revoked(known):
    with pytest.raises(Gone) as gone:
        rules.is_collectable(approved(), known, NOW)
    assert gone.value.code == "pairing.over"
