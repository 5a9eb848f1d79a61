"""Jurisdictions: whose law a clause or precedent rests on, read from how the provision is cited.

A legal basis is free text. The form of a citation tells the legal order: `18 USC …` and `PL …` are the United States',
`Regulation (EU) …` the European Union's, `SI 2026/268` and chapter numbers `(c. 20)` the United Kingdom's. What has no
known form counts as `other`, so nothing is lost: it is only not told apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from policy_corpus import Clause, LegalBasis, Pack, Precedent

FORMS = {
    "us": re.compile(
        r"\bUSC\b|\bU\.S\.|\bPL \d|\bCFR\b|\bUnited States\b|\bCir\.|\b[NSEW]\.D\.|\bNCMEC\b|\bFinCEN\b|\bv\. "
    ),
    "eu": re.compile(
        r"\((?:EU|EC|EEC)\)|\bDirective\b|\bArtificial Intelligence Act\b|\bDigital Services Act\b|\bGDPR\b"
    ),
    "uk": re.compile(r"\bSI \d{4}/\d+|\(c\. \d+\)|\bOnline Safety Act\b|\bUKSC\b|\bEWCA\b"),
}
"""Legal order to the forms in which its law is cited."""

OTHER = "other"
"""Law is named, in a form that isn't known."""
HOUSE = "house"
"""No law is named: the policy's own rule."""

NAMES = (*FORMS, OTHER, HOUSE)


def of_basis(basis: LegalBasis) -> frozenset[str]:
    """The legal orders that one ground names."""
    found = frozenset(name for name, form in FORMS.items() if form.search(basis.basis))
    return found or frozenset({OTHER})


def of_clause(clause: Clause, pack: Pack) -> frozenset[str]:
    """Those of the clause's own grounds and of the duties that it carries."""
    grounds = [
        *clause.legal_basis,
        *(one for id in clause.duties if id in pack.duties for one in pack.duties[id].legal_basis),
    ]
    return _united(of_basis(one) for one in grounds) or frozenset({HOUSE})


def of_precedent(precedent: Precedent, pack: Pack) -> frozenset[str]:
    """Those of the clauses that decided it, in the versions that it cites."""
    cited = (pack.clause(ref) for ref in precedent.clauses)
    return _united(of_clause(clause, pack) for clause in cited if clause) or frozenset({HOUSE})


def _united(found: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset[str]().union(*found)
