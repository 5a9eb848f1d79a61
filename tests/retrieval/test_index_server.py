"""What goes wrong with an index server, said in plain words; what works is tested with a real server."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from retrieval.embedders import HashingEmbedder
from retrieval.errors import IndexDamaged, IndexDenied, IndexFault, IndexFull, IndexUnreachable
from retrieval.indexes import ChromaIndex, Server

SMALL = HashingEmbedder(64)
SECRET = "not-to-be-shown"

ADDRESSES = {
    "http://127.0.0.1:8123": Server("127.0.0.1", 8123),
    "http://index.example/": Server("index.example", 8000),
    "https://index.example": Server("index.example", 443, tls=True),
    "https://index.example:8443/team/prod": Server("index.example", 8443, tls=True, tenant="team", database="prod"),
    "http://[::1]:9000": Server("::1", 9000),
}


@pytest.mark.parametrize(("address", "server"), ADDRESSES.items())
def test_addresses(address: str, server: Server) -> None:
    assert Server.at(address) == server


@pytest.mark.parametrize(
    "address",
    ["", "index.example:8000", "ftp://index.example", "http://", "http://h:port", "http://h:8000/team",
     "http://h/a/b/c", f"http://me:{SECRET}@h:8000", f"http://h/?token={SECRET}", "http://[::1"],
)  # fmt: skip
def test_what_is_no_address(address: str) -> None:
    with pytest.raises(IndexUnreachable, match="can't be understood.*expected http://host:port") as raised:
        Server.at(address)
    assert SECRET not in str(raised.value)


def test_a_token_is_never_shown() -> None:
    server = Server.at("https://h", token=SECRET)
    assert SECRET not in f"{server} {server!r}"


Answer = Callable[[str, dict[str, str]], tuple[int, str]]


@contextmanager
def answering(answer: Answer) -> Iterator[Server]:
    """Something that answers HTTP on a loopback port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = answer(self.path, {name.lower(): value for name, value in self.headers.items()})
            with suppress(ConnectionError):  # whoever asked may have gone
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body.encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield Server("127.0.0.1", int(server.server_address[1]))
        finally:
            server.shutdown()
            thread.join()


FOREIGN: dict[str, tuple[int, str, type[IndexFault], str]] = {
    "another program": (404, "<h1>Not found</h1>", IndexUnreachable, "is not a Chroma server"),
    "a web page": (200, "<h1>Welcome</h1>", IndexUnreachable, "is not a Chroma server"),
    "an old version": (200, '"0.5.23"', IndexUnreachable, "is not a Chroma server.*version"),
    "a failing proxy": (502, "bad gateway", IndexUnreachable, "is not a Chroma server"),
    "no token": (401, "who are you", IndexDenied, "refused us; give the token"),
    "no access": (403, "no", IndexDenied, "refused us"),
}


@pytest.mark.parametrize(("status", "body", "kind", "said"), FOREIGN.values(), ids=FOREIGN)
def test_what_answers_is_no_chroma_server(status: int, body: str, kind: type[IndexFault], said: str) -> None:
    with answering(lambda path, headers: (status, body)) as server, pytest.raises(kind, match=said) as raised:
        ChromaIndex(server, SMALL, pack="sample")
    assert raised.value.hint


def _version_then(status: int) -> Answer:
    return lambda path, headers: (200, '"1.0.0"') if path.endswith("version") else (status, "{}")


def test_a_missing_database_is_named() -> None:
    with answering(_version_then(404)) as server, pytest.raises(IndexUnreachable, match="has no.*create it"):
        ChromaIndex(server, SMALL, pack="sample")


@pytest.mark.parametrize(("header", "sent"), [("Authorization", f"Bearer {SECRET}"), ("X-Chroma-Token", SECRET)])
def test_the_token_is_sent_in_its_header(header: str, sent: str) -> None:
    seen: list[str | None] = []

    def answer(path: str, headers: dict[str, str]) -> tuple[int, str]:
        seen.append(headers.get(header.lower()))
        return 403, SECRET

    with answering(answer) as found:
        server = Server.at(f"http://127.0.0.1:{found.port}", token=SECRET, header=header)
        with pytest.raises(IndexDenied, match="refused its token") as raised:
            ChromaIndex(server, SMALL, pack="sample")
    assert seen == [sent]
    assert SECRET not in str(raised.value)


def test_nobody_there() -> None:
    with socket.socket() as held:  # nobody listens there, and no other server can come there
        held.bind(("127.0.0.1", 0))
        server = Server("127.0.0.1", int(held.getsockname()[1]))
        said = f"'http://127.0.0.1:{server.port}' can't be reached.*see that it runs"
        with pytest.raises(IndexUnreachable, match=said):
            ChromaIndex(server, SMALL, pack="sample")


def test_a_server_that_never_answers_does_not_hang() -> None:
    asked, done = threading.Event(), threading.Event()

    def answer(path: str, headers: dict[str, str]) -> tuple[int, str]:
        asked.set()
        done.wait(30)
        return 200, '"1.0.0"'

    with answering(answer) as server:
        with pytest.raises(IndexUnreachable, match="can't be reached \\(ReadTimeout\\)"):
            ChromaIndex(server, SMALL, pack="sample", wait=0.2)
        assert asked.is_set()
        done.set()


@pytest.mark.parametrize(
    ("module", "name", "said", "kind"),
    [
        ("chromadb.errors", "ChromaAuthError", "x", IndexDenied),
        ("chromadb.errors", "AuthorizationError", "x", IndexDenied),
        ("builtins", "Exception", "401 Unauthorized", IndexDenied),
        ("chromadb.errors", "NotFoundError", "Database [trial] not found", IndexUnreachable),
        ("chromadb.errors", "NotFoundError", "Collection [c] does not exist", IndexDamaged),
        ("chromadb.errors", "QuotaError", "x", IndexFull),
        ("chromadb.errors", "InternalError", "No space left on device", IndexFull),
        ("chromadb.errors", "InternalError", "x", IndexDamaged),
        ("httpx", "ConnectError", "x", IndexUnreachable),
        ("builtins", "Exception", "<h1>Bad gateway</h1>", IndexUnreachable),
    ],
)
def test_the_clients_errors_become_ours(module: str, name: str, said: str, kind: type[IndexFault]) -> None:
    foreign = type(name, (Exception,), {"__module__": module})
    with pytest.raises(IndexFault) as raised, Server("h").translated():
        raise foreign(f"{said} {SECRET}")
    assert type(raised.value) is kind
    assert raised.value.hint
    assert SECRET not in str(raised.value)
