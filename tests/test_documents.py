"""What the documents say can be done, can be done."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from copilot.casefile import read
from copilot.cases import Case
from copilot.reviews import Review
from tests.test_offline import ROOT
from ui.cli import COMMANDS
from ui.readme import filled
from ui.settings import PREFIX, Settings

README = (ROOT / "README.md").read_text(encoding="utf-8")
CASES = (ROOT / "docs" / "cases.md").read_text(encoding="utf-8")


def test_help_texts_are_what_the_command_line_prints() -> None:
    assert filled(README) == README, "run make docs"


def test_every_setting_is_described_and_every_described_one_exists() -> None:
    described = set(re.findall(rf"^\| `{PREFIX}(\w+)`", README, re.MULTILINE))
    assert described == {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("file", ["README.md", "CONTRIBUTING.md"])
def test_make_verbs_exist(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for verb in set(re.findall(r"`?\bmake ([a-z-]+)\b", text)):
        assert re.search(rf"^{verb}:", makefile, re.MULTILINE), f"make {verb}"


def test_commands_exist() -> None:
    named = set(re.findall(r"`reviewer-copilot ([a-z]+)", README)) | set(
        re.findall(r"^reviewer-copilot ([a-z]+)", README, re.M)
    )
    assert named <= set(COMMANDS)


@pytest.mark.parametrize(
    "file",
    [
        "README.md",
        "CONTRIBUTING.md",
        "docs/cases.md",
        "docs/policy.md",
        "docs/evaluation.md",
        "docs/langchain.md",
        "docs/search.md",
        "docs/confidence.md",
    ],
)
def test_links_lead_somewhere(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!http)([^)#]+)", text):
        assert ((ROOT / file).parent / target).exists(), target


def test_the_documented_cases_are_cases(tmp_path: Path) -> None:
    for number, block in enumerate(re.findall(r"```json\n(.*?)```", CASES, re.DOTALL)):
        file = tmp_path / f"{number}.jsonl"
        file.write_text(json.dumps(json.loads(block)))
        (case,) = read(file)
        assert isinstance(case, Case), str(case)


def test_a_review_has_the_documented_fields() -> None:
    section = CASES.split("## A review")[1].split("Citation verdicts")[0]
    named = set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\|([^|]+)\|", section, re.MULTILINE))))
    assert named <= set(Review.model_fields)


def test_nothing_points_to_somebodys_machine() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    home = re.compile(r"(?<![\w.])/(home|root|work|Users)/[a-z]")
    for name in tracked:
        if name.endswith((".py", ".md", ".toml", ".yaml", ".lock", "Makefile", "run")) and (ROOT / name).exists():
            assert not home.search((ROOT / name).read_text(encoding="utf-8")), name
