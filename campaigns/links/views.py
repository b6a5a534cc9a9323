"""A campaign's links: one more, and the picture for its poster."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaigns.links import links
from campaigns.models import Campaign, Link
from campaigns.planning import campaigns
from campaigns.planning.forms import LinkForm
from campaigns.planning.views import (
    planning_campaigns,
    render_campaign,
    seeing_campaigns,
    to_campaign,
)
from core.bidi import isolated
from giftshop.accounts.access import BrandRequest
from redemption.codes import qr


@require_POST
@planning_campaigns
def new_link(request: BrandRequest, slug: str) -> HttpResponse:
    campaign = get_object_or_404(Campaign, slug=slug)
    form = LinkForm(request.POST, campaign=campaign)
    with campaigns.turns(request.brand):
        made = links.add(campaign=campaign, **form.cleaned_data) if form.is_valid() else None
    if made is None:
        return render_campaign(request, campaign, link_form=form, status=422)
    messages.success(request, _("Here is the link for “%(name)s”.") % {"name": isolated(made.name)})
    return to_campaign(request, campaign, part="#its-links")


@require_safe
@seeing_campaigns
def link_qr(request: BrandRequest, slug: str) -> HttpResponse:
    """The link as a QR for its poster."""
    link = get_object_or_404(Link, slug=slug)
    return HttpResponse(
        qr.svg_file(links.address(link)),
        content_type="image/svg+xml",
        headers={"Content-Disposition": f'attachment; filename="{link.slug}.svg"'},
    )
