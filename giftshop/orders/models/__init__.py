"""What a sender asks for and pays once: an order of one to twenty gifts."""

from giftshop.orders.models.draft import Draft, addressee
from giftshop.orders.models.gift import MESSAGE_CODE_POINTS_MAX, MESSAGE_LENGTH_MAX, Gift
from giftshop.orders.models.order import NUMBER_LENGTH, RECIPIENTS_MAX, Order
from giftshop.orders.models.origin import CameBy
from giftshop.orders.models.recipient import Recipient

__all__ = [
    "MESSAGE_CODE_POINTS_MAX",
    "MESSAGE_LENGTH_MAX",
    "NUMBER_LENGTH",
    "RECIPIENTS_MAX",
    "CameBy",
    "Draft",
    "Gift",
    "Order",
    "Recipient",
    "addressee",
]
