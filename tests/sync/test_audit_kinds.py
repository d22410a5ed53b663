"""The audit script proves a bundle of every kind, and nothing untrue that is made of any of them.

A few of each in the tests, sixty in ``make forge``. Bundles that travel by way of a central school
and hellos, which are no bundles, are looked at too.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import tarfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import pytest

from desktop_app.policy.package import Policy
from desktop_app.security import sshsig
from desktop_app.security.certificate import Signer, allowed_signers
from desktop_app.security.district import DistrictRoot
from desktop_app.security.seal import SealKey
from desktop_app.services.district_office import DistrictOffice
from desktop_app.services.workplace import Workplace
from desktop_app.sync.bundle import DOCUMENT, read_outer
from tests.sync.counting import COUNTED
from tests.sync.kinds import Everything, Kind, make
from tests.sync.site import OTHER_SCHOOL, Site, hand, register, reply, take
from tests.sync.test_audit import TOOLS, operations_in
from tests.sync.test_forging import FORGERIES, FULL, SEED, forged_hello, own_document
from tests.sync.test_mutations import DAMAGE

pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, TOOLS)), reason="needs tar, coreutils, awk, ssh-keygen, age and zstd"
)
EACH = int(os.environ.get("ENROLLMENT_AUDITS", "60" if FULL else "4"))
KINDS = ("pages", "volume", "submission", "answer", "sideways")
Told = subprocess.CompletedProcess[str]


@dataclass(frozen=True)
class Auditor:
    """Somebody with the script, the district's fingerprint from paper, and a recipient's key."""

    script: Path
    folder: Path
    fingerprint: str

    def look(self, data: bytes, key: SealKey | None) -> Told:
        """Hand bytes to the script as a bundle."""
        (self.folder / "one.enb").write_bytes(data)
        arguments = [str(self.folder / "one.enb"), self.fingerprint]
        if key is not None:
            self.key.write_bytes(bytes(key.secret()) + b"\n")
            arguments.append(str(self.key))
        command = ["sh", str(self.script), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    @property
    def key(self) -> Path:
        """Name the file with the recipient's key."""
        return self.folder / "key.txt"


@dataclass(frozen=True)
class Scene:
    """Bundles of every kind, and who audits them."""

    everything: Everything
    auditor: Auditor
    site: Site

    def kind(self, name: str) -> Kind:
        """Give the true bundle of a kind."""
        return next(kind for kind in self.everything.kinds if kind.name == name)


@pytest.fixture(scope="module")
def scene(
    tmp_path_factory: pytest.TempPathFactory, policy: Policy, repository: Path
) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("auditing")
    site = Site(folder / "site", policy)
    for one in (site.folder, folder / "stick", folder / "auditor"):
        one.mkdir()
    everything = make(site, folder / "stick")
    script = repository / "installers" / "audit" / "verify-bundle.sh"
    fingerprint = DistrictOffice(site.opened[0]).fingerprint()
    yield Scene(everything, Auditor(script, folder / "auditor", fingerprint), site)
    site.close()


def assert_refused(told: Told) -> None:
    assert (told.returncode, told.stderr.endswith("REFUSED\n")) == (1, True)


def assert_true(kind: Kind, path: Path, lines: list[bytes]) -> None:
    """Operations, pages and district document are those that their authors made."""
    at: dict[str, int] = {}
    for line in lines:
        header = msgspec.json.decode(line)["header"]
        feed, sequence = str(header["feed"]), int(header["sequence"])
        assert kind.truth.lines[feed][sequence - 1] == line
        assert at.get(feed, sequence - 1) == sequence - 1
        at[feed] = sequence
    with tarfile.open(path) as outer:
        for member in outer:
            file = outer.extractfile(member)
            assert file is not None
            if member.name == DOCUMENT:
                assert file.read() in kind.truth.documents
            elif member.name.startswith("scans/"):
                digest = member.name.removeprefix("scans/").removesuffix(".age")
                assert file.read() == kind.pages[digest]


@pytest.mark.parametrize("name", KINDS)
def test_a_bundle_of_every_kind_is_proved_with_who_and_what(scene: Scene, name: str) -> None:
    kind = scene.kind(name)
    told = scene.auditor.look(kind.data, kind.key)
    assert (told.returncode, told.stderr) == (0, "")
    assert f"packed by feed {kind.open.manifest.carrier.feed}: the outside is proved" in told.stdout
    assert f"{len(kind.open.lines)} operations proved\n" in told.stdout
    for head in kind.open.heads:
        reach = f"feed {head.feed} of {head.scope}: operations {head.after + 1} to {head.to}\n"
        assert reach in told.stdout


@pytest.mark.parametrize("name", KINDS)
def test_nothing_that_is_made_of_a_bundle_is_proved_beyond_its_truth(
    scene: Scene, name: str, record_property: Callable[[str, object], None]
) -> None:
    """Half are damaged on the way, half sealed and signed anew by a laptop that joined."""
    kind, seen = scene.kind(name), Counter[str]()
    chance = random.Random(f"{SEED} {name}")
    for number in range(EACH):
        if number % 2:
            data = chance.choice(DAMAGE)(chance, kind.data)
        else:
            data = chance.choice(FORGERIES)(chance, scene.everything, kind)
        told = scene.auditor.look(data, kind.key)
        if told.returncode:
            assert_refused(told)
            seen["refused"] += 1
        else:
            path = scene.auditor.folder / "one.enb"
            assert_true(kind, path, operations_in(path, scene.auditor.key))
            seen["true"] += 1
    # Chance may choose what changes nothing; a bundle cut in half is refused at any rate.
    assert scene.auditor.look(kind.data[: len(kind.data) // 2], kind.key).returncode == 1
    record_property(
        COUNTED,
        f"audit script, {name}: {EACH} tried, {seen['refused']} refused,"
        f" {seen['true']} with nothing but true content, 0 accepted beyond it",
    )


def own_carrier(kind: Kind, data: bytes) -> bool:
    """Say whether a bundle was packed by the forger, whose keys are valid."""
    return read_outer(BytesIO(data)).manifest.carrier != kind.open.manifest.carrier


@pytest.mark.parametrize("name", ["submission", "answer"])
def test_a_forged_district_document_is_refused_whoever_signed_the_rest(
    scene: Scene, name: str
) -> None:
    kind, everything = scene.kind(name), scene.everything
    assert kind.open.document is not None
    document, signature = kind.open.document
    loose = msgspec.json.decode(document)
    loose["district"]["number"] += 1
    later = msgspec.json.encode(loose) + b"\n"
    forged = [
        (later, signature),
        (later, sshsig.sign(everything.forger.key, sshsig.DISTRICT, later).encode()),
        (document, sshsig.sign(everything.forger.key, sshsig.DISTRICT, document).encode()),
    ]
    held = everything.grounds.district
    assert held is not None
    other = DistrictRoot.create().publish(held)
    forged.append((other.data, other.signature.encode()))
    for one in forged:
        data = own_document(everything, kind, one)
        assert own_carrier(kind, data)
        assert_refused(scene.auditor.look(data, kind.key))
    # The control: the forger's own bundle with the true document is what it says it is.
    outside = scene.auditor.look(own_document(everything, kind, (document, signature)), None)
    assert (outside.returncode == 0) is (name == "submission")


def relayed(scene: Scene) -> list[tuple[bytes, Workplace]]:
    """Carry a village's bundle in and its answer back by way of a central school."""
    site = scene.site
    district, central = site.opened[0], site.opened[1]
    village = site.laptop(district, "village", OTHER_SCHOOL)
    register(village, "李梓涵")
    stick = site.folder.parent / "stick"
    handed = hand(village, stick / "from the village")
    take(central, handed.path)
    hand(central, stick / "to the district")
    inward = stick / "to the district" / handed.name
    take(district, inward)
    answered = reply(district, stick / "back", OTHER_SCHOOL)
    take(central, answered.path)
    hand(central, stick / "to the village")
    outward = stick / "to the village" / answered.name
    return [(inward.read_bytes(), district), (outward.read_bytes(), village)]


def test_what_travels_by_way_of_another_school_is_proved_at_its_end(scene: Scene) -> None:
    chance = random.Random(SEED)
    for data, reader in relayed(scene):
        told = scene.auditor.look(data, reader.session.seal)
        assert (told.returncode, told.stderr) == (0, "")
        assert f" of {OTHER_SCHOOL}, packed by feed" in told.stdout
        for _ in range(max(2, EACH // 10)):
            # A block of zeros or a tail beyond the end: whatever is lost or added is noticed.
            broken = DAMAGE[1](chance, data), DAMAGE[-1](chance, data)
            for one in broken:
                assert_refused(scene.auditor.look(one, reader.session.seal))


def test_a_hello_is_no_bundle_and_stock_tools_prove_it(scene: Scene, tmp_path: Path) -> None:
    everything, chance = scene.everything, random.Random(SEED)
    assert "no bundle" in scene.auditor.look(everything.hello, None).stderr
    line, _, _ = everything.hello.partition(b"\n")
    public = bytes.fromhex(msgspec.json.decode(line)["public"])
    assert hello_holds(tmp_path, public, everything.hello)
    for _ in range(EACH):
        forged = forged_hello(chance, everything)
        assert not hello_holds(tmp_path, public, forged)
        assert "no bundle" in scene.auditor.look(forged, None).stderr
        # Its last line feed says nothing.
        cut = chance.randrange(len(everything.hello) - 1)
        assert not hello_holds(tmp_path, public, everything.hello[:cut])


def hello_holds(folder: Path, public: bytes, hello: bytes) -> bool:
    """Ask ssh-keygen whether the laptop with this key said what a hello says."""
    line, _, signature = hello.partition(b"\n")
    (folder / "signers").write_text(allowed_signers([Signer("laptop", public)]))
    (folder / "signature").write_bytes(signature)
    asked: list[Any] = ["ssh-keygen", "-Y", "verify", "-f", folder / "signers", "-I", "laptop"]
    asked += ["-n", sshsig.HELLO, "-s", folder / "signature"]
    return (
        subprocess.run(asked, input=line + b"\n", capture_output=True, check=False).returncode == 0
    )
