"""What django-allauth's second factors ask the product: how their secrets are kept."""

from base64 import b64decode, b64encode

from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings

from core import crypto

_CONTEXT = "second factor"
"""allauth does not say of which row: whoever could move a ciphertext could as well write a passkey."""


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """MFA_ADAPTER."""

    def encrypt(self, text: str) -> str:
        return b64encode(crypto.seal(text, context=_CONTEXT)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Raises KeyError once its key is gone from the environment."""
        return crypto.unseal(b64decode(encrypted_text), context=_CONTEXT)


def is_under_old_key(encrypted_text: str) -> bool:
    """Whether it is to be sealed anew, now that it was opened."""
    return b64decode(encrypted_text)[0] != next(iter(settings.CODE_ENCRYPTION_KEYS))


def is_lost(encrypted_text: str) -> bool:
    """Whether the key that it is under is gone from the environment."""
    return b64decode(encrypted_text)[0] not in settings.CODE_ENCRYPTION_KEYS
