"""Sets of labelled texts as suites: definitions become clauses, training rows precedents, the rest cases.

The pack is as small as the set: one action against a violation, one that leaves things alone, no duties. So figures say
how well labels are found from definitions and earlier decisions, and nothing about plans or reports.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from copilot.cases import Case, Part, Party
from evals.datasets.deciding import ACTIONS, ASKED, LEAVE, REMOVE, TRAINED, precedent, safe_id
from evals.gold import Expected, GoldCase
from evals.gold import Part as Share
from evals.labels.base import Example, Labels, Question
from evals.splits import part_of
from evals.suites import HeldSuite
from policy_corpus import Clause, Fact, Pack, Precedent, Tier, Vocabulary
from policy_corpus.pack import Manifest


@dataclass(frozen=True)
class Label:
    """One label of a set, as the set defines it."""

    id: str
    title: str
    definition: str
    violates: bool = True


@dataclass(frozen=True)
class Labelled:
    """One row. Its labels are the set's own, the main one first; none means that the set doesn't say."""

    id: str
    text: str
    labels: tuple[str, ...] | None
    family: str = ""
    kind: str = ""
    """What the set calls the kind of row; a slice."""
    share: Share | None = None
    """Which part it belongs to, or none to train on. Left to the family's hash where `by_hash`."""
    by_hash: bool = True
    language: str = "en"
    twin: str = ""
    """The row whose text this one says in other letters."""
    said: Mapping[str, str] = field(default_factory=dict)
    """What the set says of the row beyond its labels, by question."""


@dataclass(frozen=True)
class Source:
    """What a set is, apart from its rows."""

    name: str
    title: str
    labels: tuple[Label, ...]
    data_sha256: str
    notes: tuple[str, ...] = ()
    most_precedents: int = 2000
    train_share: float = 0.5
    counts: dict[str, int] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()
    """What `said` of its rows answers."""


def suite_of(source: Source, rows: Sequence[Labelled]) -> HeldSuite:
    """The suite; families are whole in one of train, tune and test."""
    shares = {row.id: _share(row, source) for row in rows}
    asked = {row.family for row in rows if shares[row.id] is not None and row.family}
    left = [row for row in rows if shares[row.id] is None]
    learned = [row for row in left if row.labels]
    train = [row for row in learned if row.family not in asked]
    counts = {**source.counts, **_alike(len(learned) - len(train))}
    labels = {label.id: label for label in source.labels}
    kept = tuple(_thinned(train, source.most_precedents))
    return HeldSuite(
        name=source.name,
        pack=_pack(source, tuple(_precedent(row, labels) for row in kept)),
        held=tuple(_case(row, labels, share) for row in rows if (share := shares[row.id]) is not None),
        data_sha256=source.data_sha256,
        notes=(*source.notes, *(f"{name}: {count} rows" for name, count in counts.items())),
        counts=counts,
        twins={row.id: row.twin for row in rows if (twin := shares.get(row.twin)) and twin == shares[row.id]},
        labels=_labels(source, [row for row in left if row.family not in asked], rows, shares),
    )


def _labels(
    source: Source, learned: Iterable[Labelled], rows: Iterable[Labelled], shares: Mapping[str, Share | None]
) -> Labels | None:
    """What the set can be measured on beyond acting; none where it answers no questions."""
    if not source.questions:
        return None
    asked: dict[str, list[Example]] = defaultdict(list)
    for row in rows:
        if (share := shares[row.id]) is not None:
            asked[share].append(_example(row))
    parts = {part: tuple(held) for part, held in asked.items()}
    return Labels(source.questions, tuple(map(_example, learned)), parts)


def _example(row: Labelled) -> Example:
    return Example(row.id, row.text, row.family or row.id, row.said)


def _alike(count: int) -> dict[str, int]:
    return {"not learned from, as they begin like a case": count} if count else {}


def family_of(text: str) -> str:
    """For sets that name no families: the first six words, so that near-copies stay together."""
    return " ".join(re.findall(r"\w+", text.lower())[:6])


def _share(row: Labelled, source: Source) -> Share | None:
    if not row.by_hash:
        return row.share
    family = row.family or row.id
    if part_of(family, test_share=source.train_share, salt="train") == "test":
        return None
    return part_of(family, salt=source.name)


FEWEST_OF_A_LABEL = 20
"""Rows that thinning leaves of each label where there are as many."""


def _thinned(rows: Sequence[Labelled], most: int) -> Iterator[Labelled]:
    """About so many in the set's own proportions, so that no label seems likelier than it is; in the set's order.

    Of each label a few are left in any case, so that none is lost.
    """
    if len(rows) <= most:
        yield from rows
        return
    groups: dict[str, list[Labelled]] = defaultdict(list)
    for row in rows:
        groups[(row.labels or ("",))[0]].append(row)
    least = {label: min(len(group), FEWEST_OF_A_LABEL) for label, group in groups.items()}
    share = max(0.0, (most - sum(least.values())) / max(1, len(rows) - sum(least.values())))
    sizes = {label: least[label] + int(share * (len(group) - least[label])) for label, group in groups.items()}
    kept = {row.id for label, group in groups.items() for row in group[: sizes[label]]}
    yield from (row for row in rows if row.id in kept)


def _violates(row: Labelled, labels: dict[str, Label]) -> bool:
    return any(labels[label].violates for label in row.labels or ())


def _precedent(row: Labelled, labels: dict[str, Label]) -> Precedent:
    said = " and ".join(labels[label].title for label in row.labels or ())
    return precedent(row.id, row.text, row.family, row.labels or (), violates=_violates(row, labels), said=said)


def _case(row: Labelled, labels: dict[str, Label], share: Share) -> GoldCase:
    bad = _violates(row, labels)
    known = row.labels is not None
    account = Party(id="account", kind="account", role="subject")
    part = Part(id="text", role="user", party="account", text=row.text)
    case = Case(id=row.id, received_at=ASKED, language=row.language, surface="post", parties=(account,), parts=(part,))
    expected = Expected(
        acceptable_plans=((REMOVE,) if bad else (LEAVE,),) if known else None,
        tier=(Tier.ENFORCE if bad else Tier.NONE) if known else None,
        clauses=tuple(safe_id(label) for label in row.labels) if row.labels else None,
        protected=known and not bad,
    )
    area = safe_id(row.labels[0]) if row.labels else ""
    traps = (row.kind,) if row.kind else ()
    return GoldCase(case=case, expected=expected, family=row.family or row.id, area=area, traps=traps, part=share)


def _pack(source: Source, precedents: tuple[Precedent, ...]) -> Pack:
    return Pack(
        manifest=Manifest(
            id=safe_id(source.name).lower().replace("-", "_").replace(".", "_"),
            title=source.title,
            version="1",
            released=TRAINED,
            notice="For evaluation only.",
            areas={safe_id(label.id): label.title for label in source.labels},
        ),
        vocabulary=Vocabulary(facts={"label": Fact(title="Label", definition="The set's.", values={"unknown": ""})}),
        actions=ACTIONS,
        duties={},
        clauses=tuple(_clause(label) for label in source.labels),
        precedents=precedents,
    )


def _clause(label: Label) -> Clause:
    return Clause(
        id=safe_id(label.id),
        title=label.title,
        area=safe_id(label.id),
        protects=not label.violates,
        default_plan=(REMOVE if label.violates else LEAVE,),
        sections={"rule": label.definition},
    )
