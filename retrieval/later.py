"""Later: what is being worked out in another thread, while its result isn't needed yet.

It pays for work that leaves the interpreter free: running a model, comparing vectors, adding postings.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import cache, partial
from threading import Lock
from types import TracebackType
from typing import Any, Generic, Self, TypeVar, overload

T = TypeVar("T")


class Later(Generic[T]):
    """A result that is being worked out. Whoever asks before a thread was free for it works it out at once, so that a
    busy process waits for none."""

    def __init__(self, make: Callable[[], T], *, at_once: bool = True) -> None:
        """
        Args:
            at_once: begin now, or else when told.
        """
        self._make = make
        self._made: Future[T] = Future()
        self._taken = Lock()
        if at_once:
            self.begin()

    def begin(self) -> None:
        """Begin; where this process has a single core or can't start a thread, when the result is asked for."""
        if cores() > 1:
            # What can't get a thread stays in the queue all the same: a thread that comes to it finds it taken.
            with suppress(RuntimeError):
                _threads().submit(self._work)

    def __call__(self) -> T:
        """The result. What went wrong in working it out is raised here."""
        self._work()
        return self._made.result()

    def _work(self) -> None:
        """Unless somebody has begun."""
        if not self._taken.acquire(blocking=False):
            return
        try:
            made = self._make()
        except BaseException as error:
            self._made.set_exception(error)
        else:
            self._made.set_result(made)


class Numbers(Sequence[float]):
    """So many numbers, told later by another thread: whoever looks at one waits for them.

    They are told within a `with` of it; where that fails, those who wait fail, too.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._told: Future[Sequence[float]] = Future()

    def tell(self, numbers: Sequence[float]) -> None:
        self._told.set_result(numbers)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._told.done():
            self._told.set_exception(error or RuntimeError("no numbers were told"))

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, at: int) -> float: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[float]: ...
    def __getitem__(self, at: int | slice) -> float | Sequence[float]:
        return self._told.result()[at]


@contextmanager
def beside(made: Later[Any]) -> Iterator[None]:
    """Has another result begun once the work within leaves the interpreter free (`freed`), or at its end. Where that
    work fails before, it isn't begun.

    Two threads that both want the interpreter wait for each other up to five milliseconds at a time: what begins at
    once is done before a model's run can begin that it is meant to go beside.
    """
    waiting = [made]
    before = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(before)
    _begin(waiting)


def freed() -> Callable[[], None]:
    """What is to be called, by any thread, when the caller's work leaves the interpreter free for milliseconds."""
    return partial(_begin, _waiting.get())


_waiting: ContextVar[list[Later[Any]] | None] = ContextVar("waiting", default=None)


def _begin(waiting: list[Later[Any]] | None) -> None:
    # Several threads may say that they are free.
    with suppress(IndexError):
        while waiting:
            waiting.pop().begin()


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(cores(), thread_name_prefix="later")


# A forked child has none of its parent's threads.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_threads.cache_clear)
