"""The audit script that ships proves every bundle with stock tools alone, and refuses forged ones."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from desktop_app.domain.acts import Role
from desktop_app.security.seal import SealKey
from desktop_app.services.district_office import DistrictOffice
from desktop_app.services.erasure import ErasureDesk
from desktop_app.services.people import PeopleDesk
from desktop_app.services.workplace import Workplace
from tests.sync.site import Site, hand, register, register_many, reply, take
from tests.sync.test_mutations import DAMAGE, FORGERIES, SEED, Target

TOOLS = ("tar", "basenc", "awk", "ssh-keygen", "age", "zstd")
pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, TOOLS)), reason="needs tar, coreutils, awk, ssh-keygen, age and zstd"
)
Audit = Callable[..., subprocess.CompletedProcess[str]]
_LONGEST = 80
MUTATIONS = int(os.environ.get("ENROLLMENT_AUDITS", "32"))


@pytest.fixture
def script(repository: Path) -> Path:
    return repository / "installers" / "audit" / "verify-bundle.sh"


@pytest.fixture
def audit(script: Path, district: Workplace, tmp_path: Path) -> Audit:
    """Give a call of the script with the district's fingerprint and its key."""
    key = tmp_path / "key.txt"
    key.write_bytes(bytes(district.session.seal.secret()) + b"\n")

    def call(bundle: Path, *more: str) -> subprocess.CompletedProcess[str]:
        arguments = more or (DistrictOffice(district).fingerprint(), str(key))
        command = ["sh", str(script), str(bundle), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)

    return call


def operations_in(bundle: Path, key: Path) -> list[bytes]:
    """Open a bundle without this program, however slack it may be."""
    command = 'tar -xOf "$1" payload.age | age -d -i "$2" | zstd -dcq | tar -xOf - ops.jsonl'
    opened = subprocess.run(
        ["sh", "-c", command, "sh", str(bundle), str(key)], capture_output=True, check=True
    )
    return opened.stdout.splitlines(keepends=True)


def assert_true(target: Target, lines: list[bytes]) -> None:
    """Every operation is what its author wrote, at its place, none left out in between."""
    at: dict[str, int] = {}
    for line in lines:
        header = msgspec.json.decode(line)["header"]
        feed, sequence = str(header["feed"]), int(header["sequence"])
        assert target.truth[feed][sequence - 1] == line
        assert at.get(feed, sequence - 1) == sequence - 1
        at[feed] = sequence


def test_it_is_short_and_says_how_it_is_used(script: Path) -> None:
    assert len(script.read_text(encoding="utf-8").splitlines()) <= _LONGEST
    told = subprocess.run(["sh", str(script)], capture_output=True, text=True, check=False)
    assert told.returncode == 2
    assert "verify-bundle.sh BUNDLE FINGERPRINT [KEY]" in told.stderr


def test_it_proves_operations_without_payload_beside_their_erasure(
    audit: Audit, site: Site, district: Workplace, tmp_path: Path
) -> None:
    laptop = site.laptop(district, "laptop")
    PeopleDesk(laptop).add("王秀英", "sunflower-42", {Role.REGISTRAR})
    child = register(laptop)
    desk = ErasureDesk(laptop)
    desk.erase(child, "withdrawn", desk.second("王秀英", "sunflower-42"))
    bundle = hand(laptop, tmp_path / "stick").path
    told = audit(bundle)
    assert told.returncode == 0, told.stderr
    lines = operations_in(bundle, tmp_path / "key.txt")
    assert sum(line.endswith(b',"payload":null}\n') for line in lines) == 2


def test_it_proves_what_a_laptop_hands_over_and_what_the_district_answers(
    audit: Audit, site: Site, district: Workplace, tmp_path: Path
) -> None:
    laptop = site.laptop(district, "laptop")
    register(laptop)
    register_many(laptop, 12)
    handed = hand(laptop, tmp_path / "stick")
    told = audit(handed.path)
    assert told.returncode == 0, told.stderr
    own = laptop.own_feed()
    assert f"feed {own.facts.feed} of 2141041101: operations 1 to {own.sequence}\n" in told.stdout
    assert f"{handed.operations} operations proved" in told.stdout


def test_it_proves_the_districts_answer_and_the_outside_without_a_key(
    audit: Audit, site: Site, district: Workplace, tmp_path: Path
) -> None:
    laptop = site.laptop(district, "laptop")
    register(laptop)
    take(district, hand(laptop, tmp_path / "stick").path)
    back = reply(district, tmp_path / "stick")
    told = audit(back.path)
    assert told.returncode == 0, told.stderr
    assert f"{back.operations} operations proved" in told.stdout
    outside = audit(back.path, DistrictOffice(district).fingerprint().lower())
    assert outside.returncode == 0
    assert "outside" in outside.stdout
    assert "operations proved" not in outside.stdout


def test_another_district_another_key_or_no_ticket_is_refused(
    audit: Audit, site: Site, district: Workplace, tmp_path: Path
) -> None:
    laptop = site.laptop(district, "laptop")
    register(laptop)
    path = hand(laptop, tmp_path / "stick").path
    assert "another district" in audit(path, "0000-0000-0000-0000").stderr
    stranger = tmp_path / "stranger.txt"
    stranger.write_bytes(bytes(SealKey.generate().secret()) + b"\n")
    refused = audit(path, DistrictOffice(district).fingerprint(), str(stranger))
    assert (refused.returncode, "does not open" in refused.stderr) == (1, True)
    (tmp_path / "no.enb").write_bytes(b"no bundle")
    assert "no bundle" in audit(tmp_path / "no.enb").stderr


def test_it_takes_no_forged_bundle_for_a_true_one(
    audit: Audit, site: Site, district: Workplace, tmp_path: Path
) -> None:
    """Damaged on the way, or sealed and signed anew with another laptop's valid keys."""
    target = Target(site, tmp_path / "stick", district)
    chance = random.Random(SEED)
    assert audit(target.path).returncode == 0
    refused = 0
    for number in range(MUTATIONS):
        if number % 2:
            data = chance.choice(DAMAGE)(chance, target.whole)
        else:
            data = chance.choice(FORGERIES)(chance, target, target.opened)
        target.scratch.write_bytes(data)
        told = audit(target.scratch)
        refused += told.returncode != 0
        if told.returncode == 0:
            assert_true(target, operations_in(target.scratch, tmp_path / "key.txt"))
        else:
            assert told.stderr.endswith("REFUSED\n")
    assert refused > MUTATIONS * 3 // 4
