"""Opening a shop for oneself: an address, the code that proves it, and what the brand is called. From there
on it is the same guided opening as for an owner who was invited."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from giftshop.accounts.models import User
from giftshop.http import sign_in_limits
from giftshop.http.rate_limits import too_often
from giftshop.operator.self_service import proof
from giftshop.operator.self_service.forms import OpeningCodeForm, OwnBrandForm, OwnerAddressForm
from giftshop.operator.self_service.open import (
    OpeningRefused,
    is_on,
    open_own_brand,
    own_unopened,
)

ADDRESS = "giftshop/self_service/address.html"
CODE = "giftshop/self_service/code.html"
BRAND = "giftshop/self_service/brand.html"


def where_it_is_on(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Where the operator alone opens brands, there is no such page."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_on():
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@where_it_is_on
def self_service(request: HttpRequest) -> HttpResponse:
    """Whose address is it? Answers the same for one that is known here and one that is not."""
    if request.user.is_authenticated:
        return redirect("own_brand")
    form = OwnerAddressForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, ADDRESS, form)
    wait = proof.ask(request, form.cleaned_data["email"], now=timezone.now())
    return too_often(request, wait) if wait else redirect("self_service_code")


@where_it_is_on
def self_service_code(request: HttpRequest) -> HttpResponse:
    """For the browser that asked, as long as its code is good."""
    now = timezone.now()
    email = proof.waiting(request, now=now)
    if not email:
        return redirect("self_service")
    form = OpeningCodeForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, CODE, form, email=email)
    if not proof.prove(request, form.cleaned_data["code"], now=now):
        form.add_error("code", _("That is not the code of our last e-mail to you."))
        return _page(request, CODE, form, email=email)
    if User.objects.filter(email=email).exists():
        proof.forget(request)
        messages.info(request, _("You have an account here. Sign in with it, then go on."))
        return redirect(f"{reverse('login')}?{urlencode({'next': reverse('own_brand')})}")
    return redirect("own_brand")


@where_it_is_on
def own_brand(request: HttpRequest) -> HttpResponse:
    """The brand itself. Whoever is opening one is led on to it."""
    now, known = timezone.now(), request.user if request.user.is_authenticated else None
    email = "" if known else proof.proven(request, now=now)
    if not known and not email:
        return redirect("self_service")
    user = known or User(email=email)
    if known and (begun := own_unopened(user)):
        return redirect("opening_step", brand_slug=begun.slug)
    sent = request.POST if request.method == "POST" else None
    form = OwnBrandForm(sent, needs_name=not user.name)
    if not form.is_valid():
        return _page(request, BRAND, form)
    try:
        with transaction.atomic():
            if not known:
                user = User.objects.create_user(email, name=form.cleaned_data["your_name"])
            elif not user.name:
                user.name = form.cleaned_data["your_name"]
                user.save(update_fields=["name"])
            brand = open_own_brand(facts=form.facts(), by=user, now=now)
    except OpeningRefused as refused:
        form.add_error(None, refused.reason.label)
        return _page(request, BRAND, form, status=409)
    except IntegrityError:  # sent twice in the same moment: the account is there by now
        return redirect("login")
    response = redirect("opening_step", brand_slug=brand.slug)
    if not known:
        proof.forget(request)
        login(request, user, backend=settings.AUTHENTICATION_BACKENDS[-1])
        sign_in_limits.remember(request, response, user.email)
    return response


def _page(
    request: HttpRequest, template: str, form: Any, *, status: int = 0, **more: Any
) -> HttpResponse:
    context = {"form": form, "approval": settings.SELF_SERVICE_APPROVAL, **more}
    status = status or (422 if form.is_bound else 200)
    return render(request, template, context, status=status)
