"""The way to a provider and back. Never to another site of ours than was asked for, and only where the
installation has settings for it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.apple import views as apple
from allauth.socialaccount.providers.google import views as google
from django.contrib.auth.views import RedirectURLMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from giftshop.sign_in.social.adapter import refused
from giftshop.sign_in.social.providers import Provider, offered

View = Callable[..., HttpResponse]
FAULTS = (ValueError, LookupError, TypeError, AttributeError)
"""What allauth raises of an answer that is none."""


@require_POST
@never_cache
def social_sign_in(request: HttpRequest, provider: str) -> HttpResponse:
    """Leads to the provider's page."""
    _find(provider)
    if request.user.is_authenticated:
        return redirect("studio")
    led: HttpResponse = (
        get_adapter()
        .get_provider(request, provider)
        .redirect(request, process="login", next_url=_Next(request).get_redirect_url())
    )
    return led


def _back(provider: str, view: View) -> View:
    """From it, with what it says of who they are."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name = _find(provider).name
        if request.user.is_authenticated:
            return redirect("studio")
        try:
            return view(request, *args, **kwargs)
        except FAULTS:
            return refused(request, name, is_unknown=False)

    return guarded


def _find(provider: str) -> Provider:
    found = next((each for each in offered() if each.id == provider), None)
    if found is None:
        raise Http404
    return found


class _Next(RedirectURLMixin):
    def __init__(self, request: HttpRequest) -> None:
        self.request = request


google_callback = require_safe(_back("google", google.oauth2_callback))
apple_finish = require_safe(_back("apple", apple.oauth2_finish_login))
# Comes from Apple's page, without our cookies: what it holds is looked at in the step after it.
apple_callback = csrf_exempt(require_POST(_back("apple", apple.oauth2_callback)))
