"""What holds for every test: no screen, no home, no stray file, no unexpected log line."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.database import InMemoryExampleDatabase

from desktop_app.storage.database import PRAGMAS

# Qt reads these when its first object is made, so they stand before any test is imported.
if sys.platform.startswith("linux") and not os.environ.get("ENROLLMENT_TEST_ON_SCREEN"):
    os.environ["QT_QPA_PLATFORM"] = "offscreen"

REPOSITORY = Path(__file__).resolve().parent.parent
TEMPORARY = Path(tempfile.gettempdir()).resolve()

# --- hypothesis ---------------------------------------------------------------------------
# ENROLLMENT_EXAMPLES=20000 is what `make fuzz` sets; a failing example is printed as a blob.

set_hypothesis_home_dir(str(TEMPORARY / "enrollment-hypothesis"))
settings.register_profile(
    "product",
    deadline=None,  # two cores may be busy with something else
    max_examples=int(os.environ.get("ENROLLMENT_EXAMPLES", "100")),
    print_blob=True,
    database=InMemoryExampleDatabase(),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("product")

# --- writing outside the temporary folder ------------------------------------------------------

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_NAMING = {
    "os.mkdir": (0,),
    "os.remove": (0,),
    "os.rmdir": (0,),
    "os.rename": (0, 1),
    "os.link": (1,),
    "os.symlink": (1,),
    "os.truncate": (0,),
    "os.chmod": (0,),
    "shutil.rmtree": (0,),
}
_CACHES = {"__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".import_linter_cache"}


class StrayWriteError(AssertionError):
    """A test wrote outside the temporary folder."""


class WriteGuard:
    """Watch file calls of this process while a test runs; stray ones fail at the call.

    It sees what goes through Python; a library's own C code and child processes are not seen.
    """

    def __init__(self) -> None:
        self.watching = False
        self.strays: list[str] = []
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[object, ...]) -> None:
        if not self.watching:
            return
        if event == "open":
            path, _, flags = arguments
            if isinstance(flags, int) and flags & _WRITES:
                self._check(path)
        for position in _NAMING.get(event, ()):
            if not self._below_open_folder(event, arguments):
                self._check(arguments[position])

    @staticmethod
    def _below_open_folder(event: str, arguments: tuple[object, ...]) -> bool:
        """Tell whether a name is relative to an open folder, as when a tree is removed."""
        folder = arguments[-1]
        return event != "os.truncate" and isinstance(folder, int) and folder >= 0

    def _check(self, path: object) -> None:
        if not isinstance(path, str | bytes | os.PathLike):
            return  # an open descriptor was checked when it was opened
        text = os.path.abspath(os.fsdecode(path))  # noqa: PTH100 - Path.resolve would open files
        if text.startswith((f"{TEMPORARY}{os.sep}", "/dev/", "/proc/self/", "\\\\.\\")):
            return
        if text == str(TEMPORARY) or os.path.realpath(text).startswith(f"{TEMPORARY}{os.sep}"):
            return
        if _CACHES & set(Path(text).parts) or Path(text).name.startswith(".coverage"):
            return
        self.strays.append(text)  # a program that catches the error fails all the same
        message = f"a test wrote outside the temporary folder: {text}"
        raise StrayWriteError(message)


_guard = WriteGuard()


@pytest.fixture(autouse=True)
def _no_stray_write() -> Iterator[None]:
    _guard.strays.clear()
    _guard.watching = True
    yield
    _guard.watching = False
    assert not _guard.strays, "a test wrote outside the temporary folder"


@pytest.fixture(autouse=True, scope="session")
def _no_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Give the program an empty home, so that no test reads or writes the tester's own."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("HOME", "USERPROFILE", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
            patch.setenv(name, str(home))
        yield


# --- what costs much and is tested where it is made ----------------------------------------------


@pytest.fixture(autouse=True, scope="session")
def _cheap_memory() -> Iterator[None]:
    """Spare tests the wiping of SQLCipher's memory, which takes two thirds of making a folder.

    It changes nothing that is read or written. Programs that tests start wipe as shipped.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(PRAGMAS, "cipher_memory_security", "OFF")
        yield


@pytest.fixture
def memory_security(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wipe SQLCipher's memory, as shipped."""
    monkeypatch.setitem(PRAGMAS, "cipher_memory_security", "ON")


# --- unexpected log lines ------------------------------------------------------------------------

AllowLog = Callable[[str, str], None]


class _Ear(logging.Handler):
    """Collect what is logged as a warning or worse."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[logging.LogRecord] = []
        self.allowed: list[tuple[str, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(record)

    def unexpected(self) -> list[str]:
        return [
            f"{record.name}: {record.getMessage()}"
            for record in self.heard
            if not any(
                record.name == name and part in record.getMessage() for name, part in self.allowed
            )
        ]

    def missing(self) -> list[str]:
        return [
            f"{name}: {part}"
            for name, part in self.allowed
            if not any(record.name == name and part in record.getMessage() for record in self.heard)
        ]


@pytest.fixture(autouse=True)
def _ear() -> Iterator[_Ear]:
    """Fail a test during which a warning was logged that it did not announce."""
    ear = _Ear()
    root = logging.getLogger()
    root.addHandler(ear)
    yield ear
    root.removeHandler(ear)
    assert not ear.unexpected(), "unexpected log lines"
    assert not ear.missing(), "announced log lines that never came"


@pytest.fixture
def allow_log(_ear: _Ear) -> AllowLog:
    """Announce a log line: ``allow_log(logger_name, part_of_the_message)``; it must then come."""

    def allow(name: str, part: str) -> None:
        _ear.allowed.append((name, part))

    return allow


@pytest.fixture(scope="session")
def repository() -> Path:
    """Name the folder that holds the whole product."""
    return REPOSITORY
