"""What decides in a pack, as a hash: whatever was fitted for a policy holds as long as this stays the same."""

from __future__ import annotations

import hashlib
import json

from policy_corpus import Pack

_RULES: dict[str, str] = {}
"""By the pack's own fingerprint, which it keeps: working this out takes a while."""


def rules_of(pack: Pack) -> str:
    """SHA-256 over everything in the pack that decides: not its precedents, version or adoption."""
    if pack.fingerprint not in _RULES:
        content = pack.model_dump(mode="json", exclude={"precedents", "manifest"})
        content["id"] = pack.id
        canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        _RULES[pack.fingerprint] = hashlib.sha256(canonical.encode()).hexdigest()
    return _RULES[pack.fingerprint]
