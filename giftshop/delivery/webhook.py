"""Where a provider of mails tells what became of them: /webhooks/mail/.

Who calls is proven by the provider's own signature, or by the user and password that it was given;
anymail's class for this provider checks that and reads the body. Where no such secret is set, nobody is
heard.
"""

import json
import logging
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from anymail.exceptions import AnymailAPIError, AnymailWebhookValidationFailure
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from giftshop import mail_providers
from giftshop.delivery import reports
from giftshop.delivery.mail_reports import events

SIGNED_FOR = timedelta(hours=24)
"""Mailgun signs a time and a token, not the body, and tries for eight hours. The token is good once (it is
the event's id), and after a day not at all."""

UNREADABLE = (
    *(ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError),
    AnymailAPIError,
    ImproperlyConfigured,
)
"""What anymail's classes raise over a body that is not what they take it for; the last over one that is meant
for another of their addresses."""

log = logging.getLogger(__name__)


@csrf_exempt
@require_http_methods(["HEAD", "POST"])
def mail_webhook(request: HttpRequest) -> HttpResponse:
    """Verify, store, answer 200; everything else happens later. 400 for what is forged or no report, 404
    where none are heard. Some providers look with HEAD whether somebody is there; where reports are known by
    a password, whoever brings none is asked for it, as Amazon wants it (401)."""
    if not settings.MAIL_REPORTS:
        raise Http404
    if request.method == "HEAD":
        return HttpResponse()
    has_password = "Authorization" in request.headers
    if mail_providers.BASIC_AUTH in settings.MAIL_REPORTS and not has_password:
        return HttpResponse(status=401, headers={"WWW-Authenticate": 'Basic realm="mail reports"'})
    now = timezone.now()
    view = _view()
    try:
        view.run_validators(request)
        if settings.MAIL_PROVIDER == "mailgun":
            _refuse_stale(request, now)
    except AnymailWebhookValidationFailure:
        log.warning("a report of mails with a wrong or stale signature was refused")
        return HttpResponse(status=400)
    except UNREADABLE as problem:
        log.warning("a report of mails that nobody can read: %s", type(problem).__name__)
        return HttpResponse(status=400)
    return _hear(view, request, now)


def _hear(view: Any, request: HttpRequest, now: datetime) -> HttpResponse:
    """What the provider itself says."""
    try:
        if settings.MAIL_PROVIDER == "ses" and (answer := _answer_amazon(view, request)):
            return answer
        told = list(events.told(settings.MAIL_PROVIDER, view.parse_events(request), now))
    except UNREADABLE as problem:
        log.warning("a signed report of mails was refused: %s", type(problem).__name__)
        return HttpResponse(status=400)
    if told:
        reports.hear(provider=settings.MAIL_PROVIDER, told=told, now=now)
    return HttpResponse()


def _answer_amazon(view: Any, request: HttpRequest) -> HttpResponse | None:
    """Where it asks whether reports are wanted here: 503 has it ask again."""
    from giftshop.delivery.mail_reports import sns  # needs boto3, nobody else does

    if not sns.is_question(request):
        return None
    return HttpResponse(status=200 if sns.confirm(view, request) else 503)


def _view() -> Any:
    """anymail's, for the provider that is configured. It reads its settings when it is made."""
    provider = mail_providers.PROVIDERS[settings.MAIL_PROVIDER]
    if "." in provider.view:
        return import_string(provider.view)()
    return getattr(import_module(f"anymail.webhooks.{provider.module}"), provider.view)()


def _refuse_stale(request: HttpRequest, now: datetime) -> None:
    signed = json.loads(request.body)["signature"]
    if abs(now.timestamp() - float(signed["timestamp"])) > SIGNED_FOR.total_seconds():
        raise AnymailWebhookValidationFailure("signed too long ago")
