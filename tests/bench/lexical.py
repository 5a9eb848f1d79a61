"""Search by words alone: ours, bm25s, tantivy and rank_bm25 over the same words."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from retrieval.engine.telling import telling
from retrieval.lexical import LexicalIndex
from tests.bench.ours import number, passage, source
from tests.bench.timing import Clock, take_turns

K = 100

Find = Callable[[str], list[int]]


class Words:
    """A way to search words, as a system without an embedder."""

    def __init__(self, find: Find) -> None:
        self.embedding = Clock()
        self._find = find

    def search(self, text: str, filtered: bool) -> list[int]:
        return [source(at) for at in self._find(text)]


def ours(texts: Sequence[str]) -> Find:
    index = LexicalIndex.of(passage(at, text) for at, text in enumerate(texts))
    return lambda text: [number(id) for id, _ in index.search([text], K)]


def bm25s(texts: Sequence[str]) -> Find:
    import bm25s as library

    index = library.BM25()
    index.index([telling(text) for text in texts], show_progress=False)
    return lambda text: list(index.retrieve([telling(text)], k=min(K, len(texts)), show_progress=False)[0][0])


def rank_bm25(texts: Sequence[str]) -> Find:
    from rank_bm25 import BM25Okapi  # type: ignore[import-untyped]

    index = BM25Okapi([telling(text) for text in texts])
    return lambda text: [int(at) for at in np.argsort(-index.get_scores(telling(text)))[:K]]


def tantivy(texts: Sequence[str]) -> Find:
    import tantivy as library

    schema = library.SchemaBuilder()
    schema.add_text_field("body", stored=False, tokenizer_name="whitespace", index_option="freq")
    schema.add_integer_field("at", stored=True, fast=True)
    index: Any = library.Index(schema.build())
    writer = index.writer(heap_size=200_000_000, num_threads=1)
    for at, text in enumerate(texts):
        writer.add_document(library.Document(body=" ".join(telling(text)), at=at))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def find(text: str) -> list[int]:
        words = {word: library.Query.term_query(index.schema, "body", word) for word in telling(text)}
        query = library.Query.boolean_query([(library.Occur.Should, one) for one in words.values()])
        return [searcher.doc(at)["at"][0] for _, at in searcher.search(query, K).hits]

    return find


LIBRARIES: dict[str, Callable[[Sequence[str]], Find]] = {
    "ours": ours, "bm25s": bm25s, "tantivy": tantivy, "rank_bm25": rank_bm25,
}  # fmt: skip


def measured(texts: Sequence[str], queries: Sequence[tuple[int, str]], runs: int) -> dict[str, Any]:
    """For each library: seconds to build, and milliseconds to the best hundred."""
    systems, built = {}, {}
    for name, build in LIBRARIES.items():
        start = time.perf_counter()
        systems[name] = Words(build(texts))
        built[name] = round(time.perf_counter() - start, 3)
    figures = take_turns(systems, queries, runs, filtered=False)
    kept = ("end_to_end_ms", "found", "n", "runs")
    return {name: {key: told[key] for key in kept} | {"build_s": built[name]} for name, told in figures.items()}
