"""The one worker thread, and the one door to it.

No database or file work happens on the thread of the window. A use case goes through `Tasks.run`
and its callbacks come back on the thread of the window; they are bound before the work is handed
over. The five error families reach a callback (the banner of the page); anything else is a bug.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot
from shiboken6 import isValid

from desktop_app.domain.errors import CancelledError, ProductError
from desktop_app.services.progress import Progress, Step

T = TypeVar("T")

OnError = Callable[[ProductError], None]
OnProgress = Callable[[Step], None]


class Task(Generic[T]):
    """One piece of work handed to the thread."""

    def __init__(
        self,
        use_case: Callable[[Progress], T],
        on_success: Callable[[T], None],
        on_error: OnError | None,
        on_progress: OnProgress | None,
        on_finish: Callable[[], None] | None,
        owner: QObject | None,
    ) -> None:
        self._use_case = use_case
        self._on_success = on_success
        self._on_progress = on_progress
        self._on_finish = on_finish
        self._owner = owner
        self.on_error = on_error
        self.progress = Progress()
        self.finished = False

    def cancel(self) -> None:
        """Ask the work to stop; what it began is rolled back."""
        self.progress.cancel()

    @property
    def wanted(self) -> bool:
        """Tell whether whoever asked is still there to be answered."""
        return self._owner is None or isValid(self._owner)

    def work(self) -> Callable[[], None]:
        """Do the work (on the worker thread) and give what is to be told on the other one.

        Raises:
            ProductError: one of the five families a person may meet.
        """
        if self.progress.cancelled:
            raise CancelledError
        result = self._use_case(self.progress)
        return lambda: self._on_success(result)

    def tell_progress(self) -> None:
        """Tell the latest step (on the thread of the window)."""
        step = self.progress.news()
        if step is not None and self._on_progress is not None and not self.finished:
            self._on_progress(step)

    def finish(self) -> None:
        """Tell that it is over, however it ended."""
        self.finished = True
        if self._on_finish is not None and self.wanted:
            self._on_finish()


class _Door(QObject):
    """Carries calls from the worker thread to the thread of the window, in order."""

    called = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.called.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @Slot(object)
    def _deliver(self, call: Callable[[], None]) -> None:
        """Make the call on this side."""
        call()


class Tasks:
    """The worker thread. One piece of work at a time, in the order they were handed over."""

    def __init__(self, on_product_error: OnError, on_bug: Callable[[BaseException], None]) -> None:
        """Take what shows a known error by default, and what handles a bug."""
        self._on_product_error = on_product_error
        self._on_bug = on_bug
        self._door = _Door()
        self._queue: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._open: set[Task[object]] = set()
        self._closed = False
        self._thread = threading.Thread(target=self._serve, name="tasks", daemon=True)
        self._thread.start()

    def run(
        self,
        use_case: Callable[[Progress], T],
        on_success: Callable[[T], None],
        on_error: OnError | None = None,
        on_progress: OnProgress | None = None,
        *,
        on_finish: Callable[[], None] | None = None,
        owner: QObject | None = None,
    ) -> Task[T]:
        """Hand a use case to the worker thread.

        ``on_finish`` comes after success, error and cancel alike. With an ``owner``, nothing is
        told any more once that object is gone. Once the program is about to end nothing is begun
        and nothing told: what a timer still asks for then has nobody to answer to.
        """
        task = Task(use_case, on_success, on_error, on_progress, on_finish, owner)
        if self._closed:
            task.cancel()
            return task
        if on_progress is not None:
            task.progress = Progress(lambda: self._door.called.emit(task.tell_progress))
        self._open.add(task)  # type: ignore[arg-type]
        self._queue.put(lambda: self._work(task))
        return task

    @property
    def busy(self) -> bool:
        """Tell whether any work is waiting, running, or not yet answered."""
        return bool(self._open)

    @property
    def closed(self) -> bool:
        """Tell whether the thread takes no more work: the program is about to end."""
        return self._closed

    def cancel_all(self) -> None:
        """Ask all work to stop."""
        for task in tuple(self._open):
            task.cancel()

    def close(self, wait_seconds: float = 30.0) -> bool:
        """Stop all work, end the thread, and tell whether it ended in time."""
        self._closed = True
        self.cancel_all()
        self._queue.put(None)
        self._thread.join(wait_seconds)
        return not self._thread.is_alive()

    # --- on the worker thread ---------------------------------------------------------------

    def _serve(self) -> None:
        """Take work from the queue until told to end."""
        while (job := self._queue.get()) is not None:
            job()

    def _work(self, task: Task[T]) -> None:
        """Run one task and send its answer back."""
        answer: Callable[[], None]
        try:
            answer = task.work()
        except ProductError as error:
            answer = self._refusal(task, error)
        except BaseException as bug:  # noqa: BLE001 - the thread must outlive any bug
            answer = self._bug_report(bug)
        self._door.called.emit(lambda: self._answer(task, answer))

    def _refusal(self, task: Task[T], error: ProductError) -> Callable[[], None]:
        """Bind a known error to whoever shows it; a cancelled task says nothing."""
        if isinstance(error, CancelledError):
            return _nothing
        show = task.on_error or self._on_product_error
        return lambda: show(error)

    def _bug_report(self, bug: BaseException) -> Callable[[], None]:
        """Bind a bug to its handler."""
        return lambda: self._on_bug(bug)

    # --- on the thread of the window --------------------------------------------------------

    def _answer(self, task: Task[T], answer: Callable[[], None]) -> None:
        """Tell a result and then the end."""
        self._open.discard(task)
        try:
            if task.wanted:
                answer()
        finally:
            task.finish()


def _nothing() -> None:
    """Say nothing."""
