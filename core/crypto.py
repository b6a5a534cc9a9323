"""Secrets at rest: what is looked up is kept as a keyed digest, what must be shown again as ciphertext.

A stolen database gives neither: the keys live in the environment. Each value remembers which key made
it (`kid`), so keys can be rolled: put the new one first, keep the old one until nothing uses it.
"""

import hashlib
import hmac
import os
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Iterable

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core import signing
from django.utils.encoding import force_bytes
from django.utils.functional import cached_property

NONCE_BYTES = 12


def digest(text: str, *, kid: int | None = None) -> bytes:
    """HMAC-SHA256 of the text under the current pepper, or under the one named by kid. 32 bytes."""
    peppers: dict[int, bytes] = settings.CODE_PEPPERS
    pepper = next(iter(peppers.values())) if kid is None else peppers[kid]
    return hmac.digest(pepper, text.encode(), "sha256")


def digest_many(texts: Iterable[str]) -> list[bytes]:
    """The digest of each text under the current pepper."""
    pepper = settings.CODE_PEPPERS[current_kid()]
    return [hmac.digest(pepper, text.encode(), "sha256") for text in texts]


def digests(text: str) -> list[bytes]:
    """The digest under every pepper still in use: what a stored digest may be."""
    message = text.encode()
    return [hmac.digest(pepper, message, "sha256") for pepper in settings.CODE_PEPPERS.values()]


def current_kid() -> int:
    return next(iter(settings.CODE_PEPPERS))


def seal(text: str, *, context: str) -> bytes:
    """AES-256-GCM; `context` names the row, so a ciphertext moved to another row cannot be opened."""
    kid, key = next(iter(settings.CODE_ENCRYPTION_KEYS.items()))
    nonce = os.urandom(NONCE_BYTES)
    return bytes([kid]) + nonce + AESGCM(key).encrypt(nonce, text.encode(), context.encode())


def unseal(sealed: bytes, *, context: str) -> str:
    """The text again. Raises cryptography.exceptions.InvalidTag for a foreign or damaged value."""
    kid, nonce, ciphertext = sealed[0], sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    key = settings.CODE_ENCRYPTION_KEYS[kid]
    return AESGCM(key).decrypt(nonce, ciphertext, context.encode()).decode()


def new_token() -> str:
    """256 random bits, safe in a URL."""
    return secrets.token_urlsafe(32)


def token_digest(token: str) -> bytes:
    """SHA-256: enough for 256 random bits, and needs no key."""
    return hashlib.sha256(token.encode()).digest()


class Signer(signing.Signer):
    """Django's, and what it signs is the same; but the key, which is always the same, is derived once."""

    @cached_property
    def _derived(self) -> bytes:
        key = force_bytes(self.salt) + b"signer" + force_bytes(self.key)
        return hashlib.new(self.algorithm, key).digest()

    def signature(self, value: str | bytes, key: str | bytes | None = None) -> str:
        if key is not None:
            return super().signature(value, key)
        digest = hmac.digest(self._derived, force_bytes(value), self.algorithm)
        return urlsafe_b64encode(digest).rstrip(b"=").decode()
