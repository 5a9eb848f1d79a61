"""Every way in which a pack can be wrong: the message is compared whole, because people act on its words."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from policy_corpus import PackError, load, load_patterns
from tests.conftest import SMALL

GOLDEN = Path(__file__).parent / "golden" / "problems.txt"

Edit = Callable[[Path], None]


def change(file: str, old: str, new: str) -> Edit:
    def edit(pack: Path) -> None:
        text = (pack / file).read_text()
        assert old in text
        (pack / file).write_text(text.replace(old, new, 1))

    return edit


def write(file: str, content: bytes) -> Edit:
    return lambda pack: (pack / file).write_bytes(content) and None


def append(file: str, line: str) -> Edit:
    return lambda pack: (pack / file).write_text((pack / file).read_text() + line) and None


FAULTS: dict[str, Edit] = {
    "unknown action": change("clauses/T-1.md", "action: ban", "action: banish"),
    "unknown target": change("clauses/T-1.md", "on: subject", "on: sender"),
    "unknown fact": change("clauses/T-1.md", "{counterfeit:", "{counterfiet:"),
    "unknown value": change("clauses/T-1.md", '["yes"]', '["maybe"]'),
    "condition on no fact": change("clauses/T-1.md", "on: subject", 'on: subject, when: {jest: ["yes"]}'),
    "condition on no value": change("clauses/T-1.md", "on: subject", "on: subject, when: {parody: [maybe]}"),
    "condition on nothing a case says": change(
        "clauses/T-1.md", "on: subject", 'on: subject, when: {case.medai: ["no"]}'
    ),
    "condition on no answer of a case": change(
        "clauses/T-1.md", "on: subject", "on: subject, when: {case.media: [maybe]}"
    ),
    "condition that is none": change("clauses/T-1.md", "on: subject", "on: subject, when: later"),
    "condition of a duty": change("duties.yaml", "on: case", 'on: case, when: {parody: ["no"]}'),
    "condition of a precedent": change(
        "precedents/all.jsonl", '"on": "case"', '"on": "case", "when": {"parody": ["no"]}'
    ),
    "unquoted yes": change("clauses/T-1.md", '["yes"]', "[true]"),
    "dangling exception": change("clauses/T-1.md", "[T-2]", "[T-9]"),
    "dangling duty": change("clauses/S-1.md", "[warden, rescue]", "[warden, resque]"),
    "unknown area": change("clauses/S-1.md", "area: safety", "area: safty"),
    "unknown key": change("clauses/S-1.md", "area: safety", "aera: safety"),
    "no front matter": write("clauses/T-2.md", b"## Rule\n\nSomething."),
    "endless front matter": write("clauses/T-2.md", b"---\nid: T-2\n"),
    "no text": change("clauses/T-2.md", "An offer that is evidently a joke", "\n\n## Rationale\n\n"),
    "broken yaml": change("clauses/T-2.md", "protects: true", "protects: [true"),
    "dates the wrong way": change("clauses/S-0.md", "2025-12-31", "2024-12-31"),
    "version twice": change("clauses/S-0.md", "id: S-0", "id: S-1"),
    "value without unknown": change("vocabulary.yaml", "unknown: Not determined", "unclear: Not determined"),
    "constraint on nothing": change("vocabulary.yaml", "{counterfeit: [", "{counterfeits: ["),
    "duty with unknown step": change("duties.yaml", "action: call", "action: cal"),
    "odd enum": change("actions.yaml", "tier: limit", "tier: limits"),
    "pattern that is none": change("patterns.yaml", r"'\bonly joking\b'", "'(only'"),
    "pattern for no value": change("patterns.yaml", "value: imminent", "value: immanent"),
    "precedent twice": append(
        "precedents/all.jsonl", SMALL.joinpath("precedents/all.jsonl").read_text().split("\n")[0]
    ),
    "precedent no json": append("precedents/all.jsonl", "{'id': 1}\n"),
    "precedent of no clause": change("precedents/all.jsonl", "T-2@1", "T-2@2"),
    "precedent without reason": change(
        "precedents/all.jsonl", '"status_reason": "the mark was licensed after all", ', ""
    ),
    "synthetic ruling": change("precedents/all.jsonl", '"synthetic": true', '"synthetic": true, "authority": "appeal"'),
    "successor of none": change("precedents/all.jsonl", '"successor": "P-1"', '"successor": "P-77"'),
    "not utf-8": write("clauses/T-2.md", b"---\nid: \xff\n---\n"),
    "no vocabulary": lambda pack: (pack / "vocabulary.yaml").unlink(),
}


def explained(edit: Edit, folder: Path) -> str:
    pack = folder / "small"
    shutil.copytree(SMALL, pack)
    edit(pack)
    with pytest.raises(PackError) as raised:
        load(pack)
    return str(raised.value)


def test_every_fault_is_explained_as_agreed(tmp_path: Path) -> None:
    said = "\n".join(
        f"# {name}\n{explained(edit, tmp_path / str(number))}" for number, (name, edit) in enumerate(FAULTS.items())
    )
    assert said + "\n" == GOLDEN.read_text()


def test_all_problems_come_at_once(tmp_path: Path) -> None:
    def spoil(pack: Path) -> None:
        FAULTS["unknown action"](pack)
        FAULTS["unknown area"](pack)
        FAULTS["precedent of no clause"](pack)

    assert explained(spoil, tmp_path).count("unknown") == 3


def test_a_folder_without_a_pack_names_the_shipped_ones(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"pack.yaml:1: there is no such pack; .*child_safety"):
        load(tmp_path)


def test_private_patterns_are_checked_against_the_vocabulary(tmp_path: Path) -> None:
    pack = load(SMALL)
    file = tmp_path / "ours.yaml"
    file.write_text("format: 1\npatterns:\n  - {fact: counterfeit, value: 'yes', match: 'copied mark'}\n")
    assert [pattern.match for pattern in load_patterns(file, pack.vocabulary)] == ["copied mark"]
    file.write_text("format: 1\npatterns:\n  - {fact: fake, value: 'yes', match: 'x'}\n")
    with pytest.raises(PackError, match=r"ours.yaml:3: unknown fact 'fake'"):
        load_patterns(file, pack.vocabulary)
