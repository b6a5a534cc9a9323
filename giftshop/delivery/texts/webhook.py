"""Where Twilio tells what became of a text, and what somebody answered: /webhooks/messages/.

Who calls is proven by Twilio's signature over our own address and all fields (its SDK judges it); what a body
says counts for nothing before that. Both may be called twice, late, and in any order.
"""

import logging
import re
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from django_scopes import scope, scopes_disabled

from giftshop.delivery import reports
from giftshop.delivery.channels.messages import note_sent
from giftshop.delivery.models import Delivery, Report
from giftshop.delivery.texts import answers, reasons
from giftshop.texts import client
from giftshop.texts.approvals import note_status
from giftshop.texts.models import Consent
from giftshop.texts.registration import note_refused
from giftshop.texts.trouble import TEMPLATE_STATES, Trouble, of_code

SID = re.compile(r"[A-Z]{2}[0-9a-f]{32}")
NUMBER = re.compile(r"(?:whatsapp:)?(\+[1-9]\d{4,14})")
STATES = {
    "delivered": Report.State.DELIVERED,
    "read": Report.State.DELIVERED,
    "undelivered": Report.State.BOUNCED,
    "failed": Report.State.BOUNCED,
    "canceled": Report.State.BOUNCED,
}
"""Of Twilio's words those after which something is known."""

log = logging.getLogger(__name__)


@csrf_exempt
@require_POST
def text_report(request: HttpRequest) -> HttpResponse:
    """What became of one text. Stored once, worked off later."""
    if refused := _refusal(request):
        return refused
    sid = request.POST.get("MessageSid", "")
    if not SID.fullmatch(sid):
        return HttpResponse(status=400)
    delivery = _named(request.GET.get("delivery", ""))
    code, now = request.POST.get("ErrorCode", "")[:5], timezone.now()
    if delivery is not None:
        with scope(brand=delivery.brand_id):
            note_sent(delivery, sid)
            if delivery.brand and of_code(code) in {Trouble.UNREGISTERED, Trouble.ACCOUNT}:
                channel = delivery.channel
                note_refused(brand=delivery.brand, code=int(code), now=now, channel=channel)
        if code.isdigit() and (said := TEMPLATE_STATES.get(int(code))):
            note_status(content_sid=request.GET.get("template", "")[:34], status=said, now=now)
    status = request.POST.get("MessageStatus", "")
    if state := STATES.get(status):
        told = reports.Told(
            event_id=f"{sid}:{status}",
            provider_id=sid,
            state=state,
            at=now,
            words=f"Twilio {code}" if code.isdigit() else "",
            reason=reasons.of_error(code) if state == Report.State.BOUNCED else "",
            # Of what left twice the other one speaks.
            delivery_id=delivery.pk if delivery and delivery.provider_id in ("", sid) else None,
        )
        reports.hear(provider="twilio", told=[told], now=now)
    return HttpResponse()


@csrf_exempt
@require_POST
def text_answer(request: HttpRequest) -> HttpResponse:
    """What somebody wrote to us. Answered at once, as TwiML."""
    if refused := _refusal(request):
        return refused
    number = NUMBER.fullmatch(request.POST.get("From", ""))
    if number is None:
        return HttpResponse(status=400)
    body = request.POST.get("Body", "").replace("\0", " ")
    by_whatsapp = number[0].startswith("whatsapp:")
    channel = Consent.Channel.WHATSAPP if by_whatsapp else Consent.Channel.SMS
    words = answers.hear(number=number[1], text=body, now=timezone.now(), channel=channel)
    if request.POST.get("OptOutType"):
        words = ""  # Twilio has answered by itself
    return HttpResponse(client.reply(words), content_type="text/xml; charset=utf-8")


def _refusal(request: HttpRequest) -> HttpResponse | None:
    """404 where no texts are sent, 403 for what Twilio has not signed."""
    if not settings.TWILIO:
        raise Http404
    url = settings.BASE_URL + request.get_full_path()
    if client.is_signed(url, request.POST, request.headers.get("X-Twilio-Signature", "")):
        return None
    log.warning("a message of Twilio's with a wrong signature was refused")
    return HttpResponse(status=403)


def _named(text: str) -> Delivery | None:
    """The delivery whose callback this is; None for what was deleted meanwhile."""
    try:
        delivery_id = UUID(text)
    except ValueError:
        return None
    with scopes_disabled():
        return Delivery.objects.select_related("brand").filter(pk=delivery_id).first()
