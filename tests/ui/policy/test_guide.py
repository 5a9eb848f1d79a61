"""What docs/policy.md says, word for word."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from policy_corpus import load
from tests.ui.policy.packs import Run, replace

GUIDE = Path(__file__).parents[3] / "docs" / "policy.md"


@dataclass(frozen=True)
class Block:
    """A fenced block, with the prose since the block before."""

    before: str
    kind: str
    text: str


def blocks() -> Iterator[Block]:
    text, end = GUIDE.read_text(encoding="utf-8"), 0
    for found in re.finditer(r"^```(\w+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        yield Block(text[end : found.start()].strip(), found[1], found[2])
        end = found.end()


def test_the_guide_can_be_followed_word_for_word(run: Run) -> None:
    said, replaced, where = "", "", Path()
    told = list(blocks())
    assert sum(block.kind == "sh" for block in told) >= 10
    for block in told:
        named = re.findall(r"`([\w./-]+\.\w+)`", block.before)
        if block.kind == "sh":
            said = type_in(block, run)
        elif block.kind == "text":
            assert_said(block.text, said)
        elif block.before.endswith(":") and "Save as" in block.before:
            Path(named[-1]).write_text(block.text, encoding="utf-8")
        elif block.before.endswith("replace"):
            where, replaced = Path(named[-1]), block.text.rstrip("\n")
        else:
            assert block.before == "by"
            replace(where, replaced, block.text.rstrip("\n"))
    assert load(Path("my_policy")).standing == "adopted by Head of Trust and Safety on 2027-01-01"


def type_in(block: Block, run: Run) -> str:
    expected = int(found[1]) if (found := re.search(r"<!-- exits (\d) -->$", block.before)) else 0
    said = ""
    for line in block.text.splitlines():
        program, *args = shlex.split(line)
        assert program == "reviewer-copilot"
        code, out, err = run(*args, answer="y\n")
        assert code == expected, f"{line}\n{out}\n{err}"
        said += out + err
    return said


def assert_said(expected: str, said: str) -> None:
    """Every line, in order; `…` stands for anything within a line."""
    at = 0
    for line in expected.splitlines():
        pattern = ".*?".join(re.escape(part) for part in line.split("…"))
        found = re.compile(pattern).search(said, at)
        assert found, f"{line!r} not in\n{said[at:]}"
        at = found.end()


def test_the_guide_names_every_command(run: Run) -> None:
    _, out, _ = run("policy", "--help")
    commands = re.findall(r"^  ([a-z]+)  ", out.split("Commands:")[1], re.MULTILINE)
    assert commands == ["new", "lint", "show", "diff", "revise", "reaffirm", "adopt", "import", "export"]
    text = GUIDE.read_text(encoding="utf-8")
    assert [name for name in commands if f"\nreviewer-copilot policy {name} " not in text] == []
