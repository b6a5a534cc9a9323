"""What the gift page shows, by what became of the gift. Reads only."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from brands.models import Store, StoreQuerySet
from giftshop.catalog import contents_of_gift, hours, store_list
from giftshop.catalog.sold_out import Missing, missing_of
from giftshop.delivery import data_links
from giftshop.friends.addresses import mailbox
from giftshop.friends.masks import mask
from giftshop.gift_page.forms import NumberForm, OtherPhoneForm, ReviewForm, ThanksForm
from giftshop.offers import come_back
from giftshop.openings import codes
from giftshop.orders import replies
from giftshop.orders.models import Gift
from giftshop.reasons import asked as reasons_asked
from giftshop.refunds.models import Refund
from giftshop.reviews.models import Review
from giftshop.reviews.write import is_changeable
from giftshop.texts.consent import words_of
from giftshop.texts.models import Consent
from giftshop.texts.ways import WAYS, ways_of
from redemption import choices as gift_choices
from redemption import code_format
from redemption.choices import Choice
from redemption.codes import qr
from redemption.models import Code, OptionList, Redemption

PARTS_SHOWN = 20
STORES_SHOWN = 3
"""Before the others, which are folded away or, where they are many, found on a page of their own."""


@dataclass(frozen=True)
class Question:
    """One choice as the page asks it."""

    choice: Choice
    field: str
    kind: str
    """`radio` for one pick, `checkbox` for several."""

    @property
    def has_extras(self) -> bool:
        return any(option["extra"] for option in self.choice["options"])


@dataclass(frozen=True)
class Place:
    """A store as the page lists it."""

    store: Store
    missing: Missing
    """What it lacks of the recipient's gift."""
    today: date
    """By its own clock."""


def wrapped(gift: Gift, *, for_sender: bool = False) -> dict[str, Any]:
    """The sender's name and words, and the present. Neither treat nor code. Each page that can open it has a
    key of its own."""
    return {
        **_people(gift),
        "token": gift.link_token(),
        "data_path": data_links.of_gift(gift),
        "for_sender": for_sender,
        "key": secrets.token_urlsafe(16),
    }


def elsewhere(gift: Gift, now: datetime) -> dict[str, Any]:
    """Of a gift that was opened on another phone: whose mail a code can go to, and whether one is on its way.
    Two queries at most. Neither treat nor code of the gift."""
    return {
        **_people(gift),
        "token": gift.link_token(),
        "readers": [(reader, mask(mail)) for reader, mail in codes.readers(gift).items()],
        "waiting": codes.waiting(gift, now),
        "form": OtherPhoneForm(),
    }


def opened(gift: Gift) -> dict[str, Any]:
    """Everything a recipient needs, ready to be shown at the counter. Expects the brand's scope.

    At most three queries: the stores to show, where the treat is sold out, and what its choices contain; or
    the redemption of a gift that was enjoyed, its review and what to come back for: four, and two more where
    that is a treat; or what it was taken back by. One more for an amount that was spent in part, one where
    the brand texts, and one whether they said why they come.
    """
    code = _code_of(gift)
    back = money_back(gift, code)
    plain = code.reveal() if is_usable(code, timezone.now()) else None
    usable = plain is not None
    stores, store_count = _places_at_first(gift, code) if usable else ([], 0)
    enjoyed = _redemption(code)
    asked = questions(code) if usable else []
    return {
        **_people(gift),
        "token": gift.link_token(),
        "data_path": data_links.of_gift(gift),
        "code": code,
        "fate": _fate(code, usable, back),
        "back": back,
        "may_return": usable and code.balance == code.amount,
        "plain": plain,
        "groups": code_format.grouped(plain).split("-") if plain else [],
        "qr": qr.svg(plain) if plain else None,
        "until": code.last_day,
        **_listed(stores, store_count),
        "parts": _parts(code) if usable and code.balance < code.amount else [],
        "enjoyed": enjoyed,
        "enjoyed_on": enjoyed and timezone.localdate(enjoyed.redeemed_at, enjoyed.store.tz),
        "picked": _picked(enjoyed) if enjoyed else [],
        "questions": asked,
        "has_extras": any(question.has_extras for question in asked),
        "has_picks": has_picks(code),
        "still_open": bool(code.open_choices()),
        "gone_choices": _gone_choices(stores, store_count),
        **(_contents(gift, asked) if usable else {}),
        "thanks_form": ThanksForm(),
        **_ways_on(gift),
        "texts": texts_asked(gift),
        "reasons": reasons_asked.recipient(gift),
        **(_review(gift) if enjoyed else {}),
        "come_back": enjoyed and come_back_of(gift, enjoyed),
    }


def _ways_on(gift: Gift) -> dict[str, str]:
    """To the next present: back to its sender, or from the shop, which keeps that it began here."""
    if gift.order.sender_erased_at:
        return {"reply": ""}
    signed = replies.sign(gift)
    shop = reverse("shop", args=[gift.order.brand.slug])
    return {"reply": signed, "word_mark_href": f"{shop}?{urlencode({'gift': signed})}"}


def _contents(gift: Gift, asked: Sequence[Question]) -> dict[str, Any]:
    """Allergens and diet, before a choice is made. One query, none without choices."""
    treat = gift.treat
    found = contents_of_gift.read(treat) if asked else contents_of_gift.of_options(treat, [])
    return {"told": found.treat, "option_contents": found.choices}


def come_back_of(gift: Gift, enjoyed: Redemption) -> come_back.ComeBack | None:
    """What its recipient may take to come back, or took."""
    return come_back.of_gift(
        brand=gift.order.brand,
        gift_id=gift.pk,
        recipient=held_out_by(gift),
        used_at=enjoyed.redeemed_at,
        now=timezone.now(),
    )


def held_out_by(gift: Gift) -> str:
    """Who its recipient is, among those of whom a tenth is not shown an offer."""
    return mailbox(gift.recipient.email) or gift.recipient.phone or str(gift.pk)


def standing_redemption(code: Code) -> Redemption | None:
    """By which it was used up, with its store. One query, none of a code that was not."""
    return _redemption(code)


def _review(gift: Gift) -> dict[str, Any]:
    """What the recipient said of it, and a form to say it or to change it."""
    said = Review.objects.filter(gift=gift).first()
    return {
        "review": said,
        "may_review": said is None or is_changeable(said, timezone.now()),
        "review_form": ReviewForm.of(said),
    }


def texts_asked(gift: Gift, form: NumberForm | None = None) -> dict[str, Any] | None:
    """What the page says of texts: `asked`, the last number that was typed here, and a form. None where the
    brand sends none. One query where it does, by WhatsApp two."""
    brand = gift.order.brand
    ways = form.ways if form else ways_of(brand)
    if not ways:
        return None
    asked = Consent.objects.filter(page=page_of(gift)).order_by("-asked_at").first()
    return {
        "asked": asked,
        "is_given": bool(asked and asked.given_at and not asked.withdrawn_at),
        "is_withdrawn": bool(asked and asked.withdrawn_at),
        "form": form or NumberForm(brand=brand, ways=ways),
        "words": [words_of(brand, WAYS[way]) for way in ways],
        "ways": ways,
    }


def page_of(gift: Gift) -> str:
    """Where it was asked, as the evidence says it."""
    return f"gift:{gift.pk}"


def sample_page(gift: Gift, *, plain: str, token: str) -> dict[str, Any]:
    """The same page for a gift that is in memory alone, with a word for its code. At most two queries."""
    code = _code_of(gift)
    return {
        **_people(gift),
        "token": token,
        "code": code,
        "fate": "good",
        "plain": plain,
        "groups": code_format.grouped(plain).split("-"),
        "qr": qr.svg(plain),
        "until": code.last_day,
        **_listed(*_places_at_first(gift, code)),
        "thanks_form": ThanksForm(),
    }


def recipients_choices(code: Code) -> list[Choice]:
    """Those the recipient may pick and change until the treat is handed over."""
    return [choice for choice in code.choices if choice["chooser"] == "recipient"]


def has_picks(code: Code) -> bool:
    """Whether the recipient has picked anything that the counter will see."""
    return any(choice["picked"] for choice in recipients_choices(code))


def questions(code: Code, picks: Mapping[str, list[str]] | None = None) -> list[Question]:
    """What the recipient may pick, with what is picked: in the code, or in `picks` that were not taken."""
    asked = _in_readers_language(recipients_choices(code), code.option_list)
    if picks is not None:
        asked = [{**choice, "picked": picks[choice["key"]]} for choice in asked]
    return [_question(choice) for choice in asked]


def _question(choice: Choice) -> Question:
    kind = "radio" if choice["max"] == 1 else "checkbox"
    return Question(choice, field_name(choice["key"]), kind)


def field_name(key: str) -> str:
    """The form field in which the page answers a choice."""
    return f"choice-{key}"


def _people(gift: Gift) -> dict[str, Any]:
    return {
        "gift": gift,
        "brand": gift.order.brand,
        "sender": gift.order.sender,
        "recipient": gift.recipient.short_name,
    }


def money_back(gift: Gift, code: Code) -> Refund | None:
    """What takes its money back to the sender, or has. One query, none for a gift that is neither on hold nor
    void."""
    if code.state not in {Code.State.ON_HOLD, Code.State.VOIDED}:
        return None
    found = Refund.objects.of_gift(gift)
    return found.order_by("-asked_at").first()


def _fate(code: Code, usable: bool, back: Refund | None) -> str:
    """One word for the page to choose by: good, enjoyed, held, given-back (by the recipient), taken-back or
    past."""
    if usable:
        return "good"
    if back and back.origin == Refund.Origin.UNOPENED:
        return "past"
    if back:
        return "given-back" if back.origin == Refund.Origin.RECIPIENT else "taken-back"
    return {
        Code.State.REDEEMED: "enjoyed",
        Code.State.ON_HOLD: "held",
        Code.State.VOIDED: "taken-back",
    }.get(Code.State(code.state), "past")


def is_usable(code: Code, now: datetime) -> bool:
    """Whether a store can still hand it over."""
    return code.state == Code.State.ACTIVE and code.expires_at > now


def places(gift: Gift, stores: Iterable[Store], now: datetime) -> list[Place]:
    """The stores, in their order, with what the recipient should know before walking there. One query."""
    stores = list(stores)
    lacks = missing_of(
        treat_id=gift.treat_id,
        price_id=gift.price_id,
        stores=stores,
        now=now,
        choices=[choice for choice in _code_of(gift).choices if choice["chooser"] == "recipient"],
    )
    return [
        Place(store, lacks.get(store.pk) or Missing(), hours.day_at(store, now)) for store in stores
    ]


def stores_of(gift: Gift, code: Code) -> StoreQuerySet:
    """Those that take the code and have its treat. Of a treat in memory alone: that take the code."""
    stores = Store.objects.good_for(code.store_ids)
    return gift.treat.stores_among(stores) if gift.treat_id else stores


def _places_at_first(gift: Gift, code: Code) -> tuple[list[Place], int]:
    """Stores that take the code and have the treat, those that are not out of it and open first; of many,
    the first by name. And how many there are."""
    now = timezone.now()
    stores, count = stores_of(gift, code).first_of(store_list.LOOKED_AT)
    return sorted(
        places(gift, stores, now),
        key=lambda place: (
            place.missing.until is not None,
            not hours.today(place.store, now).is_open,
            place.store.name,
        ),
    ), count


def _listed(places: list[Place], store_count: int) -> dict[str, Any]:
    """The first, and the others folded away; of many these are found on a page of their own."""
    finds = store_count > store_list.ALL_AT_ONCE_MAX
    others = [] if finds else places[STORES_SHOWN:]
    return {
        "stores": places[:STORES_SHOWN],
        "other_stores": others,
        "more_stores": len(others),
        "store_count": store_count,
        "finds_stores": finds,
    }


def _gone_choices(places: Sequence[Place], store_count: int) -> set[str]:
    """ "flavour:mint" for what no store has today that has the treat at all; nothing while there are more
    than were looked at."""
    if len(places) < store_count:
        return set()
    there = [place.missing.choices for place in places if place.missing.until is None]
    if not there:
        return set()
    gone = set(there[0]).intersection(*there[1:])
    return {f"{group}:{option}" for group, option in gone}


def _redemption(code: Code) -> Redemption | None:
    if code.state != Code.State.REDEEMED:
        return None
    return (
        Redemption.objects.standing()
        .filter(code=code)
        .select_related("store", "option_list")
        .order_by("-redeemed_at")
        .first()
    )


def _parts(code: Code) -> list[tuple[Redemption, date]]:
    """What was taken off it, the latest first, with the day on the store's clock."""
    uses = Redemption.objects.standing().filter(code=code).select_related("store")
    latest = uses.order_by("-redeemed_at")[:PARTS_SHOWN]
    return [(use, timezone.localdate(use.redeemed_at, use.store.tz)) for use in latest]


def _picked(enjoyed: Redemption) -> list[tuple[str, str]]:
    """[("Flavour", "Mint")]: what the recipient had, without what the label says already."""
    had = [choice for choice in enjoyed.choices if choice["chooser"] == "recipient"]
    return gift_choices.describe(_in_readers_language(had, enjoyed.option_list))


def _in_readers_language(choices: list[Choice], kept: OptionList | None) -> list[Choice]:
    """As the brand wrote them when the gift was bought."""
    groups = kept.groups if kept else None
    return gift_choices.in_language(choices, groups, get_language() or "en")


def _code_of(gift: Gift) -> Code:
    if gift.code is None:
        raise ValueError("a gift that was not issued has no page")
    return gift.code
