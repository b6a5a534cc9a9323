"""Whether phone companies, or WhatsApp, take a brand's messages at all: what the provider said last."""

from datetime import datetime

from brands.models import Brand
from giftshop.texts.models import Consent


def note_refused(
    *, brand: Brand, code: int, now: datetime, channel: str = Consent.Channel.SMS
) -> None:
    """Nothing is sent that way by this brand until an owner or its operator says that it was put right."""
    name = "whatsapp_refused" if channel == Consent.Channel.WHATSAPP else "texts_refused"
    told = {name: str(code), f"{name}_at": now}
    Brand.objects.filter(pk=brand.pk).exclude(**{name: str(code)}).update(**told)
    for each, value in told.items():
        setattr(brand, each, value)
