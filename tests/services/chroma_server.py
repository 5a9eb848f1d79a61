"""A Chroma server for tests, run from the installed package on a loopback port."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from retrieval.indexes import Server

_TRIES = 200


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """A server over the folder that is up, and ended afterwards."""
    port = _free_port()
    command = [str(Path(sys.executable).with_name("chroma")), "run", "--path", str(folder), "--host", "127.0.0.1"]
    process = subprocess.Popen(
        [*command, "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "ANONYMIZED_TELEMETRY": "False", "CHROMA_OPEN_TELEMETRY__ENDPOINT": ""},
        cwd=folder.parent,
    )
    try:
        _wait_for(process, port)
        yield Server("127.0.0.1", port)
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    """Return as soon as it answers; each refused connection waits a little itself."""
    transport = httpx.HTTPTransport(retries=8)
    with httpx.Client(transport=transport, timeout=5) as client:
        for _ in range(_TRIES):
            assert process.poll() is None, "the Chroma server ended at once"
            try:
                client.get(f"http://127.0.0.1:{port}/api/v2/heartbeat").raise_for_status()
                return
            except httpx.TransportError:
                continue
    raise AssertionError("the Chroma server did not come up")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
