"""Reading a draft strictly: what the forms left, as lines that an order can be placed from."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest

from giftshop.orders.checkout import GiftLine
from giftshop.orders.models import Draft


class DraftIncomplete(Exception):
    """Something is missing; `step` is who, what, say or pay, `message` says it to the sender."""

    def __init__(self, step: str, message: str) -> None:
        super().__init__(message)
        self.step = step
        self.message = message


@dataclass(frozen=True)
class DraftOrder:
    sender_name: str
    sender_email: str
    lines: Sequence[GiftLine]


def owned_by(request: HttpRequest, draft_id: UUID) -> Draft:
    raise NotImplementedError


def read(draft: Draft) -> DraftOrder:
    raise NotImplementedError


def fingerprint(draft: Draft) -> str:
    raise NotImplementedError
