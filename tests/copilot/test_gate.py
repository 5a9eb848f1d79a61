from __future__ import annotations

import pytest

from copilot.cases import Span
from copilot.drafts import Citation, Claim, Draft
from copilot.gate import CitationVerdict, check
from policy_corpus import Pack
from tests.copilot.stand_ins import case

RULE = "Whoever offers counterfeit goods on this market loses the stall."


def verdict(
    pack: Pack, source: str, quote: str, *, on: str = "2026-03-01", given: tuple[str, ...] | None = None
) -> tuple:
    passages = [passage for passage in pack.passages() if given is None or passage.id in given]
    draft = Draft(drafter="t", summary="", claims=(Claim(text="c", citations=(Citation(source=source, quote=quote),)),))
    report = check(draft, case("some words", received_at=f"{on}T00:00:00Z"), pack, passages)
    return report.citations[0].verdict, report.citations[0].detail, report


@pytest.mark.parametrize(
    ("source", "quote", "expected", "said"),
    [
        ("T-1@1#rule", RULE, "verbatim", ""),
        ("T-1@1#rule", "whoever offers counterfeit goods on this market", "altered", "[-Whoever-] {+whoever+}"),
        ("T-1@1#rule", "Whoever  offers counterfeit\ngoods on this", "verbatim", ""),
        ("T-1@1#rule", "counterfeit goods", "insufficient", "fewer than 6 words"),
        ("T-1@1#rule", RULE.replace("loses", "keeps"), "altered", "[-loses-] {+keeps+}"),
        ("T-2@1#rule", RULE, "misattributed", "'T-1@1#rule'"),
        ("T-1@1#rule", "Stalls may be painted in any colour at any time.", "fabricated", "stand nowhere"),
        ("T-9@1#rule", RULE, "fabricated", "does not exist"),
        ("S-0@1#rule", "stalls kept a bucket of water beside the counter", "out_of_force", "2026-03-01"),
        ("P-4#facts", "A stall sold perfume with a famous name", "out_of_force", "the mark was licensed after all"),
        ("T-1@1#rule", "", "fabricated", "stand nowhere"),
    ],
)
def test_verdicts(small: Pack, source: str, quote: str, expected: str, said: str) -> None:
    found, detail, report = verdict(small, source, quote)
    assert found == expected
    assert said in detail
    assert report.passed is (expected == "verbatim")


def test_a_source_that_was_not_given_is_fabricated(small: Pack) -> None:
    found, detail, _ = verdict(small, "T-1@1#rule", RULE, given=("T-2@1#rule",))
    assert found is CitationVerdict.FABRICATED
    assert "was not among what the drafter was given" in detail


def test_a_whole_short_sentence_is_enough_and_a_repeated_one_is_not(small: Pack) -> None:
    clause = small.clauses[0]
    short = clause.model_copy(update={"sections": {"rule": "Be fair. No fraud. Be kind. Be kind."}})
    pack = small.model_copy(update={"clauses": (short,), "precedents": ()})
    assert verdict(pack, f"{clause.ref}#rule", "No fraud.", on="2025-06-01")[0] is CitationVerdict.VERBATIM
    found, detail, _ = verdict(pack, f"{clause.ref}#rule", "Be kind.", on="2025-06-01")
    assert found is CitationVerdict.INSUFFICIENT
    assert "2 times" in detail


def test_the_place_of_a_quote_is_in_code_points(small: Pack) -> None:
    clause = small.clauses[0]
    text = "🙂🙂 Cafe\u0301  owners on this market keep the peace."
    odd = clause.model_copy(update={"sections": {"rule": text}})
    pack = small.model_copy(update={"clauses": (odd,), "precedents": ()})
    _, _, report = verdict(pack, f"{clause.ref}#rule", "Café owners on this market keep", on="2025-06-01")
    checked = report.citations[0]
    assert text[checked.start : checked.end] == "Cafe\u0301  owners on this market keep"


def test_claims_without_citation_or_with_loose_evidence_fail(small: Pack) -> None:
    good = Citation(source="T-1@1#rule", quote=RULE)
    claims = (
        Claim(text="cited", citations=(good,), evidence=(Span(part="text", start=0, end=4),)),
        Claim(text="uncited"),
        Claim(text="loose", citations=(good,), evidence=(Span(part="text", start=5, end=99),)),
        Claim(text="elsewhere", citations=(good,), evidence=(Span(part="nope", start=0, end=1),)),
    )
    report = check(Draft(drafter="t", summary="", claims=claims), case("some words"), small, small.passages())
    assert (report.uncited, report.loose, report.passed) == ((1,), (2, 3), False)
