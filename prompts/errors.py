"""What can go wrong with a prompt.

PromptError        no prompt of that name, or variables that don't fit; names them, never their values
"""

from __future__ import annotations


class PromptError(Exception):
    """A prompt can't be used. Never carries a variable's value: that may be the text of a case."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(f"{message}; {hint}" if hint else message)
        self.message = message
        self.hint = hint
