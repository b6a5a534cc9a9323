"""How messages are sent. Each channel takes what was composed and says how it went."""

from collections.abc import Callable
from typing import Any

from giftshop.delivery.channels import email, messages
from giftshop.delivery.channels.email import hang_up
from giftshop.delivery.channels.outcomes import Refused, TryLater, Unwanted
from giftshop.orders.models import Gift

__all__ = ["SENDERS", "Refused", "TryLater", "Unwanted", "hang_up"]

SENDERS: dict[str, Callable[[Any], str]] = {
    Gift.Channel.EMAIL: email.send,
    Gift.Channel.SMS: messages.send,
    Gift.Channel.WHATSAPP: messages.send,
}
"""Each answers the id that its provider's reports will name, or "" where nobody reports. A gift whose
channel is not here is handed over by its sender."""
