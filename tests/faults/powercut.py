"""Rebuild what a disk may hold after a power cut, from a record of a program's system calls.

Between two fsyncs of a file nothing is promised: any sector written since may be old, new, torn
or garbled, writes may reach the disk in any order, a file may be longer or shorter, a removed one
may be back. ``states`` gives such files for moments all along the record, every fsync included.
"""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
SECTOR = 512
_CALLS = "openat,pwrite64,write,fsync,fdatasync,ftruncate,unlink,close"
_LINE = re.compile(r"(\w+)\((.*)\) += (-?\d+)")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')


@dataclass(frozen=True)
class Write:
    """Bytes written at a place of a file."""

    file: str
    offset: int
    data: bytes


@dataclass(frozen=True)
class Resize:
    """A file cut or stretched to a size."""

    file: str
    size: int


@dataclass(frozen=True)
class Sync:
    """Everything done to a file so far was made durable."""

    file: str


@dataclass(frozen=True)
class Unlink:
    """A file was removed."""

    file: str


@dataclass(frozen=True)
class Acknowledged:
    """The program said that a feed ends here, durably."""

    sequence: int
    head: str


Event = Write | Resize | Sync | Unlink | Acknowledged


@dataclass(frozen=True)
class State:
    """What a disk may hold after a cut, and the last thing acknowledged before it."""

    files: dict[str, bytes]
    acknowledged: Acknowledged | None


def record(folder: Path, commits: int, synchronous: str) -> list[Event]:
    """Run the registering program under strace and read what it did to its database."""
    trace = folder / "trace"
    data = folder / "data"
    subprocess.run(
        [
            shutil.which("strace") or "strace",
            *("-o", str(trace), "-xx", "-s", "8000", "-e", f"trace={_CALLS}"),
            *(sys.executable, "-m", "tests.faults.registering"),
            *(str(data), str(commits), synchronous),
        ],
        cwd=REPOSITORY,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return list(_events(trace, data))


def _events(trace: Path, data: Path) -> Iterator[Event]:
    """Follow descriptors through the record and give what concerns the database."""
    opened: dict[int, str] = {}
    wanted = {str(data / name): name for name in ("data.db", "data.db-wal")}
    with trace.open(encoding="ascii") as lines:
        for line in lines:
            found = _LINE.match(line)
            if found is None or int(found[3]) < 0:
                continue
            call, arguments, result = found[1], found[2], int(found[3])
            if call in {"openat", "unlink"}:
                name = wanted.get(_bytes(arguments).decode())
                if call == "openat" and name is not None:
                    opened[result] = name
                elif name is not None:
                    yield Unlink(name)
                continue
            descriptor = int(arguments.split(",")[0])
            if call == "write" and descriptor == 1:
                sequence, head = _bytes(arguments).decode().split()
                yield Acknowledged(int(sequence), head)
            elif call == "close":
                opened.pop(descriptor, None)
            elif descriptor in opened:
                yield _event(call, opened[descriptor], arguments)


def _event(call: str, file: str, arguments: str) -> Event:
    if call == "pwrite64":
        return Write(file, int(arguments.rsplit(",", 1)[1]), _bytes(arguments))
    if call == "ftruncate":
        return Resize(file, int(arguments.rsplit(",", 1)[1]))
    assert call in {"fsync", "fdatasync"}, f"{call} is not understood"
    return Sync(file)


def _bytes(arguments: str) -> bytes:
    found = _TEXT.search(arguments)
    assert found is not None
    assert found[2] is None, "the record was cut"
    return bytes.fromhex(found[1].replace("\\x", ""))


@dataclass
class File:
    """A file as it surely is on the disk, and what was done to it since."""

    durable: bytearray = field(default_factory=bytearray)
    exists: bool = False
    pending: list[Write | Resize | Unlink] = field(default_factory=list)

    def settle(self) -> None:
        """Make everything done so far durable."""
        for one in self.pending:
            self._apply(one)
        self.pending.clear()

    def _apply(self, one: Write | Resize | Unlink) -> None:
        self.exists = not isinstance(one, Unlink)
        if isinstance(one, Write):
            put(self.durable, one.offset, one.data)
        elif isinstance(one, Resize):
            resize(self.durable, one.size)
        else:
            self.durable.clear()

    def after_cut(self, chance: random.Random) -> bytes | None:
        """Give what may be found after the power is back; None where the file is not there."""
        found = File(bytearray(self.durable), self.exists)
        doing = list(self.pending)
        luck = chance.choice([0.0, 0.1, 0.5, 0.9, 1.0])
        garbled = chance.choice([0.0, 0.0, 0.2])
        if chance.random() < 0.5:
            chance.shuffle(doing)
        for one in doing:
            if isinstance(one, Write):
                found.exists = True
                for start in range(0, len(one.data), SECTOR):
                    piece = one.data[start : start + SECTOR]
                    if chance.random() < garbled:
                        piece = chance.randbytes(len(piece))
                    if chance.random() < luck:
                        put(found.durable, one.offset + start, piece)
            elif chance.random() < luck:
                found._apply(one)
        return bytes(found.durable) if found.exists else None


def put(content: bytearray, offset: int, data: bytes) -> None:
    """Write into a file's content; what lies between is zero."""
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(data)] = data


def resize(content: bytearray, size: int) -> None:
    """Cut a file's content, or stretch it with zeros."""
    del content[size:]
    content.extend(bytes(size - len(content)))


def states(events: list[Event], count: int, seed: int, *, around: bool = True) -> Iterator[State]:
    """Give states after cuts, in the record's order: at every fsync if asked, then anywhere."""
    chance = random.Random(seed)
    syncs = [place for place, one in enumerate(events) if isinstance(one, Sync)]
    moments = [place + side for place in syncs for side in (0, 1)] if around else []
    if len(moments) > count:
        moments = chance.sample(moments, count)
    moments += [chance.randrange(len(events) + 1) for _ in range(count - len(moments))]
    moments.sort()
    files: dict[str, File] = {}
    acknowledged: Acknowledged | None = None
    done = 0
    for moment in moments:
        for one in events[done:moment]:
            if isinstance(one, Acknowledged):
                acknowledged = one
            elif isinstance(one, Sync):
                files.setdefault(one.file, File()).settle()
            else:
                files.setdefault(one.file, File()).pending.append(one)
        done = moment
        after = {name: file.after_cut(chance) for name, file in files.items()}
        yield State(
            {name: content for name, content in after.items() if content is not None}, acknowledged
        )
