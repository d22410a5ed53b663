"""One thread, one door: work there, answers here, and the thread ends when it is told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from desktop_app.domain.errors import (
    CancelledError,
    ProductError,
    RuleError,
    StaleError,
    UntrustedError,
    WorkplaceError,
)
from desktop_app.services.progress import Progress, Step
from desktop_app.ui.page import Page
from desktop_app.ui.tasks import Tasks
from tests.ui.conftest import Heard


def give(number: int, _progress: Progress) -> int:
    return number


def idle(tasks: Tasks) -> Callable[[], bool]:
    return lambda: not tasks.busy


def test_work_runs_there_and_the_answer_comes_here(tasks: Tasks, qtbot: QtBot) -> None:
    places: list[str] = []

    def work(_progress: Progress) -> str:
        places.append(threading.current_thread().name)
        return "done"

    def told(result: str) -> None:
        places.append(f"{result} {threading.current_thread() is threading.main_thread()}")

    tasks.run(work, told)
    qtbot.waitUntil(idle(tasks))
    assert places == ["tasks", "done True"]


def test_answers_come_in_the_order_of_the_work(tasks: Tasks, qtbot: QtBot) -> None:
    told: list[int] = []
    for number in range(20):
        tasks.run(partial(give, number), told.append)
    qtbot.waitUntil(idle(tasks))
    assert told == list(range(20))


@pytest.mark.parametrize("family", [RuleError, StaleError, WorkplaceError, UntrustedError])
def test_a_known_error_reaches_its_callback(
    tasks: Tasks, heard: Heard, qtbot: QtBot, family: type[ProductError]
) -> None:
    def fail(_progress: Progress) -> None:
        raise family("cancelled")

    own: list[ProductError] = []
    tasks.run(fail, lambda _result: None)
    tasks.run(fail, lambda _result: None, own.append)
    qtbot.waitUntil(idle(tasks))
    assert [type(error) for error in (*heard.errors, *own)] == [family, family]
    assert heard.bugs == []


def test_anything_else_is_a_bug_and_the_thread_lives_on(
    tasks: Tasks, heard: Heard, qtbot: QtBot
) -> None:
    told: list[int] = []
    tasks.run(lambda _progress: 1 // 0, told.append)
    tasks.run(lambda _progress: 7, told.append)
    qtbot.waitUntil(idle(tasks))
    assert [type(bug) for bug in heard.bugs] == [ZeroDivisionError]
    assert told == [7]


def test_a_cancelled_task_says_nothing_but_its_end(
    tasks: Tasks, heard: Heard, qtbot: QtBot
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    ends: list[int] = []

    def work(progress: Progress) -> None:
        begun.set()
        go_on.wait(10)
        progress.step(1, 2)

    task = tasks.run(work, lambda _result: ends.append(0), on_finish=lambda: ends.append(1))
    assert begun.wait(10)
    task.cancel()
    go_on.set()
    qtbot.waitUntil(idle(tasks))
    assert (ends, heard.errors, heard.bugs) == ([1], [], [])


def test_a_task_cancelled_before_it_began_never_begins(tasks: Tasks, qtbot: QtBot) -> None:
    hold, ran = threading.Event(), []
    tasks.run(lambda _progress: hold.wait(10), lambda _result: None)
    task = tasks.run(lambda _progress: ran.append(1), lambda _result: None)
    task.cancel()
    hold.set()
    qtbot.waitUntil(idle(tasks))
    assert ran == []
    assert task.finished


def test_progress_is_told_here_and_never_after_the_end(tasks: Tasks, qtbot: QtBot) -> None:
    told: list[object] = []

    def work(progress: Progress) -> str:
        for done in range(1, 200):
            progress.step(done, 199, "rows.read")
        return "end"

    tasks.run(work, told.append, on_progress=told.append)
    qtbot.waitUntil(idle(tasks))
    steps = [one for one in told if isinstance(one, Step)]
    assert steps
    assert [one.done for one in steps] == sorted({one.done for one in steps})
    assert told[-1] == "end"
    qtbot.wait(1)
    assert told[-1] == "end"


def test_nobody_is_told_once_the_owner_is_gone(tasks: Tasks, qtbot: QtBot) -> None:
    hold = threading.Event()
    owner = QObject()
    told: list[object] = []
    tasks.run(
        lambda _progress: hold.wait(10),
        told.append,
        on_finish=lambda: told.append("end"),
        owner=owner,
    )
    delete(owner)
    hold.set()
    qtbot.waitUntil(idle(tasks))
    assert told == []


def test_close_stops_the_work_and_ends_the_thread(heard: Heard, qtbot: QtBot) -> None:
    tasks = Tasks(heard.errors.append, heard.bugs.append)
    begun = threading.Event()

    def work(progress: Progress) -> None:
        begun.set()
        while True:
            progress.step(1, 2)

    tasks.run(work, lambda _result: None)
    assert begun.wait(10)
    assert tasks.close()
    assert "tasks" not in {thread.name for thread in threading.enumerate()}
    told: list[int] = []
    tasks.run(lambda _progress: 1, told.append, on_finish=lambda: told.append(2))
    qtbot.waitUntil(idle(tasks))
    qtbot.wait(20)
    assert (told, heard.bugs) == ([], [])


def test_close_tells_when_work_does_not_end(heard: Heard, qtbot: QtBot) -> None:
    tasks = Tasks(heard.errors.append, heard.bugs.append)
    hold, begun = threading.Event(), threading.Event()

    def stubborn(_progress: Progress) -> None:
        begun.set()
        hold.wait(10)

    tasks.run(stubborn, lambda _result: None)
    assert begun.wait(10)
    assert not tasks.close(wait_seconds=0.01)
    hold.set()
    assert tasks.close()
    qtbot.waitUntil(idle(tasks))


def test_cancelled_is_one_of_the_families() -> None:
    assert issubclass(CancelledError, ProductError)


# --- a page does one thing at a time ---------------------------------------------------------------


def test_a_second_press_on_a_page_that_works_does_nothing(tasks: Tasks, qtbot: QtBot) -> None:
    page, told = Page(), list[int]()
    qtbot.addWidget(page)
    page.run_alone(tasks, partial(give, 1), told.append)
    page.run_alone(tasks, partial(give, 2), told.append)
    assert page.busy
    qtbot.waitUntil(idle(tasks))
    assert told == [1]
    assert not page.busy


def test_what_an_answer_begins_keeps_the_keys_closed(tasks: Tasks, qtbot: QtBot) -> None:
    page, told = Page(), list[object]()
    qtbot.addWidget(page)
    hold = threading.Event()

    def wait(_progress: Progress) -> int:
        hold.wait(10)
        return 2

    def begin_next(number: int) -> None:
        told.append(number)
        page.run_alone(tasks, wait, told.append)

    page.run_alone(tasks, partial(give, 1), begin_next, on_end=lambda: told.append("over"))
    qtbot.waitUntil(lambda: told == [1, "over"])
    assert page.busy
    hold.set()
    qtbot.waitUntil(idle(tasks))
    assert told == [1, "over", 2]
    assert not page.busy


@pytest.mark.parametrize("error", [RuleError("cancelled"), CancelledError()])
def test_however_it_ends_the_page_hears_keys_again(
    tasks: Tasks, qtbot: QtBot, error: ProductError
) -> None:
    page, refused, ended = Page(), list[ProductError](), list[bool]()
    qtbot.addWidget(page)

    def fail(_progress: Progress) -> None:
        raise error

    page.run_alone(
        tasks, fail, lambda _done: None, refused.append, on_end=lambda: ended.append(page.busy)
    )
    qtbot.waitUntil(idle(tasks))
    assert ended == [False]
    assert refused == ([] if isinstance(error, CancelledError) else [error])
