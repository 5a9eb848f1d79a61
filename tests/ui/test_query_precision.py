from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from copilot.errors import SettingsError
from retrieval.embedders import query_vectors
from ui import assembly, settings


@pytest.mark.parametrize(("precision", "exact"), [(None, False), ("int8", False), ("float32", True)])
def test_the_setting_reaches_the_embedder(
    precision: str | None, exact: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if precision is not None:
        monkeypatch.setenv("REVIEWER_COPILOT_QUERY_PRECISION", precision)
    embedder = assembly.embedder(settings.read(home=tmp_path))
    asked, stored = query_vectors(embedder, ["the parcel is late"]), embedder.embed(["the parcel is late"])
    assert np.array_equal(asked, stored) == exact
    assert np.allclose(asked, stored, atol=0.01)


def test_another_precision_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVIEWER_COPILOT_QUERY_PRECISION", "int4")
    with pytest.raises(SettingsError, match="REVIEWER_COPILOT_QUERY_PRECISION"):
        settings.read()
