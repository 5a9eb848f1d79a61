"""Policies go out in formats that others read and come in from them, and no word is lost on the way."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from policy_corpus import Pack, PackError, Status, find, load
from policy_corpus.checks import lint
from policy_corpus.exchange import export_roost, export_safeguard, import_roost, import_safeguard

DAY = date(2026, 6, 1)

SAFEGUARD = """\
# Spam policy

Version 3 of our spam rules.

## INSTRUCTIONS

Return 1 or 0.

## DEFINITIONS

- **Bulk**: More than ten copies.

## VIOLATES (1)

- **Bulk sending**: the same words again and again
  - also with small changes
- Links to harmful code

## SAFE (0)

- Newsletters that people asked for

```
# no heading within code
```

## EXAMPLES

Example 1 (Violation):
Content: "The same advert, twelve times"
Answer: {"violation": 1, "policy_category": "V-01", "rationale": "Bulk"}

### Example 2 (Label: 0)
**Content**: "A newsletter"
**Label**: `0`

## CONTACT
"""

NESTED = """\
# Criteria

## Definition of Label

### (HAR) Harassment

#### Includes

- **Threats**: of harm
- **Insults**: repeated

**Note.** One.

**Note.** Two.

#### Excludes

- Quotation
"""


def _words(text: str) -> Iterator[str]:
    return (word for word in re.findall(r"[\w“”'{}:-]+", text) if re.search(r"\w", word))


def _all_text(pack: Pack) -> set[str]:
    parts = [pack.manifest.title, *pack.manifest.areas.values()]
    for clause in pack.clauses:
        parts += [clause.title, clause.id, *clause.sections.values(), *clause.sections]
    for precedent in pack.precedents:
        parts += [precedent.facts, precedent.rationale, precedent.title]
    return {word.lower() for part in parts for word in _words(part.replace("_", " "))}


def _lost(text: str, pack: Pack) -> set[str]:
    kept = _all_text(pack)
    return {word for word in _words(text.replace("_", " ")) if word.lower() not in kept} - {
        "Answer:",
        "Label",
        "EXAMPLES",
    }


def _import(text: str, tmp_path: Path) -> Pack:
    (tmp_path / "policy.md").write_text(text, encoding="utf-8")
    import_safeguard(tmp_path / "policy.md", tmp_path / "pack", "imported", DAY)
    return load(tmp_path / "pack")


def test_a_policy_text_becomes_clauses_and_precedents(tmp_path: Path) -> None:
    pack = _import(SAFEGUARD, tmp_path)
    titles = {clause.id: (clause.title, clause.protects) for clause in pack.clauses}
    assert titles == {
        "N-01": ("Spam policy", False),
        "N-02": ("INSTRUCTIONS", False),
        "N-03": ("Bulk", False),
        "V-01": ("Bulk sending", False),
        "V-02": ("Links to harmful code", False),
        "S-01": ("Newsletters that people asked for ``` # no heading within code ```", True),
        "N-04": ("CONTACT", False),
        "G-99": ("When no clause applies", False),
    }
    assert [(one.title, one.clauses) for one in pack.precedents] == [
        ("Example 1: violates", ("V-01@1",)),
        ("Example 2: does not violate", ()),
    ]
    assert lint(tmp_path / "pack", on=DAY).clean


def test_an_import_says_what_people_must_still_do(tmp_path: Path) -> None:
    (tmp_path / "policy.md").write_text(SAFEGUARD, encoding="utf-8")
    made = import_safeguard(tmp_path / "policy.md", tmp_path / "pack", "imported", DAY)
    assert (made.clauses, made.examples) == (7, 2)
    assert "fill in criteria and default_plan of 3 clauses" in made.to_do[1]
    assert "# criteria: to be filled in" in (tmp_path / "pack/clauses/general/V-01.md").read_text()


@pytest.mark.parametrize("text", [SAFEGUARD, NESTED, export_safeguard(load(find("acceptable_use")), DAY)])
def test_an_import_loses_no_word(text: str, tmp_path: Path) -> None:
    assert _lost(text, _import(text, tmp_path)) == set()


def test_nested_labels_are_read_from_the_innermost_heading(tmp_path: Path) -> None:
    pack = _import(NESTED, tmp_path)
    kinds = {clause.title: clause.protects for clause in pack.clauses if clause.id[0] in "VS"}
    assert kinds == {"Threats": False, "Insults": False, "Quotation": True}
    insults = next(clause for clause in pack.clauses if clause.title == "Insults")
    assert "One." in insults.sections["note"]
    assert "**Note.** Two." in insults.sections["note"]


def _standing(pack: Pack) -> list[str]:
    """What goes out as examples: a precedent that no longer stands teaches the wrong thing."""
    return [one.facts for one in pack.precedents if one.status is Status.ACTIVE]


def test_an_export_comes_back_with_its_clauses(tmp_path: Path) -> None:
    before = load(find("acceptable_use"))
    after = _import(export_safeguard(before, DAY), tmp_path)
    for clause in before.clauses:
        found = after.clause(clause.ref)
        assert found is not None, clause.ref
        assert {name: found.sections.get(name) for name in clause.sections} == clause.sections
        assert found.title == clause.title
    assert [one.facts.partition("Content: ")[2] for one in after.precedents] == _standing(before)


def test_the_exported_text_is_as_the_model_expects_it() -> None:
    text = export_safeguard(load(find("acceptable_use")), DAY)
    headings = [line for line in text.splitlines() if line.startswith("## ")]
    assert headings == ["## INSTRUCTIONS", "## DEFINITIONS", "## VIOLATES (1)", "## SAFE (0)", "## EXAMPLES"]
    answers = [json.loads(line.removeprefix("Answer: ")) for line in text.splitlines() if line.startswith("Answer: ")]
    assert len(answers) == len(_standing(load(find("acceptable_use"))))
    assert {answer["violation"] for answer in answers} == {0, 1}


def test_a_roost_pack_goes_out_and_comes_back(tmp_path: Path) -> None:
    before = load(find("acceptable_use"))
    out = export_roost(before, tmp_path / "out", DAY)
    made = import_roost(out, tmp_path / "back", "back", DAY)
    after = load(made.folder)
    assert {clause.ref for clause in before.clauses} <= {clause.ref for clause in after.clauses}
    assert sorted(one.facts for one in after.precedents) == sorted(_standing(before))
    texts = [path.read_text() for path in out.rglob("policy.md")]
    assert _lost("\n".join(texts), after) == set()


def test_a_single_policy_with_a_set_of_examples_is_read(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "policy.md").write_text("# Goods (#ARS)\n\n## Promotion (ARS1)\n\nEncourages it.\n")
    rows = 'A remark about these data.,,\nexample,classification,Responses\n"One,\ntwo",ARS1,Answer\nThree,ARS0,\n'
    (source / "set.csv").write_text(rows)
    import_roost(source, tmp_path / "pack", "goods", DAY)
    pack = load(tmp_path / "pack")
    assert [(one.facts, one.rationale, one.title) for one in pack.precedents] == [
        ("One,\ntwo", "classification: ARS1\nResponses: Answer", "Example 1: violates"),
        ("Three", "classification: ARS0", "Example 2: does not violate"),
    ]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"policy.md": "no heading"}, "policy.md:1: this is no policy text: it has no heading; give it headings"),
        (
            {"policy.md": "x\n\n# T\n\n## Goal\n\nText"},
            "policy.md:3: no heading says what violates this policy; put the",
        ),
        ({}, "can't read the file"),
    ],
)
def test_a_text_that_is_no_policy_is_refused_with_its_place(files: dict[str, str], words: str, tmp_path: Path) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(PackError) as caught:
        import_safeguard(tmp_path / "policy.md", tmp_path / "pack", "imported", DAY)
    assert words in str(caught.value)
    assert not (tmp_path / "pack").exists()


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"notes.txt": "x"}, "source:1: there is no policy here; name a folder that holds policy.md"),
        (
            {"policy.md": "# T\n\n## Bad (1)\n\nText", "set.csv": "a,b\n1,2\n"},
            "set.csv:1: no column holds the examples",
        ),
    ],
)
def test_a_folder_that_is_no_roost_pack_is_refused(files: dict[str, str], words: str, tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    for name, text in files.items():
        (tmp_path / "source" / name).write_text(text)
    with pytest.raises(PackError) as caught:
        import_roost(tmp_path / "source", tmp_path / "pack", "imported", DAY)
    assert words in str(caught.value)
