"""Sessions whose row opens nothing: the cookie is a secret, and the row is found by its digest.

Django's own engine keeps the cookie's value as the key of its row, so that whoever reads the table is
everybody in it. Here the key is a digest of the cookie, and what the session holds is encrypted under a
key that only the cookie gives: a dump shows neither who is signed in nor whose drafts they are.
"""

import base64
import binascii
import hashlib
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.utils import timezone

NONCE_BYTES = 12
KEY_LENGTH = 40
"""What Django's column takes: 160 bits in hex, of a cookie with a few more."""


class SessionStore(DatabaseStore):
    """SESSION_ENGINE: does all that Django's does. `session_key` is the cookie's value, here and for
    whoever asks; only rows have another."""

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        row: AbstractBaseSession | None = self.model.objects.filter(
            session_key=row_key(self.session_key or ""), expire_date__gt=timezone.now()
        ).first()
        if row is None:
            self._session_key = None
        return row

    async def _aget_session_from_db(self) -> AbstractBaseSession | None:
        raise NotImplementedError(_NOT_ASYNC)

    def exists(self, session_key: str) -> bool:
        return bool(super().exists(row_key(session_key)))

    async def aexists(self, session_key: str) -> bool:
        raise NotImplementedError(_NOT_ASYNC)

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        row: AbstractBaseSession = super().create_model_instance(data)
        row.session_key = row_key(row.session_key)
        return row

    async def acreate_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        raise NotImplementedError(_NOT_ASYNC)

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            super().delete(row_key(key))

    async def adelete(self, session_key: str | None = None) -> None:
        raise NotImplementedError(_NOT_ASYNC)

    def encode(self, session_dict: dict[str, Any]) -> str:
        """Signed as Django's, so that no writer of rows makes sessions, and then encrypted."""
        signed = super().encode(session_dict).encode()
        nonce = os.urandom(NONCE_BYTES)
        return base64.b64encode(nonce + self._cipher().encrypt(nonce, signed, None)).decode()

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """Nothing, for what is no session of this cookie's."""
        try:
            sealed = base64.b64decode(session_data, validate=True)
            signed = self._cipher().decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None)
        except (binascii.Error, ValueError, InvalidTag):
            return {}
        return dict(super().decode(signed.decode()))

    def _cipher(self) -> AESGCM:
        return AESGCM(hashlib.sha256(f"session data:{self.session_key}".encode()).digest())


def row_key(cookie: str) -> str:
    """What the row of this cookie's session is found by. Needs no key: nobody guesses a cookie."""
    return hashlib.sha256(f"session row:{cookie}".encode()).hexdigest()[:KEY_LENGTH]


_NOT_ASYNC = "Views of this product are no coroutines."
