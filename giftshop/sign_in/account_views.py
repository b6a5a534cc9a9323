"""A person's own account: their name, how they sign in, and where they are signed in."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from giftshop.accounts import browser_sessions
from giftshop.accounts.access import signed_in
from giftshop.accounts.models import User
from giftshop.sign_in.factors import factors
from giftshop.sign_in.forms import AccountNameForm


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@never_cache
def account(request: HttpRequest) -> HttpResponse:
    """All of it on a page; what is posted here is the name."""
    user = cast(User, request.user)
    posted = request.POST if request.method == "POST" else None
    form = AccountNameForm(posted, initial={"name": user.name})
    if form.is_valid():
        user.name = form.cleaned_data["name"]
        user.save(update_fields=["name"])
        messages.success(request, _("Saved."))
        return redirect("account")
    context = {
        "form": form,
        "own": factors.of(user),
        "sessions": browser_sessions.of(request, user, now=timezone.now()),
    }
    status = 422 if form.is_bound else 200
    return render(request, "giftshop/accounts/account.html", context, status=status)


@require_POST
@signed_in
def browser_session_end(request: HttpRequest, session_id: UUID) -> HttpResponse:
    if not browser_sessions.end(cast(User, request.user), session_id):
        raise Http404
    messages.success(request, _("That browser is signed out."))
    return redirect("account")


@require_POST
@signed_in
def other_browser_sessions_end(request: HttpRequest) -> HttpResponse:
    count = browser_sessions.end_others(request, cast(User, request.user))
    said = ngettext(
        "%(count)s other browser is signed out.", "%(count)s other browsers are signed out.", count
    )
    messages.success(request, said % {"count": count})
    return redirect("account")
