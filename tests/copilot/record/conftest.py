from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from copilot.record import Record


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "record.db"


@pytest.fixture
def record(path: Path) -> Iterator[Record]:
    """A new record that waits for nobody, so that a lock shows at once."""
    with Record.open(path, patience=0) as opened:
        yield opened
