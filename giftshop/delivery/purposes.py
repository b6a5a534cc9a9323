"""The register of purposes: for what somebody is written to.

A purpose is registered once, by the room that has something to say, in a module that is loaded at the
start (its subscribers.py). It says all that delivery needs to know of it: what it is about, who gets it,
who composes it, and what follows when that is over. Rows name purpose and subject in words alone, so that
delivery points at no table of theirs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.core.mail import EmailMessage
from django.utils.functional import Promise

from giftshop.delivery.models import Delivery, Report
from giftshop.orders.models import Gift
from giftshop.texts.allowed import To
from giftshop.texts.templates import Filled

Subject = TypeVar("Subject")


def nothing(_about: Any, _state: Delivery.State, _now: datetime) -> None:
    """Nothing follows."""


def nothing_of_it(_delivery: Delivery, _report: Report, _now: datetime) -> None:
    """Nothing follows from what a provider reports."""


def always(_about: Any) -> bool:
    """What happened stays true."""
    return True


def nobody_else(_about: Any) -> str:
    """There is one person for each subject."""
    return ""


def by_mail(_about: Any) -> str:
    """Most things are e-mails alone."""
    return Gift.Channel.EMAIL


@dataclass(frozen=True, kw_only=True)
class Purpose(Generic[Subject]):
    name: str
    """For ever, since rows carry it."""
    subject: Callable[[Subject], str]
    """What it is about, as kind:id."""
    address: Callable[[Subject], str]
    """Who gets it."""
    compose: Callable[[Delivery, Subject], EmailMessage] | None = None
    """The e-mail, to `delivery.address`; None: it goes as a text alone."""
    text: Callable[[Delivery, Subject], str] | None = None
    """The words of the text message, where it can go as one."""
    template: Callable[[Delivery, Subject], Filled] | None = None
    """The same as WhatsApp approved it, where it can go there."""
    texts_to: To = To.RECIPIENT
    """Whose number that is: by that it is allowed, or not."""
    channel: Callable[[Subject], str] = by_mail
    """How it goes; the address is one of that channel."""
    addressee: Callable[[Subject], str] = nobody_else
    """Where several are told the same thing, which of them, as kind:id."""
    is_recipients: bool = False
    """It goes to whoever a gift is for, not to its sender or a brand's people."""
    is_needed: bool = False
    """Sent also to whoever wants no e-mails: somebody asked for it, or has to know."""
    why: str | Promise = ""
    """What the page says where somebody stops e-mails of this purpose."""
    still_holds: Callable[[Subject], bool] = always
    """Asked once more when the letter is written and about to leave: it may not be true any more."""
    followed_by: Callable[[Subject, Delivery.State, datetime], None] = nothing
    """Called once it is over, in the transaction that says so, with the state and the moment."""
    when_reported: Callable[[Delivery, Report, datetime], None] = nothing_of_it
    """Called in the transaction in which a provider's report moved the newest version on, within its brand's
    scope. What is late and speaks of an older version is not told."""


_purposes: dict[str, Purpose[Any]] = {}


def register(purpose: Purpose[Subject]) -> Purpose[Subject]:
    """Raises ValueError when the name is taken, or when nobody may stop it and no reason is given."""
    if purpose.name in _purposes:
        raise ValueError(f"there is a purpose {purpose.name} already")
    if not (purpose.is_needed or purpose.why):
        raise ValueError(f"whoever stops {purpose.name} reads why it came")
    _purposes[purpose.name] = purpose
    return purpose


def find(name: str) -> Purpose[Any]:
    """Raises KeyError for one that nobody registered."""
    return _purposes[name]


def names() -> list[str]:
    return list(_purposes)


def of_recipients() -> list[str]:
    """Names of those that go to whoever a gift is for."""
    return [name for name, purpose in _purposes.items() if purpose.is_recipients]
