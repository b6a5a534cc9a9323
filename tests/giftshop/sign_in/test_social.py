"""Google and Apple say whose address it is: only a proven one, of somebody who has an account."""

import json
import time
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from urllib3 import HTTPResponse

from giftshop.accounts.models import User
from giftshop.env import sign_in_providers
from giftshop.http import outside_calls
from tests import passkeys
from tests.passkeys import Passkey

pytestmark = pytest.mark.django_db

STUDIO = "/studio/frosty-spoon/"
GOOGLE, GOOGLE_BACK = "/accounts/with/google/", "/accounts/with/google/back/"
APPLE, APPLE_BACK = "/accounts/with/apple/", "/accounts/with/apple/back/"
OURS = {"GOOGLE_CLIENT_ID": "our-client", "GOOGLE_CLIENT_SECRET": "our-secret"}
NOTHING_OF_APPLES = {"APPLE_CLIENT_ID": "", "APPLE_KEY_ID": ""}
APPLES_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Double:
    """What both providers' servers answer. `told`: of the person."""

    def __init__(self) -> None:
        self.told: dict[str, Any] = {}
        self.asked: list[str] = []
        self.fails: Exception | None = None
        self.raw: Any = None
        """In place of the answer's bytes."""

    def answer(self, method: str, url: str, **sent: Any) -> requests.Response:
        assert sent["timeout"] <= 3
        assert sent["allow_redirects"] is False
        self.asked.append(url)
        if self.fails:
            raise self.fails
        body = self._keys() if url.endswith("/keys") else self._token("apple" in url)
        answer = requests.Response()
        answer.status_code, answer.raw = (
            200,
            self.raw
            or HTTPResponse(body=BytesIO(json.dumps(body).encode()), preload_content=False),
        )
        answer.headers["content-type"] = "application/json"
        return answer

    def id_token(self, *, is_apples: bool) -> str:
        issuer, audience = (
            ("https://appleid.apple.com", "shop.example.studio")
            if is_apples
            else ("https://accounts.google.com", "our-client")
        )
        now = int(time.time())
        claims = {"iss": issuer, "aud": audience, "sub": "12345", "iat": now, "exp": now + 60}
        key: Any = APPLES_KEY if is_apples else "a key of Google's that nobody looks at here"
        return jwt.encode(
            {**claims, **self.told},
            key,
            algorithm="RS256" if is_apples else "HS256",
            headers={"kid": "one"},
        )

    def _token(self, is_apples: bool) -> dict[str, Any]:
        return {"access_token": "opaque", "id_token": self.id_token(is_apples=is_apples)}

    def _keys(self) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(APPLES_KEY.public_key()))
        return {"keys": [{**public, "kid": "one", "alg": "RS256"}]}


@pytest.fixture
def double(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Double:
    """Both offered by this installation, with a server that the test speaks for."""
    own = ec.generate_private_key(ec.SECP256R1())
    pem = own.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    apple = {
        "APPLE_CLIENT_ID": "shop.example.studio",
        "APPLE_TEAM_ID": "TEAM",
        "APPLE_KEY_ID": "KEY",
        "APPLE_PRIVATE_KEY": pem.replace("\n", "\\n"),
    }
    settings.SOCIALACCOUNT_PROVIDERS = sign_in_providers(OURS, apple)
    double = Double()
    monkeypatch.setattr(requests.Session, "request", lambda _self, *a, **k: double.answer(*a, **k))
    return double


def lead(client: Client, path: str = GOOGLE, wanted: str = STUDIO) -> str:
    """To the provider's page; the state that it brings back."""
    led = client.post(path, {"next": wanted})
    assert led.status_code == 302
    asked = parse_qs(urlsplit(led["Location"]).query)
    assert asked["redirect_uri"] == [f"http://testserver{path}back/"]
    return asked["state"][0]


def come_back(client: Client, state: str) -> Any:
    return client.get(GOOGLE_BACK, {"code": "c", "state": state})


def is_in(client: Client) -> bool:
    return client.get(STUDIO).status_code == 200


def test_a_proven_address_signs_in(owner: User, double: Double) -> None:
    page = Client().get("/accounts/login/").content.decode()
    assert "Sign in with Google" in page
    assert "Sign in with Apple" in page
    client = Client()
    double.told = {"email": owner.email.upper(), "email_verified": True}
    assert come_back(client, lead(client))["Location"] == STUDIO
    assert is_in(client)
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    "told",
    [
        {"email": "olive@frosty.example", "email_verified": False},
        {"email": "olive@frosty.example"},
        {"email": "stranger@example.com", "email_verified": True},
        {"email_verified": True},
        {"email": "olive@frosty.example", "email_verified": True, "aud": "anothers-client"},
        {"email": "olive@frosty.example", "email_verified": True, "iss": "https://evil.example"},
        {"email": "olive@frosty.example", "email_verified": True, "exp": 1},
        {"email": "olive@frosty.example", "email_verified": True, "sub": 5},
    ],
)
def test_whatever_else_is_told_opens_nothing(
    owner: User, double: Double, told: dict[str, Any]
) -> None:
    assert owner.email == "olive@frosty.example"
    double.told, client = told, Client()
    answer = come_back(client, lead(client))
    assert answer.status_code == 403
    assert "code by e-mail" in answer.content.decode()
    assert not is_in(client)
    assert User.objects.count() == 1, "nobody gets an account by it"


def test_an_account_that_was_closed_stays_closed(owner: User, double: Double) -> None:
    User.objects.update(is_active=False)
    double.told, client = {"email": owner.email, "email_verified": True}, Client()
    assert come_back(client, lead(client)).status_code == 403


def test_the_second_factor_is_asked_for(owner: User, owner_client: Client, double: Double) -> None:
    passkeys.add(owner_client, Passkey())
    double.told, client = {"email": owner.email, "email_verified": True}, Client()
    assert come_back(client, lead(client))["Location"] == "/accounts/second-step/"
    assert not is_in(client)


def test_only_the_browser_that_went_comes_back_once(owner: User, double: Double) -> None:
    double.told, client = {"email": owner.email, "email_verified": True}, Client()
    state = lead(client)
    for other in (Client(), client):
        assert come_back(other, "made-up").status_code == 403
    assert come_back(Client(), state).status_code == 403, "somebody else's browser"
    assert come_back(client, state).status_code == 302
    client.post("/accounts/logout/")
    assert come_back(client, state).status_code == 403


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_it_never_leads_to_another_site(owner: User, double: Double, wanted: str) -> None:
    double.told, client = {"email": owner.email, "email_verified": True}, Client()
    assert come_back(client, lead(client, wanted=wanted))["Location"] == "/studio/"


def test_one_that_does_not_answer_or_is_cancelled_is_told(owner: User, double: Double) -> None:
    double.fails, client = requests.ConnectionError("away"), Client()
    assert "did not tell us who you are" in come_back(client, lead(client)).content.decode()
    state = lead(client)
    cancelled = client.get(GOOGLE_BACK, {"error": "access_denied", "state": state})
    assert "did not tell us who you are" in cancelled.content.decode()


class Endless:
    """`part` for ever, each after so many seconds."""

    def __init__(self, part: bytes, seconds: float) -> None:
        self.part, self.seconds, self.sent = part, seconds, 0

    def read1(self, most: int, **_how: Any) -> bytes:
        outside_calls._deadline.set(outside_calls._deadline.get(0.0) - self.seconds)  # type: ignore[operator]
        self.sent += len(self.part)
        assert self.sent < 64 << 20, "read without an end"
        return self.part

    def close(self) -> None: ...

    release_conn = close


@pytest.mark.parametrize("raw", [Endless(b" " * 65536, 0), Endless(b" ", 1)])
def test_an_answer_without_an_end_is_given_up(owner: User, double: Double, raw: Endless) -> None:
    double.raw, client = raw, Client()
    answer = come_back(client, lead(client))
    assert "did not tell us who you are" in answer.content.decode()
    assert raw.sent < 1 << 20


def test_apple_posts_from_its_own_page(owner: User, double: Double) -> None:
    double.told = {"email": owner.email, "email_verified": "true"}
    client = Client()
    sent = {"code": "c", "state": lead(client, APPLE), "id_token": double.id_token(is_apples=True)}
    finish = Client().post(APPLE_BACK, sent)
    assert finish.status_code == 302
    back = urlsplit(finish["Location"])
    assert back.path == "/accounts/with/apple/finish/"
    client.cookies.update(finish.cookies)
    assert client.get(f"{back.path}?{back.query}")["Location"] == STUDIO
    assert is_in(client)


def test_without_settings_there_is_no_such_way(owner: User) -> None:
    client = Client()
    assert "Sign in with Google" not in client.get("/accounts/login/").content.decode()
    assert client.post(GOOGLE).status_code == 404
    assert client.get(GOOGLE_BACK).status_code == 404
    assert client.post(APPLE_BACK).status_code == 404
    assert client.get("/accounts/with/apple/finish/").status_code == 404


def test_half_of_the_settings_stops_the_start() -> None:
    with pytest.raises(ImproperlyConfigured, match="GOOGLE_CLIENT_SECRET"):
        sign_in_providers({**OURS, "GOOGLE_CLIENT_SECRET": ""}, NOTHING_OF_APPLES)
    assert set(sign_in_providers(OURS, NOTHING_OF_APPLES)) == {"google"}
