"""A clause's next version: the one before is kept and closed, the new one says why it exists and who wrote it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from policy_corpus.clauses import Clause
from policy_corpus.errors import PackError, Problem, expected_one_of, shown_path
from policy_corpus.exchange.front_matter import changed_markdown
from policy_corpus.loader import read


def revise(folder: Path, id: str, *, reason: str, author: str, effective_from: date) -> Path:
    """Begins the next version of a clause and gives the file in which its words are then changed.

    The version so far moves to `<name>.v<number>.md`, in force until the day before; the clause's own file becomes the
    new version, with the same words until somebody changes them.

    Raises:
        PackError: there is no such clause, reason or author is missing, or the day is not after the last beginning.
    """
    pack, source_of = read(folder)
    versions = [clause for clause in pack.clauses if clause.id == id]
    if not versions:
        hint = expected_one_of(id, {clause.id for clause in pack.clauses})
        raise PackError([Problem(pack.id, 1, f"there is no clause '{id}'", hint)])
    last = max(versions, key=lambda clause: clause.version)
    source = source_of(last)
    if problem := _problem(last, source.path, reason, author, effective_from):
        raise PackError([problem])
    path = next(file for file in folder.rglob("*.md") if shown_path(file.resolve(), folder.resolve()) == source.path)
    return _write(path, last, f"{reason.strip()} ({author.strip()})", effective_from)


def _problem(last: Clause, path: str, reason: str, author: str, effective_from: date) -> Problem | None:
    if not reason.strip() or not author.strip():
        return Problem(path, 1, f"'{last.id}' can't change without reason and author", "give both")
    if last.effective_from is not None and effective_from <= last.effective_from:
        message = f"the new version would begin on {effective_from}, and '{last.ref}' only did on {last.effective_from}"
        return Problem(path, 1, message, "choose a later day")
    return None


def _write(path: Path, last: Clause, why: str, effective_from: date) -> Path:
    closed = changed_markdown(path, {"effective_until": effective_from - timedelta(days=1)})
    opened = {"version": last.version + 1, "effective_from": effective_from, "effective_until": None, "changed": why}
    text = changed_markdown(path, opened)
    name = path.name.removesuffix(".md").removesuffix(f".v{last.version}")
    path.with_name(f"{name}.v{last.version}.md").write_text(closed, encoding="utf-8")
    current = path.with_name(f"{name}.md")
    current.write_text(text, encoding="utf-8")
    return current
