"""Where a sender comes back from Stripe, and where Stripe tells us what happened."""

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from django_scopes import scopes_disabled

from giftshop.http.rate_limits import may_ask_about
from giftshop.orders import own_drafts
from giftshop.orders.models import Order
from giftshop.payments import inbox, settle
from giftshop.payments.models import Payment
from giftshop.payments.stripe import client as stripe_sdk
from giftshop.payments.stripe import events

EVENT_BYTES_MAX = 1_000_000

log = logging.getLogger(__name__)


@require_safe
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
            settle.settle(session_id=session_id)
        except stripe_sdk.StripeUnavailable:
            log.warning("Stripe is away; the order page will show the payment once it is known")
    if payment and own_drafts.is_own(request, payment.order.draft_id):
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
