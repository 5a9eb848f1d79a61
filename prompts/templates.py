"""Prompts: Markdown files with `{variables}`, checked by name and hashed for replay."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from prompts.errors import PromptError

FOLDER = Path(__file__).parent
VARIABLE = re.compile(r"\{([a-z][a-z0-9_]*)\}")


@dataclass(frozen=True)
class Prompt:
    """One prompt as it stands in its file."""

    name: str
    text: str

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the template: goes into every draft, so that a changed wording is never taken for the same one."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @cached_property
    def variables(self) -> frozenset[str]:
        return frozenset(VARIABLE.findall(self.text))

    def render(self, **variables: str) -> str:
        """The prompt with its variables filled in, each exactly once over.

        Values are put in as they are and never searched again: braces in the text of a case stay text.
        """
        if missing := sorted(self.variables - variables.keys()):
            raise PromptError(f"prompt '{self.name}' needs variable '{missing[0]}'", "give every variable a value")
        if unknown := sorted(variables.keys() - self.variables):
            known = ", ".join(sorted(self.variables)) or "none"
            raise PromptError(f"prompt '{self.name}' has no variable '{unknown[0]}'", f"it has: {known}")
        return VARIABLE.sub(lambda match: variables[match[1]], self.text)


def names() -> list[str]:
    """Every prompt that is shipped."""
    return sorted(path.stem for path in FOLDER.glob("*.md"))


def load(name: str, folder: Path = FOLDER) -> Prompt:
    """The prompt of that name, such as `find`."""
    path = folder / f"{name}.md"
    if not path.is_file():
        raise PromptError(f"there is no prompt '{name}'", f"expected one of: {', '.join(names())}")
    return Prompt(name=name, text=path.read_text(encoding="utf-8"))
