"""What django-allauth asks the product: how its letters go out, what it says, who may have an account."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from giftshop.accounts.models import AccountLetter, User
from giftshop.accounts.user_agents import device
from giftshop.http import sign_in_limits
from giftshop.http.middleware import client_ip
from giftshop.sign_in import letters

_PASSWORD = settings.AUTHENTICATION_BACKENDS[-1]
"""Whoever signed in is kept as if by password: it is the backend that finds them again."""


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """ACCOUNT_ADAPTER."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": _("That is not the code of our last e-mail to you."),
        "too_many_login_attempts": _(
            "Those were too many tries with this code. Ask for a new one."
        ),
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """By the outbox, in a letter of ours. Raises KeyError for a letter that we do not have."""
        kind, secret = {
            "account/email/login_code": (AccountLetter.Kind.SIGN_IN_CODE, "{code}"),
            "account/email/password_reset_key": (AccountLetter.Kind.NEW_PASSWORD, "{uid} {key}"),
        }[template_prefix]
        user = User.objects.get(email=email, is_active=True)
        letters.write(user, kind=kind, secret=secret.format(**context), now=timezone.now())

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Made when the letter is written, from what is sealed."""
        return ""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an account but by an invitation."""
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """Every answer is a page."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_ip(request)

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Our pages say what happened; what went wrong is said in the words above."""
        if message and level >= messages.ERROR:
            messages.add_message(request, level, message)

    def login(self, request: HttpRequest, user: User) -> None:
        login(request, user, backend=_PASSWORD)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """As whoever has no account."""
        return redirect("login")

    def post_login(self, request: HttpRequest, user: User, **how: Any) -> HttpResponse:
        """The browser is known from now on. Of one that was not, its owner is told."""
        response: HttpResponse = super().post_login(request, user, **how)
        if not sign_in_limits.is_known(request, user.email):
            letters.write(
                user,
                kind=AccountLetter.Kind.NEW_BROWSER,
                secret=device(request.META.get("HTTP_USER_AGENT", "")),
                now=timezone.now(),
            )
        sign_in_limits.remember(request, response, user.email)
        return response
