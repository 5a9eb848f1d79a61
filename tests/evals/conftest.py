from __future__ import annotations

from pathlib import Path

import pytest

from evals.metrics.intervals import Sampling
from retrieval import HashingEmbedder

FIXTURES = Path(__file__).parent / "fixtures"


@pytest.fixture(scope="session")
def fixtures() -> Path:
    return FIXTURES


@pytest.fixture(scope="session")
def embedder() -> HashingEmbedder:
    return HashingEmbedder(dimension=128)


@pytest.fixture(scope="session")
def quick() -> Sampling:
    """Few resamples, so that tests are fast; still the same each time."""
    return Sampling(samples=100)
