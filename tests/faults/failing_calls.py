"""A child program whose n-th call of a kind fails, in the midst of one of the product's works.

It runs with ``failing.c`` loaded before libc. After every fault the folder is opened anew, verified
and compared with what was said: what reported an error must not be there, what did not must be.
One line of JSON per case tells what came of it.
"""

from __future__ import annotations

import ctypes
import errno
import json
import random
import shutil
import sys
import traceback
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from desktop_app.domain.errors import ProductError
from desktop_app.security import kdf
from desktop_app.services.backup import KEPT, LABEL, back_up, numbered
from desktop_app.services.progress import Progress
from desktop_app.services.restoring import restore_by_password
from desktop_app.services.rotation import finish_rotation
from desktop_app.services.workplace import Workplace, computer_folder
from desktop_app.storage import exchange
from desktop_app.storage.backup import check_copy
from desktop_app.storage.digest import state_digest
from desktop_app.sync.outbox import WORK
from desktop_app.sync.verifying import verify_workplace
from tests.services.kit import number, registered
from tests.sync.site import PASSWORD, Site, content, feed_of, hand, kept, shipped_policy, take

KINDS = {"open": 1, "read": 2, "write": 4, "sync": 8, "rename": 16, "unlink": 32, "truncate": 64}
ERRORS = {
    "open": (errno.EIO, errno.EMFILE, errno.EACCES, errno.ENOSPC),
    "read": (errno.EIO,),
    "write": (errno.EIO, errno.ENOSPC),
    "sync": (errno.EIO, errno.ENOSPC),
    "rename": (errno.EIO, errno.EACCES, errno.ENOSPC),
    "unlink": (errno.EIO, errno.EACCES),
    "truncate": (errno.EIO, errno.ENOSPC),
}
LEAD = "赵志强"


@dataclass(frozen=True)
class Case:
    """Which call is to fail, how, and whether every later one fails too."""

    kind: str
    nth: int
    error: int
    lasting: bool


NOTHING = Case("open", 0, 0, lasting=False)


class Shop:
    """A school and its district on one disk, and the works that are disturbed there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.site = Site(folder / "site", shipped_policy())
        self.site.folder.mkdir()
        self.district = self.site.found()
        self.laptop = self.site.laptop(self.district, "laptop")
        self.stick, self.backups = folder / "stick", folder / "backups"
        self.orders = iter(range(100, 900, 2))
        registered(self.laptop, id_number=number(order=98))
        self.laptop.scans.store(b"sealed" * 1000)
        back_up(self.laptop, self.backups)
        self.libc = ctypes.CDLL(None)

    def fail(self, case: Case, act: Callable[[], object]) -> tuple[ProductError | None, int]:
        """Do something while a call fails; give the error it told and how many calls failed."""
        folder = str(self.folder).encode()
        arm = (KINDS[case.kind], ctypes.c_long(case.nth), case.error, case.lasting)
        self.libc.fault_arm(folder, *arm)
        try:
            act()
        except ProductError as error:
            return error, self.libc.fault_failed()
        finally:
            self.libc.fault_disarm()
        return None, self.libc.fault_failed()

    def count(self, kind: str, act: Callable[[], object]) -> int:
        """Count the calls of a kind that something makes."""
        self.fail(Case(kind, 0, 0, lasting=False), act)
        return int(self.libc.fault_seen())

    def again(self, name: str) -> None:
        """Leave, come back the next morning, and verify all that is held."""
        workplace = self.site.again(getattr(self, name))
        setattr(self, name, workplace)
        assert workplace.succeeded is None, "the computer took itself for another"
        flaws = verify_workplace(workplace, Progress()).flaws
        assert not flaws, f"flaws: {flaws}"


class Work(ABC):
    """One of the works: ``prepare``, ``act`` under fault, then ``judge`` what is found."""

    where = "laptop"

    def __init__(self, shop: Shop) -> None:
        self.shop = shop

    @abstractmethod
    def prepare(self) -> None:
        """Get ready, undisturbed."""

    @abstractmethod
    def act(self) -> None:
        """Do the work."""

    @abstractmethod
    def judge(self, error: ProductError | None, case: Case) -> None:
        """Compare what is there with what was said; after this it must work undisturbed."""


def applicants(workplace: Workplace) -> int:
    with workplace.database.read() as connection:
        found = connection.exec_driver_sql("SELECT count(*) FROM projected_applicant")
        return int(found.scalar_one())


def state_of(workplace: Workplace) -> str:
    with workplace.database.read() as connection:
        return state_digest(connection)


class Register(Work):
    """The commit of a registration."""

    def prepare(self) -> None:
        self.before = content(self.shop.laptop)[feed_of(self.shop.laptop)]
        self.number = number(order=next(self.shop.orders))

    def act(self) -> None:
        registered(self.shop.laptop, id_number=self.number)

    def judge(self, error: ProductError | None, case: Case) -> None:
        now = content(self.shop.laptop)[feed_of(self.shop.laptop)]
        assert (now == self.before) == (error is not None), "what was said is not what is there"
        if error is not None:
            self.act()


class BackUp(Work):
    """A backup onto the same disk."""

    def act(self) -> None:
        back_up(self.shop.laptop, self.shop.backups)

    def prepare(self) -> None:
        self.before = numbered(self.shop.backups)

    def judge(self, error: ProductError | None, case: Case) -> None:
        now = numbered(self.shop.backups)
        assert error is not None or now[-1] == self.before[-1] + 1, "no backup, and no word"
        for place in (self.shop.backups / f"backup-{one:04d}" for one in now[-KEPT:]):
            label = json.loads((place / LABEL).read_bytes())
            digest = check_copy(place / "data.db", self.shop.laptop.session.database_key)
            assert digest == label["digest"], "a numbered backup is not what it says"
        self.act()


class Export(Work):
    """A bundle written to a stick."""

    def prepare(self) -> None:
        registered(self.shop.laptop, id_number=number(order=next(self.shop.orders)))
        self.before = self.carried()

    def carried(self) -> int:
        with self.shop.laptop.database.read() as connection:
            noted = exchange.carried_bundles(connection)
        there = {path.name for path in self.shop.stick.glob("*.enb")}
        assert {one.name for one in noted} <= there, "carried, and not there"
        return len(noted)

    def act(self) -> None:
        hand(self.shop.laptop, self.shop.stick)

    def judge(self, error: ProductError | None, case: Case) -> None:
        assert (self.carried() == self.before) == (error is not None), "carried or not?"
        hand(self.shop.laptop, self.shop.stick)
        assert not list(self.shop.stick.glob("*.part")), "half a bundle stayed"
        work = self.shop.laptop.folder / WORK
        left = [path.stat().st_size for path in work.iterdir()] if work.exists() else []
        # A disk that lets nothing be removed keeps a name, but nothing of anybody.
        assert not any(left) if case.lasting else not left, "scratch files stayed"
        shutil.rmtree(work, ignore_errors=True)


class Import(Work):
    """A bundle taken in at the district."""

    where = "district"

    def prepare(self) -> None:
        shutil.rmtree(self.shop.stick, ignore_errors=True)
        registered(self.shop.laptop, id_number=number(order=next(self.shop.orders)))
        self.path = hand(self.shop.laptop, self.shop.stick).path
        self.feed = feed_of(self.shop.laptop)
        self.before = content(self.shop.district).get(self.feed, [])

    def act(self) -> None:
        (taken, *_) = take(self.shop.district, self.path)
        if taken.error is not None:
            raise taken.error

    def judge(self, error: ProductError | None, case: Case) -> None:
        wanted = content(self.shop.laptop)[self.feed]
        now = content(self.shop.district).get(self.feed, [])
        assert now in (self.before, wanted), "half a bundle was taken in"
        assert error is not None or now == wanted, "nothing was taken in, and no word"
        (taken, *_) = take(self.shop.district, self.path)
        assert taken.outcome == "taken_in", taken.reason
        assert content(self.shop.district)[self.feed] == wanted, "it does not come in any more"
        assert not kept(self.shop.district), "the inbox was not emptied"


class Restore(Work):
    """A backup restored into a new folder."""

    def prepare(self) -> None:
        self.target = self.shop.folder / "restored"
        self.made: Workplace | None = None

    def act(self) -> None:
        policy = self.shop.site.policy
        made = restore_by_password(self.shop.backups, self.target, LEAD, PASSWORD, policy)
        self.made = made.workplace

    def judge(self, error: ProductError | None, case: Case) -> None:
        assert (self.made is None) == (error is not None)
        if self.made is not None:
            self.clean(self.made)
        if case.lasting:  # a disk that refuses everything lets nothing be taken away either
            shutil.rmtree(self.target, ignore_errors=True)
            shutil.rmtree(computer_folder(self.target), ignore_errors=True)
        left = list(self.target.iterdir()) if self.target.exists() else []
        assert not left, f"half a folder stayed: {sorted(path.name for path in left)}"
        self.act()
        assert self.made is not None
        assert state_of(self.made) == state_of(self.shop.laptop), "something else came back"
        self.clean(self.made)

    def clean(self, made: Workplace) -> None:
        made.close()
        for folder in (self.target, computer_folder(self.target)):
            shutil.rmtree(folder)


class Rekey(Work):
    """A new key for the database."""

    def prepare(self) -> None:
        self.state = state_of(self.shop.laptop)

    def act(self) -> None:
        laptop = self.shop.laptop
        laptop.session.rotate()
        finish_rotation(laptop.session, laptop.database, laptop.computer)

    def judge(self, error: ProductError | None, case: Case) -> None:
        laptop = self.shop.laptop
        assert state_of(laptop) == self.state, "the content is another one"
        assert not laptop.session.rotation_pending, "the rotation was never finished"
        if error is not None:
            self.act()


WORKS: dict[str, Callable[[Shop], Work]] = {
    "register": Register,
    "backup": BackUp,
    "export": Export,
    "import": Import,
    "restore": Restore,
    "rekey": Rekey,
}


def run_case(shop: Shop, work: Work, case: Case) -> dict[str, object]:
    """Disturb a work once and say what came of it; ``wrong`` is empty where all held."""
    said: dict[str, object] = {**vars(case), "error": errno.errorcode[case.error], "code": ""}
    try:
        work.prepare()
        error, said["failed"] = shop.fail(case, work.act)
        said["code"] = "" if error is None else error.code
        shop.again(work.where)
        work.judge(error, case)
    except BaseException as error:  # noqa: BLE001 - a bug's exception is what is looked for
        lines = traceback.extract_tb(error.__traceback__)[-6:]
        places = " < ".join(f"{Path(one.filename).name}:{one.lineno}" for one in reversed(lines))
        said["wrong"] = f"{type(error).__name__}: {error} at {places}"
    return said


def cases(counts: dict[str, int], most: int, chance: random.Random) -> list[Case]:
    """Choose calls to fail: every kind in turn, any of its calls."""
    made = []
    kinds = [kind for kind, count in counts.items() if count]
    for at in range(most):
        kind = kinds[at % len(kinds)]
        nth, error = chance.randint(1, counts[kind]), chance.choice(ERRORS[kind])
        made.append(Case(kind, nth, error, lasting=chance.random() < 0.3))
    return made


def say(what: object) -> None:
    """Write a line of JSON to whoever started this program."""
    sys.stdout.write(f"{json.dumps(what)}\n")
    sys.stdout.flush()


def main(folder: Path, name: str, most: int, seed: int) -> None:
    """Disturb one work many times; stop at the first case that leaves something wrong."""
    kdf.STANDARD = kdf.Cost(memory=8, passes=1, lanes=1)
    shop = Shop(folder)
    work = WORKS[name](shop)
    counts = {}
    for kind in KINDS:
        work.prepare()
        counts[kind] = shop.count(kind, work.act)
        shop.again(work.where)
        work.judge(None, NOTHING)
    say(counts)
    for case in cases(counts, most, random.Random(seed)):
        said = run_case(shop, work, case)
        say(said)
        if "wrong" in said:
            return
    shop.site.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
