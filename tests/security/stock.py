"""Debian's own tools, as an auditor has them: ssh-keygen and age."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from desktop_app.security.keys import SigningKey
from desktop_app.security.sshwire import public_line

needs_ssh_keygen = pytest.mark.skipif(
    shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed"
)
needs_age = pytest.mark.skipif(shutil.which("age") is None, reason="age is not installed")


def run(*arguments: str | Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [str(argument) for argument in arguments], input=stdin, capture_output=True, check=False
    )


def private_file(key: SigningKey, path: Path) -> Path:
    """Write a key as ``ssh-keygen -f`` wants it."""
    path.write_bytes(
        key.crypto_key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.OpenSSH,
            serialization.NoEncryption(),
        )
    )
    path.chmod(0o600)
    path.with_name(path.name + ".pub").write_text(public_line(key.public) + "\n")
    return path


def stock_verify(
    folder: Path,
    signers: str,
    who: str,
    namespace: str,
    message: bytes,
    signature: str | bytes,
    *options: str | Path,
) -> bool:
    """Ask ``ssh-keygen -Y verify``."""
    (folder / "allowed_signers").write_text(signers)
    text = signature.encode() if isinstance(signature, str) else signature
    (folder / "signature").write_bytes(text)
    answer = run(
        "ssh-keygen",
        "-Y",
        "verify",
        "-f",
        folder / "allowed_signers",
        "-I",
        who,
        "-n",
        namespace,
        "-s",
        folder / "signature",
        *options,
        stdin=message,
    )
    return answer.returncode == 0
