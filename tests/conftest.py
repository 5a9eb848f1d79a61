"""What all tests share: the small pack, a home that is thrown away, and the processes that run them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from policy_corpus import Pack, find, load

SMALL = Path(__file__).parent / "packs" / "small"

MOST_WORKERS = 4
ROOM = 3 * 2**30
"""Bytes of memory to each worker: it needs about half of that, and the machine has other work too."""

# What Hypothesis allows an example by the clock, a busy neighbour may take: properties are tested, not speed.
settings.register_profile("by no clock", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("by no clock")


def workers(cores: int, memory: int) -> int:
    """How many processes share the tests on a machine with `memory` bytes; 0 where one would do all of them anyway."""
    many = min(cores, memory // ROOM, MOST_WORKERS)
    return many if many > 1 else 0


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int | None:
    """What `-n auto` means; None, where the system doesn't tell, leaves it to pytest-xdist."""
    if "SC_PHYS_PAGES" not in getattr(os, "sysconf_names", ()):
        return None
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return workers(cores, os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))


@pytest.fixture(scope="session")
def small() -> Pack:
    """A pack of market-stall rules with four clauses and four precedents."""
    return load(SMALL)


@pytest.fixture(scope="session")
def child_safety() -> Pack:
    """The shipped pack, read once."""
    return load(find("child_safety"))


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes anybody's real home, and no model key from outside reaches a test."""
    monkeypatch.setenv("REVIEWER_COPILOT_HOME", str(tmp_path / "home"))
    for name in ("REVIEWER_COPILOT_MODEL", "OPENAI_API_KEY", "XAI_API_KEY", "LANGSMITH_TRACING"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def few_resamples(monkeypatch: pytest.MonkeyPatch) -> None:
    """200 resamples wherever nobody says how many, as on the command line; intervals are tested elsewhere."""
    from evals.metrics.intervals import Sampling

    seed, level = Sampling.seed, Sampling.level
    monkeypatch.setattr(Sampling.__init__, "__defaults__", (200, seed, level))
    assert Sampling() == Sampling(samples=200, seed=seed, level=level)
