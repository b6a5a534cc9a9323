"""Every mail in every language with names and words in Arabic, Hebrew and Vietnamese: nothing turns round
what stands beside it, and the page that a mail is says its language and direction."""

import re
from collections.abc import Callable
from email.header import decode_header, make_header
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand, Store
from campaigns.dashboard.figures import Figures
from campaigns.letter.emails import Told as MondayTold
from campaigns.letter.story import Ranked, Week, tell
from campaigns.models import Letter
from core import crypto
from giftshop.accounts.models import AccountLetter, Membership, User
from giftshop.catalog.models import Treat
from giftshop.delivery import email_parts, purposes, subscribers
from giftshop.delivery.models import Delivery
from giftshop.delivery.orders_found import Found
from giftshop.delivery.shared import gifts as gift_sheets
from giftshop.handouts.models import Handout, HandoutLine
from giftshop.offers.use import use
from giftshop.openings.models import OpeningCode
from giftshop.orders.models import Gift, Order
from giftshop.payments.models import Payment
from giftshop.questions import emails as question_emails
from giftshop.questions.models import Question
from giftshop.refunds import emails as refund_emails
from giftshop.refunds.models import Dispute, Refund, RefundLine
from giftshop.reminders import offer_emails
from giftshop.sign_in import letters
from giftshop.team.invitations import invite_member
from redemption.models import Alarm, Device
from tests.cast import line, make_user, pay
from tests.giftshop.delivery.conftest import html_of
from tests.giftshop.offers.made import NOW, make_offer
from tests.page_words import Words, turning, turning_on

pytestmark = pytest.mark.django_db

SENDER, RECIPIENT, BRAND, STORE = "أمينة منصور", "דוד לוי", "حلويات", "Tiệm Nguyễn Thị Ánh"
WORDS = "كل عام وأنت بخير!\nDeine Amina 2026"
CODE = re.compile(r"^[0-9A-Z]{4}$")
AMOUNT = re.compile(r"^\D{0,4}\d+[.,]\d\d\D{0,4}$")


def letter_of(kind: str, secret: str, user: User) -> AccountLetter:
    letters.write(user, kind=AccountLetter.Kind(kind), secret=secret, now=timezone.now())
    return AccountLetter.objects.get(kind=kind)


def monday_letter(brand: Brand, reader: User) -> MondayTold:
    """Of a store, with a sentence that names it and one piece of advice."""
    store = Store.objects.filter(brand=brand).first()
    counted = Week(
        figures=Figures(gifts_sold=12, revenue=7_800, redeemed=11),
        stores=[Ranked(STORE, "/store/", 90), Ranked("B", "/b/", 5)],
        currency="USD",
        paths=dict.fromkeys(("gifts_sold", "revenue", "redeemed"), "/figures/"),
    )
    story = tell(counted, base_url=settings.BASE_URL)
    assert story
    assert story.advice
    return MondayTold(Letter(brand=brand, store=store, monday=timezone.now()), reader, story)


def refund_of(order: Order, gift: Gift) -> Refund:
    """Taken back by its sender, and on its way."""
    now = timezone.now()
    refund = Refund.objects.create(
        brand=order.brand,
        payment=payment_of(order),
        origin=Refund.Origin.SENDER,
        state=Refund.State.SUCCEEDED,
        amount=gift.amount,
        currency=order.currency,
        asked_at=now,
        succeeded_at=now,
        over_at=now,
    )
    refund.payment.order = order
    RefundLine.objects.create(refund=refund, gift=gift, amount=gift.amount)
    return refund


def dispute_of(order: Order) -> Dispute:
    return Dispute(
        brand=order.brand,
        payment=payment_of(order),
        dispute_id="du_1",
        status=Dispute.Status.NEEDS_RESPONSE,
        amount=order.total,
        currency=order.currency,
        due_by=timezone.now(),
    )


def payment_of(order: Order) -> Payment:
    now = timezone.now()
    made, _is_new = Payment.objects.get_or_create(
        order=order,
        attempt=1,
        defaults={
            "brand": order.brand,
            "state": Payment.State.PAID,
            "amount": order.total,
            "currency": order.currency,
            "opened_at": now,
            "asked_at": now,
            "expires_at": now,
            "settled_at": now,
        },
    )
    made.order = order
    return made


def opening_code_of(gift: Gift) -> OpeningCode:
    asked = OpeningCode(brand=gift.brand, gift=gift, reader="recipient", digest=b"")
    asked.ciphertext = crypto.seal("123456", context=f"opening:{asked.pk}")
    return asked


class Told:
    """One of everything that somebody may be written about."""

    def __init__(self, gift: Gift, device: Device) -> None:
        self.gift, self.order, self.brand = gift, gift.order, gift.order.brand
        now = timezone.now()
        alarm = Alarm.objects.create(
            brand=self.brand,
            kind=Alarm.Kind.WRONG_PINS,
            count=20,
            since=now,
            raised_at=now,
            device=device,
        )
        inviter = make_user(self.brand, "inviter@frosty.example", "owner")
        inviter.name = SENDER
        invited = invite_member(
            brand=self.brand,
            email="invited@friends.example",
            role=Membership.Role.OWNER,
            by=inviter,
            now=now,
        )
        offer = make_offer(self.brand, name=RECIPIENT, budget=2000)
        self.question = Question(
            brand=self.brand,
            treat=gift.treat,
            name=SENDER,
            words=WORDS,
            answer=WORDS,
            language="en",
        )
        taken = use(offer_id=offer.pk, holder="browser:a", now=NOW)
        listed = Handout(brand=self.brand, offer=offer, label="Double scoop, Large", amount=500)
        self.line = HandoutLine(handout=listed, name=RECIPIENT, use=taken)
        self.about: dict[str, Any] = {
            "receipt": self.order,
            "orders_found": Found(uuid4(), [self.order]),
            "gift": gift,
            "thanks": gift,
            "undeliverable": gift,
            "reminder_unopened": gift,
            "reminder_month": gift,
            "reminder_week": gift,
            "unopened": gift,
            "not_me": gift,
            "invitation": invited,
            "question": question_emails.Told(self.question, inviter),
            "answer": self.question,
            "monday": monday_letter(self.brand, inviter),
            "sign_in_code": letter_of("sign_in_code", "1234-5678", inviter),
            "address_code": letter_of("address_code", "1234-5678", inviter),
            "proof_code": letter_of("proof_code", "1234-5678", inviter),
            "brand_approved": letter_of("brand_approved", str(self.brand.pk), inviter),
            "brand_closes": letter_of("brand_closes", f"{self.brand.pk} 2026-12-24", inviter),
            "recovery_code_used": letter_of("recovery_code_used", "9", inviter),
            "factor_changed": letter_of("factor_changed", f"passkey_added {SENDER}", inviter),
            "opening_code": letter_of("opening_code", "1234-5678", inviter),
            "gift_opening_code": opening_code_of(gift),
            "new_browser": letter_of("new_browser", "Firefox, Windows", inviter),
            "new_password": letter_of("new_password", "uid key", inviter),
            "withdrawal": refund_of(self.order, gift),
            "refund": refund_of(self.order, gift),
            "case": refund_emails.Told(dispute_of(self.order), inviter),
            "alarm": subscribers.Told(alarm, device),  # type: ignore[arg-type]
            "handed_out": self.line,
            "offer_low": offer_emails.Told(offer, inviter),
            "offer_over": offer_emails.Told(offer, inviter),
        }

    def letter(self, name: str, language: str) -> EmailMessage:
        self.order.language = self.question.language = self.line.handout.language = language
        delivery = Delivery(brand=self.brand, purpose=name, address="a@friends.example")
        with scope(brand=self.brand):
            compose = purposes.find(name).compose
            assert compose is not None
            return compose(delivery, self.about[name])


@pytest.fixture
def told(place: Callable[..., Any], treat: Treat, brand: Brand, device: Device) -> Told:
    """An English brand with an Arabic name; its treat and one store as well."""
    order = pay(
        place(
            lines=[line(treat, RECIPIENT, recipient_email="david@friends.example", message=WORDS)]
        )
    )
    with scope(brand=brand):
        brand.name, brand.language, brand.support_email = BRAND, "en", "help@frosty.example"
        Store.objects.update(name=STORE)
        Device.objects.update(name="جهاز")
        gift = order.gifts.with_everything().get()
        gift.order.sender_name = SENDER
        gift.order.brand, gift.thanks, gift.label = brand, WORDS, "Double scoop, Large"
        return Told(gift, Device.objects.select_related("store").get(pk=device.pk))


BY_MAIL = [name for name in purposes.names() if purposes.find(name).compose]


@pytest.mark.parametrize("language", [language for language, _name in settings.LANGUAGES])
def test_no_name_turns_round_what_stands_beside_it(told: Told, language: str) -> None:
    told.brand.language = language  # an alarm's; the others' is that of their order
    told.brand.save(update_fields=["language"])
    letters_by_name = {name: told.letter(name, language) for name in BY_MAIL}
    found = {name: faults(message) for name, message in letters_by_name.items()}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
    for name, message in letters_by_name.items():
        assert BRAND in _decoded(message.from_email), name
        assert "\n" not in message.subject, name
        opening = re.search(r"<html [^>]*>", html_of(message))
        assert opening, name
        assert f'lang="{language}" dir="ltr"' in opening[0], name


@pytest.mark.parametrize("language", ["de", "es"])
def test_what_the_brand_calls_its_treat_is_said_in_its_language(told: Told, language: str) -> None:
    for name in ("receipt", "gift", "thanks"):
        found = Words(html_of(told.letter(name, language))).found
        said = {spoken for text, spoken, _in in found if "Double scoop" in text}
        assert said == {"en"}, name


@pytest.mark.parametrize("language", ["de", "es"])
def test_codes_amounts_and_addresses_are_read_from_the_left(told: Told, language: str) -> None:
    seen = set()
    for name in ("receipt", "gift"):
        for text, _said, inside in Words(html_of(told.letter(name, language))).found:
            for kind in (CODE, AMOUNT, re.compile("help@frosty.example")):
                if kind.search(text):
                    seen.add(kind.pattern)
                    assert "ltr" in inside, text
    assert len(seen) == 3


def test_who_writes_is_said_in_the_readers_language(told: Told) -> None:
    shown = {language: told.letter("gift", language).from_email for language in ("en", "de", "es")}
    assert f"\u2068{SENDER}\u2069 via \u2068{BRAND}\u2069" in _decoded(shown["en"])
    assert " vía " in _decoded(shown["es"])


def _decoded(sender: str) -> str:
    """As RFC 2047 has it: what stands between two encoded words is none of the name. The library's parser of
    addresses takes it for a blank (Python 3.11)."""
    return str(make_header(decode_header(sender)))


def test_a_mail_that_forgets_it_is_found(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: neither headers nor text isolate."""
    monkeypatch.setattr(email_parts, "isolated", str)
    monkeypatch.setattr(gift_sheets, "isolated", str)
    monkeypatch.setattr("core.templatetags.languages.plain_text.isolated", str)
    found = faults(told.letter("gift", "de"))
    assert {"subject", "from"} <= set(found)
    assert any(fault.startswith("text:") for fault in found)
    assert any(fault.startswith("title:") for fault in found)


def faults(message: EmailMessage) -> list[str]:
    """Where a name turns something round: in a header, a line of the text, the page."""
    found = []
    if turning(str(message.subject)):
        found.append("subject")
    if turning(_decoded(message.from_email)):
        found.append("from")
    lines = str(message.body).split("\n")
    found += [f"text: {each}" for each in lines if turning(each)]
    return found + turning_on(html_of(message))
