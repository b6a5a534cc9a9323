"""Who may enter a brand's studio: its members, each where the table of permissions lets them."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect
from django_scopes import scope

from brands.models import Brand
from giftshop.accounts import permissions, second_factor
from giftshop.accounts.models import Membership, User
from giftshop.accounts.permissions import Permission
from giftshop.accounts.session_limits import ENDED
from giftshop.accounts.store_sets import StoreSet
from redemption.audit.actors import Actor

READING = {"GET", "HEAD"}


class BrandRequest(HttpRequest):
    """A request whose user is known to be a member of the brand."""

    user: User
    brand: Brand
    membership: Membership
    may: frozenset[Permission]
    """What they may here. Templates ask it by the value: {% if "change_menu" in request.may %}."""
    stores: StoreSet
    """Of which they see and change anything. Each list and each search of a view goes through it."""
    actor: Actor
    """Whom the audit log names for what they do, with how far their word counts."""
    second_factor_by: datetime | None
    """Until when they are to have one, while that is told."""


View = Callable[..., HttpResponse]


def signed_in(view: View) -> View:
    """For whoever signed in; anybody else is led to the sign-in, and from there back to their page."""

    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method not in {"GET", "HEAD"} and ENDED in request.session:
            request.session[ENDED] = "unsaved"
        sign_in = redirect_to_login(_page_of(request))
        return HttpResponseClientRedirect(sign_in.url) if request.htmx else sign_in

    return guarded


def _page_of(request: Any) -> str:
    """The page that the browser shows: of a form, or of a part that is fetched, the one around it."""
    if request.method in {"GET", "HEAD"} and not request.htmx:
        return str(request.get_full_path())
    shown = request.htmx.current_url or request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(shown, allowed_hosts={request.get_host()})
    parts = urlsplit(shown if ours else "")
    if not parts.netloc:
        return reverse("studio")
    return parts._replace(scheme="", netloc="", fragment="").geturl()


def member_of_brand(see: Permission, *, change: Permission | None = None) -> Callable[[View], View]:
    """For views of `<slug:brand_slug>`: signs in, asks the table for `see` or, of what is not only read,
    for `change` where that is another, puts who it is on the request, and enters the brand's scope.
    A stranger to the brand gets the same 404 as for no brand, and so does whoever may not; who needs a
    second factor by now and has none is led to where they set it up."""

    def decorate(view: View) -> View:
        @signed_in
        @wraps(view)
        def guarded(request: Any, brand_slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
            found = Membership.objects.filter(user=request.user, brand__slug=brand_slug)
            membership = second_factor.with_factor(found).select_related("brand").first()
            may = permissions.of_member(membership) if membership else frozenset()
            wanted = see if request.method in READING else change or see
            if membership is None or wanted not in may:
                raise Http404
            if set_up := ask_for_factor(request, second_factor.needed_from(membership)):
                return set_up
            request.brand, request.membership, request.may = membership.brand, membership, may
            request.stores = StoreSet.of(membership)
            vouches, stores = Permission.VOUCH in may, request.stores.ids
            request.actor = actor_of(request.user, vouches=vouches, stores=stores)
            with scope(brand=membership.brand):
                return view(request, *args, **kwargs)

        guarded.permissions = (see, change or see)  # type: ignore[attr-defined]
        return guarded

    return decorate


def ask_for_factor(request: Any, needed_from: datetime | None) -> HttpResponse | None:
    """The way to where it is set up, for whoever should have a second factor by now; else the page tells them
    in time."""
    now = timezone.now()
    if needed_from and needed_from <= now:
        set_up = redirect("account_factors")
        return HttpResponseClientRedirect(set_up.url) if request.htmx else set_up
    is_soon = needed_from and needed_from - now <= second_factor.GRACE
    request.second_factor_by = needed_from if is_soon else None
    return None


def actor_of(user: User, *, vouches: bool = True, stores: frozenset[UUID] | None = None) -> Actor:
    """Who the audit log names. Never an address: whoever gave no name is "Studio" there, with their id."""
    return Actor("user", user.pk, user.name or "Studio", vouches=vouches, stores=stores)


def operator_of(user: User) -> Actor:
    """The same for whoever runs the installation and helps a brand. "Giftshop" without a name."""
    return Actor("operator", user.pk, user.name or "Giftshop")
