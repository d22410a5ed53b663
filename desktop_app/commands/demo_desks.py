"""The other laptops of the demo's school: they register apart, and one stick makes all equal.

Each joined with a ticket of its own and never met the others. Some families went to two laptops,
as families do; the round of the stick finds them, and they become one again.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from desktop_app.commands.answer import Json, Line
from desktop_app.commands.demo_school import decide_look_alikes
from desktop_app.commands.demo_seats import OFFICER, PRINCIPAL, REGISTRAR, Seats
from desktop_app.commands.families import Family, make_families
from desktop_app.commands.families_values import LOOK_ALIKES, UNDER_AGE
from desktop_app.commands.opening import show_progress
from desktop_app.domain.acts import Role
from desktop_app.services.conflicts import PAIRED, ConflictDesk
from desktop_app.services.district_office import DistrictOffice
from desktop_app.services.merging import MergeDesk
from desktop_app.services.people import PeopleDesk
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.setup import NewFolder, create_workplace, open_workplace
from desktop_app.services.workplace import Workplace, closing
from desktop_app.storage.digest import state_digest
from desktop_app.sync.inbox import take_in
from desktop_app.sync.joining import use_ticket
from desktop_app.sync.round import HAND, RoundDesk

MOST_DESKS = 20
ROUNDS = 2
_FIRST_MARK = 3
"""The school's first laptop has the mark 2 (``demo_seats.MARK``)."""
_NUMBERS = 9_999
_SHARE = 10
"""Each further laptop registers a tenth of what the village has, and two families seen before."""
_TWICE = 2

_NOT_HERE = frozenset({UNDER_AGE, *LOOK_ALIKES})
"""Whoever is too young goes home, and look-alikes are the village's."""

Facts = dict[str, Json]


def desk_folder(seats: Seats, number: int) -> Path:
    """Give the data folder of a laptop; the first one is the school's own."""
    return seats.school_data if number == 1 else seats.out / f"desk-{number}"


@contextlib.contextmanager
def at_desk(seats: Seats, number: int, name: str = REGISTRAR) -> Iterator[Workplace]:
    """Log in at a laptop of the school."""
    folder = desk_folder(seats, number)
    with closing(open_workplace(folder, name, seats.password(name), seats.policy)) as workplace:
        yield workplace


def set_up_desks(seats: Seats, count: int) -> None:
    """Give every laptop beyond the first a ticket, set it up, and let the registrar in."""
    for number in range(2, count + 1):
        with closing(
            open_workplace(seats.district_data, OFFICER, seats.password(OFFICER), seats.policy)
        ) as district:
            office = DistrictOffice(district)
            mark = str(_FIRST_MARK + number - 2)
            ticket = office.issue(seats.school, mark, 1, _NUMBERS)
            fingerprint = office.fingerprint()
        label = seats.policy.schools[seats.school].label
        new = NewFolder(desk_folder(seats, number), "school", seats.school, label, PRINCIPAL)
        workplace, _ = create_workplace(new, seats.password(PRINCIPAL), seats.policy)
        with closing(workplace):
            use_ticket(workplace, ticket.file, ticket.code, fingerprint)
            PeopleDesk(workplace).add(REGISTRAR, seats.password(REGISTRAR), [Role.REGISTRAR])


def register_families(workplace: Workplace, families: Iterable[Family]) -> int:
    """Register families as the registrar does; give how many."""
    desk, count = RegistrationDesk(workplace), 0
    for family in families:
        form = family.form()
        desk.register(form, decide_look_alikes(desk, form))
        count += 1
    return count


def walk_ins(seats: Seats, number: int, count: int, seed: int) -> list[Family]:
    """Make the families that come to a laptop."""
    made = make_families(2 * count + 2, seed + 100 * number, seats.policy, school=seats.school)
    return [one for one in made if one.traits.isdisjoint(_NOT_HERE)][:count]


def day_of_the_desks(
    seats: Seats, count: int, known: Sequence[Family], applicants: int, seed: int
) -> Facts:
    """Have every further laptop register, carry the stick round, and make twins one again.

    Args:
        seats: the demo's; the first laptop has registered already.
        count: how many laptops the school has.
        known: families registered at the first laptop, some of which come again elsewhere.
        applicants: of the village.
        seed: of the families.
    """
    set_up_desks(seats, count)
    share = max(3, applicants // _SHARE)
    lines: list[Line] = []
    for number in range(2, count + 1):
        again = known[_TWICE * (number - 2) :][:_TWICE]
        with at_desk(seats, number) as workplace:
            made = register_families(workplace, [*walk_ins(seats, number, share, seed), *again])
        lines.append({"desk": number, "registered": made, "registered_elsewhere": len(again)})
    registered = _registered(seats, count)
    go_round(seats, count, seats.folder("stick-round"))
    with at_desk(seats, 1) as workplace:
        merged = merge_pairs(workplace)
    return {
        "desks": lines,
        "registered_apart": registered - merged,
        "rounds": ROUNDS,
        "pairs_merged": merged,
    }


def _registered(seats: Seats, count: int) -> int:
    """Count what stands at the laptops beyond the first, before the round."""
    total = 0
    for number in range(2, count + 1):
        with at_desk(seats, number) as workplace:
            total += RoundDesk(workplace).standing().board.registered
    return total


def go_round(seats: Seats, count: int, stick: Path) -> None:
    """Carry one stick from laptop to laptop, twice; the first hears of the others once more."""
    for number in [*range(1, count + 1)] * ROUNDS + [1]:
        with at_desk(seats, number) as workplace:
            visit(workplace, stick)


def visit(workplace: Workplace, stick: Path) -> None:
    """Do what 午间汇总 says while the stick is here."""
    desk = RoundDesk(workplace)
    desk.take_in(stick, show_progress())
    if desk.standing().next == HAND:
        desk.hand_over(stick, show_progress())


def merge_pairs(workplace: Workplace) -> int:
    """Make records with one number one, the older staying; give how many were."""
    merged = 0
    conflicts, merging = ConflictDesk(workplace), MergeDesk(workplace)
    while lines := [one for one in conflicts.page().lines if one.what == PAIRED]:
        _, _, pair = lines[0].key.partition("\n")
        _, record, other = pair.split("\t")
        stays, gone = sorted((record, other))
        merging.merge(gone, stays)
        merged += 1
    return merged


def tell_the_desks(seats: Seats, count: int, back: Path, digest: Json) -> Facts:
    """Bring the district's answer to every further laptop, and hold each against the first."""
    digests: list[str] = []
    for number in range(2, count + 1):
        with at_desk(seats, number) as workplace:
            take_in(workplace, [back], show_progress())
            with workplace.database.read() as connection:
                digests.append(state_digest(connection, seats.school))
    return {"digest_desks": digests, "desks_equal": set(digests) == {digest}}
