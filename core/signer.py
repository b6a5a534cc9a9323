"""Signed links that letters carry, thousands at once."""

import hashlib
import hmac
from base64 import urlsafe_b64encode

from django.core import signing
from django.utils.encoding import force_bytes
from django.utils.functional import cached_property


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
