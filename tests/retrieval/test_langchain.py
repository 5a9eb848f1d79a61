"""The retriever in LangChain's clothes."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import threading
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnableLambda

from policy_corpus import Status
from retrieval.embedders import HashingEmbedder
from retrieval.errors import EmptyQuery
from retrieval.hits import Hit
from retrieval.indexes import BruteForceIndex
from retrieval.langchain import PolicyRetriever
from retrieval.retriever import Retriever
from retrieval.where import Where
from tests.retrieval.corpus import TODAY, clause, pack, precedent

ROOT = Path(__file__).parents[2]
EXAMPLE = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "langchain.md").read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture(scope="module")
def policy() -> Retriever:
    sample = pack(
        [
            clause("A", "Parcels that arrive late are refunded."),
            clause("B", "Gardens are watered in the evening.", effective_until=date(2025, 6, 1)),
        ],
        [
            precedent("P-1", "A parcel came two weeks late.", "limit"),
            precedent("P-2", "A parcel came one day late.", status=Status.STALE),
        ],
    )
    found = Retriever(sample, BruteForceIndex(HashingEmbedder()))
    found.sync()
    return found


def _by_source(documents: list[Document]) -> dict[str, Document]:
    return {document.metadata["source"]: document for document in documents}


def test_it_is_a_retriever_that_gives_what_the_search_gives(policy: Retriever) -> None:
    retriever = PolicyRetriever(retriever=policy, as_of=TODAY, k=3)
    assert isinstance(retriever, BaseRetriever)
    hits = policy.search_text("a late parcel", as_of=TODAY, limit=3)
    found = retriever.invoke("a late parcel")
    assert [document.id for document in found] == [hit.passage.id for hit in hits]
    assert [document.page_content for document in found] == [hit.passage.text for hit in hits]
    assert 0 < len(found) <= 3


def test_documents_say_what_they_are_worth(policy: Retriever) -> None:
    found = _by_source(PolicyRetriever(retriever=policy, as_of=TODAY).invoke("a late parcel"))
    rule = found["A@1"].metadata
    assert (rule["kind"], rule["section"], rule["version"], rule["status"]) == ("clause", "rule", 1, "in force")
    assert rule["pack"] == "sample@1"
    assert any("late" in reason for reason in rule["reasons"])
    assert rule["score"] > 0
    stale = found["P-2"].metadata
    assert (stale["kind"], stale["version"], stale["status"], stale["authority"]) == (
        "precedent", None, "stale", "illustrative",
    )  # fmt: skip


def test_the_day_decides_which_clauses_apply(policy: Retriever) -> None:
    def sources(day: date) -> set[str]:
        return set(_by_source(PolicyRetriever(retriever=policy, as_of=day).invoke("gardens are watered")))

    assert "B@1" in sources(date(2025, 5, 1))
    assert "B@1" not in sources(TODAY)


def test_findings_ask_as_a_draft_does(policy: Retriever) -> None:
    found: tuple[Hit, ...] = policy.search("a late parcel", {"parcel": frozenset({"yes"})}, as_of=TODAY, limit=4)
    asked = PolicyRetriever(retriever=policy, as_of=TODAY, k=4, findings={"parcel": frozenset({"yes"})})
    assert [document.id for document in asked.invoke("a late parcel")] == [hit.passage.id for hit in found]


def test_where_limits_it(policy: Retriever) -> None:
    clauses = PolicyRetriever(retriever=policy, as_of=TODAY, where=Where(kinds=frozenset({"clause"})))
    assert {document.metadata["kind"] for document in clauses.invoke("a late parcel")} == {"clause"}


def test_it_works_in_an_event_loop_without_holding_it_up(policy: Retriever, monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[int] = []
    search = policy.search_text

    def watched(*args: Any, **more: Any) -> Any:
        threads.append(threading.get_ident())
        return search(*args, **more)

    monkeypatch.setattr(policy, "search_text", watched)
    retriever = PolicyRetriever(retriever=policy, as_of=TODAY)

    async def both() -> tuple[list[Document], list[Document]]:
        return await asyncio.gather(retriever.ainvoke("a late parcel"), retriever.ainvoke("a late parcel"))

    one, other = asyncio.run(both())
    assert one == other == retriever.invoke("a late parcel")
    assert threads[0] != threading.get_ident() == threads[-1]


def test_it_fits_into_a_chain(policy: Retriever) -> None:
    retriever = PolicyRetriever(retriever=policy, as_of=TODAY, k=1)
    chain = retriever | RunnableLambda(lambda documents: documents[0].metadata["source"])
    assert chain.batch(["a late parcel", "one day late"]) == [
        chain.invoke("a late parcel"),
        chain.invoke("one day late"),
    ]


def test_an_empty_query_is_an_error(policy: Retriever) -> None:
    with pytest.raises(EmptyQuery):
        PolicyRetriever(retriever=policy).invoke(" \u200b ")


def test_the_documented_example_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("REVIEWER_COPILOT_EMBEDDER", "hashing")
    (example,) = EXAMPLE
    assert len([line for line in example.splitlines() if line.strip()]) <= 10
    exec(compile(example, "docs/langchain.md", "exec"), {})
    printed = capsys.readouterr().out.splitlines()
    assert 0 < len(printed) <= 4
    assert all("'" in line for line in printed)


def test_langchain_is_imported_only_by_those_who_ask() -> None:
    code = "import sys, retrieval, retrieval.retriever; print([n for n in sys.modules if n.startswith('langchain')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"
