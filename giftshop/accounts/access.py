"""Who may enter a brand's studio: its members, each by role."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect
from django_scopes import scope

from brands.models import Brand
from giftshop.accounts.models import Membership, User
from giftshop.accounts.session_limits import ENDED
from redemption.audit.actors import Actor

ALL_ROLES = (Membership.Role.OWNER, Membership.Role.MARKETER, Membership.Role.FINANCE)


class BrandRequest(HttpRequest):
    """A request whose user is known to be a member of the brand."""

    user: User
    brand: Brand
    membership: Membership


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


def member_of_brand(*roles: str) -> Callable[[View], View]:
    """For views of `<slug:brand_slug>`: signs in, checks the role, puts `brand` and `membership` on the
    request, and enters the brand's scope. A stranger to the brand gets the same 404 as for no brand."""
    allowed = roles or ALL_ROLES

    def decorate(view: View) -> View:
        @signed_in
        @wraps(view)
        def guarded(request: Any, brand_slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
            membership = (
                Membership.objects.filter(
                    user=request.user, brand__slug=brand_slug, role__in=allowed
                )
                .select_related("brand")
                .first()
            )
            if membership is None:
                raise Http404
            request.brand, request.membership = membership.brand, membership
            with scope(brand=membership.brand):
                return view(request, *args, **kwargs)

        guarded.member_roles = allowed  # type: ignore[attr-defined]
        return guarded

    return decorate


def actor_of(user: User) -> Actor:
    """Who the audit log names. Never an address: whoever gave no name is "Studio" there, with their id."""
    return Actor("user", user.pk, user.name or "Studio")
