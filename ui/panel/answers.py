"""What the page gets back: the views that changed and a word on what happened."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

from pydantic import ValidationError

from copilot.errors import CopilotError
from ui.panel.markup import Html
from ui.panel.session import Session


@dataclass(frozen=True)
class Status:
    """The outcome of one command."""

    number: int = 0
    said: str = ""
    """Announced to everyone, also to screen readers."""
    problem: str = ""
    hint: str = ""
    case: str = ""
    opened: bool = False
    """Whether the case came onto the screen with this answer."""
    saved: bool = False
    """Whether a decision was kept, so that the reason box may be emptied."""
    editing: bool = False
    confirm: str | None = None
    """Why the draft on screen can't be confirmed; empty where it can, none where that hasn't changed."""

    def json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=True)


@dataclass(frozen=True)
class Answer:
    """The session after a command, its outcome, and the views to draw again by name."""

    session: Session
    status: Status
    views: dict[str, Html] = field(default_factory=dict)


VIEWS = ("queue", "case", "draft", "editor")


def explain(error: Exception) -> tuple[str, str]:
    """An error as message and hint. Never carries what was typed or what a case says."""
    if isinstance(error, CopilotError):
        return error.message, error.hint
    if isinstance(error, ValidationError):
        first = error.errors(include_input=False, include_url=False)[0]
        field_name = ".".join(str(part) for part in first["loc"] if part != "do")
        said = str(first["msg"]).removeprefix("Value error, ")
        return (f"{field_name}: {said}" if field_name else said), "nothing was saved; what you typed is still there"
    return (
        f"unexpected problem ({type(error).__name__})",
        "nothing was saved as far as is known; check the queue and try again",
    )
