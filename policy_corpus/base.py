"""The shape that all corpus types share: frozen, and strict about unknown keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """A frozen record whose unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with other values, validated; nothing that was derived from the old values comes along."""
        source = super().model_copy(deep=True) if deep else self
        fields = {name: getattr(source, name) for name in type(self).model_fields}
        return type(self)(**{**fields, **(update or {})})
