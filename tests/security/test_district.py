"""A district's document counts by its root alone, and its number never goes down."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.errors import RuleError, UntrustedError, WorkplaceError
from desktop_app.security import district, keyfile, sshsig
from desktop_app.security.district import District, DistrictRoot, Officer, School, SignedDistrict
from desktop_app.security.keys import SigningKey
from desktop_app.security.seal import SealKey
from desktop_app.security.sshwire import public_line
from tests.security.conftest import OTHER_PASSWORD, PASSWORD
from tests.security.stock import needs_ssh_keygen, stock_verify

ROOT = DistrictRoot.create()
AUTHORITY = SigningKey.generate()
FIRST = District(
    code="410411",
    name="湛河区",
    number=3,
    root=ROOT.public,
    authorities=(AUTHORITY.public,),
    feed_keys=(SigningKey.generate().public,),
    recipients=(SealKey.generate().recipient,),
    officers=(Officer(SigningKey.generate().public, ("officer",)),),
    schools=(School("2141041101", "示例小学", "SL"),),
)
SIGNED = ROOT.publish(FIRST)


def refused(
    signed: SignedDistrict, *, fingerprint: str | None = None, previous: District | None = None
) -> str:
    with pytest.raises(UntrustedError) as raised:
        district.read(signed, fingerprint=fingerprint, previous=previous)
    return raised.value.code


def resigned(data: bytes, *, namespace: str = sshsig.DISTRICT) -> SignedDistrict:
    return SignedDistrict(data, sshsig.sign(ROOT._key, namespace, data))


def test_a_typed_fingerprint_proves_the_first_document() -> None:
    typed = ROOT.fingerprint.lower().replace("-", " ").replace("0", "o")
    read = district.read(SIGNED, fingerprint=typed)
    assert read == FIRST
    found = read.school("2141041101")
    assert found is not None
    assert found.mark == "SL"
    assert read.school("2141041102") is None


def test_without_proof_nothing_is_read() -> None:
    assert refused(SIGNED) == "district.other_root"
    assert refused(SIGNED, fingerprint=DistrictRoot.create().fingerprint) == "district.other_root"
    with pytest.raises(RuleError):
        district.read(SIGNED, fingerprint="TOO-SHORT")


def test_later_documents_come_from_the_same_root_and_never_go_back() -> None:
    later = ROOT.publish(replace(FIRST, number=4, name="湛河区教体局"), previous=FIRST)
    read = district.read(later, previous=FIRST)
    assert read.number == 4
    assert district.read(SIGNED, previous=FIRST) == FIRST, "the same again has no effect"
    assert refused(SIGNED, previous=read) == "district.older"
    twin = ROOT.publish(replace(FIRST, name="另一份"))
    assert refused(twin, previous=FIRST) == "district.two_versions"
    usurper = DistrictRoot.create().publish(replace(FIRST, number=9))
    assert refused(usurper, previous=FIRST) == "district.other_root"
    neighbour = ROOT.publish(replace(FIRST, code="410402", number=9))
    assert refused(neighbour, previous=FIRST) == "district.other_root"
    with pytest.raises(RuleError) as raised:
        ROOT.publish(FIRST, previous=FIRST)
    assert raised.value.code == "district.number_not_higher"


def test_the_root_named_in_a_document_must_have_signed_it() -> None:
    stolen = SignedDistrict(SIGNED.data, sshsig.sign(SigningKey.generate(), sshsig.DISTRICT, b"x"))
    assert refused(stolen, fingerprint=ROOT.fingerprint) == "signature.other_key"
    other_purpose = resigned(SIGNED.data, namespace=sshsig.BUNDLE)
    assert refused(other_purpose, fingerprint=ROOT.fingerprint) == "signature.other_purpose"


def test_publishing_puts_its_own_root_in() -> None:
    signed = ROOT.publish(replace(FIRST, root=SigningKey.generate().public))
    assert district.read(signed, fingerprint=ROOT.fingerprint).root == ROOT.public


@pytest.mark.parametrize(
    "change",
    [
        {"number": 0},
        {"number": 2**53},
        {"authorities": (b"short",)},
        {"feed_keys": (b"",)},
        {"officers": (Officer(b"x" * 31, ()),)},
        {"schools": FIRST.schools * 2},
    ],
)
def test_unsound_documents_are_neither_written_nor_read(change: dict[str, object]) -> None:
    with pytest.raises(UntrustedError) as raised:
        ROOT.publish(replace(FIRST, **change))  # type: ignore[arg-type]
    assert raised.value.code == "district.malformed"


def test_a_recipient_that_is_none_is_refused() -> None:
    bad = SIGNED.data.replace(FIRST.recipients[0].encode(), b"age1nonsense")
    assert refused(resigned(bad), fingerprint=ROOT.fingerprint) == "seal.bad_recipient"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"{}",
        b"[" * 100_000,
        SIGNED.data.replace(b'"format":1', b'"format":2'),
        SIGNED.data.replace(b"enrollment-district", b"enrollment-distract"),
        SIGNED.data.replace(b'"number":3', b'"number":3.5'),
        SIGNED.data.replace(b'"number":3', b'"number":' + b"9" * 400),
        SIGNED.data.replace(b'"number":3', b'"number":NaN'),
        b" " * (district.LIMIT + 1),
    ],
    ids=range(10),
)
def test_what_is_no_document_is_malformed_even_if_signed(data: bytes) -> None:
    assert refused(resigned(data), fingerprint=ROOT.fingerprint) == "district.malformed"


def test_members_of_a_later_version_are_passed_over() -> None:
    data = SIGNED.data.replace(b'"code":', b'"later":{"x":[1]},"code":')
    assert district.read(resigned(data), fingerprint=ROOT.fingerprint) == FIRST


@given(st.integers(0, 10**6), st.integers(0, 7))
def test_any_flipped_bit_is_found(position: int, bit: int) -> None:
    data = bytearray(SIGNED.data)
    data[position % len(data)] ^= 1 << bit
    families = {"district", "signature", "seal"}
    flipped = SignedDistrict(bytes(data), SIGNED.signature)
    assert refused(flipped, fingerprint=ROOT.fingerprint).partition(".")[0] in families


@needs_ssh_keygen
def test_stock_tools_prove_it(tmp_path: Path) -> None:
    signers = f"root {public_line(ROOT.public)}\n"
    ask = (tmp_path, signers, "root", sshsig.DISTRICT)
    assert stock_verify(*ask, SIGNED.data, SIGNED.signature)
    assert not stock_verify(*ask, SIGNED.data + b" ", SIGNED.signature)


# --- the root's own file ------------------------------------------------------------------------


def test_the_root_comes_back_from_its_stick_with_its_passphrase(tmp_path: Path) -> None:
    path = tmp_path / "district-root.key"
    ROOT.save(path, PASSWORD)
    assert DistrictRoot.load(path, bytearray(PASSWORD.encode())).public == ROOT.public
    assert bytes(ROOT._key.private_bytes()) not in path.read_bytes()
    with pytest.raises(RuleError) as raised:
        DistrictRoot.load(path, OTHER_PASSWORD)
    assert raised.value.code == "keyfile.wrong_password"
    with pytest.raises(RuleError) as raised:
        ROOT.save(path, "1234")
    assert raised.value.code == "vault.weak_password"
    with pytest.raises(WorkplaceError):
        DistrictRoot.load(tmp_path / "none", PASSWORD)


def test_a_key_of_another_purpose_is_not_taken_for_the_root(tmp_path: Path) -> None:
    path = tmp_path / "authority.key"
    keyfile.save_key(path, AUTHORITY, PASSWORD, keyfile.AUTHORITY)
    assert keyfile.load_key(path, PASSWORD, keyfile.AUTHORITY).public == AUTHORITY.public
    for data in (
        path.read_bytes(),
        path.read_bytes().replace(b"enrollment-key", b"enrollment-kex"),
        b"garbage",
    ):
        path.write_bytes(data)
        with pytest.raises(UntrustedError) as raised:
            DistrictRoot.load(path, PASSWORD)
        assert raised.value.code == "keyfile.damaged"


def test_a_relabelled_key_file_does_not_open(tmp_path: Path) -> None:
    path = tmp_path / "authority.key"
    keyfile.save_key(path, AUTHORITY, PASSWORD, keyfile.AUTHORITY)
    path.write_bytes(path.read_bytes().replace(b"district-authority", b"district-root"))
    with pytest.raises(RuleError):
        DistrictRoot.load(path, PASSWORD)
