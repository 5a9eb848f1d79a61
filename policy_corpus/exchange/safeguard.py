"""Policy texts as gpt-oss-safeguard reads them: one Markdown file with instructions, definitions, what violates, what
doesn't, and examples.

Layout after the model's user guide (OpenAI and ROOST, October 2025): INSTRUCTIONS, DEFINITIONS, VIOLATES (1), SAFE (0),
EXAMPLES, with an answer in JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from policy_corpus.clauses import Clause
from policy_corpus.criteria import Node
from policy_corpus.exchange.gathering import Gathering, Imported, refuse, titled
from policy_corpus.exchange.labels import kind_of
from policy_corpus.exchange.markdown import blocks, text_of
from policy_corpus.pack import Pack
from policy_corpus.precedents import Precedent, Status
from policy_corpus.wording import criteria_in_words, plan_in_words

INSTRUCTIONS = """\
Judge the content by this policy alone. Answer with one JSON object: "violation" (1 or 0), "policy_category" (the id of
the clause that decides, or null) and "rationale" (one or two sentences that name what in the content decides). Where a
fact that decides is not established, say so in the rationale."""


def export_safeguard(pack: Pack, on: date) -> str:
    """The pack as it is in force on that day, as one policy text."""
    return "\n\n".join(_parts(pack, on)) + "\n"


def _parts(pack: Pack, on: date) -> Iterator[str]:
    yield f"# {pack.manifest.title}"
    yield f"Version {pack.manifest.version}, {pack.standing}. {pack.manifest.notice}".strip()
    yield f"## INSTRUCTIONS\n\n{INSTRUCTIONS}"
    yield "## DEFINITIONS\n\n" + "\n".join(_definitions(pack))
    clauses = pack.in_force(on)
    yield from ("## VIOLATES (1)", *(clause_in_words(clause) for clause in clauses if not spares(clause)))
    yield from ("## SAFE (0)", *(clause_in_words(clause) for clause in clauses if spares(clause)))
    examples = [precedent for precedent in pack.precedents if precedent.status is Status.ACTIVE]
    if examples:
        yield "## EXAMPLES"
        yield from (_example(number, precedent, pack) for number, precedent in enumerate(examples, 1))


def _definitions(pack: Pack) -> Iterator[str]:
    for name, fact in pack.vocabulary.facts.items():
        yield f"- **{fact.title}** (`{name}`): {fact.definition.strip()}"
        yield from (f"  - `{value}`: {meaning}" for value, meaning in fact.values.items())


def spares(clause: Clause) -> bool:
    """Whether the clause says that something does not violate."""
    return clause.protects or clause.fallback


def clause_in_words(clause: Clause) -> str:
    """A clause under its own heading, its further sections, criteria and plan as named paragraphs."""
    name, *others = clause.sections
    paragraphs = [clause.sections[name]]
    paragraphs += [f"**{other.replace('_', ' ').capitalize()}.** {clause.sections[other]}" for other in others]
    if clause.criteria != Node(all=()):
        paragraphs.append(f"**Applies when.** {criteria_in_words(clause.criteria)}")
    if clause.default_plan:
        paragraphs.append(f"**Plan.** {plan_in_words(clause.default_plan)}")
    return "\n\n".join((f"### {clause.id} {clause.title}", *paragraphs))


def violates(precedent: Precedent, pack: Pack) -> bool:
    """Whether an example shows a violation: it cites no protection first, or its plan restricts somebody."""
    cited = [clause for ref in precedent.clauses if (clause := pack.clause(ref))]
    return not spares(cited[0]) if cited else any(pack.actions[step.action].punitive for step in precedent.plan)


def _example(number: int, precedent: Precedent, pack: Pack) -> str:
    violation = violates(precedent, pack)
    category = precedent.clauses[0].split("@")[0] if precedent.clauses else None
    answer = {"violation": int(violation), "policy_category": category, "rationale": precedent.rationale}
    label = "Violation" if violation else "Safe"
    said = json.dumps(answer, ensure_ascii=False)
    return f"Example {number} ({label}):\nContent: {precedent.facts}\nAnswer: {said}"


def import_safeguard(source: Path, folder: Path, id: str, on: date) -> Imported:
    """A pack skeleton made of a policy text; nothing of the text is lost, and criteria are left to people.

    Raises:
        PackError: the text has no heading or says nowhere what violates, or the folder isn't empty.
    """
    text = text_of(source)
    found = blocks(text)
    if not any(block.titles for block in found):
        hint = "give it headings such as '## DEFINITIONS', '## VIOLATES (1)' and '## SAFE (0)'"
        raise refuse(source.name, 1, "this is no policy text: it has no heading", hint)
    if not any(kind_of(block) == "violation" and block.body for block in found):
        line = next(block.line for block in found if block.titles)
        hint = "put the rules under a heading such as '## VIOLATES (1)'"
        raise refuse(source.name, line, "no heading says what violates this policy", hint)
    gathering = Gathering(on, areas={"general": "General"})
    gathering.take(found, "general")
    return gathering.finish(folder, id, titled(found, source.stem), source.name)
