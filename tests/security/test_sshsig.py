"""Our signatures and ssh-keygen's are one and the same, and nothing else passes for one."""

from __future__ import annotations

import base64
import random
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.errors import UntrustedError, WorkplaceError
from desktop_app.security import certificate, sshsig
from desktop_app.security.certificate import Signer, allowed_signers
from desktop_app.security.keys import SigningKey, sign_act, verify_act
from desktop_app.security.sshwire import public_line, string
from tests.security.stock import needs_ssh_keygen, private_file, run, stock_verify

KEY, OTHER = SigningKey.generate(), SigningKey.generate()
MESSAGE = b"carried, received, decided\n"
GOOD = sshsig.sign(KEY, sshsig.BUNDLE, MESSAGE)
SIGNERS = f"desk {public_line(KEY.public)}\n"


def refused(signature: str | bytes, *, namespace: str = sshsig.BUNDLE, key: bytes = b"") -> str:
    with pytest.raises(UntrustedError) as raised:
        sshsig.verify(key or KEY.public, namespace, MESSAGE, signature)
    return raised.value.code


@needs_ssh_keygen
def test_ssh_keygen_accepts_ours(tmp_path: Path) -> None:
    assert stock_verify(tmp_path, SIGNERS, "desk", sshsig.BUNDLE, MESSAGE, GOOD)
    assert not stock_verify(tmp_path, SIGNERS, "desk", sshsig.FEED, MESSAGE, GOOD)
    assert not stock_verify(tmp_path, SIGNERS, "desk", sshsig.BUNDLE, MESSAGE + b" ", GOOD)


@needs_ssh_keygen
def test_we_accept_ssh_keygen_s(tmp_path: Path) -> None:
    key = private_file(KEY, tmp_path / "id")
    made = run("ssh-keygen", "-Y", "sign", "-f", key, "-n", sshsig.FEED, "-q", stdin=MESSAGE)
    signature = sshsig.verify(KEY.public, sshsig.FEED, MESSAGE, made.stdout)
    assert signature.public == KEY.public
    assert signature.certificate_line is None
    assert made.stdout.decode() == sshsig.sign(KEY, sshsig.FEED, MESSAGE), "byte for byte"


@needs_ssh_keygen
def test_with_a_certificate_inside_the_authority_s_key_is_enough(tmp_path: Path) -> None:
    authority = SigningKey.generate()
    line = certificate.issue(authority, KEY.public, ["school:2141041101"], 7, ["registrar"], "n")
    signature = sshsig.sign(KEY, sshsig.FEED, MESSAGE, certificate=line)
    signers = allowed_signers([Signer("school:*", authority.public, is_authority=True)])
    ask = (tmp_path, signers, "school:2141041101", sshsig.FEED, MESSAGE, signature)
    assert stock_verify(*ask)
    assert stock_verify(*ask, "-Overify-time=20010101")
    proven = sshsig.verify(KEY.public, sshsig.FEED, MESSAGE, signature)
    assert proven.certificate_line == line
    assert not stock_verify(tmp_path, signers, "school:2141041102", sshsig.FEED, MESSAGE, signature)
    assert not stock_verify(tmp_path, signers, "school:2141041101", "another", MESSAGE, signature)


def test_a_signature_serves_one_key_one_purpose_one_message() -> None:
    assert sshsig.verify(KEY.public, sshsig.BUNDLE, MESSAGE, GOOD).public == KEY.public
    assert refused(GOOD, namespace=sshsig.FEED) == "signature.other_purpose"
    assert refused(GOOD, key=OTHER.public) == "signature.other_key"
    assert refused(sshsig.sign(KEY, sshsig.BUNDLE, MESSAGE + b"x")) == "signature.wrong"


def test_a_message_a_file_and_a_digest_are_signed_alike() -> None:
    message = random.Random(1).randbytes(3_000_000)
    signature = sshsig.sign_file(KEY, sshsig.BUNDLE, BytesIO(message))
    assert signature == sshsig.sign(KEY, sshsig.BUNDLE, message)
    sshsig.verify_file(KEY.public, sshsig.BUNDLE, BytesIO(message), signature.encode())
    digest = sshsig.digest_of(BytesIO(message))
    sshsig.verify_digest(KEY.public, sshsig.BUNDLE, digest, signature)


def test_a_failing_disk_is_no_failing_signature() -> None:
    class Failing(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError(5, "Input/output error")

    with pytest.raises(WorkplaceError):
        sshsig.verify_file(KEY.public, sshsig.BUNDLE, Failing(), GOOD)


def rebuilt(change: Callable[[list[bytes]], None]) -> str:
    """Build a signature from its fields after changing them."""
    fields = [
        b"SSHSIG\0\0\0\1",
        string(string(b"ssh-ed25519") + string(KEY.public)),
        string(sshsig.BUNDLE.encode()),
        string(b""),
        string(b"sha512"),
        string(string(b"ssh-ed25519") + string(KEY.sign(b"x"))),
    ]
    change(fields)
    body = base64.b64encode(b"".join(fields)).decode()
    return f"-----BEGIN SSH SIGNATURE-----\n{body}\n-----END SSH SIGNATURE-----\n"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (0, b"SSHSIX\0\0\0\1"),
        (0, b"SSHSIG\0\0\0\2"),
        (1, string(string(b"ssh-rsa") + string(b"x"))),
        (1, string(string(b"ssh-ed25519") + string(KEY.public) + b"x")),
        (2, string(b"\xff\xfe")),
        (3, string(b"reserved")),
        (4, string(b"sha256")),
        (4, string(b"sha512") + string(b"")),
        (5, string(string(b"ssh-rsa") + string(b"x" * 64))),
        (5, string(string(b"ssh-ed25519") + string(b"x" * 64) + b"x")),
        (5, b""),
        (5, b"\xff\xff\xff\xff"),
    ],
    ids=range(12),
)
def test_other_forms_are_malformed(field: int, value: bytes) -> None:
    assert refused(rebuilt(lambda fields: fields.__setitem__(field, value))) == (
        "signature.malformed"
    )


@pytest.mark.parametrize("length", [0, 1, 63, 65, 1000])
def test_a_raw_signature_of_another_length_is_wrong(length: int) -> None:
    raw = string(string(b"ssh-ed25519") + string(b"x" * length))
    assert refused(rebuilt(lambda fields: fields.__setitem__(5, raw))) == "signature.wrong"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        GOOD[1:],
        GOOD.replace("END", "FIN"),
        GOOD.replace("\n-----END", "=\n-----END"),
        GOOD.replace("\n-----END", "\u00e9\n-----END"),
        GOOD.replace("U1NI", "U1!I"),
        GOOD.replace("U1NI", "U1\x1dNI"),  # whitespace to Python, not to C
        GOOD.replace("U1NI", "U1\x00NI"),
        GOOD + "x" * 20_000,
        GOOD.encode()[:60] + b"\xff" + GOOD.encode()[60:],
        "-----BEGIN SSH SIGNATURE-----\n\n-----END SSH SIGNATURE-----\n",
    ],
    ids=range(12),
)
def test_what_is_no_armored_signature_is_malformed(text: str | bytes) -> None:
    assert refused(text) == "signature.malformed"


@needs_ssh_keygen
def test_what_we_accept_of_a_mutated_corpus_ssh_keygen_accepts(tmp_path: Path) -> None:
    random_source = random.Random(20240831)
    accepted = 0
    for _ in range(120):
        mutant = bytearray(GOOD.encode())
        for _ in range(random_source.randint(1, 2)):
            place = random_source.randrange(len(mutant))
            change = random_source.choice(("flip", "drop", "double", "newline"))
            if change == "flip":
                mutant[place] ^= 1 << random_source.randrange(7)
            elif change == "drop":
                del mutant[place]
            elif change == "double":
                mutant.insert(place, mutant[place])
            else:
                mutant.insert(place, 10)
        try:
            sshsig.verify(KEY.public, sshsig.BUNDLE, MESSAGE, bytes(mutant))
        except UntrustedError:
            continue
        accepted += 1
        assert stock_verify(tmp_path, SIGNERS, "desk", sshsig.BUNDLE, MESSAGE, bytes(mutant))
    assert accepted, "a corpus in which nothing is accepted compares nothing"


@given(st.integers(0, 10**6), st.integers(0, 7))
def test_no_flipped_bit_changes_what_was_signed(position: int, bit: int) -> None:
    mutant = bytearray(GOOD.encode())
    mutant[position % len(mutant)] ^= 1 << bit
    try:
        proven = sshsig.verify(KEY.public, sshsig.BUNDLE, MESSAGE, bytes(mutant))
    except UntrustedError:
        return
    assert (proven.public, proven.namespace) == (KEY.public, sshsig.BUNDLE)
    assert b"".join(mutant.split())[:29] == b"".join(GOOD.encode().split())[:29]


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(body: bytes) -> None:
    armored = base64.b64encode(body).decode()
    for text in (
        body,
        f"-----BEGIN SSH SIGNATURE-----\n{armored}\n-----END SSH SIGNATURE-----",
    ):
        with pytest.raises(UntrustedError):
            sshsig.read(text)


def test_acts_are_signed_apart_from_everything_else() -> None:
    signature = sign_act(KEY, MESSAGE)
    verify_act(KEY.public, MESSAGE, signature)
    for public, message, raw in (
        (OTHER.public, MESSAGE, signature),
        (KEY.public, MESSAGE + b"x", signature),
        (KEY.public, MESSAGE, KEY.sign(MESSAGE)),
        (KEY.public, MESSAGE, b""),
        (b"short", MESSAGE, signature),
    ):
        with pytest.raises(UntrustedError) as raised:
            verify_act(public, message, raw)
        assert raised.value.code == "signature.wrong"


def test_a_key_survives_its_bytes_and_never_shows_itself() -> None:
    again = SigningKey.from_private_bytes(KEY.private_bytes())
    assert again.public == KEY.public
    assert repr(again) == f"SigningKey({KEY.key_id})"
