"""Reports that svix signs, for Resend: docs.svix.com/receiving/verifying-payloads/how-manual.

Its package would bring httpx, pydantic and others for these few lines, and is optional with anymail.
"""

import hmac
from base64 import b64encode
from hashlib import sha256

from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.webhooks.resend import ResendTrackingWebhookView, SvixWebhookValidationMixin
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from giftshop.mail_providers import PROVIDERS, SVIX_KEY, svix_secret

SECONDS_OFF = 5 * 60
"""So far the signed time may be from ours, as in svix's own libraries. A report that is tried again is
signed again."""


class ResendView(ResendTrackingWebhookView):  # type: ignore[misc]  # anymail has no types
    """anymail's, but for its own look at the signature, which wants svix's package."""

    warn_if_no_basic_auth = False
    _svix_webhook = None

    def __init__(self) -> None:
        super(SvixWebhookValidationMixin, self).__init__()

    def validate_request(self, request: HttpRequest) -> None:
        """Raises AnymailWebhookValidationFailure for what Resend didn't sign, or not now."""
        key = settings.ANYMAIL[f"{PROVIDERS['resend'].prefix}_{SVIX_KEY}"]
        check(request, svix_secret(key), now=timezone.now().timestamp())


def check(request: HttpRequest, secret: bytes, *, now: float) -> None:
    """That the request's id, time and body are signed with the secret, and the time is near `now`, in seconds
    since 1970. Raises AnymailWebhookValidationFailure, and ValueError for a time that is none."""
    name, at, signed = (
        request.headers.get(f"svix-{each}", "") for each in ("id", "timestamp", "signature")
    )
    content = b".".join([name.encode(), at.encode(), request.body])
    right = "v1," + b64encode(hmac.new(secret, content, sha256).digest()).decode()
    if not (name and any(constant_time_compare(each, right) for each in signed.split(" "))):
        raise AnymailWebhookValidationFailure("not signed with our key")
    if abs(now - int(at)) > SECONDS_OFF:
        raise AnymailWebhookValidationFailure("signed at another time")
