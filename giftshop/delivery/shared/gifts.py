"""The letter that brings a gift: what it has in common with those of the same present, and what in it is one
person's own: names, words, links and the code.

What they have in common is a Sheet. A group of mails (gift_group.py) makes each sheet once and fills it in
for all; whoever writes one letter makes one for it. What a sheet says is laid out once a process
(letters.py).
"""

from collections.abc import Hashable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from types import SimpleNamespace

from django.template.defaultfilters import linebreaksbr, truncatechars
from django.utils import timezone, translation
from django.utils.html import escape
from django.utils.translation import get_language

from brands.models import Store
from core.bidi import isolated
from giftshop.delivery import data_links, email_parts
from giftshop.delivery.email_parts import Letter, Pictures
from giftshop.delivery.models import Delivery
from giftshop.delivery.shared import letters, secret_pages
from giftshop.delivery.shared.letters import Own, Written, same
from giftshop.delivery.suppression import stop_url
from giftshop.orders.models import Gift
from redemption import code_format
from redemption.codes import qr

STORES_SHOWN = 3
PREVIEW_LENGTH = 90


class Sheet:
    """Of letters whose gifts have the same key. Made in their language and their brand's time."""

    def __init__(self, gift: Gift, *, name: str, subject: str, pictures: Pictures) -> None:
        """`name`: of the template. `subject` names both, see `_letter`."""
        code, self.subject, self.pictures = gift.code, subject, pictures
        assert code is not None  # nosec B101  # the caller showed it
        self.brand = gift.order.brand
        self.language = get_language() or "en"
        self.maker = email_parts.Maker(name, self.brand)
        self.words = self.maker.words({"qr", *pictures} if self.shows_code else pictures)
        stores, of_all = _stores_of(gift)
        self.words |= {
            "until": code.last_day,
            "stores": stores,
            "more_stores": of_all - len(stores),
        }
        self.laid = None if is_alone(gift) else self._laid(gift)

    @property
    def shows_code(self) -> bool:
        return not self.brand.hides_code

    def letter(self, delivery: Delivery, gift: Gift, *, plain: str, token: str) -> Letter:
        """No query."""
        if self.laid is None:
            with translation.override(self.language), timezone.override(self.brand.tz):
                return self._letter(delivery, gift, plain, token)
        return self._letter(delivery, gift, plain, token)

    def _letter(self, delivery: Delivery, gift: Gift, plain: str, token: str) -> Letter:
        sender, recipient, stop = gift.order.sender, gift.recipient.short_name, stop_url(delivery)
        subject = email_parts.subject_line(self.subject, {"friend": recipient, "sender": sender})
        groups = code_format.grouped(plain).split("-") if self.shows_code else []
        of_page = {
            "subject": subject,
            "stop_url": stop,
            "data_url": data_links.of_letter(delivery),
            "url": secret_pages.url("gift", token),
            "preview": _preview(gift.message),
        }
        written = (
            self._written_alone(gift, sender, recipient, groups, of_page)
            if self.laid is None
            else Written(
                self.laid,
                {
                    "sender": Own(isolated(sender), escape(sender)),
                    "recipient": Own(isolated(recipient), escape(recipient)),
                    "message": Own(gift.message, linebreaksbr(gift.message)),
                    **{name: same(text) for name, text in of_page.items()},
                    **{name: same(group) for name, group in zip(_GROUPS, groups, strict=False)},
                },
            )
        )
        return self.maker.letter(
            delivery,
            written,
            {"qr": qr.png(plain), **self.pictures} if self.shows_code else self.pictures,
            subject=subject,
            sender_name=sender,
            stop=stop,
        )

    def _written_alone(
        self,
        gift: Gift,
        sender: str,
        recipient: str,
        groups: list[str],
        of_page: Mapping[str, str],
    ) -> Written:
        its = {"gift": gift, "sender": sender, "recipient": recipient, "code": gift.code}
        return letters.alone(*self.maker.filled({**self.words, **of_page, **its, "groups": groups}))

    def _laid(self, gift: Gift) -> letters.Laid:
        treat, code, brand, words = gift.treat, gift.code, self.brand, self.words
        assert code is not None  # nosec B101  # as above

        def fill(marks: Mapping[str, str]) -> tuple[str, str]:
            has_words = bool(gift.message)
            its = {
                "gift": SimpleNamespace(
                    message=marks["message"] if has_words else "",
                    get_design_display=gift.get_design_display,
                    treat=treat,
                    said=gift.said,
                    is_amount=gift.is_amount,
                    amount=gift.amount,
                ),
                "preview": marks["preview"] if has_words else "",
                "code": SimpleNamespace(currency=code.currency),
                "groups": [marks[name] for name in _GROUPS] if self.shows_code else [],
            }
            return self.maker.filled({**words, **marks, **its})

        key = (
            *(key_of(gift), self.language, brand.name, brand.legal_name, brand.language),
            *(self.shows_code, treat.description, repr(treat.translations), repr(treat.picture)),
            *(words["colours"], frozenset(words["pictures"]), words["until"]),
            *(tuple((each.name, each.street, each.city) for each in words["stores"]),),
            words["more_stores"],
        )
        return letters.lay_out(key, _NAMES, fill)


_GROUPS = [f"group{number}" for number in range(5)]
"""A code as it is printed has so many."""
_NAMES = [
    *("sender", "recipient", "message", "subject", "stop_url", "data_url", "url", "preview"),
    *_GROUPS,
]


def is_alone(gift: Gift) -> bool:
    """Somebody has no name (it may be signs alone), and the templates leave more out than it, or is called by
    words of ours; or it is a sample, which is in memory alone."""
    is_named = gift.order.sender_name and any(map(str.isalnum, gift.recipient.name))
    is_erased = gift.order.sender_erased_at or gift.recipient.erased_at
    return bool(not is_named or is_erased or not gift.treat_id)


def key_of(gift: Gift) -> Hashable:
    """The same for gifts whose letters are alike but for what is somebody's own, as long as their brands,
    treats and stores are the same rows."""
    code = gift.code
    assert code is not None  # nosec B101  # as above
    return (
        *(gift.order.brand_id, gift.treat_id, gift.language, gift.label, repr(gift.translations)),
        *(gift.kind, gift.amount, gift.design, bool(gift.message), is_alone(gift)),
        *(code.currency, code.expires_at, tuple(code.store_ids)),
    )


@dataclass(frozen=True)
class Read:
    """For several letters, by whoever keeps it no longer than it may be out of date."""

    sheets: dict[Hashable, Sheet] = field(default_factory=dict)
    stores: dict[Hashable, tuple[list[Store], int]] = field(default_factory=dict)
    """The first ones where a gift is good, and how many there are."""


_read: ContextVar[Read | None] = ContextVar("read_for_gifts", default=None)


@contextmanager
def read_once(kept: Read) -> Iterator[None]:
    """Letters in here that are alike are of one sheet, and those that name the same stores read them once."""
    token = _read.set(kept)
    try:
        yield
    finally:
        _read.reset(token)


def read() -> Read:
    """By whoever composes several; else nothing, and what is put in is kept by nobody."""
    return _read.get() or Read()


def _stores_of(gift: Gift) -> tuple[list[Store], int]:
    assert gift.code is not None  # nosec B101  # as above
    of_treat = None if not gift.treat_id or gift.treat.all_stores else gift.treat_id
    kept, key = read().stores, (gift.order.brand_id, of_treat, tuple(gift.code.store_ids))
    if key not in kept:
        stores = Store.objects.good_for(gift.code.store_ids)
        if gift.treat_id:  # a sample's is in memory alone
            stores = gift.treat.stores_among(stores)
        kept[key] = stores.first_of(STORES_SHOWN)
    return kept[key]


def _preview(message: str) -> str:
    is_short = len(message) <= PREVIEW_LENGTH and message.isascii()
    return isolated(message if is_short else truncatechars(message, PREVIEW_LENGTH))
