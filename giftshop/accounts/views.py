"""Signing in, and staying so."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from giftshop.accounts.forms import SignInForm
from giftshop.accounts.session_limits import ENDED, count_as_use
from giftshop.http import sign_in_limits
from giftshop.http.rate_limits import too_often


class SignIn(LoginView):
    template_name = "giftshop/accounts/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wait = sign_in_limits.seconds_to_wait(request)
        return too_often(request, wait) if wait else super().post(request, *args, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        sign_in_limits.remember(self.request, response)
        return response

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        if "username" in form.cleaned_data:
            sign_in_limits.note_wrong(self.request)
        return super().form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """`ended`: why somebody is here again, said once."""
        ended = self.request.session.pop(ENDED, "") if ENDED in self.request.session else ""
        return super().get_context_data(**kwargs, ended=ended)


@require_POST
def keep_session(request: HttpRequest) -> HttpResponse:
    """Whoever is warned that their idle time is nearly over says that they are here; 401 where it is over.
    Asked by a script, so that nobody is led away from what they typed."""
    if not request.user.is_authenticated:
        return HttpResponse(status=401)
    count_as_use(request)
    return HttpResponse(status=204)
