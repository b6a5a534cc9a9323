"""The operator's pages: the brands of this installation, a new one, and who owns them."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_scopes import scope

from brands.models import Brand
from core.bidi import isolated
from giftshop.accounts.models import Invitation, Membership, User
from giftshop.operator.access import OperatorRequest, operators_only
from giftshop.operator.brands.forms import NewBrandForm, OwnerForm
from giftshop.operator.brands.open import BrandFacts, approve_brand, open_brand
from giftshop.team.invitations import InvitationRefused, accept_as, invite_member

PER_PAGE = 25
SEARCH_LENGTH_MAX = 80
SENT_TWICE = timedelta(minutes=10)
"""A form that comes again within it is the same one: a second click, or a page that was loaded anew."""


@require_safe
@operators_only
def brands(request: OperatorRequest) -> HttpResponse:
    """A page of brands by name, those that wait for approval first; 6 queries for one brand or a thousand."""
    words = request.GET.get("q", "").strip()[:SEARCH_LENGTH_MAX]
    kept = Brand.objects.filter(closed_at=None)
    found = kept.filter(name__icontains=words) if words else kept
    page = Paginator(_with_people(found), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "words": words}
    return render(request, "giftshop/operator/brands.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def new_brand(request: OperatorRequest) -> HttpResponse:
    form = NewBrandForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "giftshop/operator/new_brand.html", {"form": form}, status=status)
    facts, owner, now = form.facts(), form.cleaned_data["owner"].strip().lower(), timezone.now()
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=request.user.pk)
        if twin := _just_opened(facts, owner, now):
            messages.info(request, _("You have just opened this brand. Nothing was done twice."))
            return redirect("operator_brand", brand_slug=twin.slug)
        brand = open_brand(facts=facts, by=request.user, now=now)
        return _give_to(brand, owner, request)


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def brand(request: OperatorRequest, brand_slug: str) -> HttpResponse:
    """Who owns it and who is invited to; another owner is invited here."""
    shown = get_object_or_404(_with_people(Brand.objects.all()), slug=brand_slug)
    form = OwnerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _give_to(shown, form.cleaned_data["owner"], request)
    context = {"shown": shown, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "giftshop/operator/brand.html", context, status=status)


@require_POST
@operators_only
def brand_approval(request: OperatorRequest, brand_slug: str) -> HttpResponse:
    """From now on its owner may open the shop."""
    shown = get_object_or_404(Brand, slug=brand_slug)
    if approve_brand(shown, by=request.user, now=timezone.now()):
        messages.success(request, _("The shop may open from now on."))
    return redirect("operator_brand", brand_slug=shown.slug)


def _just_opened(facts: BrandFacts, owner: str, now: datetime) -> Brand | None:
    """The brand of these facts for this owner, if it is of these minutes: the form was sent twice."""
    theirs = Q(invitations__email=owner) | Q(memberships__user__email=owner)
    alike = Brand.objects.filter(theirs, name=facts.name, country=facts.country, opened_at=None)
    return alike.filter(created_at__gt=now - SENT_TWICE).first()


def _give_to(brand: Brand, email: str, request: OperatorRequest) -> HttpResponse:
    """An invitation by e-mail; an operator who names themselves is let in at once."""
    now, is_own = timezone.now(), email.strip().lower() == request.user.email
    try:
        with scope(brand=brand):
            invited = invite_member(
                brand=brand, email=email, role=Membership.Role.OWNER, by=request.user, now=now
            )
        if is_own:
            accept_as(request.user, invitation_id=invited.pk, now=now)
            return redirect("studio_brand", brand_slug=brand.slug)
        messages.success(
            request, _("An invitation is on its way to %(email)s.") % {"email": isolated(email)}
        )
    except InvitationRefused as refused:
        messages.warning(request, refused.reason.label)
    return redirect("operator_brand", brand_slug=brand.slug)


def _with_people(found: Any) -> Any:
    """With `owners` and `waiting`, the addresses of each brand."""
    owners = Membership.objects.filter(role=Membership.Role.OWNER, user__is_active=True)
    waiting = Invitation.objects.waiting(timezone.now()).filter(role=Membership.Role.OWNER)
    open_stores = Count("stores", filter=Q(stores__is_active=True), distinct=True)
    return (
        found.annotate(store_count=open_stores)
        .prefetch_related(
            Prefetch("memberships", owners.select_related("user").order_by("pk"), "owners"),
            Prefetch("invitations", waiting.order_by("created_at"), "waiting"),
        )
        .order_by("-awaits_approval", "name", "pk")
    )
