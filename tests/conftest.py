"""What all tests share: the small pack, and a home that is thrown away."""

from __future__ import annotations

from pathlib import Path

import pytest

from policy_corpus import Pack, find, load

SMALL = Path(__file__).parent / "packs" / "small"


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
