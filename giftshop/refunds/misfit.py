"""Why a payment did not fit its order, in words for whoever paid."""

from django.utils.translation import gettext as _

from core.templatetags.money import money
from giftshop.orders.models import Order
from giftshop.refunds.models import Refund


def why(refund: Refund, order: Order) -> str:
    """Of a refund of such a payment. No query."""
    if refund.currency.upper() != order.currency:
        return _("It was in another currency than the order.")
    if refund.amount != order.total:
        return _("The order costs %(total)s.") % {"total": money(order.total, order.currency)}
    if order.state == Order.State.PAID:
        return _("The order was paid on another page already.")
    if order.state == Order.State.CANCELLED:
        return _("The order had been cancelled.")
    return _("It did not fit the order.")
