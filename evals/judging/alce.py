"""Citation recall and precision by ALCE (Gao et al. 2023, "Enabling Large Language Models to Generate Text with
Citations"): a claim is recalled when the passages that it cites together entail it; a citation is precise when its
claim is recalled and it is needed for that, or entails it alone.

ALCE judges with a model; here the judge is given from outside. What it can't say is unscored. A claim without any
citation isn't recalled: that needs no judge.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from copilot.drafts import Claim
from copilot.reviews import Review
from evals.metrics.figure import Figure, mean_figure
from evals.rows import Sheet

RECALL, PRECISION = "citation recall (ALCE)", "citation precision (ALCE)"


class Asks(Protocol):
    """Gives verdicts; an `Entailment`, or something that remembers one's."""

    async def supports(self, premise: str, claim: str) -> bool | None: ...


@dataclass(frozen=True)
class Support:
    """One review's shares (0–1); None is unscored."""

    recall: float | None
    precision: float | None


async def support(review: Review | None, judge: Asks) -> Support:
    """The recommended draft's; unscored where there is none, or it claims nothing."""
    if review is None or review.recommended is None:
        return Support(None, None)
    texts = {hit.passage.id: hit.passage.text for hit in review.hits}
    recalled: list[bool | None] = []
    precise: list[bool | None] = []
    for claim in review.drafts[review.recommended].draft.claims:
        recalled.append(await _supported(claim, texts, judge))
        precise.extend([await _precise(n, claim, recalled[-1], texts, judge) for n in range(len(claim.citations))])
    return Support(_share(recalled), _share(precise))


def alce_figures(supports: Sequence[Support], clusters: Sequence[str], sheet: Sheet, judge: str) -> list[Figure]:
    """Means over cases; none where nothing could be scored."""
    found = [
        mean_figure(name, scores, clusters, sampling=sheet.sampling, slice=sheet.slice, note=f"judge: {judge}")
        for name, scores in (
            (RECALL, [one.recall for one in supports]),
            (PRECISION, [one.precision for one in supports]),
        )
    ]
    return [one for one in found if one.n]


async def _precise(number: int, claim: Claim, recalled: bool | None, texts: dict[str, str], judge: Asks) -> bool | None:
    """A citation is irrelevant when it doesn't support the claim alone and the others do without it."""
    if not recalled or len(claim.citations) == 1:
        return recalled
    alone = await _ask(texts.get(claim.citations[number].source, ""), claim, judge)
    if alone is not False:
        return alone
    others = await _supported(claim, texts, judge, without=number)
    return None if others is None else not others


async def _supported(claim: Claim, texts: dict[str, str], judge: Asks, without: int | None = None) -> bool | None:
    premises = [texts.get(one.source, "") for number, one in enumerate(claim.citations) if number != without]
    return await _ask(" ".join(filter(None, dict.fromkeys(premises))), claim, judge)


async def _ask(premise: str, claim: Claim, judge: Asks) -> bool | None:
    """Nothing supports nothing; nobody needs asking."""
    return await judge.supports(premise, claim.text) if premise else False


def _share(verdicts: Sequence[bool | None]) -> float | None:
    said = [one for one in verdicts if one is not None]
    return sum(said) / len(said) if said else None
