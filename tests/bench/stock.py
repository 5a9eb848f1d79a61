"""The stock chain: HuggingFaceEmbeddings and Chroma beside a BM25 retriever in an EnsembleRetriever, as published."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from langchain_chroma import Chroma
    from langchain_classic.retrievers import EnsembleRetriever
    from langchain_community.retrievers import BM25Retriever
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever

from retrieval.embedders import Embedder
from tests.bench.material import Material
from tests.bench.ours import area, fits, kind, source
from tests.bench.timing import Clock

K = 8
FILTER = {"$and": [{"kind": "clause"}, {"area": "area-3"}]}


class TimedEmbeddings(Embeddings):
    """LangChain's embeddings of a model, with a clock."""

    def __init__(self, inner: Embeddings) -> None:
        self.inner = inner
        self.clock = Clock()

    def embed_query(self, text: str) -> list[float]:
        with self.clock.running():
            return self.inner.embed_query(text)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self.inner.embed_documents(texts)


class OurEmbeddings(Embeddings):
    """One of our embedders as LangChain's: for a quick run without a model."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        found: list[list[float]] = self._embedder.embed(texts).tolist()
        return found

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


class Bm25sRetriever(BaseRetriever):
    """As BM25Retriever, with bm25s in place of rank_bm25 and words split alike."""

    documents: list[Document]
    index: Any

    @classmethod
    def of(cls, documents: list[Document]) -> Bm25sRetriever:
        import bm25s

        index = bm25s.BM25()
        index.index([one.page_content.split() for one in documents], show_progress=False)
        return cls(documents=documents, index=index)

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        found, _ = self.index.retrieve([query.split()], k=min(K, len(self.documents)), show_progress=False)
        return [self.documents[at] for at in found[0]]


def hugging_face(model: Path) -> Embeddings:
    from langchain_huggingface import HuggingFaceEmbeddings

    return HuggingFaceEmbeddings(model_name=str(model), model_kwargs={"device": "cpu"})


def documents(texts: Sequence[str]) -> list[Document]:
    return [
        Document(id=str(at), page_content=text, metadata={"at": at, "kind": kind(at), "area": area(at)})
        for at, text in enumerate(texts)
    ]


def store(folder: Path, embeddings: Embeddings) -> Chroma:
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False, is_persistent=True, persist_directory=str(folder))
    return Chroma("bench", embeddings, persist_directory=str(folder), client_settings=settings)


def filled(material: Material, cache: Path, embeddings: Embeddings) -> Chroma:
    """Chroma with the material's vectors, kept between runs."""
    found = store(cache / f"stock-{material.name}", embeddings)
    collection: Any = found._collection
    told = documents(material.texts)
    for start in range(collection.count(), len(told), 2_000):
        part = told[start : start + 2_000]
        collection.upsert(
            ids=[one.id for one in part],
            embeddings=material.vectors[start : start + 2_000],
            documents=[one.page_content for one in part],
            metadatas=[one.metadata for one in part],
        )
    return found


class StockChain:
    """Text to the eight best of both, fused by LangChain."""

    def __init__(self, chroma: Chroma, embeddings: TimedEmbeddings, words: BaseRetriever) -> None:
        self.embedding = embeddings.clock
        self._words = words
        self._open = self._chain(chroma, {"k": K})
        self._filtered = self._chain(chroma, {"k": K, "filter": FILTER})

    def search(self, text: str, filtered: bool) -> list[int]:
        found = [one.metadata for one in (self._filtered if filtered else self._open).invoke(text)]
        # A BM25 retriever can't filter: what doesn't fit goes out afterwards, so fewer than eight may remain.
        return [source(told["at"]) for told in found if not filtered or fits(told["at"])][:K]

    def _chain(self, chroma: Chroma, ask: dict[str, Any]) -> EnsembleRetriever:
        return EnsembleRetriever(retrievers=[self._words, chroma.as_retriever(search_kwargs=ask)], weights=[0.5, 0.5])


def with_rank_bm25(material: Material, chroma: Chroma, embeddings: TimedEmbeddings) -> StockChain:
    return StockChain(chroma, embeddings, BM25Retriever.from_documents(documents(material.texts), k=K))


def with_bm25s(material: Material, chroma: Chroma, embeddings: TimedEmbeddings) -> StockChain:
    return StockChain(chroma, embeddings, Bm25sRetriever.of(documents(material.texts)))
