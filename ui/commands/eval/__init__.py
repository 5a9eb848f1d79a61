"""`reviewer-copilot eval`: measures the copilot. One file a sub-command."""

from __future__ import annotations

import importlib

import click

COMMANDS = {
    "gold": "gold",
    "oversight-board": "oversight_board",
    "public": "public",
    "file": "file",
    "retrieval": "retrieval",
    "robustness": "robustness",
    "all": "everything",
    "risk": "risk",
    "compare": "compare",
    "export": "export",
    "figures": "figures",
}
"""Name to module, in the order of `--help`; none of them imports anything heavy before it is called."""


class _InOrder(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)


@click.group("eval", cls=_InOrder)
def command() -> None:
    """Measure the copilot. Every figure comes with n and an interval.

    Synthetic cases prove that the machine works, not that the policy is right.
    """


for _module in COMMANDS.values():
    command.add_command(importlib.import_module(f"ui.commands.eval.{_module}").command)
