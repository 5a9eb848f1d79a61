"""The command line: `reviewer-copilot COMMAND`. One file a command; errors come as message, hint and exit code."""

from __future__ import annotations

import gc
import importlib
import sys
from typing import Any

import click

COMMANDS = {
    "demo": "Draft the sample queue and open the panel: the place to begin.",
    "review": "Draft for every case of a file, without a panel.",
    "search": "Find clauses and precedents.",
    "serve": "Open the panel over your own queue.",
    "policy": "Check, compare, change and adopt policy packs.",
    "precedents": "Import your own decisions, and look at precedents.",
    "eval": "Measure the copilot.",
    "index": "Move the index between this machine and a server.",
    "record": "Check the record of cases, drafts and decisions.",
}
"""In the order of `--help`; each is a module of `ui.commands` and is imported only when it is called."""

EXIT_CODES = """\b
Exit codes: 0 done · 1 failed · 2 wrong usage or setting · 3 a case file or pack has errors
            4 no drafter answered · 5 a plan was refused · 6 the record · 7 the index · 130 interrupted"""


class Commands(click.Group):
    """Imports a command's module only when that command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"ui.commands.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Commands, epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="reviewer-copilot")
def cli() -> None:
    """Drafts a cited recommendation beside each Trust & Safety case. A person decides.

    Nothing leaves this machine unless you name a model (REVIEWER_COPILOT_MODEL) or an index server
    (REVIEWER_COPILOT_INDEX).
    """


def main(args: list[str] | None = None) -> None:
    """Runs the command line and ends the process with its exit code."""
    # Modules and packs are many objects that stay: looking for garbage among them takes a twentieth of a start.
    gc.set_threshold(50_000, 20, 20)
    try:
        code = cli.main(args=args, prog_name="reviewer-copilot", standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("Interrupted. What was finished is kept; run the same command to go on.", err=True)
        sys.exit(130)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.exit(0)
    except Exception as error:
        sys.exit(_explain(error))
    sys.exit(code if isinstance(code, int) else 0)


def _explain(error: Exception) -> int:
    """Says what went wrong in the error's own words; errors that nobody foresaw keep their traceback."""
    code = _exit_code(error)
    if code is None:
        raise error
    for line in str(error).splitlines():
        click.echo(f"error: {line}", err=True)
    return code


def _exit_code(error: Exception) -> int | None:
    for module, name, code in _FORESEEN:
        loaded: Any = sys.modules.get(module)
        if loaded is not None and isinstance(error, getattr(loaded, name)):
            return int(getattr(error, "exit_code", code))
    return None


_FORESEEN = (
    ("copilot.errors", "CopilotError", 1),
    ("policy_corpus.errors", "CorpusError", 3),
    ("retrieval.errors", "RetrievalError", 7),
    ("evals.errors", "EvalError", 3),
)

if __name__ == "__main__":
    main()
