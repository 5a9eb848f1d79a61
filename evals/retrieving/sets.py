"""The sets: procedures, decisions of the Oversight Board, and the packs' gold cases of `tune`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from evals import gold
from evals.datasets.oversight_board import pack_of, read
from evals.datasets.oversight_board.packing import RELEASE, precedents_of
from evals.datasets.procedures import procedures
from evals.gold import GoldCase
from evals.relevance.line import everyday
from evals.retrieving.questions import Findings, Question, Task, area, clause_id, itself
from evals.splits import hidden, without
from policy_corpus import Pack

DEEP = ("R@5", "R@10", "R@20", "RR")


def procedure_documents(path: Path) -> Task:
    """Which documents a scenario requires; its `tune` part."""
    suite = procedures(path)
    questions = tuple(
        Question(
            one.id, one.case.text, one.expected.sources or (), one.family, suite.pack, suite.pack.manifest.released
        )
        for one in suite.cases("tune")
    )
    note = "Scenarios are instructions to someone who plays a customer, of some 400 words, with 9 documents each."
    return Task("procedures", "clause", questions, DEEP, clause_id, (note,))


def board_standards(path: Path) -> Task:
    """Which standard the Board applied, by its nearest paragraph; decisions of 2023."""
    board = read(path)
    pack = pack_of(board, ())
    questions = tuple(
        Question(one.id, one.facts, board.scorable(one), one.id, pack, one.decided)
        for one in board.decisions
        if one.decided >= RELEASE
    )
    note = "Search alone; what the copilot makes of it is in `eval oversight-board`."
    return Task("oversight-board, standard", "clause", questions, ("top-1", "top-3", "RR"), area, (note,))


def board_citations(path: Path) -> Task:
    """Which earlier decisions the Board cited, among those that were out; decisions of 2023."""
    board = read(path)
    pack = pack_of(board, ())
    questions = tuple(
        Question(
            one.id,
            one.facts,
            board.citable(one),
            one.id,
            pack.with_precedents(precedents_of(board, board.before(one.decided))),
            one.decided,
        )
        for one in board.decisions
        if one.decided >= RELEASE
    )
    note = "Boards cite for principles more than for like facts: the most cited so far are hard to beat by any search."
    return Task("oversight-board, cited", "precedent", questions, ("R@5", "R@10", "RR"), itself, (note,))


def gold_clauses(pack: Pack) -> Task:
    """Which clauses decide a gold case, by its text alone and with its findings."""
    cases = [one for one in _tune(pack) if one.expected.clauses]
    questions = tuple(_question(one, pack, tuple(_id(ref) for ref in one.expected.clauses or ())) for one in cases)
    measures = (*DEEP, "main@1", "main@5", "main@12")
    note = "Findings are those of the gold case, not of detectors: what search makes of true findings."
    return Task(f"{pack.id} gold, clauses", "clause", questions, measures, clause_id, (note,), with_findings=True)


def gold_at_length(pack: Pack) -> Task:
    """The same among three texts that are about something else: first, between them or last."""
    beside = everyday(at_least=40)
    cases = [one for one in _tune(pack) if one.expected.clauses]
    questions = []
    for number, one in enumerate(cases):
        said = [beside[(number * 5 + turn * 7) % len(beside)] for turn in range(3)]
        said.insert(number % 4, one.case.text)
        made = _question(one, pack, tuple(_id(ref) for ref in one.expected.clauses or ()))
        questions.append(replace(made, text="\n".join(said)))
    measures = (*DEEP, "main@1", "main@5", "main@12")
    note = "Each case stands among some 220 words of recipes, sport, taxes or gardens."
    return Task(f"{pack.id} gold at length, clauses", "clause", tuple(questions), measures, clause_id, (note,))


def gold_precedents(pack: Pack) -> Task:
    """Precedents decided under the gold case's main clause. Its own family's are hidden."""
    questions = []
    for one in _tune(pack):
        if one.expected.clauses:
            made = _question(one, pack, ())
            main = _id(one.expected.clauses[0])
            alike = tuple(each.id for each in made.pack.precedents if main in {_id(ref) for ref in each.clauses[:1]})
            questions.append(Question(**{**vars(made), "relevant": alike}))
    note = (
        "Gold names no precedents: relevant are those whose main clause is the case's. Cases without any are unscored."
    )
    measures = ("top-1", "top-5", "nDCG@10", "RR")
    return Task(f"{pack.id} gold, precedents", "precedent", tuple(questions), measures, itself, (note,))


def _tune(pack: Pack) -> list[GoldCase]:
    folder = gold.SHIPPED / pack.id
    return [one for one in gold.load(folder, pack) if one.part == "tune"] if folder.is_dir() else []


def _question(one: GoldCase, pack: Pack, relevant: tuple[str, ...]) -> Question:
    known = without(pack, hidden(one, pack, dated=False))
    return Question(one.id, one.case.text, relevant, one.family, known, one.case.judged_on, _findings(one))


def _findings(one: GoldCase) -> Findings:
    found: dict[str, set[str]] = {}
    for finding in one.expected.findings or ():
        found.setdefault(finding.fact, set()).add(finding.value)
    return {fact: frozenset(values) for fact, values in found.items()}


def _id(ref: str) -> str:
    return ref.partition("@")[0]
