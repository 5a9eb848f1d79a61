"""Threads for `Later` that belong to one test, and a machine that can start none."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future, InvalidStateError, ThreadPoolExecutor
from contextlib import contextmanager, suppress

import pytest

from retrieval import later
from retrieval.later import Numbers

COUNT, NAME = 2, "worker-of-a-test"


class Workers:
    """As many as a machine with two cores would have; none is started before it is needed."""

    def __init__(self) -> None:
        self.threads = ThreadPoolExecutor(COUNT, thread_name_prefix=NAME)

    def queued(self) -> Future[threading.Thread]:
        """Which of them comes to this, after all that is in the queue."""
        return self.threads.submit(threading.current_thread)

    def all_end(self) -> bool:
        """Whether each of them comes to the end of its work. They take on no more."""
        self.threads.shutdown(wait=False)
        begun = [one for one in threading.enumerate() if one.name.startswith(NAME)]
        for one in begun:
            one.join(10)
        return not any(one.is_alive() for one in begun)


@contextmanager
def workers(monkeypatch: pytest.MonkeyPatch) -> Iterator[Workers]:
    """Whoever still waits for numbers at the end is let go, so that a test that fails doesn't hang."""
    told: list[Numbers] = []

    def numbers(count: int) -> Numbers:
        told.append(Numbers(count))
        return told[-1]

    made = Workers()
    monkeypatch.setattr(later, "cores", lambda: COUNT)
    monkeypatch.setattr(later, "_threads", lambda: made.threads)
    monkeypatch.setattr("retrieval.nearness.Numbers", numbers)
    try:
        yield made
    finally:
        for one in told:
            with suppress(InvalidStateError):
                one.tell(())
        made.threads.shutdown()


@contextmanager
def no_new_thread() -> Iterator[None]:
    """As where memory or a limit is used up."""

    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with pytest.MonkeyPatch.context() as within:
        within.setattr(threading.Thread, "start", refuse)
        yield
