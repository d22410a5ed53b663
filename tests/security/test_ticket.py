"""A ticket lets one laptop speak for one school, and nothing more."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.errors import ProductError, RuleError, UntrustedError
from desktop_app.security import box, certificate, kdf, paper, sshsig, ticket
from desktop_app.security.certificate import Signer, allowed_signers
from desktop_app.security.district import District, DistrictRoot, School, SignedDistrict
from desktop_app.security.keys import SigningKey
from desktop_app.security.seal import SealKey
from desktop_app.security.ticket import Grant, Ticket, issue_ticket, open_ticket
from tests.security.stock import needs_ssh_keygen, stock_verify

ROOT, AUTHORITY, REPLICA = DistrictRoot.create(), SigningKey.generate(), SigningKey.generate()
SCHOOL, NEIGHBOUR = "2141041101", "2141041102"
DISTRICT = District(
    code="410411",
    name="湛河区",
    number=1,
    root=ROOT.public,
    authorities=(AUTHORITY.public,),
    feed_keys=(),
    recipients=(SealKey.generate().recipient,),
    schools=(School(SCHOOL, "示例小学", "SL"), School(NEIGHBOUR, "邻校", "LX")),
)
SIGNED = ROOT.publish(DISTRICT)
GRANT = Grant(SCHOOL, "2", 200, 399, DISTRICT.recipients[0])
NO_COST = kdf.Cost(memory=8, passes=1, lanes=1)


def issued(grant: Grant = GRANT, authority: SigningKey = AUTHORITY) -> tuple[bytes, str]:
    return issue_ticket(authority, SIGNED, grant, serial=7)


def opened(data: bytes, code: str) -> Ticket:
    return open_ticket(data, code, ROOT.fingerprint)


def changed(data: bytes, **members: object) -> bytes:
    return json.dumps({**json.loads(data), **members}).encode()


def verify(chain: str | bytes, *, replica: bytes = REPLICA.public, scope: str = SCHOOL) -> object:
    return ticket.verify_ticket_chain(chain, [AUTHORITY.public], replica=replica, scope=scope)


def refused(chain: str | bytes, *, replica: bytes = REPLICA.public, scope: str = SCHOOL) -> str:
    with pytest.raises(UntrustedError) as raised:
        verify(chain, replica=replica, scope=scope)
    return raised.value.code


def test_a_ticket_opens_with_its_paper_and_certifies_this_laptop() -> None:
    data, code = issued()
    opened_ticket = opened(data, code.lower().replace("-", ""))
    assert opened_ticket.grant == GRANT
    assert opened_ticket.district == DISTRICT
    assert opened_ticket.signed_district == SIGNED
    assert opened_ticket.certificate.serial == 7
    chain = opened_ticket.certify(REPLICA.public, SCHOOL)
    use = ticket.verify_ticket_chain(
        chain, [AUTHORITY.public], replica=REPLICA.public, scope=SCHOOL
    )
    assert (use.replica, use.scope, use.grant, use.serial) == (REPLICA.public, SCHOOL, GRANT, 7)
    assert use.ticket == opened_ticket.key.public
    assert verify(chain.encode()) == use


def test_a_ticket_names_the_feeds_that_were_ended_and_stays_small() -> None:
    ended = tuple(sorted(f"{n:020d}" for n in range(3)))
    data, code = issued(replace(GRANT, ended=ended))
    assert opened(data, code).grant.ended == ended
    many = tuple(f"{n:020d}" for n in range(1000))
    data, code = issued(replace(GRANT, ended=many))
    assert len(opened(data, code).grant.ended) == ticket.MOST_ENDED


def test_the_paper_code_has_sixty_bits_and_is_not_in_the_file() -> None:
    data, code = issued()
    assert len(code.replace("-", "")) == 15
    assert ticket.CODE_GROUPS * paper.DATA_PER_GROUP * paper.BITS_PER_SYMBOL >= 50
    assert code.encode() not in data


def test_a_ticket_used_twice_shows_as_one_serial_under_two_keys() -> None:
    opened_ticket = opened(*issued())
    uses = [
        ticket.verify_ticket_chain(
            opened_ticket.certify(public, SCHOOL), [AUTHORITY.public], replica=public, scope=SCHOOL
        )
        for public in (REPLICA.public, SigningKey.generate().public)
    ]
    assert uses[0].serial == uses[1].serial
    assert uses[0].replica != uses[1].replica


def test_wrong_paper_is_told_apart_from_a_slip() -> None:
    data, code = issued()
    _, other_code = issued()
    with pytest.raises(RuleError) as raised:
        opened(data, other_code)
    assert raised.value.code == "ticket.wrong_code"
    with pytest.raises(RuleError) as raised:
        opened(data, code[:-1] + ("0" if code[-1] != "0" else "1"))
    assert (raised.value.code, raised.value.details["group"]) == ("paper.mistyped", 3)


def test_another_district_s_fingerprint_refuses_the_ticket() -> None:
    data, code = issued()
    with pytest.raises(UntrustedError) as raised:
        open_ticket(data, code, DistrictRoot.create().fingerprint)
    assert raised.value.code == "district.other_root"


def test_the_district_gives_tickets_for_its_own_schools_and_sound_numbers() -> None:
    for grant, code in (
        (replace(GRANT, school="2141041199"), "ticket.unknown_school"),
        (replace(GRANT, first=400), "ticket.bad_numbers"),
        (replace(GRANT, first=0), "ticket.bad_numbers"),
        (replace(GRANT, last=10**10), "ticket.bad_numbers"),
        (replace(GRANT, mark="二"), "ticket.bad_numbers"),
    ):
        with pytest.raises(RuleError) as raised:
            issued(grant)
        assert raised.value.code == code
    with pytest.raises(RuleError):
        issued(authority=SigningKey.generate())
    with pytest.raises(UntrustedError):
        issued(replace(GRANT, escrow="age1nonsense"))


def test_a_ticket_speaks_for_its_own_school_alone() -> None:
    opened_ticket = opened(*issued())
    with pytest.raises(RuleError) as raised:
        opened_ticket.certify(REPLICA.public, NEIGHBOUR)
    assert raised.value.code == "ticket.other_school"


def forged(signer: SigningKey, line: str, **members: object) -> str:
    """Make a chain that says something else, signed by the given key."""
    said = {
        "kind": "enrollment-ticket-use",
        "key": REPLICA.public,
        "scope": SCHOOL,
        "serial": 7,
        **members,
    }
    statement = msgspec.json.encode(said).decode()
    signature = sshsig.sign(signer, sshsig.TICKET, statement.encode())
    return json.dumps({"certificate": line, "statement": statement, "signature": signature})


def test_every_other_use_is_refused() -> None:
    opened_ticket = opened(*issued())
    key, line = opened_ticket.key, opened_ticket.certificate.line
    verify(forged(key, line))
    chain = opened_ticket.certify(REPLICA.public, SCHOOL)
    assert refused(chain, replica=SigningKey.generate().public) == "ticket.other_use"
    assert refused(chain, scope=NEIGHBOUR) == "ticket.other_use"
    assert refused(forged(key, line, scope=NEIGHBOUR), scope=NEIGHBOUR) == "ticket.other_use"
    assert refused(forged(key, line, serial=8)) == "ticket.other_use"
    assert refused(forged(key, line, kind="enrollment-ticket")) == "ticket.other_use"
    assert refused(forged(REPLICA, line)) == "signature.other_key"
    assert refused(forged(key, line, key=3)) == "ticket.malformed"


def test_a_certificate_that_is_no_ticket_certifies_no_laptop() -> None:
    key = SigningKey.generate()
    facts = {"mark": "2", "numbers": "1-2", "escrow": GRANT.escrow}
    for roles, bad in (
        (["registrar"], {}),
        (["ticket", "registrar"], {}),
        (["ticket"], {"mark": "two"}),
        (["ticket"], {"numbers": "9-1"}),
        (["ticket"], {"numbers": "1-9999999999"}),
        (["ticket"], {"numbers": "all"}),
    ):
        line = certificate.issue(
            AUTHORITY, key.public, [f"school:{SCHOOL}"], 7, roles, "n", {**facts, **bad}
        )
        assert refused(forged(key, line)) == "ticket.malformed"
    stranger = certificate.issue(
        SigningKey.generate(), key.public, [f"school:{SCHOOL}"], 7, ["ticket"], "n", facts
    )
    assert refused(forged(key, stranger)) == "certificate.unknown_authority"
    no_escrow = certificate.issue(
        AUTHORITY, key.public, [f"school:{SCHOOL}"], 7, ["ticket"], "n", {**facts, "escrow": ""}
    )
    assert refused(forged(key, no_escrow)) == "seal.bad_recipient"


@pytest.mark.parametrize("chain", ["", "{}", "[" * 50_000, "x" * 70_000, '{"certificate": 3}'])
def test_what_is_no_chain_is_malformed(chain: str) -> None:
    assert refused(chain) == "ticket.malformed"


def test_a_ticket_file_with_parts_of_another_is_refused() -> None:
    data, code = issued()
    other, other_code = issued()
    swapped = changed(data, certificate=json.loads(other)["certificate"])
    for typed in (code, other_code):
        with pytest.raises(RuleError):
            opened(swapped, typed)
    for bad in (changed(data, kind="x"), b"", b"{}", b"x" * (ticket.LIMIT + 1)):
        with pytest.raises(UntrustedError) as raised:
            opened(bad, code)
        assert raised.value.code == "ticket.malformed"


@pytest.mark.parametrize(
    "private", [b"", b"x" * 31, bytes(SigningKey.generate().private_bytes())], ids=range(3)
)
def test_a_box_that_holds_another_key_is_refused(private: bytes) -> None:
    data, code = issued()
    line = json.loads(data)["certificate"]
    typed = paper.read_code(code, ticket.CODE_GROUPS)
    locked = box.lock_typed(typed, private, b"enrollment-ticket\0" + line.encode())
    bad = changed(data, box=json.loads(msgspec.json.encode(locked)))
    with pytest.raises(UntrustedError) as raised:
        opened(bad, code)
    assert raised.value.code == "ticket.malformed"


def test_a_box_too_short_to_be_one_does_not_open() -> None:
    data, code = issued()
    members = json.loads(data)
    with pytest.raises(RuleError):
        opened(changed(data, box={**members["box"], "sealed": "AAAA"}), code)


@given(data=st.data())
def test_any_flipped_bit_is_found_or_the_ticket_is_true(data: st.DataObject) -> None:
    flipped = bytearray(TICKET)
    place = data.draw(st.integers(0, len(flipped) - 1))
    flipped[place] ^= 1 << data.draw(st.integers(0, 7))
    try:
        got = opened(bytes(flipped), CODE)
    except ProductError:
        return
    assert (got.grant, got.district, got.signed_district.data) == (GRANT, DISTRICT, SIGNED.data)
    # White space within an armored signature says nothing, to ssh-keygen neither.
    assert sshsig.read(got.signed_district.signature) == sshsig.read(SIGNED.signature)
    assert verify(got.certify(REPLICA.public, SCHOOL))


@given(st.integers(0, 10**6), st.integers(0, 7))
def test_any_flipped_bit_of_a_chain_is_found_or_it_says_the_same(place: int, bit: int) -> None:
    flipped = bytearray(CHAIN.encode())
    flipped[place % len(flipped)] ^= 1 << bit
    try:
        assert verify(bytes(flipped)) == verify(CHAIN)
    except UntrustedError:
        return


@needs_ssh_keygen
def test_stock_tools_prove_the_chain_by_the_authority_alone(tmp_path: Path) -> None:
    chain = json.loads(CHAIN)
    signers = allowed_signers([Signer("school:*", AUTHORITY.public, is_authority=True)])
    ask = (tmp_path, signers, f"school:{SCHOOL}", sshsig.TICKET)
    assert stock_verify(*ask, chain["statement"].encode(), chain["signature"])
    assert not stock_verify(*ask, b"x" + chain["statement"].encode(), chain["signature"])


def make_cheaply() -> tuple[bytes, str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kdf, "STANDARD", NO_COST)
        return issued()


TICKET, CODE = make_cheaply()
with pytest.MonkeyPatch.context() as outer:
    outer.setattr(kdf, "STANDARD", NO_COST)
    CHAIN = opened(TICKET, CODE).certify(REPLICA.public, SCHOOL)


def test_the_district_s_document_travels_with_its_signature() -> None:
    members = json.loads(TICKET)
    assert members["district_signature"] == SIGNED.signature
    forged_document = SignedDistrict(SIGNED.data, sshsig.sign(AUTHORITY, sshsig.DISTRICT, b""))
    with pytest.raises(UntrustedError) as raised:
        opened(changed(TICKET, district_signature=forged_document.signature), CODE)
    assert raised.value.code == "signature.other_key"
