"""Targets 10 and 11: a bundle of ten thousand operations out, and the same proved and decoded.

The limit out: select, zstd 3, age, one SSH signature, fsync. The limit back: signature and digest
of the file, age, zstd, tar, and for every line its JSON, its payload's digest and its link in the
hash chain. Ours out is the whole hand-over (the act is written and signed first, the file is read
back before it counts); ours back proves everything before it hands a single operation on.
"""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pyrage
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from benchmarks.measure import Case
from benchmarks.registrations import register
from benchmarks.season import open_raw
from desktop_app.durable.places import resource_path
from desktop_app.feeds.operation import Operation
from desktop_app.policy.load import load_package
from desktop_app.services.district_office import DistrictOffice
from desktop_app.services.progress import Progress
from desktop_app.services.setup import NewFolder, create_workplace, open_workplace
from desktop_app.services.workplace import DATABASE_NAME, Workplace
from desktop_app.sync.heads import Head
from desktop_app.sync.inbox import grounds_of
from desktop_app.sync.joining import use_ticket
from desktop_app.sync.outbox import export
from desktop_app.sync.trust import examine, replay, verify

FAMILIES, OPERATIONS = 2500, 10_000
_SCHOOL, _DISTRICT = "2141041101", "410411"
PERSON, PASSWORD = "赵志强", b"a long made-up sentence 7"
_POLICY = resource_path("policy", "zhanhe-2024")
KEY_FILE, _BUNDLE, _IDENTITY = "key", "one.enb", "identity"
SCHOOL_FOLDER, DATABASE = "school", DATABASE_NAME


def set_up(folder: Path, name: str, code: str) -> Workplace:
    """Set up a data folder whose name begins with the kind of its seat."""
    new = NewFolder(folder / name, name.partition("-")[0], code, "made up", PERSON)
    return create_workplace(new, bytearray(PASSWORD), load_package(_POLICY))[0]


def open_folder(folder: Path, name: str) -> Workplace:
    """Open a data folder."""
    return open_workplace(folder / name, PERSON, bytearray(PASSWORD), load_package(_POLICY))


def prepare(folder: Path) -> None:
    """Set up a district and a school that joined it, and register a season."""
    district, school = set_up(folder, "district", _DISTRICT), set_up(folder, "school", _SCHOOL)
    office = DistrictOffice(district)
    office.found(folder / "root", bytearray(PASSWORD))
    ticket = office.issue(_SCHOOL, "1", 1, 9999)
    use_ticket(school, ticket.file, ticket.code, office.fingerprint())
    with school.journal.begin(school.actor(), _SCHOOL) as work:
        for number in range(FAMILIES):
            register(work, number)
    school.database.checkpoint()
    (folder / KEY_FILE).write_bytes(bytes(school.session.database_key()))
    (folder / _IDENTITY).write_bytes(bytes(district.session.seal.secret()))
    (folder / "out").mkdir()
    export(school, folder / "out", Progress()).path.rename(folder / _BUNDLE)
    school.close()
    district.close()


def _string(data: bytes) -> bytes:
    return len(data).to_bytes(4) + data


def _signed(message: bytes) -> bytes:
    """Give what an SSH signature is made over."""
    digest = hashlib.sha512(message).digest()
    fields = (b"enrollment-bundle", b"", b"sha512", digest)
    return b"SSHSIG" + b"".join(map(_string, fields))


def _lines_in(payload: bytes, secret: bytes) -> list[bytes]:
    """Open a sealed payload with stock libraries, all in memory."""
    identity = pyrage.x25519.Identity.from_str(secret.decode())
    plain = zstandard.ZstdDecompressor().decompress(pyrage.decrypt(payload, [identity]))
    with tarfile.open(fileobj=io.BytesIO(plain)) as inner:
        found = inner.extractfile("ops.jsonl")
        assert found is not None
        return found.read().splitlines()


class LimitOut:
    """Select, compress, seal, sign, fsync."""

    def open(self, prepared: Path, own: Path) -> None:
        """Open the school's file with the driver alone."""
        self._secret = (prepared / _IDENTITY).read_bytes()
        identity = pyrage.x25519.Identity.from_str(self._secret.decode())
        self._recipients = [identity.to_public(), pyrage.x25519.Identity.generate().to_public()]
        self._key = Ed25519PrivateKey.generate()
        self._path = own / "limit"
        database = prepared / SCHOOL_FOLDER / DATABASE
        self._db = open_raw(database, key=(prepared / KEY_FILE).read_bytes())

    def _pieces(self) -> Iterator[bytes]:
        rows = self._db.execute(
            "SELECT header, payload FROM operation WHERE feed = 1 AND sequence <= ?"
            " ORDER BY sequence",
            (OPERATIONS,),
        )
        waiting = bytearray()
        for header, payload in rows:
            waiting += b'{"header":%b,"payload":%b}\n' % (header, payload)
        packer = zstandard.ZstdCompressor(level=3)
        info = tarfile.TarInfo("ops.jsonl")
        info.size = len(waiting)
        yield packer.compress(info.tobuf() + waiting + bytes(-len(waiting) % 512) + bytes(1024))

    def run(self) -> None:
        """Write a sealed and signed file."""
        sealed = pyrage.encrypt(b"".join(self._pieces()), self._recipients)
        self._key.sign(_signed(hashlib.sha256(sealed).hexdigest().encode()))
        with self._path.open("wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())

    def check(self) -> None:
        """Assert that every operation can be read out again."""
        assert len(_lines_in(self._path.read_bytes(), self._secret)) == OPERATIONS

    def close(self) -> None:
        """Close the file."""
        self._db.close()


class OursOut:
    """The hand-over, from the act to the file that was read back."""

    def open(self, prepared: Path, own: Path) -> None:
        """Open the school's folder."""
        self._secret = (prepared / _IDENTITY).read_bytes()
        self._own = own
        self._workplace = open_folder(prepared, "school")

    def run(self) -> None:
        """Hand over."""
        self._exported = export(self._workplace, self._own, Progress())

    def check(self) -> None:
        """Assert that every operation can be read out again."""
        with tarfile.open(self._exported.path) as outer:
            payload = outer.extractfile("payload.age")
            assert payload is not None
            lines = _lines_in(payload.read(), self._secret)
        assert len(lines) == self._exported.operations > OPERATIONS

    def close(self) -> None:
        """Close the folder."""
        self._workplace.close()


class _Line(msgspec.Struct):
    header: msgspec.Raw
    payload: msgspec.Raw


class _Link(msgspec.Struct):
    feed: str
    sequence: int
    previous: str
    digest: str


class LimitBack:
    """Signature, digest, age, zstd, tar; of every line JSON, digest and chain."""

    def open(self, prepared: Path, own: Path) -> None:
        """Say what is read."""
        del own
        self._path = prepared / _BUNDLE
        self._secret = (prepared / _IDENTITY).read_bytes()

    def run(self) -> None:
        """Prove and decode."""
        with tarfile.open(self._path) as outer:
            parts = {one.name: _content(outer, one) for one in outer}
        manifest: dict[str, Any] = msgspec.json.decode(parts["manifest.json"])
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(manifest["carrier"]["public"]))
        armored = b"".join(parts["manifest.json.sig"].splitlines()[1:-1])
        public.verify(_raw_signature(armored), _signed(parts["manifest.json"]))
        payload = parts["payload.age"]
        assert hashlib.sha256(payload).hexdigest() == manifest["payload"]["digest"]
        self._decoded: list[dict[str, Any]] = []
        ends: dict[str, bytes] = {}
        split, link = msgspec.json.Decoder(_Line), msgspec.json.Decoder(_Link)
        values = msgspec.json.Decoder(dict[str, Any])
        for line in _lines_in(payload, self._secret):
            parts_of = split.decode(line)
            header, body = bytes(parts_of.header), bytes(parts_of.payload)
            linked = link.decode(header)
            before = ends.get(linked.feed, bytes(32))
            assert before.hex() == linked.previous
            assert hashlib.sha256(body).hexdigest() == linked.digest
            ends[linked.feed] = hashlib.sha256(before + header).digest()
            self._decoded.append(values.decode(body))

    def check(self) -> None:
        """Assert that every operation came."""
        assert len(self._decoded) > OPERATIONS

    def close(self) -> None:
        """Nothing is open."""


def _content(outer: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    found = outer.extractfile(member)
    assert found is not None
    return found.read()


def _raw_signature(armored: bytes) -> bytes:
    """Take the 64 bytes from the end of an SSH signature."""
    import base64

    return base64.b64decode(armored)[-64:]


class OursBack:
    """Everything ``trust`` proves, up to the operation handed on."""

    def open(self, prepared: Path, own: Path) -> None:
        """Open the district's folder."""
        del own
        self._path = prepared / _BUNDLE
        self._district = open_folder(prepared, "district")
        self._grounds = grounds_of(self._district)

    def run(self) -> None:
        """Prove, and take the operations that are handed on."""
        self._taken: list[Operation] = []
        keys = [self._district.session.seal]
        with self._path.open("rb") as file:
            examined = examine(file, self._grounds, _quiet)
            verified = verify(file, examined, keys, self._grounds, {}, _quiet)
            replay(file, verified, keys, self._take, _quiet)

    def _take(self, _head: Head, operation: Operation) -> None:
        self._taken.append(operation)

    def check(self) -> None:
        """Assert that every operation came."""
        assert len(self._taken) > OPERATIONS
        assert all(one.payload() is not None for one in self._taken[:100])

    def close(self) -> None:
        """Close the folder."""
        self._district.close()


def _quiet(_done: int) -> None:
    """Say nothing."""


CASES = (
    Case(
        number=10,
        title="bundle of 10k operations out",
        target=1.25,
        prepare=prepare,
        limit=LimitOut,
        ours=OursOut,
    ),
    Case(
        number=11,
        title="verify, decrypt, decode 10k operations",
        target=1.3,
        prepare=prepare,
        limit=LimitBack,
        ours=OursBack,
    ),
)
