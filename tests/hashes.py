"""Argon2 with next to no work, as deployed it takes a fifth of a second for each PIN and password; and
what it must be where the product runs.
"""

import argon2
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import override_settings


class CheapArgon2(Argon2PasswordHasher):
    time_cost = 1
    memory_cost = 8
    parallelism = 1


CHEAP = f"{__name__}.{CheapArgon2.__name__}"


def hashing_cheaply() -> override_settings:
    """What was kept as deployed is still known."""
    return override_settings(PASSWORD_HASHERS=[CHEAP, *settings.PASSWORD_HASHERS])


def hashing_as_deployed() -> override_settings:
    deployed = [name for name in settings.PASSWORD_HASHERS if name != CHEAP]
    return override_settings(PASSWORD_HASHERS=deployed)


def is_strong(encoded: str) -> bool:
    """Argon2id with OWASP's least memory (19 MiB) and passes (2), a salt and a digest of full length."""
    algorithm, _, rest = encoded.partition("$")
    if algorithm != "argon2":
        return False
    found = argon2.extract_parameters(f"${rest}")
    return (
        found.type is argon2.Type.ID
        and found.memory_cost >= 19 * 1024
        and found.time_cost >= 2
        and found.salt_len >= 16
        and found.hash_len >= 32
    )
