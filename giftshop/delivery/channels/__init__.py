"""How messages are sent. Each channel takes what was composed and says how it went."""

from collections.abc import Callable

from django.core.mail import EmailMessage

from giftshop.delivery.channels import email
from giftshop.delivery.channels.email import hang_up
from giftshop.delivery.channels.outcomes import Refused, TryLater
from giftshop.orders.models import Gift

__all__ = ["SENDERS", "Refused", "TryLater", "hang_up"]

SENDERS: dict[str, Callable[[EmailMessage], str]] = {Gift.Channel.EMAIL: email.send}
"""Each answers the id that its provider's reports will name, or "" where nobody reports. A gift whose
channel is not here is handed over by its sender."""
