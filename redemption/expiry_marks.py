"""How far each brand's expiry got, so that no index has to follow the state of codes.

`Brand.codes_expired_until` says: of the codes that were good until before then, none is active. Whatever
makes such a code active again moves the mark back, in its own transaction.
"""

from django.db.models import F
from django.db.models.functions import Least

from redemption.models import Brand, Code


def look_again_from(code: Code) -> None:
    """Let the next run see this code. Costs a statement only where its day is behind the mark."""
    Brand.objects.filter(pk=code.brand_id, codes_expired_until__gt=code.expires_at).update(
        codes_expired_until=Least(F("codes_expired_until"), code.expires_at)
    )
