"""A Chroma server as the place of an index, for teams that share one.

Only vectors, passage ids, hashes and kinds are kept there: no passage's text, and no query's.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from retrieval.errors import IndexDamaged, IndexDenied, IndexFault, IndexFull, IndexUnreachable
from retrieval.indexes.chroma_client import QUIET, chromadb, sessions
from retrieval.indexes.chroma_place import drop

if TYPE_CHECKING:
    from chromadb.api import ClientAPI

PORT = 8000
TENANT, DATABASE = "default_tenant", "default_database"
_FORM = "http://host:port, https://host:port, or either with /tenant/database"


@dataclass(frozen=True)
class Server:
    """A Chroma server's address. Each pack has a collection of its own, so packs can share a database."""

    host: str
    port: int = PORT
    tls: bool = False
    tenant: str = TENANT
    database: str = DATABASE
    token: str = field(default="", repr=False)
    header: str = "Authorization"
    """The header that carries the token: as `Bearer …` in `Authorization`, alone in any other, such as
    `X-Chroma-Token`. Chroma itself asks for none; a proxy before it does."""
    timeout: float = 60.0
    """Seconds to wait for any one answer. Chroma's client alone would wait for ever."""

    @classmethod
    def at(cls, address: str, *, token: str = "", header: str = "Authorization") -> Server:
        """The server at `http://host:port` or `https://host:port`; other than default ones as `/tenant/database`.

        Raises:
            IndexUnreachable: it isn't such an address.
        """
        try:
            parts = urlsplit(address)
            host, port = parts.hostname, parts.port
        except ValueError:
            parts, host, port = urlsplit(""), None, None
        path = [part for part in parts.path.split("/") if part]
        odd = parts.query or parts.fragment or "@" in parts.netloc or len(path) not in (0, 2)
        if not host or parts.scheme not in ("http", "https") or odd:
            # The address itself isn't repeated: somebody may have put a password into it.
            raise IndexUnreachable("the index server's address can't be understood", f"expected {_FORM}")
        tenant, database = path or (TENANT, DATABASE)
        tls = parts.scheme == "https"
        return cls(host, port or (443 if tls else PORT), tls, tenant, database, token, header)

    def __str__(self) -> str:
        return f"'{self._root}/{self.tenant}/{self.database}'"

    @property
    def _root(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}"

    @property
    def _headers(self) -> dict[str, str]:
        if not self.token:
            return {}
        return {self.header: f"Bearer {self.token}" if self.header.lower() == "authorization" else self.token}

    def collection(self, pack: str) -> str:
        return f"pack-{pack}-passages"

    def check(self, wait: float) -> None:
        """See that a Chroma server of a version that we speak with answers, lets us in, and has the database."""
        import httpx

        with self.translated(), httpx.Client(headers=self._headers, timeout=max(wait, 0.1)) as client:
            answer = client.get(f"{self._root}/api/v2/version")
            if answer.status_code in (401, 403):
                raise self._denied()
            if answer.status_code != 200 or not _speaks(answer.text):
                raise IndexUnreachable(
                    f"what answers at '{self._root}' is not a Chroma server with the interface that is needed (v2)",
                    "run a server of the installed Chroma's version: chroma run; or correct the address",
                )
            tenant, database = quote(self.tenant, safe=""), quote(self.database, safe="")
            answer = client.get(f"{self._root}/api/v2/tenants/{tenant}/databases/{database}")
            if answer.status_code in (401, 403):
                raise self._denied()
            if answer.status_code == 404:
                raise self._missing()

    def open(self) -> ClientAPI:
        import httpx

        library = chromadb()
        with self.translated():
            client: ClientAPI = library.HttpClient(
                host=f"[{self.host}]" if ":" in self.host else self.host,
                port=self.port,
                ssl=self.tls,
                headers=self._headers,
                tenant=self.tenant,
                database=self.database,
                settings=library.config.Settings(**QUIET),
            )
        for session in sessions(client):
            session.timeout = httpx.Timeout(self.timeout)
        return client

    @contextmanager
    def translated(self) -> Iterator[None]:
        """The client's errors as ours; never with what the server wrote, which may repeat what it was sent."""
        try:
            yield
        except IndexFault:
            raise
        except Exception as error:
            raise self._fault(error) from error

    @contextmanager
    def writing(self, wait: float) -> Iterator[bool]:
        """A server has no lock that ends with the process that took it: others aren't kept out."""
        self.check(wait)
        yield False

    def empty(self, pack: str) -> None:
        drop(self, pack)

    def _denied(self) -> IndexDenied:
        hint = "give the token it expects, or have this account let in"
        return IndexDenied(f"the index server at '{self._root}' refused {'its token' if self.token else 'us'}", hint)

    def _missing(self) -> IndexUnreachable:
        return IndexUnreachable(f"the index server has no {self}", "create it on the server, or correct the address")

    def _fault(self, error: Exception) -> IndexFault:
        name, said = type(error).__name__, str(error).lower()
        family = type(error).__module__.partition(".")[0]
        if name in ("AuthorizationError", "ChromaAuthError") or "unauthorized" in said or "forbidden" in said:
            return self._denied()
        if name == "NotFoundError" and said.startswith(("tenant", "database")):
            return self._missing()
        if name in ("QuotaError", "RateLimitError") or "no space" in said or "is full" in said:
            return IndexFull(f"the index at {self} takes no more ({name})", "free some space there, then sync again")
        if family == "chromadb":
            hint = "rebuild it: ChromaIndex.rebuilt(…), then sync; nothing is lost, it derives from the pack"
            return IndexDamaged(f"the index at {self} can't be used ({name})", hint)
        return IndexUnreachable(
            f"the index server at '{self._root}' can't be reached ({name})",
            "see that it runs, and that host, port and http or https are right",
        )


def _speaks(text: str) -> bool:
    """Whether a version's answer is one of Chroma 1's servers."""
    return text.strip().strip('"').split(".")[0] == "1"
