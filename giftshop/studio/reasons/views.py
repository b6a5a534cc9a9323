"""A member of the team ranks three of the twelve, or would rather not; and the team is asked again."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from giftshop.accounts.access import BrandRequest, member_of_brand
from giftshop.accounts.permissions import Permission
from giftshop.reasons import team
from giftshop.reasons.forms import RanksForm

PAGE = "giftshop/studio/reasons/own.html"

ranking = member_of_brand(Permission.RANK_REASONS)


@require_http_methods(["GET", "HEAD", "POST"])
@ranking
def own_reasons(request: BrandRequest) -> HttpResponse:
    """Once in each round; what is posted again changes nothing."""
    member, said = request.membership, team.said_by(request.membership)
    sent = request.POST if request.method == "POST" and not said else None
    form = RanksForm(sent, subject=team.subject_of(member), side=team.side_of(member))
    if form.is_valid():
        team.believe(member, ranks=form.ranks, now=timezone.now())
        messages.success(request, _("Thank you. Your three are counted."))
        return _back(request)
    if request.method == "POST" and said:
        return _back(request)
    context = {"brand": request.brand, "section": "reasons", "form": form, "said": said}
    return render(request, PAGE, context, status=422 if form.is_bound else 200)


@require_POST
@ranking
def skip(request: BrandRequest) -> HttpResponse:
    team.skip(request.membership, now=timezone.now())
    return redirect("dashboard", brand_slug=request.brand.slug)


@require_POST
@member_of_brand(Permission.PLAN_CAMPAIGNS)
def new_round(request: BrandRequest) -> HttpResponse:
    if team.ask_again(brand=request.brand, now=timezone.now()):
        messages.success(request, _("The team is asked again, each of them once."))
    else:
        messages.info(request, _("The team was asked today already."))
    return redirect("reasons_gap", brand_slug=request.brand.slug)


def _back(request: BrandRequest) -> HttpResponseRedirect:
    """To the page that compares, for whoever may see it."""
    sees = Permission.SEE_CAMPAIGNS in request.may
    return redirect("reasons_gap" if sees else "dashboard", brand_slug=request.brand.slug)
