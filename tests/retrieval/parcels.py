"""A small pack about parcels and addresses, and a retriever over it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from policy_corpus import Pack, Precedent, Status
from retrieval import HashingEmbedder, Hit, Retriever
from retrieval.indexes import BruteForceIndex
from tests.retrieval.corpus import TODAY, clause, pack, precedent

YES, NO = frozenset({"yes"}), frozenset({"no"})

OLD_FEES = clause("FEES", "Fees may be doubled.", effective_until=date(2024, 12, 31))
NEW_FEES = clause("FEES", "Fees may never be doubled.", version=2, effective_from=date(2025, 1, 1))
LATE = clause("LATE", "Parcels that arrive late are refunded.", criteria={"parcel": ["yes"]}, exceptions=("STORM",))
STORM = clause("STORM", "In a storm nothing is owed.", criteria={"refund": ["no"]})
ADDRESS = clause("ADDRESS", "A home address may not be published.", criteria={"address_shared": ["yes"]})
ALWAYS = clause("ALWAYS", "Be polite to each other.", criteria={"all": []})
GARDEN = clause("GARDEN", "Gardens are watered in the evening.")

PACK = pack(
    [OLD_FEES, NEW_FEES, LATE, STORM, ADDRESS, ALWAYS, GARDEN],
    [
        *(
            precedent(f"P-{number}", f"A parcel came {number} days late and was refunded.", "limit")
            for number in range(6)
        ),
        precedent("P-KEPT", "A parcel was late in a storm, nothing was done."),
        precedent("P-STALE", "A parcel was late and the fee was doubled.", "limit", status=Status.STALE),
        precedent("P-OVER", "A parcel was late and burnt.", "limit", status=Status.OVERRULED),
        precedent("P-SUPER", "A parcel was late and lost.", "limit", status=Status.SUPERSEDED, successor="P-1"),
    ],
)


def retriever(pack: Pack = PACK) -> Retriever:
    made = Retriever(pack, BruteForceIndex(HashingEmbedder()))
    made.sync()
    return made


def find(query: str, findings: Mapping[str, frozenset[str]] | None = None, **more: object) -> dict[str, Hit]:
    """Hits by source."""
    found = retriever().search(query, findings or {}, **({"as_of": TODAY} | more))  # type: ignore[arg-type]
    return {hit.passage.source: hit for hit in found}


def kinds(hit: Hit) -> set[str]:
    return {reason.kind for reason in hit.reasons}


def detail(hit: Hit, kind: str) -> str:
    return next(reason.detail for reason in hit.reasons if reason.kind == kind)


def precedents(*tiers: str) -> tuple[Precedent, ...]:
    return tuple(precedent(f"P-{at}", f"A parcel came late. {at}", tier) for at, tier in enumerate(tiers))
