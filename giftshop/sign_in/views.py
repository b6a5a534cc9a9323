"""Signing in, by a code from an e-mail or by a password, and staying so."""

from typing import Any, cast
from urllib.parse import urlencode

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.account.views import ConfirmLoginCodeView
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from giftshop.accounts.models import User
from giftshop.accounts.session_limits import ENDED, count_as_use
from giftshop.http import sign_in_limits
from giftshop.http.rate_limits import too_often
from giftshop.sign_in import codes
from giftshop.sign_in.forms import CodeForm, SignInForm
from giftshop.sign_in.social.providers import offered


class SignIn(LoginView):
    template_name = "giftshop/accounts/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wait = sign_in_limits.seconds_to_wait(request) if request.POST.get("password") else 0
        return too_often(request, wait) if wait else super().post(request, *args, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """allauth goes on from here: it asks for a second factor where there is one."""
        email: str = form.cleaned_data["username"]
        user = cast(User | None, form.get_user())
        if user is None:
            wait = codes.ask(self.request, email, now=timezone.now())
            return too_often(self.request, wait) if wait else redirect(self._code_url())
        begun = Login(user=user, redirect_url=self.get_success_url(), email=email)
        answer: HttpResponse = perform_password_login(self.request, {"email": email}, begun)
        return answer

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        if "username" in form.cleaned_data and form.cleaned_data.get("password"):
            sign_in_limits.note_wrong(self.request)
        return super().form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """`ended`: why somebody is here again, said once."""
        ended = self.request.session.pop(ENDED, "") if ENDED in self.request.session else ""
        return super().get_context_data(**kwargs, ended=ended, providers=offered())

    def _code_url(self) -> str:
        url, wanted = reverse("account_confirm_login_code"), self.get_redirect_url()
        return f"{url}?{urlencode({'next': wanted})}" if wanted else url


class Code(ConfirmLoginCodeView):  # type: ignore[misc]  # allauth has no types
    """Which code came. Three wrong ones, and another is to be asked for."""

    template_name = "giftshop/accounts/code.html"
    form_class = CodeForm

    def render_to_response(self, context: dict[str, Any], **response: Any) -> HttpResponse:
        status = 422 if context["form"].is_bound else 200
        shown: HttpResponse = super().render_to_response(context, status=status, **response)
        return shown


code = require_http_methods(["GET", "HEAD", "POST"])(Code.as_view())


@require_POST
def keep_session(request: HttpRequest) -> HttpResponse:
    """Whoever is warned that their idle time is nearly over says that they are here; 401 where it is over.
    Asked by a script, so that nobody is led away from what they typed."""
    if not request.user.is_authenticated:
        return HttpResponse(status=401)
    count_as_use(request)
    return HttpResponse(status=204)
