"""Encryption and signatures of a record.

One master key of 32 bytes gives two by HKDF-SHA256 (RFC 5869), salted per record: one wraps the keys of the cases, one
signs the chain (HMAC-SHA256, RFC 2104). Payloads and case keys are encrypted by AES-256-GCM (NIST SP 800-38D) with a
random nonce of 96 bits each.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
SALT_BYTES = 16
NONCE_BYTES = 12


class Sealed(NamedTuple):
    """An encrypted payload."""

    nonce: bytes
    ciphertext: bytes

    @property
    def digest(self) -> str:
        """SHA-256 in hexadecimal, of what is stored and not of what it says."""
        return hashlib.sha256(self.nonce + self.ciphertext).hexdigest()


class Sealer:
    """Encrypts, decrypts and signs for one record."""

    def __init__(self, master: bytes, salt: bytes) -> None:
        self._wrapping = AESGCM(_derived(master, salt, b"wrap case keys"))
        self._signing = _derived(master, salt, b"sign the chain")
        self.key_check = self.sign("key")
        """Tells whether a master key belongs to the record, without telling the key."""
        self.origin = self.sign("origin")
        """What the first entry names as its previous one."""

    def sign(self, purpose: str, *fields: str | int) -> str:
        """HMAC-SHA256 in hexadecimal over the purpose and the fields, which JSON keeps apart."""
        return hmac.new(self._signing, _joined(purpose, *fields), hashlib.sha256).hexdigest()

    def signed(self, mark: str, purpose: str, *fields: str | int) -> bool:
        """Whether the mark is the signature of the purpose and the fields."""
        return hmac.compare_digest(mark.encode(), self.sign(purpose, *fields).encode())

    def new_case_key(self, case_id: str) -> bytes:
        """A fresh key, wrapped."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._wrapping.encrypt(nonce, secrets.token_bytes(KEY_BYTES), case_id.encode())

    def seal(self, wrapped: bytes, case_id: str, plain: bytes, *bound: str) -> Sealed:
        """Encrypted under the case's key; opens only together with the same `bound` words.

        InvalidTag when the wrapped key is not one of this case and record.
        """
        nonce = secrets.token_bytes(NONCE_BYTES)
        return Sealed(nonce, self._case_cipher(wrapped, case_id).encrypt(nonce, plain, _joined(*bound)))

    def open(self, wrapped: bytes, case_id: str, sealed: Sealed, *bound: str) -> bytes | None:
        """What was sealed, or nothing when the key, the words or the ciphertext are not the ones it was sealed with."""
        try:
            return self._case_cipher(wrapped, case_id).decrypt(sealed.nonce, sealed.ciphertext, _joined(*bound))
        except (InvalidTag, ValueError):  # ValueError: a nonce or key of impossible length
            return None

    def _case_cipher(self, wrapped: bytes, case_id: str) -> AESGCM:
        nonce, key = wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:]
        return AESGCM(self._wrapping.decrypt(nonce, key, case_id.encode()))


def _derived(master: bytes, salt: bytes, purpose: bytes) -> bytes:
    info = b"reviewer-copilot record 1: " + purpose
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=info).derive(master)


def _joined(*fields: str | int) -> bytes:
    return json.dumps(fields, separators=(",", ":")).encode()
