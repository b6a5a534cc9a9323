"""A brand's team in the studio: who works here, in what role, and who is invited."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.bidi import isolated
from core.forms.version import SavedSince
from giftshop.accounts import permissions, second_factor
from giftshop.accounts.access import BrandRequest, member_of_brand
from giftshop.accounts.models import Invitation, Membership
from giftshop.accounts.permissions import Permission
from giftshop.studio.stores.choice import looks_for_stores
from giftshop.studio.team.forms import ColleagueForm, MemberForm
from giftshop.team import invitations, members
from giftshop.team.factor_reset import ResetRefused, reset
from giftshop.team.invitations import InvitationRefused
from giftshop.team.members import MemberRefusal, MemberRefused

PER_PAGE = 50

managing_the_team = member_of_brand(Permission.MANAGE_TEAM)


@require_http_methods(["GET", "HEAD", "POST"])
@managing_the_team
def team(request: BrandRequest) -> HttpResponse:
    """Everybody who signs in to this studio; another colleague is invited here."""
    if looks_for_stores(request):
        return _render_team(
            request, ColleagueForm.with_found(request.POST, among=request.stores), 200
        )
    form = ColleagueForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _render_team(request, form, 422 if form.is_bound else 200)
    said = form.cleaned_data
    try:
        invitations.invite_member(
            brand=request.brand,
            email=said["email"],
            role=Membership.Role(said["role"]),
            where=form.place(),
            by=request.user,
            now=timezone.now(),
        )
    except InvitationRefused as refused:
        form.add_error("email", refused.reason.label)
        return _render_team(request, form, 409)
    messages.success(
        request, _("An invitation is on its way to %(email)s.") % {"email": isolated(said["email"])}
    )
    return _back(request)


@require_POST
@managing_the_team
def invitation_withdrawal(request: BrandRequest, invitation_id: UUID) -> HttpResponse:
    invited = get_object_or_404(Invitation, brand=request.brand, pk=invitation_id)
    invitations.withdraw(invited, by=request.actor, now=timezone.now())
    messages.success(
        request, _("The invitation of %(email)s is withdrawn.") % {"email": isolated(invited.email)}
    )
    return _back(request)


@require_http_methods(["GET", "HEAD", "POST"])
@managing_the_team
def member(request: BrandRequest, user_id: UUID) -> HttpResponse:
    """One colleague, and another role or other stores for them."""
    shown = _find(request, user_id)
    if looks_for_stores(request):
        found = MemberForm.with_found(request.POST, among=request.stores)
        return _render_member(request, shown, found, 200)
    form = MemberForm.over(shown, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _render_member(request, shown, form, 422 if form.is_bound else 200)
    try:
        role = Membership.Role(form.cleaned_data["role"])
        changed = members.change(
            shown,
            role=role,
            where=form.place(),
            by=request.user,
            now=timezone.now(),
            seen=form.seen,
        )
    except SavedSince:
        shown = _find(request, user_id)
        form = MemberForm.over(shown, request.POST)
        form.show_over_saved()
        return _render_member(request, shown, form, 409)
    except MemberRefused as refused:
        if refused.reason == MemberRefusal.GONE:
            messages.info(request, refused.reason.label)
            return _back(request)
        form.add_error("role", refused.reason.label)
        return _render_member(request, shown, form, 409)
    messages.success(request, _("Saved.") if changed else _("Nothing had changed."))
    return _back(request)


@require_POST
@managing_the_team
def removal(request: BrandRequest, user_id: UUID) -> HttpResponse:
    shown = _find(request, user_id)
    try:
        members.remove(shown, by=request.user, now=timezone.now())
    except MemberRefused as refused:
        if refused.reason == MemberRefusal.GONE:
            messages.info(request, refused.reason.label)
            return _back(request)
        messages.error(request, refused.reason.label)
        return redirect("studio_member", brand_slug=request.brand.slug, user_id=user_id)
    messages.success(
        request, _("%(who)s is not in your team any more.") % {"who": isolated(str(shown.user))}
    )
    if shown.user_id == request.user.pk:
        return redirect("studio")
    return _back(request)


@require_POST
@managing_the_team
def factor_reset(request: BrandRequest, user_id: UUID) -> HttpResponse:
    """For a colleague who lost all of theirs."""
    shown = _find(request, user_id)
    who = {"who": isolated(str(shown.user))}
    try:
        if reset(shown, by=request.user, now=timezone.now()):
            messages.success(request, _("%(who)s signs in by e-mail, and sets it up anew.") % who)
        else:
            messages.info(request, _("%(who)s has no second factor.") % who)
    except ResetRefused as refused:
        messages.error(request, refused.reason.label)
    return redirect("studio_member", brand_slug=request.brand.slug, user_id=user_id)


def _find(request: BrandRequest, user_id: UUID) -> Membership:
    team = second_factor.with_factor(Membership.objects.select_related("user", "brand"))
    return get_object_or_404(team, brand=request.brand, user_id=user_id)


def _back(request: BrandRequest) -> HttpResponse:
    return redirect("studio_team", brand_slug=request.brand.slug)


def _common(request: BrandRequest) -> dict[str, Any]:
    return {"brand": request.brand, "section": "team", "roles": permissions.in_words()}


def _render_team(request: BrandRequest, form: ColleagueForm, status: int) -> HttpResponse:
    people = Membership.objects.filter(brand=request.brand).select_related("user")
    people = people.prefetch_related("stores")
    page = Paginator(people.order_by("user__name", "user__email"), PER_PAGE)
    waiting = Invitation.objects.waiting(timezone.now()).filter(brand=request.brand)
    context = {
        **_common(request),
        "form": form,
        "page": page.get_page(request.GET.get("page")),
        "waiting": waiting.prefetch_related("stores").order_by("created_at")[:PER_PAGE],
    }
    return render(request, "giftshop/studio/team/list.html", context, status=status)


def _render_member(
    request: BrandRequest, shown: Membership, form: MemberForm, status: int
) -> HttpResponse:
    context = {**_common(request), "member": shown, "form": form}
    return render(request, "giftshop/studio/team/member.html", context, status=status)
