"""The retriever as LangChain's `BaseRetriever`, for chains that want cited policy instead of loose text.

The only module of retrieval that imports LangChain; nothing here imports it unless it is asked for by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import Field

from policy_corpus import Pack
from retrieval.hits import Hit
from retrieval.retriever import Retriever
from retrieval.where import EVERYWHERE, Where


class PolicyRetriever(BaseRetriever):
    """Gives the passages of a pack that a draft may cite, best first, as LangChain documents.

    With `findings` (also empty ones) the search is the one that drafts use: clauses whose criteria are met, their
    exceptions, the opposing precedent. Without, it is a search by text alone, and empty where nothing is relevant.
    `ainvoke` runs the same in a thread, so that an event loop never waits for it.

    `invoke` and `ainvoke` raise EmptyQuery for a text without words and IndexOutdated before a sync.
    """

    retriever: Retriever
    """Synced."""
    as_of: date | None = None
    """The day whose clauses apply; today when it is none."""
    k: int = Field(default=8, ge=1)
    """How many documents. With findings, clauses that are met come in even beyond it."""
    where: Where = EVERYWHERE
    findings: Mapping[str, frozenset[str]] | None = None
    """Fact to its established values."""

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        as_of = self.as_of or date.today()
        if self.findings is None:
            found = self.retriever.search_text(query, as_of=as_of, where=self.where, limit=self.k)
        else:
            found = self.retriever.search(query, self.findings, as_of=as_of, where=self.where, limit=self.k)
        return [document(hit, self.retriever.pack, as_of) for hit in found]


def document(hit: Hit, pack: Pack, as_of: date) -> Document:
    """A hit as a document: its text is the passage's, to the letter, so that quotes from it can be checked."""
    passage = hit.passage
    told = {
        "source": passage.source,
        "section": passage.section,
        "kind": passage.kind,
        "title": passage.title,
        "score": hit.score,
        "reasons": [reason.detail for reason in hit.reasons],
        "digest": passage.digest,
        "pack": f"{pack.id}@{pack.manifest.version}",
    }
    return Document(id=passage.id, page_content=passage.text, metadata=told | _standing(hit, pack, as_of))


def _standing(hit: Hit, pack: Pack, as_of: date) -> dict[str, Any]:
    """What a source's word is worth on that day."""
    source = hit.passage.source
    if (clause := pack.clause(source)) is not None:
        status = "in force" if clause.in_force(as_of) else "not in force"
        return {"version": clause.version, "status": status, "links": [link.name for link in hit.links]}
    precedent = pack.precedent(source)
    assert precedent is not None, source
    standing = {"version": None, "status": precedent.status.value, "authority": precedent.authority.value}
    return {**standing, "folded": list(hit.folded)}
