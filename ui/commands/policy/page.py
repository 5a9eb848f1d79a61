"""One clause for reading: its text, when it applies, what follows, what it rests on, and what bears on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from textwrap import indent
from typing import Any

import click

from policy_corpus import Clause, Duty, LegalBasis, Node, Pack, Precedent
from policy_corpus.errors import expected_one_of
from policy_corpus.wording import criteria_in_words
from ui.commands.policy.overview import marks


def clause_named(name: str, pack: Pack, on: date) -> Clause:
    """The clause of that ref, or of that id as it is in force, otherwise its newest version.

    Raises:
        UsageError: there is none.
    """
    found = [one for one in pack.clauses if name in (one.id, one.ref)]
    if not found:
        hint = expected_one_of(name, {one.id for one in pack.clauses}, most=5)
        raise click.UsageError(f"{pack.id} has no clause '{name}'; {hint}")
    return max(found, key=lambda one: (one.in_force(on), one.version))


def lines(clause: Clause, pack: Pack, on: date) -> Iterator[str]:
    """Everything, part by part; a part without content is left out."""
    yield f"{clause.ref}  {clause.title}"
    yield ", ".join((pack.manifest.areas.get(clause.area, "without an area"), _time(clause), *marks(clause, on)))
    yield f"{pack.manifest.title} {pack.manifest.version}: {pack.standing}"
    for name, text in clause.sections.items():
        yield from _part(name.replace("_", " ").capitalize(), [text])
    yield from _part("Applies when all of these hold", _criteria(clause.criteria, pack))
    yield from _part("The facts in it", _facts(clause.criteria, pack))
    yield from _part(f"Proposed plan ({pack.tier(clause.default_plan)})", _plan(clause, pack))
    yield from _part("Duties", [line for id in clause.duties for line in _duty(id, pack.duties[id])])
    yield from _part("Legal basis", [line for basis in clause.legal_basis for line in _basis(basis, on)])
    yield from _part("Gives way to", _named(_winners(clause, pack), pack))
    yield from _part("Goes before", _named(_losers(clause, pack), pack))
    yield from _part("Versions", [_version(one) for one in _versions(clause, pack)])
    yield from _part("Precedents that cite it", [_cited(one, clause) for one in _precedents(clause, pack)])


def as_data(clause: Clause, pack: Pack) -> dict[str, Any]:
    """The same for programs."""
    cited = [{"id": one.id, "title": one.title, "status": str(one.status)} for one in _precedents(clause, pack)]
    return {
        **clause.model_dump(mode="json"),
        "ref": clause.ref,
        "tier": str(pack.tier(clause.default_plan)),
        "in_words": criteria_in_words(clause.criteria),
        "gives_way_to": _winners(clause, pack),
        "goes_before": _losers(clause, pack),
        "versions": [one.ref for one in _versions(clause, pack)],
        "precedents": cited,
        "pack": f"{pack.id} {pack.manifest.version}: {pack.standing}",
    }


def _part(title: str, content: Iterable[str]) -> Iterator[str]:
    held = list(content)
    if held:
        yield from ("", title, *(indent(text, "  ") for text in held))


def _time(clause: Clause) -> str:
    return "no first day" if clause.effective_from is None else f"in force from {clause.effective_from}"


def _criteria(tree: Node, pack: Pack) -> Iterator[str]:
    for part in _parts(tree):
        barred = _barred(part, pack)
        words = f"{part.fact} is anything but {' or '.join(barred)}" if barred else criteria_in_words(part)
        yield f"- {words}"


def _parts(tree: Node) -> tuple[Node, ...]:
    return tree.children() if tree.all is not None else (tree,)


def _barred(part: Node, pack: Pack) -> list[str]:
    """The values that a condition leaves out, where naming those is shorter."""
    values = pack.vocabulary.facts[part.fact].values if part.fact else {}
    left_out = [value for value in values if value not in part.values]
    return left_out if len(left_out) < len(part.values) - 1 else []


def _facts(tree: Node, pack: Pack) -> Iterator[str]:
    named: dict[str, set[str]] = {}
    for part in _parts(tree):
        barred = _barred(part, pack)
        for atom in part.atoms():
            named.setdefault(atom.fact or "", set()).update(barred or atom.values)
    for name, values in named.items():
        fact = pack.vocabulary.facts[name]
        yield f"{name}: {fact.definition.strip()}"
        yield from (f"  {value}: {meaning}" for value, meaning in fact.values.items() if value in values)


def _plan(clause: Clause, pack: Pack) -> Iterator[str]:
    for step in clause.default_plan:
        action = pack.actions[step.action]
        gate = action.gate.replace("_", " ")
        where = f", where {criteria_in_words(step.when)}" if step.when else ""
        note = f"{where}; {step.note}" if step.note else where
        yield f"- {action.title} ({step.action}) on {step.on}, confirmed by {gate}{note}"


def _duty(id: str, duty: Duty) -> Iterator[str]:
    yield f"- {duty.title} ({id}): {'law' if duty.law else 'policy'}, {duty.kind}"
    if duty.clock is not None:
        yield f"    {duty.clock.words}, from {duty.clock.starts}"
    yield f"    answered for by {duty.owner or 'nobody named'}"
    yield from (f"    rests on {basis.basis} (confidence {basis.confidence})" for basis in duty.legal_basis)


def _basis(basis: LegalBasis, on: date) -> Iterator[str]:
    yield f"- {basis.basis}{f': {basis.gist.strip()}' if basis.gist else ''}"
    yield f"    source: {basis.source or 'none given'}"
    overdue = basis.review_by is not None and basis.review_by < on
    due = f", to be read again by {basis.review_by}{' (overdue)' if overdue else ''}" if basis.review_by else ""
    yield f"    confidence {basis.confidence}, checked {basis.checked or 'never'}{due}"


def _winners(clause: Clause, pack: Pack) -> list[str]:
    others = (one.id for one in _newest(pack) if clause.id in one.outranks)
    return list(dict.fromkeys((*clause.exceptions, *others)))


def _losers(clause: Clause, pack: Pack) -> list[str]:
    others = (one.id for one in _newest(pack) if clause.id in one.exceptions)
    return list(dict.fromkeys((*clause.outranks, *others)))


def _newest(pack: Pack) -> list[Clause]:
    newest = {one.id: one for one in sorted(pack.clauses, key=lambda one: one.version)}
    return [newest[id] for id in sorted(newest)]


def _named(ids: Iterable[str], pack: Pack) -> Iterator[str]:
    titles = {one.id: one.title for one in _newest(pack)}
    yield from (f"- {id} {titles[id]}" for id in ids)


def _versions(clause: Clause, pack: Pack) -> list[Clause]:
    return sorted((one for one in pack.clauses if one.id == clause.id), key=lambda one: one.version)


def _version(clause: Clause) -> str:
    since = clause.effective_from or "undated"
    until = f" to {clause.effective_until}" if clause.effective_until else ""
    return f"- {clause.ref}  {since}{until}{f': {clause.changed.strip()}' if clause.changed else ''}"


def _precedents(clause: Clause, pack: Pack) -> list[Precedent]:
    return [one for one in pack.precedents if any(ref.rpartition("@")[0] == clause.id for ref in one.clauses)]


def _cited(one: Precedent, clause: Clause) -> str:
    refs = ", ".join(ref for ref in one.clauses if ref.rpartition("@")[0] == clause.id)
    reason = f" ({one.status_reason})" if one.status_reason else ""
    return f"- {one.id}  {one.status}{reason}, {one.authority}, cites {refs}: {one.title}"
