"""The retriever: from a case's text and findings to the passages that a draft may cite."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from copy import copy
from datetime import date
from functools import cached_property

from policy_corpus import Pack
from retrieval.changes import changes
from retrieval.errors import EmptyQuery, IndexOutdated
from retrieval.folding import Folding
from retrieval.hits import Found
from retrieval.indexes.base import Index, Progress, Synced
from retrieval.near import Near
from retrieval.nearness import Nearness, Query
from retrieval.reading import Reader
from retrieval.relevance import NEAR_MISSES, Line, lines, nearest_cosine
from retrieval.rerankers import Reranker, reranked
from retrieval.selection import Selection
from retrieval.standing import Standing, Standings
from retrieval.where import EVERYWHERE, Where
from retrieval.windows import QUERY_UNITS, windows


class Retriever:
    """Searches one pack through one index.

    The index may lag behind the pack; `sync` brings it up to date, and searching before that is an error.

    Args:
        reranker: reads the nearest again, beside the query.
        line: where relevance begins; otherwise the one that was measured for the index's model, if any.
        literal: take words as they are written, without a second reading of disguised or misspelt ones.
    """

    def __init__(
        self,
        pack: Pack,
        index: Index,
        *,
        reranker: Reranker | None = None,
        line: Line | None = None,
        literal: bool = False,
    ) -> None:
        self._pack = pack
        self._index = index
        self._nearness = Nearness(pack.passages(), index)
        self._reader = Reader(pack, self._nearness, literal=literal)
        self._standings = Standings(pack)
        self._folding = Folding()
        self._reranker = reranker
        self._line = line
        self._in_step = False

    @property
    def pack(self) -> Pack:
        return self._pack

    @property
    def index(self) -> Index:
        return self._index

    @cached_property
    def line(self) -> Line | None:
        """Where relevance begins for the index's model; none where nobody measured it."""
        return self._line or lines().get(self._index.embedder.fingerprint)

    def sync(self, progress: Progress | None = None) -> Synced:
        """Bring the index up to the pack: only what is new or changed is embedded.

        Raises:
            IndexFault: the index can't be written.
            EmbedderUnavailable: the model can't be loaded.
        """
        synced = self._index.sync(self._pack.passages(), progress)
        self._in_step = True
        return synced

    def updated(self, pack: Pack) -> Retriever:
        """The same search over another state of the pack, such as one with a precedent more, overruled or superseded.

        The index takes up what differs and nothing else, so the retriever that this was called on must not go on.

        Raises:
            IndexFault: the index can't be written.
        """
        made = copy(self)
        made._pack = pack
        made._nearness = self._nearness.updated(changes(self._pack, pack))
        made._reader = self._reader.over(pack, made._nearness)
        made._standings = Standings(pack, self._standings)
        made._folding = Folding()
        return made

    def search(
        self,
        query: str,
        findings: Mapping[str, frozenset[str]],
        *,
        as_of: date,
        must_include: Collection[str] = (),
        where: Where = EVERYWHERE,
        limit: int = 12,
    ) -> Found:
        """What a draft about this case may cite, best first, each source by one passage.

        Args:
            query: the case's text, of any length. Without visible text only required clauses and criteria answer.
            findings: fact to its established values.
            as_of: the day whose clauses apply: that of the conduct.
            must_include: clause ids or `id@version` that must come in, such as those of duties.
            where: what the rest is limited to. Required clauses and the exceptions of met ones come in all the same.
            limit: how many hits, at least a third clauses and a third precedents where there are any. Clauses that are
                required or met, their exceptions, and the opposing precedent come in even beyond it.

        Raises:
            IndexOutdated: the index was not synced to this pack.
            UnknownClause: `must_include` names a clause that the pack doesn't have.
            UnknownFilter: `where` names an area or jurisdiction that can't be.
        """
        self._check_in_step()
        standing = self._standings.on(as_of, where)
        verdicts = standing.verdicts(findings)
        ready = self._reader.read(query)
        near = self._near(ready, query, standing)
        chosen = Selection(standing, near, self._folding)
        chosen.require(must_include)
        chosen.apply(verdicts, findings)
        settled = bool(chosen.reasons)
        if ready:
            chosen.oppose(lambda pool: self._nearness.nearest(ready, pool), standing.outcome(verdicts))
            chosen.weigh(verdicts)
        chosen.fill(limit)
        chosen.explain(verdicts)
        return Found(chosen.hits(), relevant=settled or self._is_relevant(query, near))

    def search_text(self, query: str, *, as_of: date, where: Where = EVERYWHERE, limit: int = 10) -> Found:
        """What is near a text, best first, without findings or balance: for looking things up.

        Empty where nothing is relevant; what came nearest is then offered as `near_misses`.

        Raises:
            EmptyQuery: nothing in the text can be seen.
            IndexOutdated: the index was not synced to this pack.
            UnknownFilter: `where` names an area or jurisdiction that can't be.
        """
        self._check_in_step()
        standing = self._standings.on(as_of, where)
        ready = self._reader.read(query)
        if ready is None:
            raise EmptyQuery("there is nothing to search for", "give at least one visible word")
        near = self._near(ready, query, standing)
        chosen = Selection(standing, near, self._folding)
        chosen.fill(limit)
        chosen.explain({})
        hits = chosen.hits()
        if self._is_relevant(query, near):
            return Found(hits)
        return Found(relevant=False, near_misses=hits[:NEAR_MISSES])

    def _near(self, ready: Query | None, query: str, standing: Standing) -> Sequence[Near]:
        if ready is None:
            return ()
        near = self._nearness.find(ready, standing.clause_passages, standing.precedent_passages)
        return reranked(query, near, self._reranker) if self._reranker else near

    def _is_relevant(self, query: str, near: Sequence[Near]) -> bool:
        return self.line is None or self.line.admits(nearest_cosine(near), len(windows(query, QUERY_UNITS)))

    def nearest_cosine(self, query: str, *, as_of: date) -> float:
        """How near the nearest passage is: what the line of relevance is measured and drawn by."""
        self._check_in_step()
        return nearest_cosine(self._near(self._reader.read(query), query, self._standings.on(as_of)))

    def _check_in_step(self) -> None:
        if not self._in_step and (waiting := self._index.pending(self._pack.passages())):
            raise IndexOutdated(f"{waiting} passages of pack '{self._pack.id}' differ from the index", "sync it first")
        self._in_step = True
