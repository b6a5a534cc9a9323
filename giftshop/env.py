"""Reads settings from the environment, and refuses by name what is missing, blank or weak.

Every process reads its settings before anything else, so none starts with a key that everybody knows.
What is refused is said with the name of its variable and what to do, never with its value. An optional
variable that is empty counts as not given: docker compose can't leave one out.
"""

import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any, TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from giftshop import mail_providers

SECRET_LENGTH_MIN = 50
"""As Django's own check asks of SECRET_KEY (security.W009)."""
SECRET_LETTERS_MIN = 10
TOKEN_LENGTH_MIN = 16
KEY_BYTES = 32
KEY_DIFFERENT_BYTES_MIN = 16
"""Of 32 random bytes 30 differ; fewer than 16 do not happen by chance."""
KEY_NUMBER_MAX = 32_767

STRIPE_KEY = re.compile(r"[sr]k_(test|live)_\w{8,}", re.ASCII)
TWILIO_VALUES = {
    "TWILIO_ACCOUNT_SID": re.compile(r"AC[0-9a-f]{32}"),
    "TWILIO_AUTH_TOKEN": re.compile(r"[0-9a-f]{32}"),
    "TWILIO_MESSAGING_SERVICE_SID": re.compile(r"MG[0-9a-f]{32}"),
}
STRIPE_WEBHOOK_SECRET = re.compile(r"whsec_\S{16,}", re.ASCII)

MISSING = object()

T = TypeVar("T", str, bytes)


class Env(environ.Env):  # type: ignore[misc]  # it has no types
    """django-environ's, with a method for each kind of value that may be wrong. All of them raise
    ImproperlyConfigured; `default` is what holds for a variable that is not given or empty."""

    def __init__(self) -> None:
        super().__init__()
        self._keys: dict[str, str] = {}

    def text(self, name: str, default: Any = MISSING) -> str:
        """What it says, without spaces around it."""
        value = str(self.str(name, default="")).strip()
        if value:
            return value
        if default is MISSING:
            raise refusal(name, "is not set or empty")
        return str(default)

    def names(self, name: str, default: Any = MISSING) -> list[str]:
        """What is listed by commas; an entry that is blank is a slip, and would be one for everybody."""
        value = self.text(name, default="")
        if not value:
            if default is MISSING:
                raise refusal(name, "is not set or empty")
            return list(default)
        entries = [entry.strip() for entry in value.split(",")]
        if not all(entries):
            raise refusal(name, "has a blank entry: take the comma too many away")
        return entries

    def hosts(self, name: str, default: Any = MISSING) -> list[str]:
        """Names of hosts; not all there are, or anybody's address would lead here."""
        hosts = self.names(name, default)
        if "*" in hosts:
            raise refusal(name, "must name the hosts: * would be any")
        return hosts

    def whole(self, name: str, *, default: int, least: int = 1) -> int:
        """A whole number, `least` or more."""
        value = self.text(name, default=default)
        if not re.fullmatch(r"[+-]?[0-9]{1,9}", value) or int(value) < least:
            raise refusal(name, f"must be a whole number, {least} or more")
        return int(value)

    def choice(self, name: str, choices: list[str], *, default: str) -> str:
        """One of these words."""
        value = self.text(name, default=default)
        if value not in choices:
            raise refusal(name, f"must be one of {', '.join(choices)}")
        return value

    def secret(self, name: str, value: str = "") -> str:
        """A long random text, given once: not also as another key. `value`: one entry of a list."""
        value = value or self.text(name)
        if (
            len(value) < SECRET_LENGTH_MIN
            or len(set(value)) < SECRET_LETTERS_MIN
            or value.startswith("django-insecure-")
            or _repeats_itself(value)
        ):
            raise refusal(
                name,
                f"must be {SECRET_LENGTH_MIN} random characters or more; make one: "
                "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'",
            )
        return self._once(name, value)

    def secrets(self, name: str, *, default: list[str]) -> list[str]:
        """Several of them."""
        return [self.secret(name, value) for value in self.names(name, default=default)]

    def token(self, name: str, *, default: str) -> str:
        """A text that opens something; by default none may do."""
        value = self.text(name, default=default)
        if value and len(value) < TOKEN_LENGTH_MIN:
            raise refusal(name, f"must have {TOKEN_LENGTH_MIN} characters or more, or none")
        return value

    def keyring(self, name: str) -> dict[int, bytes]:
        """`2:<hex>,1:<hex>` -> {2: bytes, 1: bytes}; the first is used for new values, all are read."""
        ring: dict[int, bytes] = {}
        for entry in self.names(name):
            number, _colon, digits = (part.strip() for part in entry.partition(":"))
            if not re.fullmatch(r"[0-9]{1,5}", number) or int(number) > KEY_NUMBER_MAX:
                raise refusal(name, "must say each key as number:64 hex digits, by commas")
            if int(number) in ring:
                raise refusal(name, f"says key {int(number)} twice")
            ring[int(number)] = self._key(name, int(number), digits)
        return ring

    def _key(self, name: str, number: int, digits: str) -> bytes:
        if not re.fullmatch(rf"[0-9a-fA-F]{{{2 * KEY_BYTES}}}", digits):
            raise refusal(name, f"key {number} must be {KEY_BYTES} bytes, given as 64 hex digits")
        key = bytes.fromhex(digits)
        if len(set(key)) < KEY_DIFFERENT_BYTES_MIN or _repeats_itself(key):
            raise refusal(
                name,
                f"key {number} is not random; make one: "
                "python3 -c 'import secrets; print(secrets.token_hex(32))'",
            )
        return self._once(name, key)

    def _once(self, name: str, key: T) -> T:
        seen = key.lower() if isinstance(key, str) else key.hex()
        if seen in self._keys:
            other = self._keys[seen]
            words = "says one key twice" if other == name else f"must not be the key of {other}"
            raise refusal(name, words)
        self._keys[seen] = name
        return key

    def database(self, name: str) -> dict[str, Any]:
        """postgresql://user:password@host/name, as Django wants it."""
        if urlsplit(self.text(name)).scheme not in {"postgres", "postgresql", "pgsql"}:
            raise refusal(name, "must be an address like postgresql://user:password@host/name")
        return dict(self.db_url(name))

    def mail_server(self, name: str) -> dict[str, Any]:
        """smtp://, smtp+tls:// or smtp+ssl://, or a provider's own (mail_providers), as Django's settings."""
        scheme = urlsplit(self.text(name)).scheme
        if scheme in mail_providers.PROVIDERS:
            try:
                return mail_providers.read(self.text(name))
            except ValueError as problem:
                raise refusal(name, str(problem)) from None
        if scheme not in self.EMAIL_SCHEMES:
            raise refusal(name, "must be an address like smtp+tls://user:password@host:port")
        return dict(self.email_url(name))

    def mail_reports(self, name: str, *, default: str, provider: str, url: str) -> dict[str, str]:
        """What tells reports of this provider of mails from a stranger's; nothing where none are heard."""
        secret = self.text(name, default=default)
        if not secret:
            return {}
        if not provider:
            raise refusal(
                name, "is of no use with SMTP: only a provider named in EMAIL_URL reports"
            )
        try:
            return mail_providers.hears(provider, secret=secret, url=url)
        except ValueError as problem:
            raise refusal(name, str(problem)) from None

    def texts(self) -> dict[str, str]:
        """How texts are sent, by Twilio; nothing where none are. All of its variables, or none."""
        needed = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_MESSAGING_SERVICE_SID")
        said = {name: self.text(name, default="") for name in needed}
        if not any(said.values()):
            return {}
        for name, value in said.items():
            if not TWILIO_VALUES[name].fullmatch(value):
                raise refusal(
                    name, "is not what Twilio's console shows, and all three belong together"
                )
        return {
            **{name.removeprefix("TWILIO_").lower(): value for name, value in said.items()},
            "api_base": self.text("TWILIO_API_BASE", default="").rstrip("/"),
        }

    def picture_store(self, name: str, *, default: str) -> dict[str, Any]:
        """A folder, or s3+https://KEY:SECRET@host/bucket?region=name, as an entry of Django's STORAGES."""
        value = self.text(name, default=default)
        parts = urlsplit(value)
        if not parts.scheme:
            folder = "django.core.files.storage.FileSystemStorage"
            options = {"location": value, "file_permissions_mode": 0o640}
            return {"BACKEND": folder, "OPTIONS": {**options, "allow_overwrite": True}}
        bucket = parts.path.strip("/")
        if (
            parts.scheme not in {"s3+https", "s3+http"}
            or not parts.hostname
            or "/" in bucket
            or not bucket
        ):
            raise refusal(
                name, "must be a folder, or an address like s3+https://KEY:SECRET@host/bucket"
            )
        where = parts.netloc.rpartition("@")[2]
        return {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                "bucket_name": bucket,
                "endpoint_url": f"{parts.scheme.removeprefix('s3+')}://{where}",
                "access_key": unquote(parts.username or ""),
                "secret_key": unquote(parts.password or ""),
                "region_name": (parse_qs(parts.query).get("region") or ["us-east-1"])[0],
                "addressing_style": "path",
                "default_acl": None,  # as the bucket has it: nobody but us asks it for anything
                "file_overwrite": True,
            },
        }

    def site(self, name: str) -> str:
        """http:// or https:// and a host, without a path."""
        value = self.text(name).rstrip("/")
        parts = urlsplit(value)
        plain = f"{parts.scheme}://{parts.netloc}" == value and "@" not in parts.netloc
        if parts.scheme not in {"http", "https"} or not parts.hostname or not plain:
            raise refusal(name, "must be an address like https://gifts.example.com")
        try:
            _port = parts.port
        except ValueError:
            raise refusal(name, "has a port that is no port") from None
        return value

    def networks(self, name: str, *, default: list[str]) -> list[IPv4Network | IPv6Network]:
        """Addresses and networks by commas; not one that everybody is in."""
        try:
            found = [ip_network(each) for each in self.names(name, default=default)]
        except ValueError:
            raise refusal(name, "must list addresses and networks like 10.0.0.0/8") from None
        if any(each.prefixlen == 0 for each in found):
            raise refusal(name, "holds everybody: name the proxies alone")
        return found

    def broker(self, name: str) -> str:
        """redis://, rediss:// or unix://."""
        value = self.text(name)
        if urlsplit(value).scheme not in {"redis", "rediss", "unix"}:
            raise refusal(name, "must be an address like redis://127.0.0.1:6379/0")
        return value

    def stripe_key(self, name: str, *, base_url: str, api_base: str, debug: bool) -> str:
        """A secret or restricted key. A live one moves real money: only with https, Stripe itself or an
        https address in its place, and nothing shown to strangers."""
        value = self.text(name)
        if not STRIPE_KEY.fullmatch(value):
            raise refusal(name, "must be a secret or restricted key: sk_... or rk_...")
        if "_live_" in value:
            if not base_url.startswith("https://"):
                raise refusal(name, "is a live key, but BASE_URL is not https://")
            if api_base and not api_base.startswith("https://"):
                raise refusal(name, "is a live key, but STRIPE_API_BASE is not https://")
            if debug:
                raise refusal("DEBUG", "must be 0 with a live key: error pages would show secrets")
        return value

    def stripe_webhook_secrets(self, name: str) -> list[str]:
        """What Stripe's webhooks may be signed with."""
        values = self.names(name)
        if not all(
            STRIPE_WEBHOOK_SECRET.fullmatch(value) and len(set(value)) >= SECRET_LETTERS_MIN
            for value in values
        ):
            raise refusal(name, "must be what Stripe shows as the signing secret: whsec_...")
        return values


def _repeats_itself(key: str | bytes) -> bool:
    """Whether it is one shorter text, several times."""
    return key in (key + key)[1:-1]  # type: ignore[operator]


def refusal(name: str, words: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{name} {words}. See .env.example.")


SIGN_IN_ORIGINS = {"google": "https://accounts.google.com", "apple": "https://appleid.apple.com"}
"""Where the pages of those are who may say whose address it is."""


def sign_in_providers(google: dict[str, str], apple: dict[str, str]) -> dict[str, Any]:
    """As django-allauth reads them, of their variables; none of which nothing is said, and never half of one.
    Raises ImproperlyConfigured."""
    found: dict[str, Any] = {}
    for variables in (google, apple):
        missing = [name for name, value in variables.items() if not value]
        if 0 < len(missing) < len(variables):
            raise refusal(missing[0], "is not set or empty, but the others of this provider are")
    if all(google.values()):
        app: dict[str, Any] = {
            "client_id": google["GOOGLE_CLIENT_ID"],
            "secret": google["GOOGLE_CLIENT_SECRET"],
        }
        found["google"] = {"APP": app, "SCOPE": ["email"], "OAUTH_PKCE_ENABLED": True}
    if all(apple.values()):
        key = apple["APPLE_PRIVATE_KEY"].replace("\\n", "\n")
        app = {
            "client_id": apple["APPLE_CLIENT_ID"],
            "secret": apple["APPLE_KEY_ID"],
            "key": apple["APPLE_TEAM_ID"],
            "settings": {"certificate_key": key},
        }
        found["apple"] = {"APP": app, "SCOPE": ["email"]}
    return found
