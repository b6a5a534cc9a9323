"""Whether a brand may text a number, with what only the register of suppressions knows: for pages that ask
where a gift shall go."""

from collections.abc import Collection

from brands.models import Brand
from giftshop.delivery.models import Suppression
from giftshop.texts import allowed
from giftshop.texts.allowed import TextRefusal, To


def refusals(
    *,
    brand: Brand,
    numbers: Collection[str],
    to: To = To.RECIPIENT,
    channel: str = allowed.SMS,
) -> dict[str, TextRefusal]:
    """Those of the numbers (E.164) that may not be texted, and why. Expects the brand's scope; two queries,
    by WhatsApp three, none without a number."""
    if not numbers:
        return {}
    stopped = Suppression.objects.stopped(numbers, brand)
    return {
        **dict.fromkeys(stopped, TextRefusal.STOPPED),
        **allowed.refusals(brand=brand, numbers=numbers, to=to, channel=channel),
    }
