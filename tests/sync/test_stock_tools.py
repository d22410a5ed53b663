"""Stock Debian tools open and prove every bundle: nobody needs this program to audit it."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from desktop_app.feeds.head import statement
from desktop_app.security.certificate import Signer, allowed_signers, issue
from desktop_app.security.sshsig import BUNDLE, FEED, TICKET
from desktop_app.services.district_office import DistrictOffice
from desktop_app.services.workplace import Workplace
from desktop_app.sync.identity import write_identity
from tests.sync.site import SCHOOL, Site, hand, register, register_many, take

TOOLS = ("tar", "sha256sum", "ssh-keygen", "age", "zstd")
pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, TOOLS)), reason="needs tar, sha256sum, ssh-keygen, age and zstd"
)


def run(folder: Path, *command: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run a stock tool in a folder."""
    return subprocess.run(command, cwd=folder, input=given, capture_output=True, check=False)


def proves(
    folder: Path, signers: str, identity: str, namespace: str, signature: str, signed: bytes
) -> bool:
    """Ask ssh-keygen whether a signature holds, at a date the certificates cover."""
    (folder / "allowed_signers").write_text(signers)
    (folder / "signature").write_text(signature)
    command = ("ssh-keygen", "-Y", "verify", "-f", "allowed_signers", "-I", identity)
    options = ("-n", namespace, "-s", "signature", "-Overify-time=20240824120000Z")
    return run(folder, *command, *options, given=signed).returncode == 0


@pytest.fixture
def audit(site: Site, tmp_path: Path) -> tuple[Workplace, Workplace, Path]:
    """Give a district, a laptop, and a folder in which its bundle was unpacked by tar."""
    district = site.found()
    laptop = site.laptop(district, "laptop")
    register(laptop)
    register_many(laptop, 40)
    handed = hand(laptop, tmp_path / "stick")
    folder = tmp_path / "audit"
    folder.mkdir()
    assert run(folder, "tar", "-xf", str(handed.path)).returncode == 0
    return district, laptop, folder


def opened(district: Workplace, folder: Path) -> tuple[list[dict[str, str]], list[bytes]]:
    """Open the payload with age, zstd and tar; give heads and operations."""
    (folder / "key.txt").write_bytes(bytes(district.session.seal.secret()) + b"\n")
    assert run(folder, "age", "-d", "-i", "key.txt", "-o", "p.zst", "payload.age").returncode == 0
    assert run(folder, "zstd", "-q", "-d", "p.zst", "-o", "p.tar").returncode == 0
    listed = run(folder, "tar", "-tf", "p.tar").stdout.split()
    assert listed == [b"heads.jsonl", b"ops.jsonl"]
    assert run(folder, "tar", "-xf", "p.tar").returncode == 0
    heads = [json.loads(line) for line in (folder / "heads.jsonl").read_bytes().splitlines()]
    return heads, (folder / "ops.jsonl").read_bytes().splitlines()


def test_sums_and_contents(audit: tuple[Workplace, Workplace, Path]) -> None:
    district, laptop, folder = audit
    assert run(folder, "sha256sum", "-c", "SHA256SUMS").returncode == 0
    heads, operations = opened(district, folder)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    assert manifest["payload"]["operations"] == len(operations)
    assert len(operations) == sum(int(head["to"]) - int(head["from"]) for head in heads)
    assert len(operations) == laptop.own_feed().sequence
    (folder / "payload.age").write_bytes(b"?")
    assert run(folder, "sha256sum", "-c", "SHA256SUMS").returncode != 0


def test_the_carriers_signature_through_the_ticket(
    audit: tuple[Workplace, Workplace, Path],
) -> None:
    """With a ticket there are two steps: the authority's ticket vouches for the laptop's key."""
    district, _, folder = audit
    assert district.district is not None
    manifest = json.loads((folder / "manifest.json").read_bytes())
    chain = json.loads(manifest["carrier"]["identity"])
    authority = allowed_signers(
        [Signer("school:*", district.district.authorities[0], is_authority=True)]
    )
    principal = f"school:{SCHOOL}"
    said = chain["statement"].encode()
    assert proves(folder, authority, principal, TICKET, chain["signature"], said)
    replica = bytes.fromhex(manifest["carrier"]["public"])
    vouched = allowed_signers([Signer(principal, replica)])
    signature = (folder / "manifest.json.sig").read_text()
    signed = (folder / "manifest.json").read_bytes()
    assert proves(folder, vouched, principal, BUNDLE, signature, signed)
    assert not proves(folder, vouched, principal, FEED, signature, signed)
    assert not proves(folder, vouched, principal, BUNDLE, signature, signed + b" ")


def test_every_heads_signature(audit: tuple[Workplace, Workplace, Path]) -> None:
    district, _, folder = audit
    heads, _ = opened(district, folder)
    assert heads
    for head in heads:
        signers = allowed_signers([Signer(f"school:{SCHOOL}", bytes.fromhex(head["public"]))])
        reaches = bytes.fromhex(head["hash"])
        said = statement(head["feed"], head["scope"], int(head["to"]), reaches)
        assert proves(folder, signers, f"school:{SCHOOL}", FEED, head["signature"], said)
        further = statement(head["feed"], head["scope"], int(head["to"]) + 1, reaches)
        assert not proves(folder, signers, f"school:{SCHOOL}", FEED, head["signature"], further)


def test_the_chain_of_hashes(audit: tuple[Workplace, Workplace, Path]) -> None:
    district, _, folder = audit
    heads, operations = opened(district, folder)
    previous = bytes(32)
    for line in operations:
        header = line[len(b'{"header":') : line.index(b',"payload":{"salt"')]
        assert json.loads(header)["previous"] == previous.hex()
        previous = hashlib.sha256(previous + header).digest()
    assert previous.hex() == heads[-1]["hash"]


def test_a_direct_certificate_needs_the_authority_alone(
    audit: tuple[Workplace, Workplace, Path], tmp_path: Path
) -> None:
    """With a certificate in the signature, ssh-keygen needs nothing but the authority's key."""
    district, laptop, _ = audit
    assert district.district is not None
    own = laptop.own_feed()
    assert own.identity is not None
    authority = DistrictOffice(district)._authority()
    direct = issue(authority, own.public, [f"school:{SCHOOL}"], 77, ["registrar"], "laptop")
    both = write_identity(own.identity.decode(), direct)
    with laptop.journal.begin() as work:
        work.prove_feed(own.facts, both)
    register(laptop, "李梓涵")
    handed = hand(laptop, tmp_path / "stick")
    folder = tmp_path / "second"
    folder.mkdir()
    run(folder, "tar", "-xf", str(handed.path))
    signers = allowed_signers([Signer("school:*", authority.public, is_authority=True)])
    signature = (folder / "manifest.json.sig").read_text()
    signed = (folder / "manifest.json").read_bytes()
    assert proves(folder, signers, f"school:{SCHOOL}", BUNDLE, signature, signed)
    assert not proves(folder, signers, "school:2141041102", BUNDLE, signature, signed)
    heads, _ = opened(district, folder)
    for head in heads:
        said = statement(head["feed"], head["scope"], int(head["to"]), bytes.fromhex(head["hash"]))
        assert proves(folder, signers, f"school:{SCHOOL}", FEED, head["signature"], said)
    assert take(district, handed.path)[0].outcome == "taken_in"
