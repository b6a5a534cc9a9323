"""The pages of a forgotten password: asking for a link, and choosing a new one behind it."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.bidi import isolated
from giftshop.accounts.models import User
from giftshop.team.forms import ForgottenPasswordForm, NewPasswordForm
from giftshop.team.passwords import ask_for_link


@require_http_methods(["GET", "HEAD", "POST"])
def forgotten_password(request: HttpRequest) -> HttpResponse:
    """The same answer whoever is asked for: it tells nobody who has an account."""
    form = ForgottenPasswordForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(
            request, "giftshop/team/forgotten_password.html", {"form": form}, status=status
        )
    email: str = form.cleaned_data["email"]
    ask_for_link(email, now=timezone.now())
    said = _("If somebody signs in with %(email)s, a link is on its way. It is good for an hour.")
    messages.success(request, said % {"email": isolated(email)})
    return redirect("login")


class NewPassword(PasswordResetConfirmView):
    """Django's: the secret leaves the address before the page is shown, and the link is void once it was
    used. Every other session of the account ends with the old password."""

    form_class = NewPasswordForm  # type: ignore[assignment]  # one field, and save() as it expects
    template_name = "giftshop/team/new_password.html"
    post_reset_login = True
    post_reset_login_backend = settings.AUTHENTICATION_BACKENDS[-1]
    success_url = reverse_lazy("studio")

    def get_user(self, uidb64: str) -> User | None:
        user = super().get_user(uidb64)
        return user if isinstance(user, User) and user.is_active else None

    def render_to_response(self, context: dict[str, Any], **response: Any) -> HttpResponse:
        form = context.get("form")
        status = 404 if form is None else 422 if form.is_bound else 200
        return super().render_to_response(context, status=status, **response)


new_password = require_http_methods(["GET", "HEAD", "POST"])(NewPassword.as_view())
