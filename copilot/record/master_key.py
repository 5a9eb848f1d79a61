"""The master key: passed as bytes, or kept in a file beside the record.

A lost key means a lost record, and a new one would hide that: so a key file is created only for a record that does not
exist yet, and is never overwritten.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from copilot.errors import RecordError, RecordReadOnly
from copilot.record.sealing import KEY_BYTES


def checked(key: bytes) -> bytes:
    """The key itself; RecordError when its length is wrong."""
    if len(key) != KEY_BYTES:
        raise RecordError(f"the record's key has {len(key)} bytes", f"a key has {KEY_BYTES} bytes")
    return key


def from_file(path: Path, *, may_create: bool) -> bytes:
    """The key in the file, 64 hexadecimal digits; a new one where there is none and one may be created."""
    key = _read(path)
    if key is not None:
        return key
    if not may_create:
        raise RecordError(
            f"the key file {path} is missing, and the record exists already",
            "put the key file back from its backup, or name it where it is; a new key could not read the record",
        )
    return _created(path)


def _read(path: Path) -> bytes | None:
    try:
        return checked(bytes.fromhex(path.read_text("ascii")))
    except FileNotFoundError:
        return None
    except OSError as failure:
        raise RecordError(f"the key file {path} can't be read: {failure.strerror}", "check its permissions") from None
    except (ValueError, RecordError):
        # Nothing of the content is repeated here: most of it may be a key.
        hint = f"it must hold {2 * KEY_BYTES} hexadecimal digits; put it back from its backup"
        raise RecordError(f"the key file {path} holds no key", hint) from None


def _created(path: Path) -> bytes:
    """A new key, or the one of a process that was faster."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        _write(draft, secrets.token_bytes(KEY_BYTES).hex() + "\n")
        # A link appears with its whole content and never replaces a file, whoever else tries at the same time.
        with suppress(FileExistsError):
            os.link(draft, path)
        _sync_folder(path.parent)
    except OSError as failure:
        hint = "its folder must exist and be writable"
        raise RecordReadOnly(f"the key file {path} can't be created: {failure.strerror}", hint) from None
    finally:
        draft.unlink(missing_ok=True)
    return from_file(path, may_create=False)


def _write(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """The file's name must survive a power cut too, or the record would outlive its key."""
    if os.name != "posix":
        return  # other systems can't open a folder, and keep names with their files
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
