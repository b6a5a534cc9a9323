"""Passkeys: what the browser is asked, and whether what it answers is right.

A challenge is good once, in the session that asked for it. The browser gives a handle that stands for the
person and says nothing of them; whom a passkey belongs to is looked up by the passkey itself, so that nobody
learns who has an account.
"""

import json
import re
import time
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from django.db.models import F, Func, TextField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from core import crypto
from giftshop.accounts.models import User

ANSWER_LENGTH_MAX = 16_000
"""Characters; browsers give one or two thousand."""
ASKED_FOR = 600
"""Seconds for which a challenge is good; a device gives up sooner."""
_ID = re.compile(r"[\w-]{1,1400}", re.ASCII)
"""Of a passkey, as browsers write it: base64url of 1023 bytes at most."""
_ASKED = "passkey-challenge"
_FAULTS = (TypeError, ValueError, LookupError, AttributeError, AssertionError, RecursionError)
"""What the library raises of an answer that is none."""


class WrongPasskey(Exception):
    """Not one of theirs, or not the answer to what was asked. In words for whoever tried."""

    words = _("That passkey did not work. Try again, or use another way.")


def works_at(request: HttpRequest) -> bool:
    """Browsers keep passkeys for a site's name, never for a number: not at 127.0.0.1, but at localhost."""
    try:
        ip_address(_host(request))
    except ValueError:
        return True
    return False


def elsewhere(request: HttpRequest) -> str:
    """Where the same page has a name, for whoever sits at the machine itself; else empty."""
    if _host(request) != "127.0.0.1":
        return ""
    named = request.get_host().replace("127.0.0.1", "localhost", 1)
    return f"{request.scheme}://{named}{request.path}"


def ask_for_new(request: HttpRequest, user: User) -> dict[str, Any]:
    """What the browser makes a passkey from. Never one on a device that has one for them already."""
    handle = crypto.digest(f"passkey:{user.pk}")
    options, state = _server(request).register_begin(
        user=PublicKeyCredentialUserEntity(
            id=handle, name=user.email, display_name=user.name or user.email
        ),
        credentials=[_public_part(each) for each in _of(user)],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    _keep(request, state)
    return dict(options)


def read_new(request: HttpRequest, answer: str) -> dict[str, Any]:
    """The new passkey, as it is kept. Raises WrongPasskey, also for one that somebody has already."""
    state, told, server = _asked(request), _parsed(answer), _server(request)
    try:
        made = server.register_complete(state, told)
        assert made.credential_data is not None  # nosec B101
        kind = made.credential_data.public_key.ALGORITHM
        if kind not in {each.alg for each in server.allowed_algorithms}:
            raise ValueError("a key that nobody could check later")
        is_named_rightly = told["id"] == websafe_encode(made.credential_data.credential_id)
    except _FAULTS as fault:
        raise WrongPasskey from fault
    if not is_named_rightly or _named(told["id"]).exists():
        raise WrongPasskey
    response = told["response"]
    return {
        "id": told["id"],
        "rawId": told["id"],
        "type": "public-key",
        "response": {name: response[name] for name in ("clientDataJSON", "attestationObject")},
    }


def ask(request: HttpRequest) -> dict[str, Any]:
    """What the browser has a passkey sign: any that it has for us, whoever it is of."""
    options, state = _server(request).authenticate_begin(
        user_verification=UserVerificationRequirement.REQUIRED
    )
    _keep(request, state)
    return dict(options)


def check(request: HttpRequest, answer: str, user: User | None = None) -> Authenticator:
    """The passkey that was used, with its user; one of `user`'s where that is said. Raises WrongPasskey, the
    same for any cause."""
    state, told = _asked(request), _parsed(answer)
    found = _named(told["id"]).select_related("user").first()
    if found is None or not found.user.is_active or (user and found.user_id != user.pk):
        raise WrongPasskey
    try:
        _server(request).authenticate_complete(state, [_public_part(found)], told)
    except _FAULTS as fault:
        raise WrongPasskey from fault
    return found


def _keep(request: HttpRequest, state: Any) -> None:
    request.session[_ASKED] = {**state, "until": int(time.time()) + ASKED_FOR}


def _asked(request: HttpRequest) -> dict[str, Any]:
    """Taken out: whatever comes of it, it is answered once, and soon."""
    state: dict[str, Any] = request.session.pop(_ASKED, None) or {}
    if state.pop("until", 0) < time.time():
        raise WrongPasskey
    return state


def _parsed(answer: str) -> dict[str, Any]:
    if len(answer) > ANSWER_LENGTH_MAX:
        raise WrongPasskey
    try:
        told = json.loads(answer)
    except (ValueError, RecursionError) as fault:
        raise WrongPasskey from fault
    name = told.get("id") if isinstance(told, dict) else None
    if not isinstance(name, str) or not _ID.fullmatch(name):
        raise WrongPasskey
    return dict(told)


def _of(user: User) -> Any:
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN)


def _named(credential_id: str) -> Any:
    """By an index, which also keeps it single (migration 0010 of accounts)."""
    name = Func(
        F("data"), template="(%(expressions)s #>> '{credential,id}')", output_field=TextField()
    )
    found = Authenticator.objects.alias(credential_id=name)
    return found.filter(type=Authenticator.Type.WEBAUTHN, credential_id=credential_id)


def _public_part(passkey: Authenticator) -> AttestedCredentialData:
    part: AttestedCredentialData = passkey.wrap().authenticator_data.credential_data
    return part


def _server(request: HttpRequest) -> Fido2Server:
    """For this very origin; the library alone would take any host below ours, too."""
    origin = request.build_absolute_uri("/").removesuffix("/")
    return Fido2Server(
        PublicKeyCredentialRpEntity(id=_host(request), name="Giftshop"), verify_origin=origin.__eq__
    )


def _host(request: HttpRequest) -> str:
    return urlsplit(f"//{request.get_host()}").hostname or ""
