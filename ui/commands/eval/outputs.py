"""What every evaluation takes and gives back: options, and where the result goes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., object])


class Result(Protocol):
    """What every evaluation gives back."""

    def to_json(self) -> str: ...
    def to_table(self) -> str: ...
    def to_html(self) -> str: ...


class Folder(click.Path):
    """A folder, there or not."""

    def __init__(self) -> None:
        super().__init__(file_okay=False, path_type=Path)


PART = click.option(
    "--part",
    type=click.Choice(["tune", "test"]),
    default="tune",
    show_default=True,
    help="`test` is for final reports; each read of it is written to --log.",
)
LOG = click.option(
    "--log",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where a read of the test part is written down. [default: evals/results/test-reads.jsonl]",
)
RUNS = click.option("--runs", type=Folder(), help="Keep the run there, to be resumed, compared and exported.")
LIMIT = click.option("--limit", type=click.IntRange(min=1), help="Only so many cases, for a quick look.")
PARALLEL = click.option(
    "--parallel",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Cases at once: more than one helps with a model service only, and blurs the seconds.",
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON instead of a table.")
OUT = click.option("--out", type=Folder(), help="Also write JSON and HTML there.")


def data(*, required: bool, holds: str) -> Callable[[Command], Command]:
    """The option that names the folder of the public sets."""
    return click.option("--data", required=required, type=Folder(), help=f"The folder that holds {holds}.")


def test_log(given: Path | None) -> Path:
    """Where reads of the test part are kept count of."""
    from evals.figures import RESULTS

    return given or RESULTS / "test-reads.jsonl"


def deliver(result: Result, name: str, out: Path | None, as_json: bool, page: str = "") -> None:
    """Prints the result; writes it as well where a folder was named.

    Args:
        page: the HTML to write, where it isn't the result's usual one.
    """
    click.echo(result.to_json() if as_json else result.to_table(), nl=False)
    if out is not None:
        write(out / f"{name}.json", result.to_json())
        write(out / f"{name}.html", page or result.to_html())


def write(file: Path, text: str) -> None:
    """Writes a file, and says so beside the results.

    Raises:
        RunError: it can't be written.
    """
    from evals.errors import RunError

    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise RunError(f"can't write '{file}': {error.strerror}", "name a folder that can be written") from error
    click.echo(f"written: {file}", err=True)
