"""`reviewer-copilot policy`: begin, read, check, change, compare, adopt and exchange packs; one module a command."""

from __future__ import annotations

import click

from ui.commands.policy import adopt, diff, export, import_, lint, new, reaffirm, revise, show


class InOrder(click.Group):
    """Lists its commands in the order in which a policy team meets them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


@click.group("policy", cls=InOrder)
def command() -> None:
    """Read, check, change and adopt policy packs.

    A PACK is a folder, or the name of a shipped pack. docs/policy.md walks through all of it.
    """


for _module in (new, lint, show, diff, revise, reaffirm, adopt, import_, export):
    command.add_command(_module.command)
