from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from copilot.desk import Desk
from tests.ui.panel import sample_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = sample_desk.desk(tmp_path)
    yield made
    made.record.close()
