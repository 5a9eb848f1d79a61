"""What the model is told: prompts as files, their variables checked by name, case content fenced in as data."""

from prompts.errors import PromptError
from prompts.fences import Fenced, fence
from prompts.templates import Prompt, load, names

__all__ = ["Fenced", "Prompt", "PromptError", "fence", "load", "names"]
