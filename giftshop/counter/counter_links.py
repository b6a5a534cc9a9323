"""What a till shows a recipient after handing over: whom to treat, and where that is done."""

from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from core.bidi import isolated
from giftshop.catalog.brands import language_shown
from giftshop.friends.salutation import short_name
from giftshop.orders import counter_links
from giftshop.orders.models import Gift
from redemption.models import Device
from redemption.till.counter_links import CounterLink


def of_redemption(device: Device, redemption_id: UUID) -> CounterLink:
    """In the recipient's language. Expects the brand's scope. One query."""
    gifts = Gift.objects.filter(code__redemptions=redemption_id)
    gift = gifts.select_related("order", "recipient").first()
    brand = device.brand
    language = language_shown(brand, gift.language if gift else brand.language)
    with translation.override(language):
        title, text = _words(gift)
    path = reverse("counter-link", args=[counter_links.sign(redemption_id)])
    return CounterLink(title, text, settings.BASE_URL + path, language)


def _words(gift: Gift | None) -> tuple[str, str]:
    if gift is None or gift.order.sender_erased_at:
        return _("Treat a friend"), _("Scan this with your phone. It takes about a minute.")
    title = _("Treat %(sender)s back") % {"sender": isolated(short_name(gift.order.sender_name))}
    return title, _("Scan this with your phone and send one back.")
