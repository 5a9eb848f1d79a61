from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, create_mock_engine

from copilot.errors import RecordError
from copilot.record import Record, revisions
from copilot.record.revisions import MIGRATIONS, VERSION_TABLE
from copilot.record.schema import entries, metadata


def test_migrations_give_the_tables_that_the_program_uses(path: Path, record: Record) -> None:
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        options = {"version_table": VERSION_TABLE, "compare_server_default": True}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []
    engine.dispose()


def test_the_fixed_columns_of_an_entry() -> None:
    assert list(entries.c.keys()) == ["seq", "kind", "case_id", "payload_id", "keyed_digest", "previous"]


def test_the_tables_can_be_written_for_postgresql() -> None:
    statements: list[str] = []
    server = create_mock_engine("postgresql://", lambda statement, *_: statements.append(str(statement)))
    metadata.create_all(server, checkfirst=False)
    assert sum("CREATE TABLE" in statement for statement in statements) == len(metadata.tables)


def test_migrations_lie_inside_the_package() -> None:
    assert MIGRATIONS.is_relative_to(Path(__file__).parents[3] / "copilot")
    assert (MIGRATIONS / "env.py").is_file()


def test_a_record_of_a_newer_version_is_left_as_it_is(path: Path) -> None:
    with Record.open(path) as record:
        record.append("note", "a", {"x": 1})
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
    before = path.read_bytes()
    with pytest.raises(RecordError, match=r"made by a newer version \(its tables are at 9999\); upgrade"):
        Record.open(path)
    assert path.read_bytes() == before


NEXT = """
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("CREATE TABLE later (x INTEGER)")
    op.execute("{last}")
"""


def add_revision(folder: Path, monkeypatch: pytest.MonkeyPatch, last: str) -> None:
    """Gives the program one more revision; its folder's name has signs that settings files know."""
    shutil.copytree(MIGRATIONS, folder / "50%(x)s")
    (folder / "50%(x)s" / "versions" / "0002_next.py").write_text(NEXT.format(last=last))
    monkeypatch.setattr(revisions, "MIGRATIONS", folder / "50%(x)s")


def tables_of(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}


def test_a_record_of_an_older_version_is_upgraded(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Record.open(path) as record:
        entry = record.append("note", "a", {"x": 1})
    add_revision(path.parent, monkeypatch, last="INSERT INTO later VALUES (1)")
    with Record.open(path) as record:
        assert record.payload(entry) == {"x": 1}
        assert record.append("note", "a", {}).seq == 2
        record.verify().check()
    assert "later" in tables_of(path)
    monkeypatch.undo()
    with pytest.raises(RecordError, match="its tables are at 0002"):
        Record.open(path)


def test_an_upgrade_that_fails_changes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Record.open(path) as record:
        entry = record.append("note", "a", {"x": 1})
    with monkeypatch.context() as patch:
        add_revision(path.parent, patch, last="INSERT INTO nowhere VALUES (1)")
        with pytest.raises(RecordError, match="the record .* failed"):
            Record.open(path)
    assert "later" not in tables_of(path)
    with Record.open(path) as record:
        assert record.payload(entry) == {"x": 1}
        record.verify().check()


def test_another_program_s_database_is_refused(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE mine (x)")
    with pytest.raises(RecordError, match="a database, but not a record"):
        Record.open(path)
    assert not path.with_name("record.db.key").exists()


def test_a_path_with_signs_that_settings_files_know(tmp_path: Path) -> None:
    with Record.open(tmp_path / "50%(x)s ?#record.db") as record:
        record.append("note", "a", {})
        record.verify().check()
    assert (tmp_path / "50%(x)s ?#record.db").is_file()
