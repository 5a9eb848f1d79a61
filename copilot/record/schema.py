"""The tables. They change only together with a migration in `migrations/versions`."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

# SQLite gives only a column of type INTEGER the speed of its row number.
Seq = BigInteger().with_variant(Integer(), "sqlite")

case_keys = Table(
    "case_keys",
    metadata,
    Column("case_id", String, primary_key=True),
    Column("wrapped_key", LargeBinary, nullable=False),
)
"""A key per case, encrypted under the master key. A purge deletes the row."""

payloads = Table(
    "payloads",
    metadata,
    Column("id", String, primary_key=True),
    Column("case_id", String, nullable=False, index=True),
    Column("nonce", LargeBinary),
    Column("ciphertext", LargeBinary),
    Column("digest", String, nullable=False),
)
"""What entries say. A purge empties nonce and ciphertext; the digest stays, so that the chain still verifies.

`case_id` names the key that it is encrypted under: the entry's case, or none for a tombstone, which outlives its case.
"""

entries = Table(
    "entries",
    metadata,
    Column("seq", Seq, primary_key=True, autoincrement=False),
    Column("kind", String, nullable=False, index=True),
    Column("case_id", String, nullable=False),
    Column("payload_id", String, ForeignKey(payloads.c.id), nullable=False, unique=True),
    Column("keyed_digest", String, nullable=False),
    Column("previous", String, nullable=False),
)
"""The chain. Rows are only ever added."""

Index(None, entries.c.case_id, entries.c.kind)

head = Table(
    "head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("salt", LargeBinary, nullable=False),
    Column("key_check", String, nullable=False),
    Column("seq", Seq, nullable=False),
    Column("keyed_digest", String, nullable=False),
    Column("seal", String, nullable=False),
)
"""One row: which record this is, under which master key, and the signed end of the chain."""
