"""`reviewer-copilot policy diff`: what a new release changes, and what comes out differently."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ui.commands.policy.arguments import JSON

if TYPE_CHECKING:
    from evals.gold import GoldCase
    from policy_corpus import Pack
    from policy_corpus.criteria import Findings
    from policy_corpus.versions import Diff


@click.command("diff", short_help="Compare two releases, with consequences.")
@click.argument("old")
@click.argument("new")
@click.option(
    "--gold", type=click.Path(path_type=Path), help="Also compare these known cases: a .jsonl file or a folder of them."
)
@JSON
def command(old: str, new: str, gold: Path | None, as_json: bool) -> None:
    """Show what NEW changes against OLD: words, criteria, and which precedents and known cases come out differently.

    Consequences are worked out from recorded findings by criteria and priorities alone.
    """
    from policy_corpus import find, load
    from policy_corpus.versions import diff
    from ui.commands.policy.overview import summary

    before, after = load(find(old)), load(find(new))
    found = diff(before, after, _findings(gold, before, after) if gold else None)
    others = list(_others(before, after))
    if as_json:
        click.echo(json.dumps(_as_data(found, others), indent=2, ensure_ascii=False))
        return
    click.echo(f"old: {summary(before)}\nnew: {summary(after)}\n\n{found}")
    if others:
        click.echo("\nalso changed:\n" + "\n".join(f"  {line}" for line in others))


def _findings(file: Path, old: Pack, new: Pack) -> dict[str, Findings]:
    """Each known case's recorded findings; where several parties are judged, those of each.

    Raises:
        DataError: a case can't be read, or names what is in neither vocabulary.
    """
    from evals import gold

    cases = gold.load(file)
    _refuse_unknown(file, cases, old, new)
    return {name: held for case in cases for name, held in _held(case, new)}


def _held(gold: GoldCase, pack: Pack) -> Iterator[tuple[str, Findings]]:
    from policy_corpus.deciding import judged
    from policy_corpus.precedents import Precedent, PrecedentParty

    parties = tuple(PrecedentParty(id=one.id, kind=one.kind, role=one.role) for one in gold.case.parties)
    told = Precedent(id="case", title="", decided=date.min, facts="", rationale="", parties=parties)
    views = judged(told.model_copy(update={"findings": gold.expected.findings or ()}), pack.vocabulary)
    for number, held in enumerate(views, 1):
        yield gold.id if len(views) == 1 else f"{gold.id} (judged party {number})", held


def _refuse_unknown(file: Path, cases: tuple[GoldCase, ...], old: Pack, new: Pack) -> None:
    from evals.errors import DataError
    from policy_corpus import Problem

    known = {*old.vocabulary.pairs(), *new.vocabulary.pairs()}
    hint = "known cases must use the facts of the compared packs"
    problems = [
        Problem(file.name, 1, f"case '{case.id}': '{one.fact}: {one.value}' is in neither vocabulary", hint)
        for case in cases
        for one in case.expected.findings or ()
        if (one.fact, one.value) not in known
    ]
    if problems:
        raise DataError(problems)


def _others(old: Pack, new: Pack) -> Iterator[str]:
    """What else is not as it was: facts, actions and duties, by name."""
    yield from _changed("fact", old.vocabulary.facts, new.vocabulary.facts)
    yield from _changed("action", old.actions, new.actions)
    yield from _changed("duty", old.duties, new.duties)
    if old.vocabulary.constraints != new.vocabulary.constraints:
        yield "~ constraints"
    if old.vocabulary.implications != new.vocabulary.implications:
        yield "~ implications"
    before, after = ({one.id for one in pack.precedents} for pack in (old, new))
    if before != after:
        yield f"precedents: {len(after - before)} new, {len(before - after)} gone"


def _changed(kind: str, old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[str]:
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            sign = "+" if name not in old else "-" if name not in new else "~"
            yield f"{sign} {kind} {name}"


def _as_data(found: Diff, others: list[str]) -> dict[str, Any]:
    changes = [
        {
            "id": change.id,
            "before": change.before.ref if change.before else None,
            "after": change.after.ref if change.after else None,
            "unversioned": change.unversioned,
            "lines": list(change.lines()),
        }
        for change in found.changes
    ]
    shifts = [asdict(shift) for shift in found.shifts]
    return {
        "changes": changes,
        "shifts": shifts,
        "stale": list(found.stale),
        "compared": found.compared,
        "others": others,
    }
