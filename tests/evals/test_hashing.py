"""The program's version: changes with whatever decides, and with nothing that it writes itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.hashing import code_version, digest_of_program

FITTED = "copilot/detectors/levels/small.json"


def program(root: Path) -> Path:
    for name in ("copilot/review.py", "prompts/draft.py", FITTED, "evals/results/small.json"):
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("{}", encoding="utf-8")
    return root


@pytest.mark.parametrize(
    ("changed", "another"),
    [
        ("copilot/review.py", True),
        ("prompts/draft.py", True),
        (FITTED, True),
        ("copilot/drafters/calibrations/new.json", True),
        ("retrieval/relevance.json", True),
        ("evals/results/small.json", False),
        ("copilot/notes.txt", False),
    ],
)
def test_source_and_what_was_fitted_make_another_program_and_results_do_not(
    changed: str, another: bool, tmp_path: Path
) -> None:
    before = digest_of_program(program(tmp_path))
    assert digest_of_program(tmp_path) == before
    (tmp_path / changed).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / changed).write_text("[1]", encoding="utf-8")
    assert (digest_of_program(tmp_path) != before) is another


def test_a_file_that_moved_makes_another_program(tmp_path: Path) -> None:
    before = digest_of_program(program(tmp_path))
    (tmp_path / FITTED).rename((tmp_path / FITTED).with_name("other.json"))
    assert digest_of_program(tmp_path) != before


def test_the_version_names_number_and_content() -> None:
    code_version.cache_clear()
    number, _, content = code_version().partition("+")
    assert number and len(content) == 12
    assert digest_of_program(Path(__file__).parents[2]).startswith(content)
