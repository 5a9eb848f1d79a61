"""Brings a record's tables to the form that this version of the program knows."""

from __future__ import annotations

import threading
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from copilot.errors import RecordError

MIGRATIONS = Path(__file__).parent / "migrations"

VERSION_TABLE = "record_revision"
"""Not Alembic's usual name, so that the record may share a database with other programs."""

_one_at_a_time = threading.Lock()  # Alembic keeps the migration that is under way in a global.


def is_new(connection: Connection) -> bool:
    """Whether there is no record yet; RecordError when the SQLite file belongs to something else."""
    names = inspect(connection).get_table_names()
    if VERSION_TABLE in names:
        return False
    if names and connection.dialect.name == "sqlite":
        raise RecordError("the file is a database, but not a record", "name another file for the record")
    return True


def is_current(connection: Connection) -> bool:
    """Whether there is nothing to upgrade; RecordError when a newer version made the record."""
    scripts = ScriptDirectory.from_config(_config())
    found = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE}).get_current_heads()
    known = {script.revision for script in scripts.walk_revisions()}
    if unknown := sorted(set(found) - known):
        raise RecordError(
            f"the record was made by a newer version (its tables are at {', '.join(unknown)})",
            "upgrade this program; the record was left as it is",
        )
    return set(found) == set(scripts.get_heads())


def upgrade(connection: Connection) -> None:
    """Applies what is missing, inside the connection's transaction."""
    with _one_at_a_time:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
