"""Where a sender goes to pay and comes back, and where Stripe tells us what happened."""

import logging
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST
from django_scopes import scope, scopes_disabled

from brands.models import Brand
from giftshop.orders import checkout, drafts
from giftshop.orders.models import Order
from giftshop.payments import checkout_session, inbox, settling, stripe_client
from giftshop.payments.models import Payment
from giftshop.payments.stripe import events
from giftshop.rate_limits import may_ask_about

EVENT_BYTES_MAX = 1_000_000

log = logging.getLogger(__name__)


@require_POST
def pay(request: HttpRequest, brand_slug: str, draft_id: UUID) -> HttpResponse:
    """Place the draft's order and send the sender to Stripe. A second click lands on the same page."""
    brand = get_object_or_404(Brand, slug=brand_slug)
    with scope(brand=brand):
        draft = drafts.owned_by(request, draft_id)
        try:
            wanted = drafts.read(draft)
            order = checkout.place_order(
                brand=brand,
                key=f"draft:{draft.pk}:{drafts.fingerprint(draft)}",
                sender_name=wanted.sender_name,
                sender_email=wanted.sender_email,
                lines=wanted.lines,
                draft=draft,
                visitor_id=getattr(request, "visitor_id", ""),
                language=get_language() or "en",
            )
            return redirect(checkout_session.open_page(order=order))
        except drafts.DraftIncomplete as incomplete:
            step = reverse(f"give-{incomplete.step}", args=[brand.slug, draft.pk])
            return redirect(f"{step}?check=1")
        except checkout.OrderRefused as refused:
            for message in refused.messages:
                messages.error(request, message)
        except checkout_session.OrderOutdated:
            messages.info(
                request, _("This gift was changed in another tab. Look it over once more.")
            )
        except (checkout_session.AlreadyPaid, checkout_session.UnderWay) as known:
            return redirect(_order_page(known.order))
        except stripe_client.AddressRefused:
            with drafts.changing(draft) as data:
                data["refused"] = wanted.sender_email
            step = reverse("give-say", args=[brand.slug, draft.pk])
            return redirect(f"{step}?check=1")
        except (stripe_client.StripeUnavailable, stripe_client.SessionRefused) as error:
            log.error("no payment page for draft %s: %s", draft.pk, error)
            messages.error(
                request,
                _(
                    "The payment page can't be reached right now. Nothing was charged; please try again."
                ),
            )
        return redirect("give-pay", brand.slug, draft.pk)


@require_GET
def come_back(request: HttpRequest) -> HttpResponse:
    """Stripe sends the sender here after paying. The webhook may be first, or still on its way.

    Only the browser that made the order's draft is led on to the order's page: others know the session's id
    too. Any other browser, and any other id, gets one and the same page, which says where the receipt is.

    Stripe is asked only about what is not settled yet, a few times at most; while it does not answer, the
    order's page says that we are waiting, and webhook or sweep bring the answer there.
    """
    session_id = request.GET.get("session_id", "")[:255]
    with scopes_disabled():
        payment = Payment.objects.select_related("order").filter(session_id=session_id).first()
    if payment and payment.state == Payment.State.OPEN and may_ask_about(payment.pk):
        try:
            settling.settle(session_id=session_id)
        except stripe_client.StripeUnavailable:
            log.warning("Stripe is away; the order page will show the payment once it is known")
    if payment and drafts.is_own(request, payment.order.draft_id):
        return redirect(_order_page(payment.order))
    # Rendered without the request, so not even a form token differs.
    return HttpResponse(render_to_string("giftshop/payments/receipt_mailed.html"))


def _order_page(order: Order) -> str:
    return reverse("order", args=[order.link_token()])


@csrf_exempt
@require_POST
def stripe_webhook(request: HttpRequest) -> HttpResponse:
    """Verify, store, answer 200; everything else happens later. 400 for what is forged, stale or no event."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > EVENT_BYTES_MAX:
        return HttpResponse(status=413)
    try:
        event = events.read(request.body, request.headers.get("Stripe-Signature", ""))
    except events.ForgedEvent:
        log.warning("a Stripe webhook with a wrong or stale signature was refused")
        return HttpResponse(status=400)
    except events.MalformedEvent as problem:
        log.warning("a signed Stripe webhook was refused, its %s is wrong", problem)
        return HttpResponse(status=400)
    inbox.store(events=[event])
    return HttpResponse(status=200)
