"""A certificate counts when a known authority signed it for exactly one principal."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    SSHCertificateBuilder,
    SSHCertificateType,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.domain.errors import UntrustedError
from desktop_app.feeds.identity import key_id
from desktop_app.security import certificate, sshsig
from desktop_app.security.certificate import Signer, allowed_signers
from desktop_app.security.keys import SigningKey
from desktop_app.security.revocation import revocation_list
from desktop_app.security.sshwire import public_line
from tests.security.stock import needs_ssh_keygen, private_file, run, stock_verify

AUTHORITY, STRANGER, SUBJECT = (SigningKey.generate() for _ in range(3))
SCHOOL = "school:2141041101"
LINE = certificate.issue(
    AUTHORITY, SUBJECT.public, [SCHOOL], 7, ["registrar", "reviewer"], "desk 2", {"mark": "2"}
)


def builder() -> SSHCertificateBuilder:
    return (
        SSHCertificateBuilder()
        .public_key(Ed25519PublicKey.from_public_bytes(SUBJECT.public))
        .serial(7)
        .type(SSHCertificateType.USER)
        .key_id(b"n")
        .valid_after(0)
        .valid_before(certificate.ALWAYS)
    )


def refused(line: str) -> str:
    with pytest.raises(UntrustedError) as raised:
        certificate.read(line, [AUTHORITY.public])
    return raised.value.code


def signed(made: SSHCertificateBuilder) -> str:
    return made.sign(AUTHORITY.crypto_key).public_bytes().decode()


def test_everything_issued_is_read_back() -> None:
    read = certificate.read(LINE + " a comment\n", [STRANGER.public, AUTHORITY.public])
    assert read.line == LINE
    assert read.public == SUBJECT.public
    assert (read.principal, read.scope, read.serial) == (SCHOOL, "2141041101", 7)
    assert read.roles == ("registrar", "reviewer")
    assert dict(read.facts) == {"mark": "2"}
    assert (read.authority, read.note) == (key_id(AUTHORITY.public), "desk 2")


def test_a_district_s_scope_is_its_principal() -> None:
    scope = "district:410411"
    principal = certificate.principal_of(scope)
    line = certificate.issue(AUTHORITY, SUBJECT.public, [principal], 1, ["officer"], "")
    assert certificate.read(line, [AUTHORITY.public]).scope == scope
    assert certificate.principal_of("2141041101") == SCHOOL


@needs_ssh_keygen
def test_ssh_keygen_reads_ours(tmp_path: Path) -> None:
    (tmp_path / "id-cert.pub").write_text(LINE + "\n")
    shown = run("ssh-keygen", "-L", "-f", tmp_path / "id-cert.pub").stdout.decode()
    for expected in ("Serial: 7", SCHOOL, 'Key ID: "desk 2"', "forever", "role-registrar"):
        assert expected in shown


@needs_ssh_keygen
def test_we_read_ssh_keygen_s(tmp_path: Path) -> None:
    authority = private_file(AUTHORITY, tmp_path / "ca")
    private_file(SUBJECT, tmp_path / "id")
    made = run(
        "ssh-keygen",
        "-q",
        "-s",
        authority,
        "-I",
        "note",
        "-n",
        SCHOOL,
        "-z",
        "9",
        "-O",
        "clear",
        tmp_path / "id.pub",
    )
    assert made.returncode == 0
    read = certificate.read((tmp_path / "id-cert.pub").read_text(), [AUTHORITY.public])
    assert (read.public, read.serial, read.roles) == (SUBJECT.public, 9, ())


def test_an_unknown_authority_is_refused() -> None:
    line = certificate.issue(STRANGER, SUBJECT.public, [SCHOOL], 7, [], "n")
    assert refused(line) == "certificate.unknown_authority"
    assert refused(signed_by_another_kind()) == "certificate.unknown_authority"


def signed_by_another_kind() -> str:
    made = builder().valid_principals([SCHOOL.encode()])
    return made.sign(generate_private_key(SECP256R1())).public_bytes().decode()


@pytest.mark.parametrize(
    "principals",
    [
        [SCHOOL, "school:2141041102"],
        ["root"],
        ["school:21410411"],
        ["school:2141041101\n"],
        ["school:２１４１０４１１０１"],
    ],
)
def test_no_several_or_strange_principals_are_refused(principals: list[str]) -> None:
    made = builder().valid_principals([name.encode() for name in principals])
    assert refused(signed(made)) == "certificate.wrong_principal"
    for_all = builder().valid_for_all_principals()  # type: ignore[no-untyped-call]
    assert refused(signed(for_all)) == "certificate.wrong_principal"
    with pytest.raises(ValueError):
        certificate.issue(AUTHORITY, SUBJECT.public, principals, 1, [], "")


@pytest.mark.parametrize(("role", "serial"), [("Registrar", 1), ("a@b", 1), ("registrar", 0)])
def test_what_no_reader_would_accept_is_not_issued(role: str, serial: int) -> None:
    with pytest.raises(ValueError):
        certificate.issue(AUTHORITY, SUBJECT.public, [SCHOOL], serial, [role], "")


def test_other_kinds_of_certificate_are_malformed() -> None:
    principals = [SCHOOL.encode()]
    host = (
        SSHCertificateBuilder()
        .public_key(Ed25519PublicKey.from_public_bytes(SUBJECT.public))
        .serial(7)
        .type(SSHCertificateType.HOST)
        .key_id(b"n")
        .valid_after(0)
        .valid_before(certificate.ALWAYS)
        .valid_principals(principals)
    )
    elliptic = (
        SSHCertificateBuilder()
        .public_key(generate_private_key(SECP256R1()).public_key())
        .serial(7)
        .type(SSHCertificateType.USER)
        .key_id(b"n")
        .valid_after(0)
        .valid_before(certificate.ALWAYS)
        .valid_principals(principals)
    )
    forced = builder().valid_principals(principals).add_critical_option(b"force-command", b"x")
    for made in (host, elliptic, forced):
        assert refused(signed(made)) == "certificate.malformed"


@pytest.mark.parametrize(
    "line",
    [
        "",
        "ssh-ed25519-cert-v01@openssh.com",
        "ssh-ed25519-cert-v01@openssh.com !!!!",
        public_line(SUBJECT.public),
        "x" * 10_000,
        LINE[:-8],
        "ssh-ed25519-cert-v01@openssh.com \u00e9",
    ],
    ids=range(7),
)
def test_what_is_no_certificate_is_malformed(line: str) -> None:
    assert refused(line) == "certificate.malformed"


def test_extensions_of_others_are_passed_over() -> None:
    made = builder().valid_principals([SCHOOL.encode()]).add_extension(b"permit-pty", b"")
    read = certificate.read(signed(made), [AUTHORITY.public])
    assert (read.roles, dict(read.facts)) == ((), {})


@settings(max_examples=400)
@given(st.integers(0, 10**6), st.integers(0, 7))
def test_any_flipped_bit_is_found(position: int, bit: int) -> None:
    kind, packed = LINE.split(" ")
    blob = bytearray(base64.b64decode(packed))
    blob[position % len(blob)] ^= 1 << bit
    with pytest.raises(UntrustedError):
        certificate.read(f"{kind} {base64.b64encode(blob).decode()}", [AUTHORITY.public])


# --- what auditors get -------------------------------------------------------------------------


@needs_ssh_keygen
def test_allowed_signers_hold_authorities_and_plain_keys_to_their_purpose(tmp_path: Path) -> None:
    signers = allowed_signers(
        [
            Signer("school:*", AUTHORITY.public, is_authority=True),
            Signer("district:410411", STRANGER.public, namespaces=[sshsig.DISTRICT]),
        ]
    )
    document = sshsig.sign(STRANGER, sshsig.DISTRICT, b"m")
    bundle = sshsig.sign(STRANGER, sshsig.BUNDLE, b"m")
    who = "district:410411"
    assert stock_verify(tmp_path, signers, who, sshsig.DISTRICT, b"m", document)
    assert not stock_verify(tmp_path, signers, who, sshsig.BUNDLE, b"m", bundle)
    plain = sshsig.sign(AUTHORITY, sshsig.BUNDLE, b"m")
    assert not stock_verify(tmp_path, signers, SCHOOL, sshsig.BUNDLE, b"m", plain)


@needs_ssh_keygen
def test_a_revocation_list_is_read_by_stock_tools(tmp_path: Path) -> None:
    other = certificate.issue(AUTHORITY, SUBJECT.public, [SCHOOL], 8, [], "still good")
    signers = allowed_signers([Signer("school:*", AUTHORITY.public, is_authority=True)])
    revoked = tmp_path / "revoked"
    revoked.write_bytes(
        revocation_list(
            3, 1_725_000_000, {AUTHORITY.public: [9, 7, 7], STRANGER.public: []}, comment="c"
        )
    )
    for line, good in ((LINE, False), (other, True)):
        signature = sshsig.sign(SUBJECT, sshsig.FEED, b"m", certificate=line)
        ask = (tmp_path, signers, SCHOOL, sshsig.FEED, b"m", signature)
        assert stock_verify(*ask)
        assert stock_verify(*ask, "-r", revoked) is good
    shown = run("ssh-keygen", "-Q", "-l", "-f", revoked).stdout.decode()
    assert "# KRL version 3" in shown
    assert "serial: 7" in shown
    assert "serial: 9" in shown


@needs_ssh_keygen
def test_a_revoked_key_is_out_whatever_its_certificate(tmp_path: Path) -> None:
    revoked, public = tmp_path / "revoked", tmp_path / "id.pub"
    public.write_text(public_line(SUBJECT.public) + "\n")
    revoked.write_bytes(revocation_list(1, 0, {}, [SUBJECT.public, SUBJECT.public]))
    assert run("ssh-keygen", "-Q", "-f", revoked, public).returncode == 1
    revoked.write_bytes(revocation_list(2, 0, {}))
    assert run("ssh-keygen", "-Q", "-f", revoked, public).returncode == 0


def test_a_serial_that_would_void_the_list_is_not_written() -> None:
    with pytest.raises(ValueError):
        revocation_list(1, 0, {AUTHORITY.public: [0, 1]})
