"""`reviewer-copilot precedents`: a team's own decisions, and a look at those of a pack."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from policy_corpus import Pack, Precedent
    from policy_corpus.importing import Imported

PACK = click.option("--pack", help="A shipped pack's name, or a pack's folder.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")


@click.group("precedents")
def command() -> None:
    """Import your own decisions, and look at the precedents of a pack."""


@command.command("import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--mapping",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="YAML: which of your columns holds what, and what its values mean.",
)
@PACK
@click.option("--as", "name", help="The import's name; a second import of that name replaces it. Default: FILE's name.")
@click.option("--replace-illustrative", is_flag=True, help="Set the illustrative precedents aside (FILE.jsonl.off).")
@click.option("--accept-warned", is_flag=True, help="Also import rows with warnings, after a person has read them.")
@click.option("--check", is_flag=True, help="Only say what would be imported.")
@JSON
def import_(
    file: Path,
    mapping: Path,
    pack: str | None,
    name: str | None,
    replace_illustrative: bool,
    accept_warned: bool,
    check: bool,
    as_json: bool,
) -> None:
    """Import the decisions of FILE (CSV or JSONL) as precedents of a pack.

    A row with an error stays out and doesn't stop the others. A row in which something may identify a person is
    withheld; warnings find forms such as addresses and numbers, not people, so somebody should read every row.
    """
    from policy_corpus import find, importing
    from ui import settings

    folder = find(settings.read(pack=pack).pack)
    called = _slug(name or file.stem)
    known = importing.remaining(folder, called, replace_illustrative=replace_illustrative)
    found = importing.import_precedents(
        file, importing.load_mapping(mapping, known), known, accept_warned=accept_warned
    )
    for problem in found.problems:
        click.echo(f"error: {problem}", err=True)
    for warning in found.warnings:
        click.echo(f"warning: {warning}", err=True)
    done = None
    if found.precedents and not check:
        done = importing.install(found.precedents, folder, called, replace_illustrative=replace_illustrative)
    _tell(found, done, as_json)
    raise click.exceptions.Exit(3 if found.problems or found.withheld or not found.precedents else 0)


def _slug(name: str) -> str:
    slug = "".join(character if character.isalnum() or character in "-_" else "-" for character in name).strip("-")
    if not slug:
        raise click.UsageError("a name needs letters or digits")
    return slug


def _tell(found: Imported, done: object, as_json: bool) -> None:
    from policy_corpus.importing import Installed

    counts = {
        "imported": len(found.precedents) if done else 0,
        "importable": len(found.precedents),
        "withheld": found.withheld,
        "problems": len(found.problems),
        "warnings": len(found.warnings),
    }
    if as_json:
        more = {"file": done.file, "set_aside": list(done.set_aside)} if isinstance(done, Installed) else {}
        click.echo(json.dumps(counts | more))
        return
    click.echo(", ".join(f"{number} {what}" for what, number in counts.items()))
    if isinstance(done, Installed):
        for file in done.set_aside:
            click.echo(f"set aside: precedents/{file}; rename it to end in .jsonl to have its precedents back")
        click.echo(f"written: precedents/{done.file}; {done.pack.id} now has {len(done.pack.precedents)} precedents")


def _filters(function: Callable[..., None]) -> Callable[..., None]:
    for name in ("tier", "language", "authority", "status", "area"):
        function = click.option(f"--{name}", multiple=True, help="Only these; may be given several times.")(function)
    return function


@command.command("list")
@_filters
@PACK
@JSON
def list_(pack: str | None, as_json: bool, **wanted: tuple[str, ...]) -> None:
    """List precedents, a line each; with --json in the form of a pack's own files."""
    loaded = _pack(pack)
    chosen = [one for one in loaded.precedents if _wanted(loaded, one, wanted)]
    for one in chosen:
        if as_json:
            click.echo(json.dumps(one.model_dump(mode="json"), ensure_ascii=False))
        else:
            tier = loaded.tier(one.plan)
            click.echo(
                f"{one.id:14} {one.decided} {one.authority:14} {one.status:10} {tier:8} {one.area:16} "
                f"{one.language:5} {one.title}"
            )
    click.echo(f"{len(chosen)} of {len(loaded.precedents)} precedents", err=True)


def _wanted(pack: Pack, one: Precedent, wanted: dict[str, tuple[str, ...]]) -> bool:
    held = {"tier": pack.tier(one.plan), **{name: getattr(one, name) for name in wanted if name != "tier"}}
    return all(not values or str(held[name]) in values for name, values in wanted.items())


@command.command("show")
@click.argument("id")
@PACK
@JSON
def show(id: str, pack: str | None, as_json: bool) -> None:
    """Show one precedent with its clauses."""
    from policy_corpus.errors import expected_one_of

    loaded = _pack(pack)
    one = loaded.precedent(id)
    if one is None:
        hint = expected_one_of(id, (other.id for other in loaded.precedents), most=5)
        raise click.UsageError(f"{loaded.id} has no precedent '{id}'; {hint}")
    if as_json:
        clauses = [clause.model_dump(mode="json") for ref in one.clauses if (clause := loaded.clause(ref))]
        click.echo(json.dumps({**one.model_dump(mode="json"), "clauses": clauses}, ensure_ascii=False))
    else:
        click.echo("\n".join(_shown(loaded, one)))


def _shown(pack: Pack, one: Precedent) -> list[str]:
    from textwrap import fill

    def prose(text: str) -> str:
        return fill(text, 100, initial_indent="  ", subsequent_indent="  ")

    synthetic = ", synthetic" if one.synthetic else ""
    successor = f"; see {one.successor}" if one.successor else ""
    reason = f": {one.status_reason}{successor}" if one.status_reason else successor
    lines = [
        f"{one.id}  {one.title}",
        f"{one.authority}{synthetic}, decided {one.decided}, {one.status}{reason}",
        f"area {one.area or '–'}, language {one.language}, surface {one.surface or '–'}, family {one.family or '–'}",
        *("", "Facts", prose(one.facts)),
        *("", "Parties", *(f"  {party.id}: {party.kind}, {party.role}" for party in one.parties)),
        *("", "Findings", *(f"  {f.fact}: {f.value}{f' ({f.about})' if f.about else ''}" for f in one.findings)),
        *("", f"Plan ({pack.tier(one.plan)}), reportability {one.reportability}"),
        *(f"  {step.action} on {step.on}{f': {step.note}' if step.note else ''}" for step in one.plan),
        *("", "Rationale", prose(one.rationale)),
    ]
    if one.distinguishes:
        lines += ["", "What set it apart", prose(one.distinguishes)]
    for ref in one.clauses:
        clause = pack.clause(ref)
        lines += ["", f"{ref}  {clause.title if clause else 'is not in the pack'}"]
        lines += [prose(clause.rule)] if clause else []
    return lines


@command.command("stats")
@PACK
@click.option("--duplicates", is_flag=True, help="Also look for texts that are nearly the same; takes some seconds.")
@click.option(
    "--examples",
    is_flag=True,
    help="Also look for examples and training cases that are nearly gold.",
)
@click.option("--agreement", is_flag=True, help="Also compare the gold cases' first and second labels.")
@JSON
def stats(pack: str | None, duplicates: bool, examples: bool, agreement: bool, as_json: bool) -> None:
    """Count the pack's precedents and gold cases, and show how they are spread."""
    from evals import corpus
    from policy_corpus import find
    from ui import assembly, settings

    loaded = _pack(pack)
    gold = corpus.gold_of(loaded)
    reports: dict[str, corpus.Report] = {"spread": corpus.spread(loaded, gold)}
    if duplicates:
        reports["duplicates"] = corpus.duplicates(loaded, gold, assembly.embedder(settings.read()))
    if examples:
        found = corpus.leakages(find(settings.read(pack=pack).pack), gold, assembly.embedder(settings.read()))
        reports["examples"], reports["training_cases"] = found
    if agreement:
        reports["agreement"] = corpus.agreement(gold, corpus.second_labels(loaded, gold), loaded)
    if as_json:
        click.echo(json.dumps({name: json.loads(report.to_json()) for name, report in reports.items()}))
    else:
        click.echo("\n".join(report.to_text() for report in reports.values()))


def _pack(name: str | None) -> Pack:
    from ui import assembly, settings

    return assembly.pack(settings.read(pack=name))
