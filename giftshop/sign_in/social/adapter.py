"""What django-allauth's social accounts ask the product: who is let in, and how others are spoken to.

Nothing of it is kept: each time, the provider says which address is proven, and whoever signs in with
that address here goes on as with a code from their mailbox.
"""

from collections.abc import Callable
from typing import Any

import requests
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from giftshop.accounts.models import User
from giftshop.http.outside_calls import NoAnswer, ask, time_left

ANSWER_BYTES_MAX = 256 * 1024
"""Of a provider: a token, or its keys; some kilobytes."""


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """SOCIALACCOUNT_ADAPTER."""

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Instead of all that allauth would do: no account is made, and none is joined for later."""
        raise ImmediateHttpResponse(_let_in(request, sociallogin))

    def on_authentication_error(self, request: HttpRequest, provider: Any, **what: Any) -> None:
        raise ImmediateHttpResponse(refused(request, provider.name, is_unknown=False))

    def get_requests_session(self) -> requests.Session:
        """Which a page waits for as it does for anybody outside. Follows nowhere."""
        session = requests.Session()
        session.request = _in_time(session.request)  # type: ignore[method-assign]
        return session


def refused(request: HttpRequest, name: str, *, is_unknown: bool) -> HttpResponse:
    """`is_unknown`: the address that it told is of nobody here, or not proven; else it told none."""
    context = {"name": name, "is_unknown": is_unknown}
    return render(request, "giftshop/accounts/social_refused.html", context, status=403)


def _let_in(request: HttpRequest, social: Any) -> HttpResponse:
    proven = {str(each.email).strip().lower() for each in social.email_addresses if each.verified}
    user = User.objects.filter(email__in=proven, is_active=True).order_by("pk").first()
    if user is None:
        return refused(request, social.provider.name, is_unknown=True)
    record_authentication(request, user, "socialaccount", provider=social.provider.id)
    where = social.state.get("next") or reverse("studio")
    answer: HttpResponse = perform_login(
        request, Login(user=user, redirect_url=where, email=user.email)
    )
    return answer


def _read(answer: requests.Response) -> requests.Response:
    """All of it, within what is left of the time: a server that sends a byte a second holds no thread, and
    one that sends without an end no memory."""
    body = b""
    with answer:
        # As it comes: `iter_content` would wait until a part is full.
        while part := answer.raw.read1(ANSWER_BYTES_MAX, decode_content=True):
            body += part
            if len(body) > ANSWER_BYTES_MAX or time_left() <= 0:
                raise requests.Timeout("an answer without an end")
    answer._content = body  # how requests itself keeps what was read
    return answer


def _in_time(call: Callable[..., requests.Response]) -> Callable[..., requests.Response]:
    def request(*args: Any, **kwargs: Any) -> requests.Response:
        told = {**kwargs, "allow_redirects": False, "stream": True}
        try:
            return ask(lambda: _read(call(*args, **told, timeout=max(time_left(), 0.1))))
        except NoAnswer as late:
            raise requests.Timeout("no answer in time") from late

    return request
