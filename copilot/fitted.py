"""What was fitted for one policy and one embedder and comes with the program, as JSON: used whole or not at all."""

from __future__ import annotations

import hashlib
import json
import logging
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from pydantic import Field, ValidationError

from copilot.base import Strict

log = logging.getLogger(__name__)


class Fitted(Strict):
    """What every such file says of itself."""

    format: int
    pack: str
    rules: str
    """Hash of what decides in the pack, as `copilot.rules` gives it: precedents may change, vocabulary, clauses, duties
    and patterns may not."""
    embedder: str
    """The embedder's fingerprint."""
    data_sha256: str
    command: str
    n: int = Field(ge=1)
    """How many cases or drafts it was fitted on."""

    @cached_property
    def digest(self) -> str:
        """SHA-256 over all of it: another fit on the same data has another one."""
        content = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(content.encode()).hexdigest()


Kind = TypeVar("Kind", bound=Fitted)


def read_all(kind: type[Kind], folder: Path) -> dict[tuple[str, str], Kind]:
    """Every file of the folder by rules and embedder; one that is damaged or of another format is named in the log."""
    read = [_read(kind, file) for file in sorted(folder.glob("*.json"))]
    return {(one.rules, one.embedder): one for one in read if one is not None}


def _read(kind: type[Kind], file: Path) -> Kind | None:
    try:
        return kind.model_validate_json(file.read_bytes())
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        _ignored(file, ": ".join([*(str(part) for part in first["loc"][:1]), first["msg"]]))
    except OSError as error:
        _ignored(file, str(error.strerror))
    return None


def _ignored(file: Path, why: str) -> None:
    log.warning("%s/%s is not used, so what it was fitted for is not calibrated (%s)", file.parent.name, file.name, why)


__all__ = ["Fitted", "read_all"]
