"""What the page may ask for. Everything from a browser is checked against these before anything is done."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from copilot.base import Strict
from copilot.decisions import Verb
from policy_corpus import Reportability

LONGEST = 20_000
"""Characters of a reason or note."""


class Refresh(Strict):
    do: Literal["refresh"]


class Open(Strict):
    do: Literal["open"]
    case: str


class Move(Strict):
    do: Literal["move"]
    by: Literal[-1, 1]


class OnCase(Strict):
    """A command about the open case; it names the case that the page showed, so that it can't hit another one."""

    case: str


class Show(OnCase):
    do: Literal["show"]
    draft: int


class Reveal(OnCase):
    do: Literal["reveal"]
    part: str


class Mask(OnCase):
    do: Literal["mask"]
    part: str


class Decide(OnCase):
    do: Literal["decide"]
    verb: Verb
    reason: str = Field(default="", max_length=LONGEST)
    reportability: Reportability | None = None


class Edit(OnCase):
    do: Literal["edit"]


class Leave(OnCase):
    do: Literal["leave"]


class AddStep(OnCase):
    do: Literal["add_step"]
    action: str
    on: str
    note: str = Field(default="", max_length=LONGEST)


class RemoveStep(OnCase):
    do: Literal["remove_step"]
    action: str
    on: str


class Correct(OnCase):
    do: Literal["correct"]
    fact: str
    value: str
    about: str = ""
    note: str = Field(default="", max_length=LONGEST)


class Uncorrect(OnCase):
    do: Literal["uncorrect"]
    number: int


class Drafted(OnCase):
    """A draft that was asked for has come or failed."""

    do: Literal["drafted"]


Command = (
    Refresh
    | Open
    | Move
    | Show
    | Reveal
    | Mask
    | Decide
    | Edit
    | Leave
    | AddStep
    | RemoveStep
    | Correct
    | Uncorrect
    | Drafted
)
_READ: TypeAdapter[Command] = TypeAdapter(Annotated[Command, Field(discriminator="do")])


def read(data: object) -> Command:
    """The command in a browser's message.

    Raises:
        pydantic.ValidationError: the message is none.
    """
    return _READ.validate_python(data)
