"""The page of an invitation. Whoever holds its secret address makes their account there; somebody who has one
signs in, and takes it up at an address without a secret."""

from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from giftshop import wrong_links
from giftshop.accounts.access import signed_in
from giftshop.accounts.models import Invitation, User
from giftshop.http import sign_in_limits
from giftshop.team import invitations
from giftshop.team.forms import NewAccountForm
from giftshop.team.invitations import InvitationRefusal, InvitationRefused

page = require_http_methods(["GET", "HEAD", "POST"])


@page
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What one is invited to, and a new account for it. Wrong addresses are counted, as with gifts."""
    try:
        invited = invitations.find(token, timezone.now())
        if request.user.is_authenticated and request.user.email == invited.email:
            return redirect("own_invitation", invited.pk)
        if request.user.is_authenticated:
            return _page(request, invited, other=request.user.email)
        if User.objects.filter(email=invited.email).exists():
            return _page(request, invited, sign_in=_sign_in_url(invited))
        return _as_new(request, invited, token)
    except InvitationRefused as refused:
        if (
            refused.reason == InvitationRefusal.KNOWN
        ):  # made in this moment: the page says what to do
            return redirect("invitation", token)
        return wrong_links.refuse(request, _nothing_here(request, refused))


@page
@signed_in
@never_cache
def own_invitation(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """For somebody who signed in with the address that was invited; 404 in words for anybody else."""
    user, now = cast(User, request.user), timezone.now()
    try:
        if request.method == "POST":
            accepted = invitations.accept_as(user, invitation_id=invitation_id, now=now)
            return _led_on(accepted)
        invited = invitations.waiting_for(user, now).filter(pk=invitation_id).first()
        if invited is None:
            raise InvitationRefused(InvitationRefusal.GONE)
        return _page(request, invited)
    except InvitationRefused as refused:
        return _nothing_here(request, refused)


def _as_new(request: HttpRequest, invited: Invitation, token: str) -> HttpResponse:
    form = NewAccountForm(
        request.POST if request.method == "POST" else None,
        email=invited.email,
        needs_password=invited.brand is None,  # e-mail may not be set up yet
    )
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return _page(request, invited, form=form, token=token, status=status)
    user, accepted = invitations.accept_as_new(
        token=token,
        name=form.cleaned_data["name"],
        password=form.cleaned_data["password"],
        now=timezone.now(),
    )
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    response = _led_on(accepted)
    sign_in_limits.remember(request, response, user.email)
    return response


def _led_on(accepted: Invitation) -> HttpResponse:
    if accepted.brand is None:
        return redirect("operator_brands")
    return redirect("dashboard", brand_slug=accepted.brand.slug)


def _sign_in_url(invited: Invitation) -> str:
    """Without the secret: where one wanted to go next is kept beside wrong passwords."""
    own = reverse("own_invitation", args=[invited.pk])
    return f"{reverse('login')}?{urlencode({'next': own})}"


def _nothing_here(request: HttpRequest, refused: InvitationRefused) -> HttpResponse:
    words = {"words": refused.reason.label}
    said = render_to_string("giftshop/team/no_invitation.html", words, request)
    return HttpResponse(said, status=404)


def _page(
    request: HttpRequest, invited: Invitation, *, status: int = 200, **how: Any
) -> HttpResponse:
    """`how` it is taken up: by a `form` at the `token`, after `sign_in`, not as `other`; else at once."""
    context = {"invited": invited, **how}
    return render(request, "giftshop/team/invitation.html", context, status=status)
