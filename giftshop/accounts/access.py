"""Who may enter a brand's studio: its members, each by role."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django_scopes import scope

from giftshop.accounts.models import Membership, User
from redemption.actors import Actor
from redemption.models import Brand

ALL_ROLES = (Membership.Role.OWNER, Membership.Role.MARKETER, Membership.Role.FINANCE)


class BrandRequest(HttpRequest):
    """A request whose user is known to be a member of the brand."""

    user: User
    brand: Brand
    membership: Membership


View = Callable[..., HttpResponse]


def member_of_brand(*roles: str) -> Callable[[View], View]:
    """For views of `<slug:brand_slug>`: signs in, checks the role, puts `brand` and `membership` on the
    request, and enters the brand's scope. A stranger to the brand gets the same 404 as for no brand."""
    allowed = roles or ALL_ROLES

    def decorate(view: View) -> View:
        @login_required
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
    """Who the trail names. Never an address: whoever gave no name is "Studio" there, with their id."""
    return Actor("user", user.pk, user.name or "Studio")
