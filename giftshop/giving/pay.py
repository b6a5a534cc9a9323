"""From the draft to Stripe's page."""

import logging
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_scopes import scope

from brands.models import Brand
from core.bidi import isolated
from giftshop.catalog.brands import speak
from giftshop.giving import drafts, promo
from giftshop.giving.access import least_recipients, visitor_of
from giftshop.legal import terms
from giftshop.offers.purchase import Earned
from giftshop.offers.use import UseRefused
from giftshop.orders import checkout
from giftshop.payments import checkout_session
from giftshop.payments.stripe import client as stripe_sdk
from giftshop.payments.stripe import sessions

log = logging.getLogger(__name__)

OFFER_CHANGED = gettext_lazy(
    "What you get for this order changed a moment ago. Look it over once more."
)


def seen_terms(brand: Brand) -> str:
    """Of the terms in the active language: another text for other words."""
    return terms.compose(brand).digest().hex()


def key_of(earned: Earned | None) -> str:
    """As the page carries it; empty for nothing."""
    return earned.key if earned else ""


@require_POST
def pay(request: HttpRequest, brand_slug: str, draft_id: UUID) -> HttpResponse:
    """Place the draft's order and send the sender to Stripe. A second click lands on the same page."""
    brand = get_object_or_404(Brand, slug=brand_slug)
    speak(request, brand)
    now = timezone.now()  # one moment for all: at midnight a price may become another
    with scope(brand=brand):
        draft = drafts.owned_by(request, draft_id)
        try:
            wanted = drafts.read(draft, now, least=least_recipients(request, draft))
            if request.POST.get("seen", wanted.digest) != wanted.digest:
                messages.warning(
                    request,
                    _("This gift is not as it was when you saw it. Look it over once more."),
                )
                return redirect("give-pay", brand.slug, draft.pk)
            if request.POST.get("terms", seen_terms(brand)) != seen_terms(brand):
                messages.warning(
                    request, _("The terms were changed a moment ago. Look it over once more.")
                )
                return redirect("give-pay", brand.slug, draft.pk)
            earned = promo.found(draft, wanted, now).earned
            if request.POST.get("offer", key_of(earned)) != key_of(earned):
                messages.warning(request, OFFER_CHANGED)
                return redirect("give-pay", brand.slug, draft.pk)
            order = checkout.place_order(
                brand=brand,
                key=f"draft:{draft.pk}:{drafts.fingerprint(draft, now, key_of(earned))}",
                sender_name=wanted.sender_name,
                sender_email=wanted.sender_email,
                sender_phone=wanted.sender_phone,
                sender_channel=wanted.sender_channel,
                lines=wanted.lines,
                draft=draft,
                visitor_id=visitor_of(request, brand),
                language=get_language() or "en",
                offer=earned.offer if earned else None,
                discount=earned.discount if earned else 0,
                now=now,
            )
            return redirect(checkout_session.open_page(order=order))
        except drafts.DraftIncomplete as incomplete:
            step = reverse(f"give-{incomplete.step}", args=[brand.slug, draft.pk])
            return redirect(f"{step}?check=1#problems")
        except checkout.OrderRefused as refused:
            for message in refused.messages:
                messages.error(request, message)
        except UseRefused:
            messages.warning(request, OFFER_CHANGED)
        except checkout_session.OrderOutdated:
            messages.warning(
                request, _("This gift was changed in another tab. Look it over once more.")
            )
        except (checkout_session.AlreadyPaid, checkout_session.UnderWay) as known:
            return redirect("order", token=known.order.link_token())
        except sessions.AddressRefused:
            with drafts.changing(draft) as data:
                data["refused"] = wanted.sender_email
            step = reverse("give-say", args=[brand.slug, draft.pk])
            return redirect(f"{step}?check=1#problems")
        except sessions.SessionRefused as refused:
            log.error("no payment page for draft %s: %s", draft.pk, refused)
            messages.error(
                request,
                _(
                    "The payment page refused this order. Nothing was charged. Try once more; if that"
                    " happens again, please tell %(brand)s."
                )
                % {"brand": isolated(brand.name)},
            )
        except stripe_sdk.StripeUnavailable as error:
            log.error("no payment page for draft %s: %s", draft.pk, error)
            messages.error(
                request,
                _(
                    "The payment page can't be reached right now. Nothing was charged; please try again."
                ),
            )
        return redirect("give-pay", brand.slug, draft.pk)
