"""Stop writing to somebody: one click in the e-mail, no account, no questions (RFC 8058)."""

from datetime import datetime
from uuid import UUID

from django.core import signing
from django.utils import timezone
from django_scopes import scopes_disabled

from brands.models import Brand
from core.crypto import Signer
from giftshop.delivery.models import Delivery, Suppression
from giftshop.delivery.shared import secret_pages

_signer = Signer(salt="giftshop.delivery.stop")


def stop_url(delivery: Delivery) -> str:
    """Where the addressee of this delivery can say stop. It names the delivery, not the address, and
    opens nothing but this page."""
    return secret_pages.url("stop-mail", _signer.sign(str(delivery.pk)))


def delivery_for(signed: str) -> Delivery | None:
    """The delivery whose link this is, with its brand; None for a forged one. The installation writes nothing
    that could be stopped."""
    try:
        delivery_id = UUID(_signer.unsign(signed))
    except (signing.BadSignature, ValueError):
        return None
    with scopes_disabled():
        return (
            Delivery.objects.select_related("brand")
            .filter(pk=delivery_id, brand__isnull=False)
            .first()
        )


def suppress(
    *, address: str, brand: Brand | None, subject: str = "", now: datetime | None = None
) -> None:
    """From now on this brand (None: any brand) does not write to the address or number, in none of its
    spellings. `subject`: only not about this, as kind:id. Repeatable."""
    Suppression.objects.get_or_create(
        digest=Suppression.digest_of(address),
        brand=brand,
        subject=subject,
        defaults={"created_at": now or timezone.now()},
    )


def is_suppressed(*, address: str, brand: Brand, subject: str = "") -> bool:
    """Whether the brand may not write there: at all, or about this subject."""
    return Suppression.objects.covering(address, brand, subject).exists()


def of(*, address: str, brand: Brand) -> list[Suppression]:
    """What keeps this brand from writing there about anything: its own rows and those for any brand. One
    query."""
    return list(Suppression.objects.covering(address, brand))
