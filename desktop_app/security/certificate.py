"""Certificates of schools and districts: OpenSSH user certificates, read by stock tools too.

One certificate says: this Ed25519 key may speak for this school (principal ``school:<code>``) or
district (``district:<code>``), in these roles, under this serial number. Its dates are for stock
tools and say "always": whether it still counts is decided by grants and revocations in the feeds
(design §2, Authority), not by a clock.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    SSHCertificate,
    SSHCertificateBuilder,
    SSHCertificateType,
    load_ssh_public_identity,
)

from desktop_app.domain.errors import UntrustedError
from desktop_app.feeds.identity import key_id
from desktop_app.security.keys import SigningKey
from desktop_app.security.sshsig import NAMESPACES
from desktop_app.security.sshwire import public_line

ALWAYS = 2**64 - 1
SUFFIX = "@enrollment"
ROLE_PREFIX = "role-"

_PRINCIPAL = re.compile(r"school:[0-9]{10}|district:[0-9]{6}")
_NAME = re.compile(r"[a-z][a-z_]{0,31}")
_LONGEST = 8 * 1024  # characters of a line


def line_of(identity: bytes | None) -> str | None:
    """Give the direct certificate in a feed's identity, so that stock tools prove alone.

    An identity is lines of text: a ticket's chain, which begins with a brace, a certificate, or
    both (docs/format-bundle.md, Manifest).
    """
    lines = (identity or b"").decode().split("\n")
    return next((line for line in lines if line and not line.startswith("{")), None)


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate that a known authority signed."""

    line: str
    """The line as ``ssh-keygen`` writes it, without a comment."""
    public: bytes
    principal: str
    serial: int
    roles: tuple[str, ...]
    authority: str
    """The key id of the authority that signed it."""
    note: str
    facts: Mapping[str, str]
    """What else the authority states, such as a ticket's mark and numbers."""

    @property
    def scope(self) -> str:
        """For whom its feeds speak: a school's code, or ``district:<code>``."""
        return self.principal.removeprefix("school:")


def principal_of(scope: str) -> str:
    """Give the principal of a scope."""
    return scope if scope.startswith("district:") else f"school:{scope}"


def issue(
    authority: SigningKey,
    subject: bytes,
    principals: Sequence[str],
    serial: int,
    roles: Iterable[str],
    note: str,
    facts: Mapping[str, str] | None = None,
) -> str:
    """Sign a certificate for an Ed25519 public key and give its line.

    Serials start at 1 and are never used twice by one authority: revocation names them.

    Raises:
        ValueError: a principal, role, fact or serial that no reader of ours would accept.
    """
    options = {ROLE_PREFIX + role + SUFFIX: b"" for role in roles}
    options.update({name + SUFFIX: value.encode() for name, value in (facts or {}).items()})
    names = [name.removesuffix(SUFFIX).removeprefix(ROLE_PREFIX) for name in options]
    principal = principals[0] if len(principals) == 1 else ""
    if not (_PRINCIPAL.fullmatch(principal) and all(map(_NAME.fullmatch, names)) and serial > 0):
        raise ValueError(principals, names, serial)
    builder = (
        SSHCertificateBuilder()
        .public_key(Ed25519PublicKey.from_public_bytes(subject))
        .serial(serial)
        .type(SSHCertificateType.USER)
        .key_id(note.encode())
        .valid_principals([principal.encode()])
        .valid_after(0)
        .valid_before(ALWAYS)
    )
    for name in sorted(options):  # the format wants them in order
        builder = builder.add_extension(name.encode(), options[name])
    return builder.sign(authority.crypto_key).public_bytes().decode("ascii")


def read(line: str, authorities: Iterable[bytes]) -> Certificate:
    """Read a certificate line that one of these authorities (public keys) must have signed.

    Raises:
        UntrustedError: ``certificate.malformed``, ``certificate.unknown_authority``,
            ``certificate.wrong_principal`` (none, several or of no known form).
    """
    if len(line) > _LONGEST:
        raise UntrustedError("certificate.malformed")
    kept = " ".join(line.split()[:2])
    try:
        loaded, subject, authority = _prove(kept, frozenset(authorities))
    except InvalidSignature as error:
        raise UntrustedError("signature.wrong") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        # The library reads some parts only when they are asked for, so all of it is in here.
        raise UntrustedError("certificate.malformed") from error
    roles, facts = _read_extensions(loaded.extensions)
    return Certificate(
        line=kept,
        public=subject,
        principal=_only_principal(loaded.valid_principals),
        serial=loaded.serial,
        roles=roles,
        authority=key_id(authority),
        note=loaded.key_id.decode("utf-8", "replace"),
        facts=facts,
    )


@dataclass(frozen=True, slots=True)
class Signer:
    """One line of ``allowed_signers``: who may sign what."""

    principals: str
    """A principal, or a pattern such as ``school:*``."""
    public: bytes
    is_authority: bool = False
    namespaces: Sequence[str] = NAMESPACES


def allowed_signers(signers: Iterable[Signer]) -> str:
    """Write the file that ``ssh-keygen -Y verify -f`` reads, for auditors with stock tools."""
    lines = []
    for signer in signers:
        options = [f'namespaces="{",".join(signer.namespaces)}"']
        if signer.is_authority:
            options.insert(0, "cert-authority")
        lines.append(f"{signer.principals} {','.join(options)} {public_line(signer.public)}\n")
    return "".join(lines)


def _prove(line: str, authorities: frozenset[bytes]) -> tuple[SSHCertificate, bytes, bytes]:
    """Check who signed, then the signature; give the certificate, its subject, its authority."""
    loaded = load_ssh_public_identity(line.encode("ascii"))
    if not isinstance(loaded, SSHCertificate):
        raise UntrustedError("certificate.malformed")
    authority, subject = loaded.signature_key(), loaded.public_key()
    if not isinstance(authority, Ed25519PublicKey):
        raise UntrustedError("certificate.unknown_authority")
    if authority.public_bytes_raw() not in authorities:
        raise UntrustedError("certificate.unknown_authority")
    loaded.verify_cert_signature()
    if (
        loaded.type is not SSHCertificateType.USER
        or not isinstance(subject, Ed25519PublicKey)
        or loaded.critical_options  # a condition we would not be keeping
    ):
        raise UntrustedError("certificate.malformed")
    return loaded, subject.public_bytes_raw(), authority.public_bytes_raw()


def _only_principal(principals: Sequence[bytes]) -> str:
    """Insist on one principal: a certificate for everybody or for several is not ours."""
    text = principals[0].decode("utf-8", "replace") if len(principals) == 1 else ""
    if not _PRINCIPAL.fullmatch(text):
        raise UntrustedError("certificate.wrong_principal")
    return text


def _read_extensions(extensions: Mapping[bytes, bytes]) -> tuple[tuple[str, ...], dict[str, str]]:
    """Part our extensions into roles and facts; others' are left out, as the format wishes."""
    roles, facts = [], {}
    for raw_name, raw_value in sorted(extensions.items()):
        name, at, _ = raw_name.decode("utf-8", "replace").partition(SUFFIX)
        if not at:
            continue
        if name.startswith(ROLE_PREFIX):
            roles.append(name.removeprefix(ROLE_PREFIX))
        else:
            facts[name] = raw_value.decode("utf-8", "replace")
    return tuple(roles), facts
