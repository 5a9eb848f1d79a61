"""What several commands take: a day, a folder, and whether to print JSON."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import click


class Day(click.ParamType[date]):
    """A day as `2026-12-31`."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"'{value}' is no day; write it as 2026-12-31", param, ctx)


ON = click.option("--on", type=Day(), default=date.today, metavar="DATE", help="As of this day; default: today.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
FOLDER = click.argument("folder", type=click.Path(path_type=Path))
ID = click.option("--id", "id", help="The pack's id; default: made of FOLDER's name.")


def id_for(folder: Path) -> str:
    """A pack id made of a folder's name."""
    return re.sub(r"[^a-z0-9]+", "_", folder.resolve().name.lower()).strip("_")
