"""Links are signed as Django signs them: those that people have stay good."""

import pytest
from django.core import signing

from core.crypto import Signer


@pytest.mark.parametrize("value", ["", "letter-1", "a:b", "ü" * 99])
def test_it_signs_as_django_does(value: str) -> None:
    ours, djangos = Signer(salt="some.salt"), signing.Signer(salt="some.salt")
    assert ours.sign(value) == djangos.sign(value)
    assert ours.unsign(djangos.sign(value)) == value


def test_another_salt_or_key_is_another_signature() -> None:
    signed = Signer(salt="some.salt").sign("x")
    with pytest.raises(signing.BadSignature):
        Signer(salt="other.salt").unsign(signed)
    assert Signer(salt="some.salt", key="other").sign("x") != signed


def test_what_was_signed_with_an_older_key_is_read() -> None:
    old = Signer(salt="some.salt", key="old").sign("x")
    assert Signer(salt="some.salt", fallback_keys=["old"]).unsign(old) == "x"
