"""A language model as judge: asked one strict yes or no a question. What it can't answer stays unscored."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Literal

import prompts
from copilot.errors import DrafterError, ModelUnavailable
from copilot.llm_asking import Shape, ask
from copilot.llm_chat import ChatModel, Message
from evals.base import Strict
from evals.hashing import digest_of_text

MOST_FAILURES = 3
"""Times in a row that a model may be out of reach before nothing more is asked."""


class Said(Strict):
    """What the model answers."""

    supported: Literal["yes", "no"]


class ModelJudge:
    """Asks a model whether passages support a claim. Both leave the machine; claims may repeat words of a case."""

    dear = True

    def __init__(self, chat: ChatModel) -> None:
        self._chat = chat
        self._system = prompts.load("judge")
        self._question = prompts.load("judge_question")
        self._shape = Shape(Said, {}, lambda said: ())
        self._failures = 0
        self.unanswered: list[str] = []
        """Why questions stayed without an answer, one entry each."""

    @property
    def name(self) -> str:
        return f"model {self._chat.id}"

    @cached_property
    def fingerprint(self) -> str:
        return digest_of_text("\x1f".join((self._chat.id, self._system.hash, self._question.hash, self._schema)))

    @cached_property
    def _schema(self) -> str:
        return json.dumps(self._shape.schema, ensure_ascii=False, separators=(",", ":"))

    async def supports(self, premise: str, claim: str) -> bool | None:
        """None where the model is out of reach, refuses, or answers something else twice."""
        if self._failures >= MOST_FAILURES:
            self.unanswered.append("not asked, as the model was out of reach before")
            return None
        try:
            asked = await ask(self._chat, self._messages(premise, claim), self._shape)
        except DrafterError as error:
            self._failures = self._failures + 1 if isinstance(error, ModelUnavailable) else 0
            self.unanswered.append(str(error))
            return None
        self._failures = 0
        return asked.said.supported == "yes"

    def _messages(self, premise: str, claim: str) -> list[Message]:
        fenced = prompts.fence(json.dumps({"passages": premise, "claim": claim}, ensure_ascii=False, indent=1))
        return [
            Message(role="system", text=self._system.render(schema=self._schema)),
            Message(role="user", text=self._question.render(code=fenced.code, question=fenced.block)),
        ]
