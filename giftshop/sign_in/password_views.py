"""The pages of a forgotten password: asking for a link, and choosing a new one behind it."""

from typing import Any

from allauth.account.views import PasswordResetFromKeyView, PasswordResetView
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.bidi import isolated
from giftshop.accounts.browser_sessions import end_all, row_of
from giftshop.http import rate_limits as page_limits
from giftshop.sign_in.forms import ForgottenPasswordForm, NewPasswordForm
from redemption import rate_limits

LETTERS_MAX = 3
"""To one address in ten minutes."""

page = require_http_methods(["GET", "HEAD", "POST"])


class ForgottenPassword(PasswordResetView):  # type: ignore[misc]  # allauth has no types
    """The same answer whoever is asked for: it tells nobody who has an account."""

    template_name = "giftshop/accounts/forgotten_password.html"
    form_class = ForgottenPasswordForm
    success_url = reverse_lazy("login")

    def form_valid(self, form: ForgottenPasswordForm) -> HttpResponse:
        email: str = form.cleaned_data["email"]
        counted = {rate_limits.key("forgotten_password", "email", email): LETTERS_MAX}
        wait = rate_limits.count(counted, now=timezone.now())
        if wait:
            return page_limits.too_often(self.request, wait)
        said = _(
            "If somebody signs in with %(email)s, a link is on its way. It is good for an hour."
        )
        messages.success(self.request, said % {"email": isolated(email)})
        answer: HttpResponse = super().form_valid(form)
        return answer

    def render_to_response(self, context: dict[str, Any], **response: Any) -> HttpResponse:
        return _shown(super().render_to_response(context, **response), context)


class NewPassword(PasswordResetFromKeyView):  # type: ignore[misc]
    """The secret leaves the address before the page is shown, and the link is void once it was used. Every
    other session of the account ends with the old password."""

    template_name = "giftshop/accounts/new_password.html"
    form_class = NewPasswordForm
    success_url = reverse_lazy("studio")

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            end_all(self.reset_user, but=row_of(self.request))
            answer: HttpResponse = super().form_valid(form)
        messages.success(
            self.request, _("Your new password holds. Every other browser is signed out.")
        )
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Without a form where the link is of no use."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "form": None} if self.reset_user is None else context

    def render_to_response(self, context: dict[str, Any], **response: Any) -> HttpResponse:
        return _shown(super().render_to_response(context, **response), context)


def _shown(answer: HttpResponse, context: dict[str, Any]) -> HttpResponse:
    form = context["form"]
    answer.status_code = 404 if form is None else 422 if form.is_bound else 200
    return answer


forgotten_password = page(ForgottenPassword.as_view())
new_password = page(NewPassword.as_view())
