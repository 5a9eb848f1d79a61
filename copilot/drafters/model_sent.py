"""What left the machine: by kind and size, never the content."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Literal

from copilot.base import Strict
from copilot.cases import Case
from copilot.llm_chat import Answer

MOST_CASES = 256
"""Cases whose log is held until somebody asks for it."""


class Sent(Strict):
    """One exchange with a model."""

    purpose: Literal["find", "draft"]
    model: str
    kind: Literal["text", "findings"]
    parts: int
    case_characters: int
    """Of the case's own text."""
    characters: int
    """Of the whole request, with instructions and passages."""
    passages: int = 0
    requests: int = 1
    answered_by: str = ""
    """Model id and fingerprint that answered; empty where no usable answer came."""
    zero_retention: bool | None = None
    tokens_in: int = 0
    tokens_cached: int = 0
    tokens_out: int = 0

    def answered(self, answers: Sequence[Answer]) -> Sent:
        last = answers[-1]
        return self.model_copy(
            update={
                "requests": len(answers),
                "answered_by": " ".join(filter(None, (last.model, last.fingerprint))),
                "zero_retention": last.zero_retention,
                "tokens_in": sum(answer.usage.input for answer in answers),
                "tokens_cached": sum(answer.usage.cached for answer in answers),
                "tokens_out": sum(answer.usage.output for answer in answers),
            }
        )

    def __str__(self) -> str:
        what = (
            f"text of {self.parts} parts ({self.case_characters} characters)"
            if self.kind == "text"
            else "findings, no text"
        )
        kept = {True: "keeps nothing", False: "may keep it", None: "retention not stated"}[self.zero_retention]
        answer = (
            f"answered by {self.answered_by}, {self.tokens_in} tokens in, {self.tokens_cached} of them cached, "
            if (self.answered_by)
            else "no usable answer, "
        )
        return (
            f"{self.purpose}: {what}, {self.passages} passages, {self.characters} characters in all to {self.model}; "
            f"{self.requests} requests; {answer}{self.tokens_out} out; provider {kept}"
        )


class Outbox:
    """The exchanges of each case, until they are taken for its provenance."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, list[Sent]] = OrderedDict()

    def put(self, case: Case, sent: Sent) -> None:
        self._held.setdefault(case.digest, []).append(sent)
        while len(self._held) > MOST_CASES:
            self._held.popitem(last=False)

    def replace(self, case: Case, before: Sent, after: Sent) -> None:
        log = self._held.get(case.digest, [])
        if before in log:
            log[log.index(before)] = after

    def take(self, case: Case) -> tuple[Sent, ...]:
        return tuple(self._held.pop(case.digest, ()))
