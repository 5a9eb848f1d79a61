"""Keeps the help texts in a Markdown file equal to what the command line prints: `python -m ui.readme README.md`."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from click.testing import CliRunner

from ui.cli import cli

_BLOCK = re.compile(r"(<!-- help: reviewer-copilot (?P<args>.*?) -->\n```\n).*?(```\n<!-- /help -->)", re.DOTALL)


def filled(text: str) -> str:
    """The text with every help block as the command line prints it now."""
    return _BLOCK.sub(lambda match: match[1] + _help(match["args"].split()) + match[3], text)


def _help(args: list[str]) -> str:
    return CliRunner().invoke(cli, args, prog_name="reviewer-copilot", terminal_width=100).output


if __name__ == "__main__":
    for name in sys.argv[1:]:
        path = Path(name)
        path.write_text(filled(path.read_text(encoding="utf-8")), encoding="utf-8")
