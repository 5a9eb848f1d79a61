"""Content hashes, so that a result says which data and which code it came from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

_ROOT = Path(__file__).parent.parent
_CODE = ("policy_corpus", "retrieval", "prompts", "copilot", "evals")
_FITTED = ("copilot", "retrieval")
"""Where the JSON files that were fitted are: they decide as the source does."""


def digest_of_files(places: Iterable[Path]) -> str:
    """SHA-256 over names and content of the files in those places; folders are read one level deep."""
    total = hashlib.sha256()
    for place in places:
        for file in sorted(place.glob("*")) if place.is_dir() else [place]:
            if file.is_file():
                total.update(f"{file.name}\x1f{hashlib.sha256(file.read_bytes()).hexdigest()}\x1e".encode())
    return total.hexdigest()


def digest_of_text(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def code_version() -> str:
    """The program's version with a hash of its source and of what was fitted, so that two of one number differ."""
    from importlib.metadata import version

    return f"{version('reviewer-copilot')}+{digest_of_program(_ROOT)[:12]}"


def digest_of_program(root: Path) -> str:
    """SHA-256 over names and content of the packages' source and of the files that were fitted."""
    total = hashlib.sha256()
    source = (file for package in _CODE for file in sorted((root / package).rglob("*.py")))
    fitted = (file for package in _FITTED for file in sorted((root / package).rglob("*.json")))
    for file in (*source, *fitted):
        total.update(f"{file.relative_to(root).as_posix()}\x1f".encode() + file.read_bytes())
    return total.hexdigest()
