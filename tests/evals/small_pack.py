"""A small pack about a library's notice board, for tests of measuring."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from copilot.cases import Case, Part, Party
from copilot.detectors import Detector
from copilot.drafters.precedents import PrecedentDrafter
from copilot.findings import Finding
from copilot.review import Reviewer
from evals.gold import Expected, GoldCase
from policy_corpus import (
    Action,
    Clause,
    Duty,
    Fact,
    Pack,
    PlannedStep,
    Precedent,
    PrecedentFinding,
    Reportability,
    Scope,
    Stage,
    Tier,
    Vocabulary,
)
from policy_corpus.actions import Target
from policy_corpus.pack import Manifest
from retrieval import BruteForceIndex, HashingEmbedder, Retriever


def _action(title: str, tier: Tier, stage: Stage, targets: tuple[Target, ...]) -> Action:
    return Action(
        title=title, definition=title, targets=targets, tier=tier, stage=stage, reversible=True, gate="one_reviewer"
    )


ACTIONS = {
    "leave": _action("Leave", Tier.NONE, Stage.NOTIFY, ("case",)),
    "escalate_desk": _action("Ask the desk", Tier.PROTECT, Stage.CONTAIN, ("case",)),
    "take_down": _action("Take down", Tier.ENFORCE, Stage.CONTAIN, ("item",)),
    "bar_account": _action("Bar", Tier.ENFORCE, Stage.CONTAIN, ("account",)),
    "report_board": _action("Report to the board", Tier.REPORT, Stage.REPORT, ("case",)),
}

VOCABULARY = Vocabulary(
    facts={
        "advert": Fact(title="Advert", definition="It sells.", values={"yes": "", "no": "", "unknown": ""}),
        "flood": Fact(title="Flood", definition="Water.", values={"yes": "", "no": "", "unknown": ""}),
        "member": Fact(
            title="Member", definition="Of the library.", about=Scope.PARTY, values={"yes": "", "no": "", "unknown": ""}
        ),
    }
)

DUTIES = {
    "tell_board": Duty(
        title="Tell the board of floods",
        definition="Floods are reported.",
        kind="report",
        law=True,
        criteria={"flood": ["yes"]},
        floor=(PlannedStep(action="report_board", on="case"),),
    )
}

CLAUSES = (
    Clause(
        id="LB-1",
        title="Adverts",
        area="board",
        criteria={"advert": ["yes"]},
        default_plan=(PlannedStep(action="take_down", on="items"),),
        sections={"rule": "Adverts for goods are taken down from the notice board of the library."},
    ),
    Clause(
        id="LB-2",
        title="Floods",
        area="house",
        criteria={"flood": ["yes"]},
        duties=("tell_board",),
        default_plan=(PlannedStep(action="report_board", on="case"),),
        sections={"rule": "Water in the reading room is reported to the board of the library at once."},
    ),
    Clause(
        id="LB-3",
        title="Lost things",
        area="board",
        protects=True,
        sections={"rule": "Notices about lost things may stay on the notice board for four weeks."},
    ),
)


def precedent(id: str, facts: str, clause: str, plan: Sequence[tuple[str, str]], family: str = "") -> Precedent:
    return Precedent(
        id=id,
        title=f"Story {id}",
        decided=date(2024, 1, 1),
        family=family or id,
        facts=facts,
        plan=tuple(PlannedStep(action=action, on=on) for action, on in plan),
        clauses=(f"{clause}@1",),
        rationale=f"The desk decided so because clause {clause} says what to do with such notices.",
        reportability=Reportability.OBLIGED if clause == "LB-2" else Reportability.NOT_INDICATED,
    )


PRECEDENTS = (
    precedent(
        "P-1", "Someone pinned an advert that sells bicycles on the notice board.", "LB-1", [("take_down", "items")]
    ),
    precedent("P-2", "An advert for cheap lamps was pinned on the board twice.", "LB-1", [("take_down", "items")]),
    precedent("P-3", "Water ran into the reading room and someone wrote a notice.", "LB-2", [("report_board", "case")]),
    precedent("P-4", "A notice asked for a lost green umbrella.", "LB-3", [("leave", "case")]),
    precedent("P-5", "A notice asked who had found a lost key.", "LB-3", [("leave", "case")]),
)


def small_pack(precedents: tuple[Precedent, ...] = PRECEDENTS) -> Pack:
    return Pack(
        manifest=Manifest(
            id="library_board",
            title="Library",
            version="1",
            released=date(2024, 1, 1),
            areas={"board": "", "house": ""},
        ),
        vocabulary=VOCABULARY,
        actions=ACTIONS,
        duties=DUTIES,
        clauses=CLAUSES,
        precedents=precedents,
    )


class WordDetector:
    """Finds a fact where a word stands."""

    name = "words"

    def find(self, case: Case, before: Sequence[Finding] = ()) -> tuple[Finding, ...]:
        found = (("advert", "advert"), ("water", "flood"))
        return tuple(
            Finding(fact=fact, value="yes", kind="detector", finder=self.name)
            for word, fact in found
            if word in case.text.lower()
        )


def reviewer(pack: Pack, *, detectors: Sequence[Detector] = (WordDetector(),)) -> Reviewer:
    retriever = Retriever(pack, BruteForceIndex(HashingEmbedder(dimension=128)))
    retriever.sync()
    return Reviewer(pack, retriever, detectors, (PrecedentDrafter(pack),))


def case(id: str, text: str) -> Case:
    account = Party(id="account", kind="account", role="subject")
    return Case(id=id, parties=(account,), parts=(Part(id="text", role="user", party="account", text=text),))


def gold(id: str, text: str, clause: str, tier: Tier, **more: object) -> GoldCase:
    plans = {"LB-1": [("take_down", "items")], "LB-2": [("report_board", "case")], "LB-3": []}[clause]
    expected = Expected(
        acceptable_plans=(tuple(PlannedStep(action=action, on=on) for action, on in plans),),
        tier=tier,
        reportability=Reportability.COUNSEL if clause == "LB-2" else Reportability.NOT_INDICATED,
        duties=("tell_board",) if clause == "LB-2" else (),
        clauses=(clause,),
        findings=(PrecedentFinding(fact="advert", value="yes"),) if clause == "LB-1" else (),
        protected=clause == "LB-3",
    )
    fields: dict[str, object] = {"family": id, "area": "board", **more}
    return GoldCase(case=case(id, text), expected=expected, **fields)


GOLD = (
    gold("g-1", "An advert sells chairs on the notice board.", "LB-1", Tier.ENFORCE),
    gold("g-2", "There is an advert for lamps.", "LB-1", Tier.ENFORCE, family="lamps"),
    gold("g-3", "There is a lamp on the stairs.", "LB-3", Tier.NONE, family="lamps"),
    gold("g-4", "Water stands in the reading room.", "LB-2", Tier.REPORT, area="house"),
    gold("g-5", "A lost green umbrella; who has found it?", "LB-3", Tier.NONE),
    gold("g-6", "A lost key was handed in at the desk.", "LB-3", Tier.NONE, traps=("benign",)),
    gold("g-7", "Water and an advert, both on the board.", "LB-2", Tier.REPORT, part="test"),
)
