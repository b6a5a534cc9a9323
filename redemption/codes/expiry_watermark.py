"""How far each brand's expiry got, so that no index has to follow the state of codes.

`Brand.codes_expired_until` says: of the codes that were good until before then, none is active. Whatever
makes such a code active again moves the mark back, in its own transaction; a run of expiry moves it
forward only if nobody did meanwhile.
"""

from datetime import UTC, datetime, timedelta

from brands.models import Brand
from redemption.models import Code

BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)


def move(brand: Brand, until: datetime) -> None:
    """Forward, if the mark is still where it was when the brand was read."""
    if brand.codes_expired_until is None or until > brand.codes_expired_until:
        Brand.objects.filter(pk=brand.pk, codes_expired_until=brand.codes_expired_until).update(
            codes_expired_until=until
        )


def rewind_to(code: Code, now: datetime) -> None:
    """Let the next run see this code, which its transaction made active. Costs statements only for a
    code whose days are over. The mark always moves, so that a run that is under way notices."""
    if code.expires_at > now:
        return
    brand = Brand.objects.select_for_update(no_key=True).get(pk=code.brand_id)
    brand.codes_expired_until = min(brand.codes_expired_until or BEFORE_ALL, code.expires_at)
    brand.codes_expired_until -= timedelta(microseconds=1)
    brand.save(update_fields=["codes_expired_until"])
