"""The retriever: from a case's text and findings to the passages that a draft may cite."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from policy_corpus import Pack
from retrieval.errors import EmptyQuery, IndexOutdated
from retrieval.hits import Hit
from retrieval.indexes.base import Index, Progress, Synced
from retrieval.nearness import Nearness
from retrieval.selection import Selection
from retrieval.standing import Standing


class Retriever:
    """Searches one pack through one index.

    The index may lag behind the pack; `sync` brings it up to date, and searching before that is an error.
    """

    def __init__(self, pack: Pack, index: Index) -> None:
        self._pack = pack
        self._index = index
        self._nearness = Nearness(pack.passages(), index)
        self._in_step = False

    @property
    def pack(self) -> Pack:
        return self._pack

    @property
    def index(self) -> Index:
        return self._index

    def sync(self, progress: Progress | None = None) -> Synced:
        """Bring the index up to the pack: only what is new or changed is embedded.

        Raises:
            IndexFault: the index can't be written.
            EmbedderUnavailable: the model can't be loaded.
        """
        synced = self._index.sync(self._pack.passages(), progress)
        self._in_step = True
        return synced

    def search(
        self,
        query: str,
        findings: Mapping[str, frozenset[str]],
        *,
        as_of: date,
        must_include: Collection[str] = (),
        limit: int = 12,
    ) -> tuple[Hit, ...]:
        """What a draft about this case may cite, best first, each source by one passage.

        Args:
            query: the case's text, of any length. Without visible text only required clauses and criteria answer.
            findings: fact to its established values.
            as_of: the day whose clauses apply: that of the conduct.
            must_include: clause ids or `id@version` that must come in, such as those of duties.
            limit: how many hits, at least a third clauses and a third precedents where there are any. Clauses that are
                required or met, their exceptions, and the opposing precedent come in even beyond it.

        Raises:
            IndexOutdated: the index was not synced to this pack.
            UnknownClause: `must_include` names a clause that the pack doesn't have.
        """
        self._check_in_step()
        standing = Standing(self._pack, as_of)
        verdicts = standing.verdicts(findings)
        ready = self._nearness.read(query)
        near = self._nearness.find(ready, standing.passages("clause"), standing.passages("precedent")) if ready else []
        chosen = Selection(standing, near)
        chosen.require(must_include)
        chosen.apply(verdicts)
        if ready:
            chosen.oppose(lambda pool: self._nearness.nearest(ready, pool))
        chosen.fill(limit)
        chosen.add_nearness()
        chosen.explain_undecided(verdicts)
        return chosen.hits()

    def search_text(self, query: str, *, as_of: date, limit: int = 10) -> tuple[Hit, ...]:
        """What is near a text, best first, without findings or balance: for looking things up.

        Raises:
            EmptyQuery: nothing in the text can be seen.
            IndexOutdated: the index was not synced to this pack.
        """
        self._check_in_step()
        ready = self._nearness.read(query)
        if ready is None:
            raise EmptyQuery("there is nothing to search for", "give at least one visible word")
        standing = Standing(self._pack, as_of)
        near = self._nearness.find(ready, standing.passages("clause"), standing.passages("precedent"))
        chosen = Selection(standing, near[:limit])
        chosen.take_all()
        return chosen.hits()

    def _check_in_step(self) -> None:
        if not self._in_step and (waiting := self._index.pending(self._pack.passages())):
            raise IndexOutdated(f"{waiting} passages of pack '{self._pack.id}' differ from the index", "sync it first")
        self._in_step = True
