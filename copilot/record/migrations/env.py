"""Runs migrations on the connection that `copilot.record.revisions` hands over, inside its transaction."""

from __future__ import annotations

from alembic import context

from copilot.record.revisions import VERSION_TABLE
from copilot.record.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    # SQLite changes most columns only by copying the table.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
