"""Examples that stand in a pack twice: what is learned from them would count double, and perhaps against itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policy_corpus.checks.examination import Examination
from policy_corpus.checks.issues import Issue, Severity
from policy_corpus.examples import Example

NAME = "example-twice"

_WORD = re.compile(r"\w+")


def find(seen: Examination) -> Iterator[Issue]:
    """Examples of the same words as an earlier one, whatever their case and punctuation."""
    first: dict[tuple[str, ...], Example] = {}
    for example in seen.pack.examples:
        words = tuple(_WORD.findall(example.text.casefold()))
        held = first.setdefault(words, example)
        if held is not example:
            message = f"the example '{_start(example.text)}' stands in the pack twice"
            hint = "take one out; where they show different facts, say so in one"
            yield seen.issue(NAME, Severity.WARNING, (_start(example.text),), (example, ("text",)), message, hint)


def _start(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
