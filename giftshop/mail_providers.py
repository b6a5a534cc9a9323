"""Who takes e-mails and reports of them: what EMAIL_URL may name beside SMTP, as django-anymail's settings.

Here are the providers whose reports can be told from a stranger's. They take mails over their API, or by
SMTP where that takes no picture within the mail (the QR code). All others speak SMTP too, and report nothing.
"""

import re
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_der_public_key

BASIC_AUTH = "WEBHOOK_SECRET"
"""Where a provider signs nothing, its reports bring a user and a password that we chose."""
PUBLIC_KEY = "TRACKING_WEBHOOK_VERIFICATION_KEY"
"""What is no secret but a key by which signatures are checked, as base64."""
SVIX_KEY = "SVIX_KEY"
"""What svix signs reports with: whsec_ and base64. Not named as anymail names it: that would ask for svix's
package, which brings four others (delivery/mail_reports/svix.py)."""
METADATA, TAGS = "metadata", "tags"
SECONDS = 10
NOT_TRACKED = {"track_opens": False, "track_clicks": False}
"""That somebody opened a mail is theirs to know. We see a gift opened on its page."""


@dataclass(frozen=True)
class Provider:
    module: str
    """Of anymail's backend and webhook."""
    view: str
    """anymail's class that checks and reads its reports."""
    key: str = ""
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
    named_by: str = METADATA
    """How a mail says which delivery it is, so that reports bring that back: anymail's metadata, Resend's
    tags, a header of this name, or "" where nothing comes back."""
    smtp: str = ""
    """The mail server that takes its mails, where its API can't."""

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
        signing=PUBLIC_KEY,
        regions={"us": "https://api.sendgrid.com/v3/", "eu": "https://api.eu.sendgrid.com/v3/"},
    ),
    "mailjet": Provider("mailjet", "MailjetTrackingWebhookView", "API_KEY", second_key="SECRET_KEY"),
    "mandrill": Provider(
        "mandrill", "MandrillCombinedWebhookView", "API_KEY", signing="WEBHOOK_KEY", url="WEBHOOK_URL",
    ),
    "mailersend": Provider(
        "mailersend", "MailerSendTrackingWebhookView", "API_TOKEN", signing="SIGNING_SECRET",
        named_by="",
    ),
    "mailtrap": Provider(
        "mailtrap", "MailtrapTrackingWebhookView", "API_TOKEN", can_say_untracked=False
    ),
    "sparkpost": Provider(
        "sparkpost", "SparkPostTrackingWebhookView", "API_KEY",
        regions={"us": "https://api.sparkpost.com/api/v1", "eu": "https://api.eu.sparkpost.com/api/v1"},
    ),
    "resend": Provider(
        "resend", "giftshop.delivery.mail_reports.svix.ResendView", "API_KEY", signing=SVIX_KEY,
        can_say_untracked=False, named_by=TAGS,
    ),
    "ses": Provider("amazon_ses", "AmazonSESTrackingWebhookView", can_say_untracked=False),
    "brevo": Provider(
        "brevo", "BrevoTrackingWebhookView", can_say_untracked=False,
        named_by="X-Mailin-custom", smtp="smtp-relay.brevo.com",
    ),
}  # fmt: skip

_REGION = re.compile(r"[a-z]{2,4}(-[a-z]{2,12}){1,3}-\d{1,2}")
"""Of Amazon: eu-central-1, us-gov-west-1."""


def read(url: str) -> dict[str, Any]:
    """`mailgun://KEY@mg.example.com?region=eu` as Django's settings. `?api=` names another address of the
    API. Raises ValueError with words that hold no key."""
    parts = urlsplit(url)
    provider = PROVIDERS[parts.scheme]
    if parts.scheme == "ses":
        own = _amazon(parts)
    elif provider.smtp:
        own = _by_smtp(provider, parts)
    else:
        own = _by_api(provider, parts)
    return {"MAIL_PROVIDER": parts.scheme, **own}


def _by_api(provider: Provider, parts: SplitResult) -> dict[str, Any]:
    named = _given(parts, provider.key, provider.second_key, {provider.host: parts.hostname or ""})
    named = {f"{provider.prefix}_{name}": value for name, value in named.items()}
    if api := _api(provider, parts):
        named[f"{provider.prefix}_API_URL"] = api
    return {
        "EMAIL_BACKEND": f"anymail.backends.{provider.module}.EmailBackend",
        "ANYMAIL": {
            **named,
            "REQUESTS_TIMEOUT": SECONDS,
            "SEND_DEFAULTS": NOT_TRACKED if provider.can_say_untracked else {},
        },
    }


def _by_smtp(provider: Provider, parts: SplitResult) -> dict[str, Any]:
    """`brevo://LOGIN:KEY@`, through TLS."""
    _refuse_query(parts)
    given = _given(parts, "EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": provider.smtp,
        "EMAIL_PORT": 587,
        "EMAIL_USE_TLS": True,
        "ANYMAIL": {},
        **given,
    }


def _amazon(parts: SplitResult) -> dict[str, Any]:
    """`ses://KEY-ID:SECRET-KEY@eu-central-1`; without the two, boto3 finds those of the machine's role."""
    _refuse_query(parts)
    region = parts.hostname or ""
    if not _REGION.fullmatch(region):
        raise ValueError("names no region of Amazon's, like eu-central-1")
    keys = {}
    if parts.username or parts.password:
        keys = _given(parts, "aws_access_key_id", "aws_secret_access_key")
    once = {"total_max_attempts": 1, "mode": "standard"}  # the outbox tries again, and looks first
    return {
        "EMAIL_BACKEND": "giftshop.delivery.channels.amazon_ses.EmailBackend",
        "ANYMAIL": {
            "AMAZON_SES_CLIENT_PARAMS": {
                "region_name": region,
                **keys,
                "config": {"connect_timeout": SECONDS, "read_timeout": SECONDS, "retries": once},
            },
            "AMAZON_SES_AUTO_CONFIRM_SNS_SUBSCRIPTIONS": False,  # delivery/mail_reports/sns.py does
        },
    }


def _given(
    parts: SplitResult, first: str, second: str = "", more: dict[str, str] | None = None
) -> dict[str, str]:
    """What the address says, by the settings that it fills: its user the first, its password the second.
    Raises ValueError for one that it lacks."""
    said = {
        first: unquote(parts.username or ""),
        second: unquote(parts.password or ""),
        **(more or {}),
    }
    given = {name: value for name, value in said.items() if name}
    missing = [name for name, value in given.items() if not value]
    if missing:
        raise ValueError(f"lacks the {missing[0].lower().replace('_', ' ')}")
    return given


def _refuse_query(parts: SplitResult) -> None:
    if parts.query:
        said = next(iter(parse_qs(parts.query)), "something")
        raise ValueError(f"says {said}, which nobody reads")


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
    is_key = _KINDS_OF_KEYS.get(provider.signing, bool)
    if len(secret) < 16 or not is_key(secret):
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


def _is_svix_key(text: str) -> bool:
    try:
        return text.startswith("whsec_") and len(svix_secret(text)) >= 16
    except ValueError:
        return False


def svix_secret(text: str) -> bytes:
    """What whsec_... stands for. Raises ValueError for what is no base64."""
    return b64decode(text.removeprefix("whsec_"), validate=True)


_KINDS_OF_KEYS: dict[str, Callable[[str], bool]] = {
    PUBLIC_KEY: _is_public_key,
    SVIX_KEY: _is_svix_key,
}
