"""Search beside its baselines, over a pack of three clauses and a model that knows letters only."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import ir_measures
import pytest

from evals.embedding import RememberingEmbedder
from evals.retrieving import (
    Question,
    RetrievalResult,
    Task,
    beside,
    gold_at_length,
    gold_clauses,
    measure,
    table,
    write_trec,
)
from evals.retrieving.questions import clause_id, passages
from evals.retrieving.searchers import Dense, Okapi, Ours, Searcher, Stock, Words
from policy_corpus import Pack
from retrieval import HashingEmbedder
from tests.retrieval.corpus import TODAY, clause, pack, precedent

PACK: Pack = pack(
    [
        clause("C-1", "A parcel that came late is paid back.", criteria={"parcel": ["yes"]}),
        clause("C-2", "Addresses of other people must not be shown."),
        clause("C-3", "Refunds take ten days after the sender has asked."),
    ],
    [precedent("P-1", "A parcel came ten days late.", plan="limit"), precedent("P-2", "An address was shown.")],
)
QUESTIONS = (
    Question("q1", "my parcel came late", ("C-1",), "late", PACK, TODAY, {"parcel": frozenset({"yes"})}),
    Question("q2", "they must not be shown addresses", ("C-2", "C-3"), "shown", PACK, TODAY),
    Question("q3", "nobody has said what is right here", (), "open", PACK, TODAY),
)
TASK = Task("three clauses", "clause", QUESTIONS, ("R@5", "RR", "top-1", "main@1"), clause_id, with_findings=True)


@pytest.fixture(scope="module")
def result() -> RetrievalResult:
    return measure([TASK], HashingEmbedder(), command="a command")


def searchers() -> list[Searcher]:
    model = RememberingEmbedder(HashingEmbedder())
    dense = Dense(model)
    return [Ours(model), Ours(model, with_findings=True), Words(), dense, Stock(dense)]


@pytest.mark.parametrize("searcher", searchers(), ids=lambda one: one.name)
def test_every_searcher_finds_what_a_text_says_plainly(searcher: Searcher) -> None:
    assert searcher.ranking(QUESTIONS[0], "clause")[0] == "C-1@1"
    assert {one.partition("@")[0] for one in searcher.ranking(QUESTIONS[1], "clause")} <= {"C-1", "C-2", "C-3"}


def test_only_what_is_asked_for_and_known_is_searched() -> None:
    assert {one.source for one in passages(QUESTIONS[0], "precedent")} == {"P-1", "P-2"}
    less = replace(QUESTIONS[0], pack=PACK.with_precedents(PACK.precedents[1:]))
    for searcher in searchers():
        assert "P-1" not in searcher.ranking(less, "precedent")


def test_figures_leave_out_what_nobody_has_judged(result: RetrievalResult) -> None:
    ours, *others = result.tasks[0].searchers
    assert ours.searcher == "ours" and not ours.behind_ours
    assert [one.searcher for one in others] == ["BM25", "dense", "stock chain", "ours with findings"]
    for figure in ours.figures:
        assert (figure.n, figure.unscored) == (2, 1)
    assert {figure.name: figure.value for figure in ours.figures}["main@1"] == 1.0
    assert all(figure.n == 2 for one in others for figure in one.behind_ours)
    found = {figure.name: figure for figure in others[-1].figures}["opposing found"]
    assert (found.value, found.n) == (1.0, 3)


def test_the_result_shows_and_exports(result: RetrievalResult, tmp_path: Path) -> None:
    shown = table(result)
    assert "three clauses (n = 3, 3 families)" in shown and "ours − stock chain" in shown
    kept = json.loads(result.to_json())
    assert kept["command"] == "a command" and "rankings" not in kept["tasks"][0]
    names = {path.name for path in write_trec(result, tmp_path)}
    assert {"three-clauses.qrels", "three-clauses.BM25.run", "three-clauses.stock-chain.run"} <= names
    assert (tmp_path / "three-clauses.qrels").read_text() == "q1 0 C-1 1\nq2 0 C-2 1\nq2 0 C-3 1\n"
    first = (tmp_path / "three-clauses.ours.run").read_text().splitlines()[0]
    assert first == "q1 Q0 C-1 1 1.000000 ours"


def test_large_run_files_are_compressed_and_replace_plain_ones(result: RetrievalResult, tmp_path: Path) -> None:
    plain = {path.name: path.read_text() for path in write_trec(result, tmp_path)}
    packed = write_trec(result, tmp_path, plain_up_to=100)
    assert {path.name for path in tmp_path.iterdir()} == {f"{name}.gz" for name in plain}
    assert {path.stem: gzip.decompress(path.read_bytes()).decode() for path in packed} == plain
    before = [path.read_bytes() for path in packed]
    assert [path.read_bytes() for path in write_trec(result, tmp_path, plain_up_to=100)] == before


def test_what_reads_trec_files_reads_these(result: RetrievalResult, tmp_path: Path) -> None:
    folder = beside(tmp_path / "figures.json")
    write_trec(result, folder)
    assert folder.name == "figures-trec"
    run = list(ir_measures.read_trec_run(str(folder / "three-clauses.ours.run")))  # type: ignore[no-untyped-call]
    judged = list(ir_measures.read_trec_qrels(str(folder / "three-clauses.qrels")))  # type: ignore[no-untyped-call]
    assert ir_measures.calc_aggregate([ir_measures.RR], judged, run)[ir_measures.RR] == 1.0


def test_at_length_each_gold_case_stands_among_other_texts(child_safety: Pack) -> None:
    plain, long = gold_clauses(child_safety), gold_at_length(child_safety)
    assert [(one.id, one.relevant) for one in long.questions] == [(one.id, one.relevant) for one in plain.questions]
    at = [two.text.find(one.text) for one, two in zip(plain.questions, long.questions, strict=True)]
    assert min(at) == 0 and max(at) > 1000
    words = [
        (len(one.text.split()), len(two.text.split())) for one, two in zip(plain.questions, long.questions, strict=True)
    ]
    assert all(after > 200 for before, after in words if before > 10)  # a text without spaces counts as a word or two
    assert min(after - before for before, after in words) >= 180


def test_okapi_is_that_of_rank_bm25() -> None:
    okapi = import_module("rank_bm25").BM25Okapi
    texts = [f"word{at % 3} word{at % 5} common {'more ' * (at % 4)}" for at in range(20)]
    query = "word1 common more more absent"
    expected = okapi([text.split() for text in texts]).get_scores(query.split())
    assert Okapi(texts).scores(query) == pytest.approx(expected)
