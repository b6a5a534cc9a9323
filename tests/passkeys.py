"""A passkey as a browser and its device would make and use it, for tests without a browser."""

import hashlib
import json
import secrets
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from fido2.cose import ES256, CoseKey
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

FLAGS = AuthenticatorData.FLAG
NEW, SIGN = CollectedClientData.TYPE.CREATE, CollectedClientData.TYPE.GET


class Passkey:
    """Of one origin; `is_verified`: with a finger, a face or a PIN."""

    def __init__(self, origin: str = "http://testserver", *, is_verified: bool = True) -> None:
        self.origin, self.key = origin, ec.generate_private_key(ec.SECP256R1())
        self.public: CoseKey = ES256.from_cryptography_key(self.key.public_key())
        self.id = secrets.token_bytes(20)
        host = origin.partition("://")[2].partition(":")[0]
        self.rp = hashlib.sha256(host.encode()).digest()
        self.flags = FLAGS.UP | (FLAGS.UV if is_verified else FLAGS(0))

    def made(self, options: dict[str, Any]) -> str:
        """The answer to a page that asks for a new one."""
        data = AttestedCredentialData.create(Aaguid.NONE, self.id, self.public)
        told = AuthenticatorData.create(self.rp, self.flags | FLAGS.AT, 0, bytes(data))
        attested = AttestationObject.create("none", told, {})
        return self._answer(
            clientDataJSON=self._client(NEW, options), attestationObject=bytes(attested)
        )

    def signed(self, options: dict[str, Any]) -> str:
        """The answer to a page that asks for a signature."""
        told = bytes(AuthenticatorData.create(self.rp, self.flags, 1))
        client = self._client(SIGN, options)
        signature = self.key.sign(told + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=client, authenticatorData=told, signature=signature)

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        challenge = options["publicKey"]["challenge"]
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, **parts: bytes) -> str:
        response = {name: websafe_encode(part) for name, part in parts.items()}
        name = websafe_encode(self.id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


def add(client: Client, passkey: Passkey, name: str = "Phone") -> Any:
    """By the page of whoever is signed in there."""
    options = client.post("/account/factors/challenge/", {"name": name}).json()
    sent = {"name": name, "credential": passkey.made(options)}
    return client.post("/account/factors/", sent)


def sign_in(
    client: Client, passkey: Passkey, path: str = "/accounts/login/passkey/", **more: str
) -> Any:
    """With it alone, or as the second step at `path`."""
    options = client.post("/accounts/login/passkey/challenge/").json()
    return client.post(path, {"credential": passkey.signed(options), **more})
