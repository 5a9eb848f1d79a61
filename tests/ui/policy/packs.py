"""Packs that are changed, broken or looked at as a whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

Run = Callable[..., tuple[int, str, str]]
"""Exit code, standard output and standard error of a command line."""


def everything() -> dict[str, bytes]:
    """Every file below the current folder, to see that nothing was written."""
    return {str(path): path.read_bytes() for path in Path().rglob("*") if path.is_file()}


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    file.write_text(text.replace(old, new), encoding="utf-8")


def unsound(pack: Path) -> None:
    """Two clauses that displace each other."""
    clause = next(pack.rglob("T-2.md"))
    clause.write_text(clause.read_text().replace("area: trade\n", "area: trade\nexceptions: [T-1]\n"))


def broken(pack: Path) -> None:
    clause = next(pack.rglob("T-1.md"))
    clause.write_text(clause.read_text().replace("action: ban", "action: banish"))
