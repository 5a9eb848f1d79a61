"""Public sets, read as published: what becomes clause, precedent and case, and what is never loaded."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from evals import public
from evals.datasets.labelled import Label, Labelled, Source, suite_of
from evals.datasets.mapped import Mapping, mapped, safeguard_golden
from evals.datasets.moderation import flags_of
from evals.datasets.public import SETS
from evals.errors import DataError, RunError
from evals.metrics.intervals import Sampling
from evals.splits import check_no_precedent
from policy_corpus import Tier
from retrieval import HashingEmbedder


@pytest.fixture
def sets(fixtures: Path) -> Path:
    return fixtures / "sets"


@pytest.mark.parametrize("name", SETS)
def test_a_set_becomes_a_suite_whose_families_are_whole(name: str, sets: Path) -> None:
    suite = SETS[name](sets)
    trained = {precedent.family for precedent in suite.pack.precedents}
    tune, test = ({case.family for case in suite.cases(part)} for part in ("tune", "test"))
    assert suite.name == name and suite.pack.clauses and suite.data_sha256
    assert tune | test and not tune & test
    assert not trained & (tune | test)
    check_no_precedent(suite)


def test_rows_labelled_child_safety_are_counted_and_never_loaded(sets: Path) -> None:
    suite = SETS["openai-moderation"](sets)
    assert suite.counts == {"withheld, labelled child-safety": 1, "withheld, sexual and not labelled either way": 1}
    everything = [case.case.text for case in suite.held] + [one.facts for one in suite.pack.precedents]
    assert not any("withheld" in text or "placeholder" in text for text in everything)
    assert not any(clause.id == "S3" for clause in suite.pack.clauses)
    assert "withheld, labelled child-safety: 1 rows" in suite.notes


def test_a_row_with_unknown_flags_is_unscored() -> None:
    assert flags_of({"HR": 1, "V": 0}) == ("HR",)
    assert flags_of({"V": 1, "V2": 1}) == ("V2", "V")
    assert flags_of({"V": 0, "HR": 0}) is None
    assert flags_of(dict.fromkeys(("S", "H", "V", "HR", "SH", "H2", "V2"), 0)) == ("none",)


def test_an_obfuscated_twin_stays_with_its_original(sets: Path) -> None:
    suite = SETS["hatecheck"](sets)
    family = {case.id: case.family for case in suite.held} | {one.id: one.family for one in suite.pack.precedents}
    assert family["hc-20"] == family["hc-1"] == family["hc-2"]


def test_labels_say_what_is_expected() -> None:
    labels = (Label("bad", "Bad", "Bad things."), Label("fine", "Fine", "Fine things.", violates=False))
    rows = [
        Labelled("r/1", "one", ("bad",), share="tune", by_hash=False),
        Labelled("r2", "two", ("fine",), share="tune", by_hash=False),
        Labelled("r3", "three", None, share="test", by_hash=False),
        Labelled("r4", "four", ("bad",), share=None, by_hash=False),
    ]
    suite = suite_of(Source("own", "Own", labels, "0" * 64), rows)
    bad, fine = (case.expected for case in suite.cases("tune"))
    assert (bad.tier, bad.clauses, bad.protected) == (Tier.ENFORCE, ("bad",), False)
    assert (fine.tier, fine.clauses, fine.protected) == (Tier.NONE, ("fine",), True)
    assert suite.cases("test")[0].expected.tier is None
    assert [precedent.id for precedent in suite.pack.precedents] == ["r4"]


def test_rare_labels_survive_thinning() -> None:
    labels = (Label("rare", "R", "Rare."), Label("common", "C", "Common.", violates=False))
    rows = [
        Labelled(f"r{n}", f"text {n}", ("rare" if n % 20 == 0 else "common",), share=None, by_hash=False)
        for n in range(100)
    ]
    suite = suite_of(Source("own", "Own", labels, "0" * 64, most_precedents=50), rows)
    assert 48 <= len(suite.pack.precedents) <= 50
    assert sum(one.clauses == ("rare@1",) for one in suite.pack.precedents) == 5


def test_thinning_keeps_the_sets_proportions() -> None:
    labels = (Label("bad", "B", "Bad."), Label("fine", "F", "Fine.", violates=False))
    rows = [
        Labelled(f"r{n}", f"text {n}", ("bad" if n % 4 == 0 else "fine",), share=None, by_hash=False)
        for n in range(4000)
    ]
    suite = suite_of(Source("own", "Own", labels, "0" * 64, most_precedents=1000), rows)
    bad = sum(one.clauses == ("bad@1",) for one in suite.pack.precedents)
    assert 240 <= bad <= 260 and 990 <= len(suite.pack.precedents) <= 1000


def test_any_file_by_naming_its_columns(sets: Path) -> None:
    mapping = Mapping(text="body", label="verdict", family="story", benign=("fine",), withheld=("csam",))
    suite = mapped(sets / "golden" / "other.csv", mapping)
    assert {clause.id for clause in suite.pack.clauses} == {"bad", "fine"}
    assert suite.counts == {"withheld": 1} and len(suite.held) + len(suite.pack.precedents) == 12
    with pytest.raises(DataError, match="other.csv:2: there is no column 'text'; expected one of: body"):
        mapped(sets / "golden" / "other.csv", Mapping())


@pytest.mark.parametrize(("file", "count"), [("golden_dataset.csv", 4), ("columns.csv", 2)])
def test_a_published_golden_sheet(sets: Path, file: str, count: int) -> None:
    suite = safeguard_golden(sets / "golden" / file, sets / "golden" / "policy.txt")
    assert len(suite.held) + len(suite.pack.precedents) == count
    clauses = {clause.id: clause for clause in suite.pack.clauses}
    assert clauses["NB0"].protects and not clauses["NB2"].protects
    assert "sell goods" in clauses["NB2"].rule


def test_the_models_own_answer_is_not_what_is_expected(sets: Path) -> None:
    suite = safeguard_golden(sets / "golden" / "golden_dataset.csv")
    said = {case.case.text: case.expected.clauses for case in suite.held}
    said |= {one.facts: tuple(ref.removesuffix("@1") for ref in one.clauses) for one in suite.pack.precedents}
    assert said["Cheap chairs for sale today"] == ("NB2",)


@pytest.mark.parametrize("name", ["injection", "procedures"])
def test_a_public_set_is_measured_end_to_end(name: str, sets: Path, embedder: HashingEmbedder, quick: Sampling) -> None:
    result = public.run(name, sets, embedder=embedder, sampling=quick)
    names = {figure.name for figure in result.judged.figures}
    assert ("sources R@10" if name == "procedures" else "action F1") in names
    assert "figure" in result.to_table()


def test_what_is_wrong_is_named(sets: Path, tmp_path: Path, embedder: HashingEmbedder) -> None:
    with pytest.raises(RunError, match="unknown set 'edoss'; did you mean 'edos'"):
        public.run("edoss", sets, embedder=embedder)
    with pytest.raises(DataError, match="there are no prompts of xstest"):
        SETS["xstest"](tmp_path)
    shutil.copytree(sets / "procedures", tmp_path / "procedures")
    with (tmp_path / "procedures" / "cases-dev.jsonl").open("a") as stream:
        stream.write('{"id": "task_x", "text": "t", "required_documents": ["doc_none"]}\n')
    with pytest.raises(DataError, match="'task_x' requires unknown document 'doc_none'"):
        SETS["procedures"](tmp_path)
    (tmp_path / "edos").mkdir()
    (tmp_path / "edos" / "rows.jsonl.gz").write_bytes(b"not gzip")
    with pytest.raises(DataError, match="rows.jsonl.gz:1: can't read the file"):
        SETS["edos"](tmp_path)


def test_the_copilot_learns_from_all_labels_and_the_nearest_alone_are_an_ablation(embedder: HashingEmbedder) -> None:
    labels = (Label("bad", "Bad", "Offers."), Label("fine", "Fine", "Losses.", violates=False))
    said = {"bad": "cheap lamp for sale number", "fine": "lost umbrella in the hall number"}
    rows = [
        Labelled(
            f"{label}-{n}", f"{text} {n}", (label,), f"{label}{n}", share="tune" if n >= 30 else None, by_hash=False
        )
        for label, text in said.items()
        for n in range(32)
    ]
    result = public.run_suite(suite_of(Source("own", "Own", labels, "0" * 64), rows), embedder=embedder)
    systems = {one.name: one for one in result.systems}
    leaning, nearest = (
        systems["copilot"].figure("Brier score"),
        systems["nearest precedents only"].figure("Brier score"),
    )
    assert leaning is not None and leaning.value is not None and leaning.value < 0.05
    assert nearest is not None and nearest.value is not None and nearest.value > leaning.value
