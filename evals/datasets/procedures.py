"""An organisation's procedures, and scenarios with the documents that each requires."""

from __future__ import annotations

from pathlib import Path

from copilot.cases import Case, Part, Party
from evals.base import Strict
from evals.datasets.deciding import ACTIONS, ASKED, TRAINED, safe_id
from evals.datasets.files import read_models
from evals.errors import DataError
from evals.gold import Expected, GoldCase
from evals.hashing import digest_of_files
from evals.splits import part_of
from evals.suites import HeldSuite
from policy_corpus import Clause, Fact, Pack, Problem, Vocabulary
from policy_corpus.pack import Manifest


class _Document(Strict):
    id: str
    title: str
    text: str


class _Scenario(Strict):
    id: str
    text: str
    required_documents: tuple[str, ...]


def procedures(path: Path) -> HeldSuite:
    """Procedures; measured is whether a scenario brings up the documents that it requires."""
    place = path / "procedures"
    documents = read_models(place / "documents.jsonl.gz", _Document, "documents of procedures")
    scenarios = read_models(_one(place, "cases*"), _Scenario, "scenarios of procedures")
    known = {document.id for document in documents}
    if lost := [(one.id, id) for one in scenarios for id in one.required_documents if id not in known]:
        raise DataError(Problem("procedures", 1, f"'{id}' requires unknown document '{name}'") for id, name in lost)
    return HeldSuite(
        "procedures",
        _procedure_pack(documents),
        tuple(_scenario_case(one) for one in scenarios),
        digest_of_files([place]),
        notes=("Scenarios are instructions to someone who plays a customer, not cases as they come in.",),
    )


def _one(place: Path, pattern: str) -> Path:
    return next(iter(sorted(place.glob(pattern))), place / pattern)


def _procedure_pack(documents: tuple[_Document, ...]) -> Pack:
    return Pack(
        manifest=Manifest(id="procedures", title="Procedures", version="1", released=TRAINED),
        vocabulary=Vocabulary(facts={"label": Fact(title="Label", definition="None.", values={"unknown": ""})}),
        actions=ACTIONS,
        duties={},
        clauses=tuple(Clause(id=safe_id(one.id), title=one.title, sections={"rule": one.text}) for one in documents),
        precedents=(),
    )


def _scenario_case(one: _Scenario) -> GoldCase:
    account = Party(id="account", kind="account", role="subject")
    part = Part(id="text", role="user", party="account", text=one.text)
    case = Case(id=one.id, received_at=ASKED, language="en", parties=(account,), parts=(part,))
    wanted = tuple(safe_id(id) for id in one.required_documents)
    return GoldCase(
        case=case, expected=Expected(sources=wanted), family=one.id, part=part_of(one.id, salt="procedures")
    )
