"""What the gate and a second opinion are for: planted faults, and the same cases with and without another drafter."""

from __future__ import annotations

import asyncio
import json
import random
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from copilot import gate
from copilot.drafters.precedents import PrecedentDrafter
from copilot.drafts import Citation
from copilot.gate import CitationVerdict
from evals import figures, gold_suite
from evals.answers import Answer
from evals.measuring import SuiteResult, measure
from evals.metrics.figure import Figure
from evals.metrics.intervals import Sampling
from evals.nearest import NearestDrafter
from evals.rows import Row, Sheet
from evals.studies import Study, study_gate, study_second_opinion
from evals.studies.faults import FAULTS, SOUND, Setting
from evals.studies.gate import is_sound
from evals.suites import HeldSuite
from evals.systems import WITH_SECOND, WITHOUT_SECOND, ReviewerSystem, ablations
from evals.tables import study_lines
from policy_corpus import Pack, Status, Tier
from tests.evals.small_pack import GOLD, PRECEDENTS, precedent, reviewer, small_pack

SUITE = HeldSuite("library", small_pack(), GOLD)
TUNE = SUITE.cases("tune")
QUICK = Sampling(samples=100)


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> SuiteResult:
    file = tmp_path_factory.mktemp("gold") / "cases.jsonl"
    file.write_text("".join(one.model_dump_json() + "\n" for one in GOLD))
    return gold_suite.run(reviewer(small_pack()), cases=file, sampling=QUICK)


def figure(study: Study, column: str, name: str) -> Figure:
    found = study.figure(column, name)
    assert found is not None, name
    return found


def test_every_planted_fault_is_marked_and_no_sound_citation_is(result: SuiteResult) -> None:
    study = next(one for one in result.studies if one.name == "gate")
    kinds = [one.name for one in FAULTS if one.name != "altered quote: number changed"]  # these quotes hold no number
    for kind in kinds:
        found = figure(study, "with", f"marked: {kind}")
        assert found.value == 1.0 and found.n >= 4 and found.low is not None and found.low < 1.0, found
        assert figure(study, "without", f"marked: {kind}").value == 0.0
    for way in SOUND:
        found = figure(study, "with", f"falsely marked: {way}")
        assert found.value == 0.0 and found.n >= 4 and found.better == "lower"
    assert figure(study, "with", "named rightly: clause or precedent out of force").value == 1.0


def test_the_same_seed_plants_the_same_faults(result: SuiteResult) -> None:
    run = result.judged.run
    one, again = (study_gate(run, TUNE, small_pack(), QUICK) for _ in range(2))
    assert one == again and one is not None
    capped = study_gate(run, TUNE, small_pack(), QUICK, most=2)
    assert capped is not None and {f.n + f.unscored for f in capped.columns["with"]} == {2}


def test_a_gate_that_lets_things_through_shows(result: SuiteResult, monkeypatch: pytest.MonkeyPatch) -> None:
    """The study measures the gate and nothing else: one that passes everything marks nothing."""
    strict = gate.check

    def lenient(*given: object, **more: object) -> gate.GateReport:
        report = strict(*given, **more)  # type: ignore[arg-type]
        passed = (one.model_copy(update={"verdict": CitationVerdict.VERBATIM}) for one in report.citations)
        return report.model_copy(update={"citations": tuple(passed)})

    monkeypatch.setattr(gate, "check", lenient)
    study = study_gate(result.judged.run, TUNE, small_pack(), QUICK)
    assert study is not None
    assert {one.value for one in study.columns["with"] if one.name.startswith("marked")} == {0.0}


def test_drafts_without_a_sound_citation_give_no_study() -> None:
    silent = measure(SUITE, [ReviewerSystem("copilot", reviewer(small_pack(()), detectors=()))], sampling=QUICK)
    assert [study.name for study in silent.studies] == []


def _setting(pack: Pack) -> Setting:
    given = tuple(passage for clause in pack.clauses for passage in clause.passages())
    return Setting(given[0], given, pack)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_planted_fault_is_none_that_leaves_the_citation_sound(fault) -> None:  # type: ignore[no-untyped-def]
    setting = _setting(small_pack())
    citation = Citation(source=setting.passage.id, quote=setting.passage.text)
    assert is_sound(citation, setting.given, setting.pack, date(2025, 1, 1))
    for seed in range(20):
        planted = fault.plant(citation, setting, random.Random(seed))
        if planted is None:
            assert fault.name == "altered quote: number changed"  # there is no number in it
        elif not fault.ended:
            assert not is_sound(planted, setting.given, setting.pack, date(2025, 1, 1)), planted


def test_sound_is_what_stands_once_in_a_source_that_stands() -> None:
    overruled = PRECEDENTS[0].model_copy(update={"status": Status.OVERRULED, "status_reason": "wrong"})
    pack = small_pack((overruled, *PRECEDENTS[1:]))
    given = tuple(pack.passages())
    facts = next(one for one in given if one.source == "P-1")
    other = next(one for one in given if one.source == "P-2" and "lamps" in one.text)
    on = date(2025, 1, 1)
    assert not is_sound(Citation(source=facts.id, quote=facts.text), given, pack, on)
    assert is_sound(Citation(source=other.id, quote="advert for cheap  lamps was pinned on"), given, pack, on)
    assert not is_sound(Citation(source=other.id, quote="advert for cheap lamps"), given, pack, on)
    assert not is_sound(Citation(source="P-77#facts", quote=other.text), given, pack, on)


def _row(id: str, tier: Tier | None, confidence: float | None = None, disagreement: bool = False) -> Row:
    gold = next(one for one in GOLD if one.id == id)
    answer = Answer(tier=tier, confidence=confidence, abstained=tier is None, disagreement=disagreement)
    return Row(gold, answer, small_pack())


def test_with_and_without_a_second_opinion_by_hand() -> None:
    """g-1 is to be enforced; g-5 and g-6 left alone. The second opinion warns of the wrong one and answers the open."""
    alone = (_row("g-1", Tier.NONE, 0.8), _row("g-5", Tier.NONE, 0.6), _row("g-6", None))
    beside = (_row("g-1", Tier.NONE, 0.5, True), _row("g-5", Tier.NONE, 0.6), _row("g-6", Tier.ENFORCE, 0.4))
    study = study_second_opinion(Sheet(alone, QUICK), Sheet(beside, QUICK))
    assert study is not None
    assert figure(study, "without", "coverage").value == pytest.approx(2 / 3)
    assert figure(study, "with", "coverage").value == 1.0
    assert figure(study, "difference", "coverage").value == pytest.approx(1 / 3)
    assert figure(study, "without", "wrong plan recommended").value == pytest.approx(1 / 3)
    assert figure(study, "with", "wrong plan recommended").value == pytest.approx(2 / 3)
    assert figure(study, "with", "drafts differ").value == pytest.approx(1 / 3)
    assert figure(study, "with", "wrong where drafts differ").value == 1.0
    assert figure(study, "with", "wrong where they don't").value == 0.5
    assert figure(study, "difference", "confidence where drafts differ").value == pytest.approx(-0.3)
    assert figure(study, "difference", "confidence where they don't").value == pytest.approx(0.0)
    heeded = "with, left open where drafts differ"
    assert figure(study, heeded, "coverage").value == pytest.approx(2 / 3)
    assert figure(study, heeded, "wrong plan recommended").value == pytest.approx(1 / 3)
    warning = figure(study, "difference", "wrong: what a difference says")
    assert warning.value == pytest.approx(0.5) and warning.n == 3
    assert study_second_opinion(Sheet(alone[:1], QUICK), Sheet(beside[1:], QUICK)) is None


def test_the_second_drafter_sees_precedents_only_and_is_remade_without_those_that_are_hidden() -> None:
    planted = precedent("P-9", GOLD[0].case.text, "LB-2", [("report_board", "case")], family="g-1")
    pack = small_pack((*PRECEDENTS, planted))
    system = next(
        one
        for one in ablations(reviewer(pack), remaker=_remaker(pack))
        if isinstance(one, ReviewerSystem) and one.name == WITH_SECOND
    )
    outcome = asyncio.run(system.answer(GOLD[0]))
    assert outcome.review is not None
    first, second = (checked.draft for checked in outcome.review.drafts)
    assert (first.drafter, second.drafter) == ("precedents", "nearest precedents")
    assert first.clauses and all(one.source.startswith("P-") for claim in second.claims for one in claim.citations)
    assert "P-9" not in outcome.review.model_dump_json()


def _remaker(pack: Pack):  # type: ignore[no-untyped-def]
    from evals.remaking import Remaker

    return Remaker.of(reviewer(pack))


def test_of_several_drafters_only_the_first_is_left() -> None:
    pack = small_pack()
    both = replace(reviewer(pack), drafters=(PrecedentDrafter(pack), NearestDrafter(PrecedentDrafter(pack))))
    names = [one.name for one in ablations(both, _remaker(pack))]
    assert WITHOUT_SECOND in names and WITH_SECOND not in names
    single = replace(reviewer(pack), detectors=())
    assert not {WITH_SECOND, WITHOUT_SECOND} & {one.name for one in ablations(single, _remaker(pack))}


@dataclass
class Contrary:
    """A drafter that wants everything barred, for a second opinion that differs."""

    inner: PrecedentDrafter
    name: str = "contrary"

    @property
    def settings(self) -> dict[str, str]:
        return {}

    def sent(self, case: object) -> tuple[()]:
        return ()

    async def find(self, case: object) -> tuple[()]:
        return ()

    async def draft(self, case, findings, duties, hits):  # type: ignore[no-untyped-def]
        from copilot.plans import Plan, Step

        drafted = await self.inner.draft(case, findings, duties, hits)
        barred = Plan(steps=(Step(action="bar_account", on="account"),))
        return drafted.model_copy(update={"drafter": self.name, "plan": barred, "abstained": "", "confidence": 0.9})


def test_a_model_beside_the_embedded_drafter_is_compared_with_standing_alone() -> None:
    pack = small_pack()
    both = replace(reviewer(pack), drafters=(PrecedentDrafter(pack), Contrary(PrecedentDrafter(pack))))
    systems = [ReviewerSystem("copilot", both), *ablations(both, _remaker(pack))]
    kept = [one for one in systems if one.name in ("copilot", WITHOUT_SECOND)]
    study = next(one for one in measure(SUITE, kept, sampling=QUICK).studies if one.name == "second opinion")
    differ = figure(study, "with", "drafts differ")
    assert differ.value is not None and differ.value > 0


def test_studies_are_in_json_table_page_and_texts(result: SuiteResult, tmp_path: Path) -> None:
    held = json.loads(result.to_json())
    assert set(held["studies"]) == {"gate", "second opinion"}
    assert {"with", "without", "difference"} < set(held["studies"]["second opinion"]["columns"])
    table, page = result.to_table(), result.to_html()
    for study in result.studies:
        assert study.title in table and study.title in page and study.notes[-1].replace("'", "&#39;") in page
        assert all(line in table for line in study_lines(study))
    (tmp_path / "library.json").write_text(result.to_json())
    text = tmp_path / "text.md"
    text.write_text('<!-- figure library.json "gate: with" "marked: wrong source" -->?<!-- /figure -->\n')
    assert figures.fill(text, tmp_path) == 1 and ">1.00 [" in text.read_text()
