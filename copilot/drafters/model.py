"""The language model as a drafter: findings with the words that show them, then a draft for the gate to check."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Sequence
from functools import cached_property
from typing import Literal, TypeVar

from pydantic import BaseModel

import prompts
from copilot.cases import Case
from copilot.drafters import model_context as context
from copilot.drafters.model_checks import draft_check
from copilot.drafters.model_names import Names
from copilot.drafters.model_reading import read_draft, read_findings
from copilot.drafters.model_sent import Outbox, Sent
from copilot.drafters.model_wire import WireDraft, WireFindings
from copilot.drafts import Draft
from copilot.findings import Finding
from copilot.llm_asking import Shape, ask, wire_schema
from copilot.llm_chat import ChatModel, Message
from copilot.llm_settings import ModelSettings
from copilot.reviews import DutyStatus
from policy_corpus import Pack
from retrieval.hits import Hit

Said = TypeVar("Said", bound=BaseModel)
PROMPTS = ("find", "find_case", "draft", "draft_case", "again")


class ModelDrafter:
    """Drafts with a language model. Whatever it answers, the review's floor and gate come after it."""

    def __init__(self, pack: Pack, chat: ChatModel, settings: ModelSettings) -> None:
        self._pack = pack
        self._chat = chat
        self._settings = settings
        self._outbox = Outbox()
        self._prompts = {name: prompts.load(name) for name in PROMPTS}

    @property
    def name(self) -> str:
        return f"model {self._chat.id}"

    @cached_property
    def settings(self) -> dict[str, str]:
        hashes = {f"prompt.{name}": prompt.hash for name, prompt in self._prompts.items()}
        schemas = {f"schema.{name}": _hash(schema) for name, schema in self._schemas.items()}
        return {**self._settings.parameters(), "model": self._chat.id, **hashes, **schemas}

    def sent(self, case: Case) -> tuple[Sent, ...]:
        """What left the machine about this case since this was last asked, for the review's provenance."""
        return self._outbox.take(case)

    async def find(self, case: Case) -> tuple[Finding, ...]:
        """Findings, each with the words that show it. None where no text may leave, or where there is none."""
        if self._settings.send != "text" or not any((part.text or "").strip() for part in case.parts):
            return ()
        names = Names(case)
        shown = context.shown(case, names, self._pack, most=self._settings.most_text)
        fenced = prompts.fence(shown.content)
        user = self._prompts["find_case"].render(code=fenced.code, case=fenced.block)
        shape = Shape(WireFindings, self._choices, lambda said: ())
        said = await self._ask(case, "find", self._find_system, user, shape, shown, 0)
        return await asyncio.to_thread(read_findings, said, case, names, self.name)

    async def draft(
        self, case: Case, findings: Sequence[Finding], duties: Sequence[DutyStatus], hits: Sequence[Hit]
    ) -> Draft:
        """A draft that rests on the hits. Confidence is left open: a model's own word for it is worth nothing."""
        names = Names(case)
        most = self._settings.most_text if self._settings.send == "text" else None
        shown = context.shown(case, names, self._pack, findings, most=most)
        fenced = prompts.fence(shown.content)
        user = self._prompts["draft_case"].render(
            passages=context.passages(hits, self._pack, self._settings.send) or "(none)",
            duties=context.duties(duties, names),
            code=fenced.code,
            case=fenced.block,
        )
        shape = Shape(WireDraft, self._choices, draft_check(case, self._pack, names, duties, hits))
        said = await self._ask(case, "draft", self._draft_system, user, shape, shown, len(hits))
        return await asyncio.to_thread(read_draft, said, case, names, duties, self._pack, self.name, shown.left_out)

    async def _ask(
        self,
        case: Case,
        purpose: Literal["find", "draft"],
        system: str,
        user: str,
        shape: Shape[Said],
        shown: context.Shown,
        passages: int,
    ) -> Said:
        """The model's answer. Noted before it is sent: a request that fails has left the machine too."""
        sent = Sent(
            purpose=purpose,
            model=self._chat.id,
            kind=self._settings.send,
            parts=shown.parts,
            case_characters=shown.characters,
            characters=len(system) + len(user),
            passages=passages,
        )
        self._outbox.put(case, sent)
        asked = await ask(self._chat, [Message(role="system", text=system), Message(role="user", text=user)], shape)
        self._outbox.replace(case, sent, sent.answered(asked.answers))
        return asked.said

    @cached_property
    def _choices(self) -> dict[str, tuple[str, ...]]:
        """The names that come from the pack. They are the same for every case, so that providers' caches hold."""
        facts = tuple(self._pack.vocabulary.facts)
        return {"action": tuple(self._pack.actions), "fact": facts, "missing": facts}

    @cached_property
    def _schemas(self) -> dict[str, dict[str, object]]:
        return {
            "find": dict(wire_schema(WireFindings, self._choices)),
            "draft": dict(wire_schema(WireDraft, self._choices)),
        }

    @cached_property
    def _find_system(self) -> str:
        """The stable part of a request for findings: the same for every case of a pack."""
        facts = context.facts(self._pack, defined=True)
        return self._prompts["find"].render(facts=facts, schema=_json(self._schemas["find"]))

    @cached_property
    def _draft_system(self) -> str:
        return self._prompts["draft"].render(
            actions=context.actions(self._pack),
            facts=context.facts(self._pack, defined=False),
            schema=_json(self._schemas["draft"]),
        )


def _json(schema: dict[str, object]) -> str:
    return json.dumps(schema, ensure_ascii=False, separators=(",", ":"))


def _hash(schema: dict[str, object]) -> str:
    return hashlib.sha256(_json(schema).encode()).hexdigest()
