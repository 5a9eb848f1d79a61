"""A team's rows become precedents, or it is said which cell is wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from policy_corpus import Pack, PackError, PlannedStep, PrecedentFinding
from policy_corpus.importing import Imported, ImportFailed, import_precedents, load_mapping

Write = Callable[..., Path]

HIDE = PlannedStep(action="hide", on="items")
TELL = PlannedStep(action="tell", on="case")


def _import(file: Path, mapping: Path, pack: Pack, **more: bool) -> Imported:
    return import_precedents(file, load_mapping(mapping, pack), pack, **more)


def test_a_row_becomes_a_precedent(small: Pack, csv_file: Write, mapping_file: Path) -> None:
    found = _import(csv_file({}), mapping_file, small)
    (one,) = found.precedents
    assert (found.problems, found.warnings) == ((), ())
    assert (one.id, one.area, one.language, one.authority, one.synthetic) == ("T-1", "trade", "en", "reviewed", False)
    assert (one.decided.isoformat(), one.clauses) == ("2026-03-01", ("T-1@1",))
    assert one.plan == (PlannedStep(action="hide", on="items"),)
    assert one.findings == (PrecedentFinding(fact="counterfeit", value="yes", about="a"),)


@pytest.mark.parametrize(
    ("change", "field", "value"),
    [
        ({"outcome": "Nothing"}, "plan", ()),
        ({"outcome": "told; removed"}, "plan", (TELL, HIDE)),
        ({"rule": "both"}, "clauses", ("T-1@1", "T-2@1")),
        ({"rule": "T-2@1; 4.2"}, "clauses", ("T-2@1", "T-1@1")),
        ({"rule": ""}, "clauses", ()),
        ({"fake": "?"}, "findings", ()),
        ({"fake": ""}, "findings", ()),
        ({"head": ""}, "title", "Decision T-1"),
        ({"state": "OLD", "note": "the mark was licensed"}, "status", "stale"),
        ({"summary": 'Two lines,\nand "quotes".'}, "facts", 'Two lines,\nand "quotes".'),
    ],
)  # fmt: skip
def test_cells_are_read_as_the_mapping_says(
    small: Pack, csv_file: Write, mapping_file: Path, change: dict[str, str], field: str, value: object
) -> None:
    found = _import(csv_file(change), mapping_file, small)
    assert found.problems == ()
    assert getattr(found.precedents[0], field) == value


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"outcome": "remved"}, "team.csv:3:outcome: values.plan doesn't say what 'remved' means; did you mean"),
        ({"outcome": "x" * 90}, "team.csv:3:outcome: values.plan doesn't say what a text of 90 characters means"),
        ({"rule": "T-9@1"}, "team.csv:3:rule: unknown clause 'T-9@1'; did you mean"),
        ({"queue": "gods"}, "team.csv:3:queue: unknown area 'gods'"),
        ({"queue": "word " * 30}, "team.csv:3:queue: too long for 'area': 149 characters; is this the right column?"),
        ({"closed": "yesterday"}, "team.csv:3:closed: not a date of the form YYYY-MM-DD; set 'dates' in the mapping"),
        ({"summary": ""}, "team.csv:3:summary: 'facts' is missing; fill the cell"),
        ({"state": "gone"}, "team.csv:3:state: unknown value 'gone' for 'status'; expected 'active', 'stale'"),
        ({"state": "old"}, "team.csv:3:state: status 'stale' needs a status_reason"),
        ({"fake": "maybe"}, "team.csv:3:fake: 'maybe' is no value of fact 'counterfeit'; expected one of"),
        ({"fake": "ask jane@example.org"}, "team.csv:3:fake: 'ask [e-mail address: j… (16 characters)]' is no value"),
        ({"ref": "a b"}, "team.csv:3:ref: 'id' can't be written so; letters, digits"),
        ({"ref": "1"}, "team.csv:3:ref: precedent 'T-1' stands here again; it is first in line 2"),
    ],
)  # fmt: skip
def test_a_wrong_row_is_named_and_stops_no_other(
    small: Pack, csv_file: Write, mapping_file: Path, change: dict[str, str], says: str
) -> None:
    found = _import(csv_file({}, change, {}), mapping_file, small)
    assert [one.id for one in found.precedents] == ["T-1", "T-3"]
    (problem,) = found.problems
    assert str(problem).startswith(says)


def test_an_id_of_the_pack_is_not_taken_again(small: Pack, csv_file: Write, mapping_file: Path) -> None:
    mapping_file.write_text(mapping_file.read_text().replace("id_prefix: T-", "id_prefix: P-"))
    found = _import(csv_file({}), mapping_file, small)
    assert str(found.problems[0]).startswith("team.csv:2:ref: the pack has a precedent 'P-1' already; set 'id_prefix'")


def test_broken_csv_lines_stop_no_other(small: Pack, csv_file: Write, mapping_file: Path) -> None:
    file = csv_file({}, {}, {})
    lines = file.read_text().splitlines()
    lines.insert(2, "one,two")
    lines.insert(4, '"never closed,x')
    file.write_text("\n".join([*lines, ""]))
    found = _import(file, mapping_file, small)
    assert [one.id for one in found.precedents] == ["T-1", "T-2", "T-3"]
    assert [str(one).split(";")[0] for one in found.problems] == [
        "team.csv:3: 2 fields, but the header has 12",
        "team.csv:5: not valid CSV: unexpected end of data",
    ]


def test_jsonl_may_hold_lists_objects_and_inner_keys(small: Pack, jsonl_file: Write, mapping_file: Path) -> None:
    text = mapping_file.read_text().replace("closed", "times.closed")
    mapping_file.write_text(text)
    file = jsonl_file(
        {"times": {"closed": "2026-03-01T10:00:00Z"}, "rule": ["4.2", "T-2@1"], "outcome": ["told"], "fake": "no"},
        {"times": {"closed": "2026-03-02"}, "outcome": [{"action": "hide", "on": "a"}]},
        {"times": {"closed": "2026-03-02"}, "outcome": [{"action": "hide", "on": "b"}]},
        {"times": {"closed": "2026-03-02"}, "head": ["a", "list"]},
    )
    file.write_text(file.read_text() + '{"ref": \n[1]\n')
    found = _import(file, mapping_file, small)
    assert [(one.clauses, one.plan[0].on) for one in found.precedents] == [
        (("T-1@1", "T-2@1"), "case"),
        (("T-1@1",), "a"),
    ]
    assert [str(one).split(";")[0] for one in found.problems] == [
        "team.jsonl:3:outcome: unknown target 'b'",
        "team.jsonl:4:head: 'title' is one value, and this is a list or an object",
        "team.jsonl:5:9: not valid JSON: Expecting value",
        "team.jsonl:6: the line is no object",
    ]


def test_a_row_whose_successor_goes_goes_with_it(small: Pack, csv_file: Write, mapping_file: Path) -> None:
    text = mapping_file.read_text().replace("status_reason: note", "status_reason: note, successor: other")
    mapping_file.write_text(text)
    file = csv_file({"other": "T-2"}, {"other": "T-3"}, {"other": "", "rule": "T-9@1"}, {"other": ""})
    found = _import(file, mapping_file, small)
    assert [one.id for one in found.precedents] == ["T-4"]
    assert len(found.problems) == 3


def test_rows_with_a_warning_wait_for_a_person(small: Pack, csv_file: Write, mapping_file: Path) -> None:
    file = csv_file({}, {"summary": "A stall, run by jane@example.org.", "why": "Asked Mr Fields."})
    found = _import(file, mapping_file, small)
    assert ([one.id for one in found.precedents], found.withheld) == (["T-1"], 1)
    assert [str(one) for one in found.warnings] == [
        "team.csv:3:summary: e-mail address at character 17, j… (16 characters); take it out of the text",
        "team.csv:3:why: name at character 10, F… (6 characters); take it out of the text",
    ]
    accepted = _import(file, mapping_file, small, accept_warned=True)
    assert ([one.id for one in accepted.precedents], accepted.withheld) == (["T-1", "T-2"], 0)
    assert accepted.warnings == found.warnings


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("id: ref", "idd: ref", "mapping.yaml:3: precedents have no field 'idd'; did you mean 'id'?"),
        ("language: en, ", "", "mapping.yaml:1: nothing gives 'language'; add it"),
        ("authority: reviewed", "authority: illustrative", "mapping.yaml:5: a decision that was made is not"),
        ("language: en", "language: en, synthetic: true", "mapping.yaml:5: imported decisions were made by people"),
        ("  counterfeit:", "  conterfeit:", "mapping.yaml:15: unknown fact 'conterfeit'; did you mean 'counterfeit'?"),
        ('"y": "yes"', '"y": "yea"', "mapping.yaml:15: unknown value 'yea' of fact 'counterfeit'; did you mean 'yes'?"),
        ("format: 1", "format: 2", "mapping.yaml:1: unknown value 2 for 'format'"),
        ("id_prefix: T-", "delimiter: ', '", "mapping.yaml:1: a delimiter is one character"),
        ("id_prefix: T-", "id_prefix: [", "mapping.yaml:17: can't read this as YAML"),
    ],
)  # fmt: skip
def test_a_wrong_mapping_is_named_with_its_line(small: Pack, mapping_file: Path, old: str, new: str, says: str) -> None:
    text = mapping_file.read_text()
    assert old in text
    mapping_file.write_text(text.replace(old, new))
    with pytest.raises(PackError) as error:
        load_mapping(mapping_file, small)
    assert says in str(error.value)


@pytest.mark.parametrize(
    ("name", "content", "error", "says"),
    [
        ("team.csv", "ref,heed\n1,2\n", PackError, "team.csv:1: there is no column 'head' (columns.title)"),
        ("team.csv", "ref,ref\n1,2\n", PackError, "team.csv:1: column 'ref' stands in the header twice"),
        ("team.xlsx", "", ImportFailed, "'team.xlsx' is neither CSV nor JSONL"),
        ("gone.csv", None, ImportFailed, "can't read 'gone.csv': No such file or directory"),
        ("team.csv", b"\xff\xfe", ImportFailed, "'team.csv' is not UTF-8 text"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_said_so(
    small: Pack, mapping_file: Path, tmp_path: Path, name: str, content: Any, error: type[Exception], says: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(error) as raised:
        _import(tmp_path / name, mapping_file, small)
    assert says in str(raised.value)
