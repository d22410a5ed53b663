"""A school's laptop accepts the district without a ticket: an answer, and a fingerprint typed.

The district's document travels openly in every answer. What makes it believed is its root's
fingerprint, read out by telephone or printed on paper, and typed here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from desktop_app.domain.errors import ProductError, RuleError, UntrustedError
from desktop_app.durable.files import disk_errors
from desktop_app.security import district as documents
from desktop_app.security.district import District, SignedDistrict
from desktop_app.security.paper import fingerprint as fingerprint_of
from desktop_app.services.practice import refuse_practice
from desktop_app.services.progress import Progress
from desktop_app.services.setup import renew_district
from desktop_app.services.trust_store import store_district
from desktop_app.services.workplace import Workplace
from desktop_app.storage.oplog import load_feeds
from desktop_app.sync import hello
from desktop_app.sync.bundle import SUFFIX, read_outer
from desktop_app.sync.inbox import TakenIn, take_in
from desktop_app.sync.joining import has_joined
from desktop_app.sync.manifest import ANSWER
from desktop_app.sync.trust import Grounds, examine, verify

MOST_ANSWERS = 50


@dataclass(frozen=True, slots=True)
class Accepted:
    """What came of an answer; ``joined`` says whether the district vouches for this laptop now."""

    joined: bool
    district: str
    taken: tuple[TakenIn, ...]


class RequestDesk:
    """The use cases of the page on which a school's computer joins without a ticket."""

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open workplace of a school."""
        self._workplace = workplace

    @property
    def fingerprint(self) -> str:
        """Give this computer's fingerprint, to be read out by telephone."""
        return fingerprint_of(self._workplace.computer.key.public)

    def joined(self) -> bool:
        """Say whether the district vouches for this computer."""
        return self._workplace.district is not None and has_joined(self._workplace)

    def leave(self, place: Path) -> Path:
        """Leave this computer's request on a stick; give the file.

        Raises:
            WorkplaceError: the disk refused.
        """
        return request(self._workplace, place)

    def answers(self, place: Path) -> tuple[Path, ...]:
        """Find bundles for this school in a folder or a stick, the latest first.

        What another laptop packed for the district is none; one that cannot be read is offered, so
        that whoever takes it hears why. A place that is not there has none.
        """
        pattern = f"{self._workplace.seat.code}-*{SUFFIX}"
        try:
            found = [*place.glob(pattern), *place.glob(f"*/{pattern}")]
            dated = sorted(found, key=lambda one: (-one.stat().st_mtime, one.name))
        except OSError:
            return ()
        return tuple(one for one in dated[:MOST_ANSWERS] if _may_be_answer(one))

    def accept(self, path: Path, typed: str, progress: Progress) -> Accepted:
        """Accept the district of an answer by its typed fingerprint, and take the answer in.

        Raises:
            ProductError: as ``accept``.
        """
        return accept(self._workplace, path, typed, progress)


def _may_be_answer(path: Path) -> bool:
    """Say whether a bundle is an answer, or cannot be read so far."""
    try:
        with disk_errors(), path.open("rb") as file:
            return read_outer(file).manifest.purpose == ANSWER
    except ProductError:
        return True


def request(workplace: Workplace, folder: Path) -> Path:
    """Leave this laptop's hello, by which the district can let it in; give the file.

    Raises:
        RuleError: this is no school's computer.
        WorkplaceError: the disk refused.
    """
    if workplace.seat.kind == "district":
        raise RuleError("join.not_school")
    refuse_practice(workplace)
    return hello.put(workplace, folder, workplace.seat.scope)


def accept(workplace: Workplace, path: Path, fingerprint: str, progress: Progress) -> Accepted:
    """Accept the district of an answer by its typed fingerprint, and take the answer in.

    Everything is proved before anything is kept: a wrong fingerprint, another school's answer, or
    one that was not packed for this laptop changes nothing.

    Raises:
        RuleError: ``join.not_school``, ``join.other_school``, ``join.not_answer``, or what was
            typed is no fingerprint.
        UntrustedError: another district's, or not what it must be.
        WorkplaceError: the disk refused.
        CancelledError: the person stopped it.
    """
    if workplace.seat.kind == "district":
        raise RuleError("join.not_school")
    signed, found = _prove(workplace, path, fingerprint)
    held = workplace.district
    if held is None or held.number < found.number:
        store_district(workplace.database, signed.data, signed.signature.encode())
        renew_district(workplace)
    taken = take_in(workplace, [path], progress)
    return Accepted(has_joined(workplace), found.name, tuple(taken))


def _prove(workplace: Workplace, path: Path, fingerprint: str) -> tuple[SignedDistrict, District]:
    """Prove an answer to its end with nothing but what was typed; keep nothing of it."""
    with disk_errors(), path.open("rb") as file:
        outer = read_outer(file)
        if outer.document is None or outer.manifest.purpose != ANSWER:
            raise RuleError("join.not_answer")
        signed = _document(*outer.document)
        district = documents.read(signed, fingerprint=fingerprint)
        held = workplace.district
        if held is not None and (held.root, held.code) != (district.root, district.code):
            raise UntrustedError("district.other_root")
        if held is not None and held.number > district.number:
            district = held
        _check_school(workplace, district, outer.manifest.scope)
        with workplace.database.read() as connection:
            proven = {name: row.facts for name, row in load_feeds(connection).items() if row.own}
        grounds = Grounds(workplace.seat.scope, district, proven)
        examined = examine(file, grounds, lambda _: None)
        verify(file, examined, [workplace.session.seal], grounds, {}, lambda _: None)
    return signed, district


def _document(data: bytes, signature: bytes) -> SignedDistrict:
    try:
        return SignedDistrict(data, signature.decode("ascii"))
    except UnicodeDecodeError as error:
        raise UntrustedError("bundle.altered", part="district.json.sig") from error


def _check_school(workplace: Workplace, district: District, theirs: str) -> None:
    """Refuse another school's answer, and name both schools."""
    ours = workplace.seat.scope
    if theirs != ours:
        raise RuleError(
            "join.other_school", ours=_name(district, ours), theirs=_name(district, theirs)
        )


def _name(district: District, code: str) -> str:
    school = district.school(code)
    return code if school is None else f"{school.name}（{code}）"
