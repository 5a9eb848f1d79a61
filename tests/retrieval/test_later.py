"""Work in other threads: results, errors and numbers that are told later."""

from __future__ import annotations

import multiprocessing
import threading
from concurrent.futures import InvalidStateError, ThreadPoolExecutor
from contextlib import suppress

import pytest

from retrieval import later
from retrieval.engine.once import once
from retrieval.later import Later, Numbers, beside, freed
from tests.retrieval.workers import Workers, no_new_thread


def test_a_result_comes_from_another_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(later, "cores", lambda: 2)
    began = threading.Event()

    def make() -> str:
        began.set()
        return threading.current_thread().name

    made = Later(make)
    assert began.wait(10)
    assert made() == made() != threading.current_thread().name


def test_what_no_thread_was_free_for_is_made_by_whoever_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    hold = threading.Event()
    made: list[threading.Thread] = []
    with ThreadPoolExecutor(1) as busy:
        monkeypatch.setattr(later, "cores", lambda: 2)
        monkeypatch.setattr(later, "_threads", lambda: busy)
        busy.submit(hold.wait)

        def make() -> int:
            made.append(threading.current_thread())
            return len(made)

        waiting = Later(make)
        assert waiting() == waiting() == 1
        hold.set()
    assert made == [threading.current_thread()]


@pytest.mark.parametrize("asked", ["first", "last"])
def test_where_no_thread_can_be_started_it_is_made_all_the_same_and_once(workers: Workers, asked: str) -> None:
    made: list[threading.Thread] = []
    with no_new_thread():
        waiting = Later(lambda: made.append(threading.current_thread()))
        if asked == "first":
            waiting()
    other = workers.queued().result(10)
    waiting()
    assert made == [threading.current_thread() if asked == "first" else other]


def test_on_one_core_nothing_begins_before_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(later, "cores", lambda: 1)
    made: list[int] = []
    waiting = Later(lambda: made.append(1))
    assert not made
    waiting()
    assert made == [1]


@pytest.mark.parametrize("cores", [1, 2])
def test_an_error_reaches_whoever_asks(cores: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(later, "cores", lambda: cores)
    failing = Later(lambda: 1 // 0)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            failing()


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Later[int]]:
    """What has begun."""
    begun: list[Later[int]] = []
    monkeypatch.setattr(Later, "begin", lambda self: begun.append(self))
    return begun


def test_what_stands_beside_other_work_begins_once_that_leaves_the_interpreter_free(made: list[Later[int]]) -> None:
    one = Later(lambda: 1, at_once=False)
    with beside(one):
        free = freed()
        assert made == []
        with ThreadPoolExecutor(1) as other:
            other.submit(free).result(10)
        assert made == [one]
        free()
    assert made == [one]


def test_beside_work_that_is_never_free_it_begins_at_the_end(made: list[Later[int]]) -> None:
    outer, inner = (Later(lambda: 1, at_once=False) for _ in range(2))
    with beside(outer):
        with beside(inner):
            assert made == []
        assert made == [inner]
    assert made == [inner, outer]


def test_beside_work_that_fails_nothing_begins(made: list[Later[int]]) -> None:
    with pytest.raises(KeyError), beside(Later(lambda: 1, at_once=False)):
        raise KeyError("broken")
    freed()()
    assert made == []


def test_numbers_are_waited_for() -> None:
    numbers = Numbers(3)
    with ThreadPoolExecutor(1) as other:
        waiting = other.submit(lambda: [2 * number for number in numbers])
        assert len(numbers) == 3 and not waiting.done()
        with numbers:
            numbers.tell([1.0, 2.0, 3.0])
        assert waiting.result(10) == [2.0, 4.0, 6.0]
    assert numbers[:2] == [1.0, 2.0]


def test_where_numbers_fail_those_who_wait_fail_too() -> None:
    numbers = Numbers(1)
    with ThreadPoolExecutor(1) as other:
        waiting = other.submit(lambda: numbers[0])
        with pytest.raises(KeyError), numbers:
            raise KeyError("nothing there")
        try:
            with pytest.raises(KeyError):
                waiting.result(10)
        finally:
            # Where they were not told to fail, this test does, and doesn't hang.
            with suppress(InvalidStateError):
                numbers.tell(())


def _child() -> int:
    return Later(lambda: 7)()


def test_a_forked_child_has_threads_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(later, "cores", lambda: 2)
    assert Later(lambda: 6)() == 6
    with multiprocessing.get_context("fork").Pool(1) as pool:
        assert pool.apply_async(_child).get(30) == 7


class Counted:
    made = 0

    @once
    def held(self) -> object:
        self.made += 1
        return object()


def test_a_property_is_worked_out_once_by_several_threads() -> None:
    counted, start = Counted(), threading.Barrier(4)

    def ask() -> object:
        start.wait(10)
        return counted.held

    with ThreadPoolExecutor(4) as threads:
        found = {id(one.result(10)) for one in [threads.submit(ask) for _ in range(4)]}
    assert len(found) == 1 and counted.made == 1
    assert Counted().held is not counted.held
