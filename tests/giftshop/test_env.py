"""A setting that is missing, blank or weak is refused at the start, by its name and without its value."""

import os
import re
import runpy
import secrets
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from giftshop.env import Env
from sandbox.environment import new_secrets
from tests.server import ROOT

KEY, OTHER = secrets.token_hex(32), secrets.token_hex(32)
LONG, LONGER = secrets.token_urlsafe(48), secrets.token_urlsafe(60)
WEAK = {
    "no SECRET_KEY": {"SECRET_KEY": ""},
    "one letter": {"SECRET_KEY": "x"},
    "long, but of one letter": {"SECRET_KEY": "x" * 64},
    "one text, several times": {"SECRET_KEY": "abcdefghij" * 6},
    "Django's own for trying out": {"SECRET_KEY": f"django-insecure-{LONG}"},
    "spaces": {"SECRET_KEY": " " * 64},
    "a weak one among the earlier": {"SECRET_KEY_FALLBACKS": f"{LONGER},x"},
    "blank among the earlier": {"SECRET_KEY_FALLBACKS": f"{LONGER},"},
    "an earlier one that is in use": {"SECRET_KEY_FALLBACKS": LONG},
    "no pepper": {"CODE_PEPPERS": ""},
    "a pepper of zeros": {"CODE_PEPPERS": f"1:{'0' * 64}"},
    "a pepper of few bytes": {"CODE_PEPPERS": f"1:{'0123' * 16}"},
    "half a pepper, twice": {"CODE_PEPPERS": f"1:{'00112233445566778899aabbccddeeff' * 2}"},
    "a short pepper": {"CODE_PEPPERS": "1:abcd"},
    "a pepper that is no number": {"CODE_PEPPERS": f"1:{'g' * 64}"},
    "a pepper without a number": {"CODE_PEPPERS": KEY},
    "a number too large to keep": {"CODE_PEPPERS": f"40000:{KEY}"},
    "one number for two peppers": {"CODE_PEPPERS": f"1:{KEY},1:{OTHER}"},
    "one pepper under two numbers": {"CODE_PEPPERS": f"1:{KEY},2:{KEY}"},
    "blank among the peppers": {"CODE_PEPPERS": f"1:{KEY},,"},
    "a pepper that encrypts, too": {"CODE_ENCRYPTION_KEYS": f"1:{KEY}"},
    "a pepper of PINs that is one of codes": {"PIN_PEPPERS": f"1:{KEY}"},
    "no webhook secret": {"STRIPE_WEBHOOK_SECRET": ""},
    "a blank webhook secret": {"STRIPE_WEBHOOK_SECRET": f"whsec_{KEY}, ,"},
    "a webhook secret anybody can guess": {"STRIPE_WEBHOOK_SECRET": "whsec_a"},
    "a publishable key": {"STRIPE_SECRET_KEY": "pk_test_" + KEY},
    "no key of Stripe's": {"STRIPE_SECRET_KEY": "secret"},
    "a live key over plain http": {"STRIPE_SECRET_KEY": "sk_live_" + KEY},
    "no address": {"BASE_URL": ""},
    "an address without a scheme": {"BASE_URL": "shop.example.org"},
    "an address with a path": {"BASE_URL": "https://example.com/gifts"},
    "an address with a fragment": {"BASE_URL": "https://gifts.example.com#x"},
    "an address with a password": {"BASE_URL": "https://ana:secret12@gifts.example.com"},
    "an address with no port of this world": {"BASE_URL": "https://gifts.example.com:99999"},
    "blank among the hosts": {"ALLOWED_HOSTS": "gifts.example.com,"},
    "any host": {"ALLOWED_HOSTS": "*"},
    "a webhook secret of one letter": {"STRIPE_WEBHOOK_SECRET": "whsec_" + "a" * 32},
    "blank among the proxies": {"TRUSTED_PROXIES": "127.0.0.0/8,,"},
    "a proxy that is no address": {"TRUSTED_PROXIES": "the proxy"},
    "everybody as proxy": {"TRUSTED_PROXIES": "127.0.0.0/8,0.0.0.0/0"},
    "less than no proxies": {"TRUSTED_PROXY_COUNT": "-1"},
    "a short status token": {"STATUS_TOKEN": "letmein"},
    "no threads": {"WEB_THREADS": "0"},
    "an empty pool": {"DATABASE_POOL_SIZE": "0"},
    "a pool in words": {"DATABASE_POOL_SIZE": "many"},
    "no time for a lease": {"OUTBOX_LEASE_SECONDS": "0"},
    "no database": {"DATABASE_URL": ""},
    "another database": {"DATABASE_URL": "mysql://root@127.0.0.1/shop"},
    "no broker": {"REDIS_URL": ""},
    "no kind of broker": {"REDIS_URL": "valkey.example.com"},
    "no mail server": {"EMAIL_URL": ""},
    "no kind of mail server": {"EMAIL_URL": "mail.example.com"},
    "a level nobody knows": {"LOG_LEVEL": "LOUD"},
}
"""What is changed in settings that hold, and is to be said."""


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Any]]:
    """read(**changed) -> the settings that come of an environment that holds, but for what is changed."""

    def read_settings(**changed: str) -> dict[str, Any]:
        monkeypatch.setattr(Env, "ENVIRON", {**good(), **changed})
        monkeypatch.setattr(os, "access", lambda *_: False)  # a demo that runs here tells its own
        return runpy.run_path(str(ROOT / "giftshop" / "settings.py"))

    return read_settings


def good() -> dict[str, str]:
    return {
        **new_secrets(),
        "SECRET_KEY": LONG,
        "CODE_PEPPERS": f"1:{KEY}",
        "BASE_URL": "http://127.0.0.1:8000",
        "DATABASE_URL": "postgresql://127.0.0.1:1/shop",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "EMAIL_URL": "smtp://127.0.0.1:1",
    }


def test_what_holds_is_read(read: Callable[..., dict[str, Any]]) -> None:
    found = read(
        SECRET_KEY_FALLBACKS=LONGER,
        CODE_PEPPERS=f"2:{OTHER}, 1:{KEY}",
        STRIPE_WEBHOOK_SECRET=f"whsec_{KEY}, whsec_{OTHER}",
        ALLOWED_HOSTS="",
        STATUS_TOKEN="",
    )
    assert found["SECRET_KEY"] == LONG
    assert found["CODE_PEPPERS"] == {2: bytes.fromhex(OTHER), 1: bytes.fromhex(KEY)}
    assert found["STRIPE_WEBHOOK_SECRETS"] == [f"whsec_{KEY}", f"whsec_{OTHER}"]
    assert found["ALLOWED_HOSTS"] == ["127.0.0.1", "127.0.0.1", "localhost"]
    assert found["STRIPE_LIVEMODE"] is False
    live = read(BASE_URL="https://gifts.example.com", STRIPE_SECRET_KEY="rk_live_" + KEY)
    assert live["STRIPE_LIVEMODE"] is True


@pytest.mark.parametrize("what", WEAK)
def test_what_is_weak_is_refused_by_its_name(
    what: str, read: Callable[..., dict[str, Any]]
) -> None:
    [(name, value)] = WEAK[what].items()
    with pytest.raises(ImproperlyConfigured) as refused:
        read(**WEAK[what])
    said = str(refused.value)
    assert said.startswith(name)
    assert ".env.example" in said
    assert KEY not in said
    assert len(value) < 8 or value not in said


def test_what_signs_is_no_pepper_too(read: Callable[..., dict[str, Any]]) -> None:
    """As text the one, as hex digits the other, in whatever case."""
    with pytest.raises(
        ImproperlyConfigured, match=r"^CODE_PEPPERS must not be the key of SECRET_KEY"
    ):
        read(SECRET_KEY=KEY.upper())


@pytest.mark.parametrize(
    "changed", [{"STRIPE_API_BASE": "http://127.0.0.1:12111"}, {"DEBUG": "1"}], ids=str
)
def test_a_live_key_wants_nobody_to_listen_or_look(
    changed: dict[str, str], read: Callable[..., dict[str, Any]]
) -> None:
    live = {"BASE_URL": "https://gifts.example.com", "STRIPE_SECRET_KEY": "sk_live_" + KEY}
    with pytest.raises(ImproperlyConfigured, match="live key"):
        read(**live, **changed)


def test_every_required_variable_and_every_list_is_tried(
    read: Callable[..., dict[str, Any]],
) -> None:
    """A variable that comes later has its place above."""
    tried = {name for changed in WEAK.values() for name in changed}
    for name in good():
        with pytest.raises(ImproperlyConfigured, match=f"^{name} "):
            read(**{name: ""})
    source = (ROOT / "giftshop" / "settings.py").read_text()
    listed = re.findall(
        r"env\.(?:names|hosts|secrets|keyring|stripe_webhook_secrets)\(\s*\"(\w+)", source
    )
    assert len(listed) >= 6
    assert set(listed) <= tried


@pytest.mark.parametrize(
    "command", [["manage.py", "check"], ["-m", "celery", "-A", "giftshop", "beat"]]
)
def test_no_process_starts_with_them(command: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, "SECRET_KEY": "x"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode != 0
    assert "SECRET_KEY must be 50 random characters or more" in done.stderr
    if command[0] == "manage.py":
        assert "Traceback" not in done.stderr
