"""Who takes e-mails over an API: what EMAIL_URL may name beside SMTP, as django-anymail's settings.

Here are the providers whose API takes a picture within the mail (the QR code) and whose reports can be told
from a stranger's. All others speak SMTP too, and that always does.
"""

from base64 import b64decode
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_der_public_key

BASIC_AUTH = "WEBHOOK_SECRET"
"""Where a provider signs nothing, its reports bring a user and a password that we chose."""
PUBLIC_KEYS = {"TRACKING_WEBHOOK_VERIFICATION_KEY"}
"""What is no secret but a key by which signatures are checked, as base64."""
SECONDS = 10
NOT_TRACKED = {"track_opens": False, "track_clicks": False}
"""That somebody opened a mail is theirs to know. We see a gift opened on its page."""


@dataclass(frozen=True)
class Provider:
    module: str
    """Of anymail's backend and webhook."""
    view: str
    """anymail's class that checks and reads its reports."""
    key: str
    """The setting that the user of the address fills; `second_key` and `host` name those that its password
    and host fill, where it has them."""
    second_key: str = ""
    host: str = ""
    signing: str = BASIC_AUTH
    """The setting that EMAIL_WEBHOOK_SECRET fills."""
    url: str = ""
    """The setting of the address that reports come to, where it is signed with them."""
    regions: dict[str, str] = field(default_factory=dict)
    can_say_untracked: bool = True
    brings_back: bool = True
    """Whether its reports bring back what a mail was given along: which delivery it is."""

    @property
    def prefix(self) -> str:
        """Of its settings: MAILGUN."""
        return self.module.upper()


PROVIDERS = {
    "mailgun": Provider(
        "mailgun", "MailgunTrackingWebhookView", "API_KEY", host="SENDER_DOMAIN",
        signing="WEBHOOK_SIGNING_KEY",
        regions={"us": "https://api.mailgun.net/v3", "eu": "https://api.eu.mailgun.net/v3"},
    ),
    "postmark": Provider("postmark", "PostmarkTrackingWebhookView", "SERVER_TOKEN"),
    "sendgrid": Provider(
        "sendgrid", "SendGridTrackingWebhookView", "API_KEY",
        signing="TRACKING_WEBHOOK_VERIFICATION_KEY",
        regions={"us": "https://api.sendgrid.com/v3/", "eu": "https://api.eu.sendgrid.com/v3/"},
    ),
    "mailjet": Provider("mailjet", "MailjetTrackingWebhookView", "API_KEY", second_key="SECRET_KEY"),
    "mandrill": Provider(
        "mandrill", "MandrillCombinedWebhookView", "API_KEY", signing="WEBHOOK_KEY", url="WEBHOOK_URL",
    ),
    "mailersend": Provider(
        "mailersend", "MailerSendTrackingWebhookView", "API_TOKEN", signing="SIGNING_SECRET",
        brings_back=False,
    ),
    "mailtrap": Provider(
        "mailtrap", "MailtrapTrackingWebhookView", "API_TOKEN", can_say_untracked=False
    ),
    "sparkpost": Provider(
        "sparkpost", "SparkPostTrackingWebhookView", "API_KEY",
        regions={"us": "https://api.sparkpost.com/api/v1", "eu": "https://api.eu.sparkpost.com/api/v1"},
    ),
}  # fmt: skip


def read(url: str) -> dict[str, Any]:
    """`mailgun://KEY@mg.example.com?region=eu` as Django's settings. `?api=` names another address of the
    API. Raises ValueError with words that hold no key."""
    parts = urlsplit(url)
    provider = PROVIDERS[parts.scheme]
    given = {
        provider.key: unquote(parts.username or ""),
        provider.second_key: unquote(parts.password or ""),
        provider.host: parts.hostname or "",
    }
    missing = [name for name, value in given.items() if name and not value]
    if missing:
        raise ValueError(f"lacks the {missing[0].lower().replace('_', ' ')}")
    named = {f"{provider.prefix}_{name}": value for name, value in given.items() if name}
    if api := _api(provider, parts):
        named[f"{provider.prefix}_API_URL"] = api
    return {
        "EMAIL_BACKEND": f"anymail.backends.{provider.module}.EmailBackend",
        "MAIL_PROVIDER": parts.scheme,
        "ANYMAIL": {
            **named,
            "REQUESTS_TIMEOUT": SECONDS,
            "SEND_DEFAULTS": NOT_TRACKED if provider.can_say_untracked else {},
        },
    }


def _api(provider: Provider, parts: SplitResult) -> str:
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    region, api = query.pop("region", ""), query.pop("api", "")
    if query:
        raise ValueError(f"says {next(iter(query))}, which nobody reads")
    if region and region not in provider.regions:
        known = ", ".join(provider.regions) or "none"
        raise ValueError(f"names a region that is not known; known: {known}")
    where = urlsplit(api)
    here = where.hostname in {"127.0.0.1", "localhost"}
    if api and not (where.scheme == "https" or (where.scheme == "http" and here)):
        raise ValueError("has an api that is not https://")
    return api or provider.regions.get(region, "")


def hears(scheme: str, *, secret: str, url: str) -> dict[str, str]:
    """The settings by which its reports at `url` are told from a stranger's, by the secret that it shares
    with us. Raises ValueError for one that cannot be."""
    provider = PROVIDERS[scheme]
    if provider.signing == BASIC_AUTH:
        user, _colon, password = secret.partition(":")
        if not user or len(password) < 16:
            raise ValueError("must be user:password, with 16 characters or more in the password")
        return {BASIC_AUTH: secret}
    if len(secret) < 16 or (provider.signing in PUBLIC_KEYS and not _is_public_key(secret)):
        raise ValueError("must be the whole key that your mail service shows for its webhooks")
    kept = {f"{provider.prefix}_{provider.signing}": secret}
    if provider.url:
        kept[f"{provider.prefix}_{provider.url}"] = url
    return kept


def _is_public_key(text: str) -> bool:
    try:
        load_der_public_key(b64decode(text, validate=True))
    except (ValueError, UnsupportedAlgorithm):
        return False
    return True
