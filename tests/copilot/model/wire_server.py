"""An OpenAI-compatible server on the loopback interface that answers from a script."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Reply:
    """One scripted answer."""

    body: object
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: float = 0.0
    """Seconds before it answers."""


@dataclass
class Received:
    path: str
    headers: dict[str, str]
    body: Any


class WireServer:
    """Gives its replies in order, the last one again and again, and keeps what it received."""

    def __init__(self, *replies: Reply) -> None:
        self.replies = list(replies)
        self.received: list[Received] = []
        self.released = threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            # Connections that stay open, as real servers keep them.
            protocol_version = "HTTP/1.1"
            timeout = 5

            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers.get("content-length") or 0))
                body = json.loads(raw) if raw[:1] == b"{" else raw
                server.received.append(Received(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                reply = server.replies.pop(0) if len(server.replies) > 1 else server.replies[0]
                server.released.wait(reply.wait)
                self._answer(reply)

            def _answer(self, reply: Reply) -> None:
                said = reply.body if isinstance(reply.body, str) else json.dumps(reply.body)
                self.send_response(reply.status)
                kind = "text/html" if said.startswith("<") else "application/json"
                for name, value in {
                    "content-type": kind,
                    "content-length": str(len(said.encode())),
                    **reply.headers,
                }.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(said.encode())

            def log_message(self, format: str, *args: object) -> None:
                """Keeps the tests' output clean."""

            def handle(self) -> None:
                try:
                    super().handle()
                except ConnectionError:
                    """The client gave up waiting, which is what some tests are about."""

        return Handler

    @contextmanager
    def running(self) -> Iterator[WireServer]:
        thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield self
        finally:
            self.released.set()
            self._http.shutdown()
            thread.join()
            self._http.server_close()


@contextmanager
def nobody() -> Iterator[str]:
    """An address where nothing answers: its port is held, but nobody listens, and no other server can come there."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}/v1"


def completion(said: object, *, finish: str = "stop", **message: object) -> dict[str, object]:
    """A chat completion that says this."""
    text = said if isinstance(said, str) else json.dumps(said)
    return {
        "id": "c-1",
        "object": "chat.completion",
        "created": 1,
        "model": "served-model-1",
        "system_fingerprint": "fp_1",
        "choices": [
            {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": text, **message}}
        ],
        "usage": {
            "prompt_tokens": 100,
            "completion_tokens": 20,
            "total_tokens": 120,
            "prompt_tokens_details": {"cached_tokens": 64},
        },
    }
