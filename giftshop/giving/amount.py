"""The amount of a gift that its sender names: read as they write it, between the limits of its price."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core import money
from core.forms.amount_field import AmountField, PriceField
from core.templatetags.money import money as shown
from giftshop.catalog.models import Price


def read(text: str, price: Price, currency: str) -> int:
    """Minor units. Raises ValidationError, in the sender's words."""
    most = money.MINOR_UNITS_MAX if price.most is None else price.most
    between = _("Choose an amount from %(least)s to %(most)s.") % {
        "least": shown(price.amount, currency),
        "most": shown(most, currency),
    }
    said = dict.fromkeys(["required", "negative", "least", "most"], between)
    field = AmountField(least=price.amount, most=most, error_messages=said)
    field.currency = currency
    amount: int = field.clean(text)
    if not money.has_coins(amount, currency):
        raise ValidationError(PriceField.default_error_messages["no_coins"])
    return amount
