"""Two brands with everything in them, and everybody who might knock: with what they hold in their hands.

Whatever is private bears a word of its own, so that a page that shows it to somebody else is found out.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID, uuid4

from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.test import Client, override_settings
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from brands.models import Brand, Store
from campaigns.facts.record import record as record_facts
from campaigns.models import Campaign, Fact, Link
from giftshop.accounts.models import Membership, User
from giftshop.catalog.models import Treat
from giftshop.delivery.models import Delivery
from giftshop.delivery.suppression import stop_url
from giftshop.gift_page.open import open_gift
from giftshop.handouts import hand_out, people, send_list
from giftshop.handouts.hand_out import SheetFacts
from giftshop.handouts.models import Handout, HandoutLine
from giftshop.handouts.send_one import send_one
from giftshop.models import SearchInVain
from giftshop.news.write import NewsFacts, add, publish
from giftshop.offers.models import Offer, OfferUse
from giftshop.offers.use import use
from giftshop.offers.write import OfferFacts
from giftshop.offers.write import add as add_offer
from giftshop.openings import codes
from giftshop.orders.checkout import place_order
from giftshop.orders.models import Gift, Order
from giftshop.outbox.models import Message
from giftshop.payments.models import Payment
from giftshop.questions import answer
from giftshop.questions.ask import Asked, ask
from giftshop.refunds.models import Dispute, FraudWarning, Refund
from giftshop.reviews.write import Said, write
from giftshop.sign_in.factors import factors
from giftshop.studio.sheet import upload
from giftshop.team.invitations import invite_member
from giftshop.texts.models import Consent
from redemption.audit.actors import Actor
from redemption.codes import void
from redemption.models import Device, Redemption, StaffMember
from redemption.redeem import redeem
from redemption.till import devices
from tests import passkeys
from tests.cast import (
    PASSWORD,
    PIN,
    line,
    make_brand,
    make_staff,
    make_store,
    make_treat,
    make_user,
    pay,
    symbols,
)
from tests.messages import account, came_back

AT_COUNTER = {
    "cashier": Device.Profile.POS,
    "manager": Device.Profile.POS,
    "tablet": Device.Profile.POS,
    "integration": Device.Profile.INTEGRATION,
    "display": Device.Profile.DISPLAY,
}
"""Each with a device of their own: on one tablet one person is signed in at a time."""
OF_STORES = ("finance", "store_manager", "reader")
"""Roles that may be for some stores only."""
PHONE = "+12065550171"
"""Of whoever gets a gift as a text, and has said yes to such."""
NOBODYS = "nobodys-token-nobodys-token-nobodys-token-0"


@dataclass
class Counter:
    """A store with its devices and the two people who work there."""

    store: Store
    tokens: dict[str, str]
    device: Device
    cashier: StaffMember
    manager: StaffMember
    redemption: Redemption | None = None


@dataclass
class Company:
    """A brand, one or two counters, and one order with its gift."""

    brand: Brand
    word: str
    """In every private name of this brand, and nowhere else."""
    counters: list[Counter]
    order: Order
    gift: Gift
    stop: str
    campaign: Campaign
    link: Link
    asked: UUID
    member: UUID
    """A colleague in its studio, whom nobody asks as."""
    invited: UUID
    invitation: str
    """Its secret."""
    question: UUID
    """One that waits for an answer."""
    news: UUID
    """A draft."""
    enjoyed: Gift
    """The order's other gift, of which its recipient has said something."""
    review: UUID
    """That waits to be looked at."""
    money: dict[str, UUID]
    """What moved of the order's money: refunds, disputes and a warning, by what they wait for."""
    elsewhere: Gift
    """Opened on another phone; a code to be let in is on its way."""
    texted: Gift
    """The order's gift that went as a text, which came back."""
    offer: Offer
    taken: OfferUse
    """By a browser that nobody asks with."""
    handout: Handout
    """A sheet of three cards of that offer."""
    mailed: OfferUse
    """Of a list, to one person, who did not open it."""
    fact: int = 0
    """Of what was handed over at the first counter."""
    draft: UUID | None = None


@dataclass
class Person:
    """Who asks: a role, where they belong, and the browser or device they ask with."""

    role: str
    place: str
    """"own", "own store" (no other), "other store" or "other brand", seen from the pages asked for."""
    company: Company | None
    client: Client
    headers: dict[str, str] = field(default_factory=dict)
    signed_in: bool = False
    """With a password: a member of some brand."""
    counter: Counter | None = None

    def __str__(self) -> str:
        return f"{self.role} of {self.place}" if self.company else self.role


def build_company(slug: str, word: str, *, counters: int) -> Company:
    brand = make_brand(
        slug,
        reversal_window_seconds=3600,
        withdrawal_days=90,  # its gift was opened
        legal_name=f"{slug} treats LLC",
        representative=f"{slug} Baker",
        legal_address="1 Pike Street\nSeattle, WA 98101",
        register_entry="Washington UBI 604 123 456",
        tax_id="91-1144442",
        support_email=f"help@{slug}.example",
        texts=Brand.Texts.CONSENT,
    )
    with scope(brand=brand), override_settings(TWILIO=account()):
        _say_yes(brand, word)
        stores = [make_store(brand, f"{slug}-{number}") for number in range(1, counters + 1)]
        made = [_counter(store, f"{word}{number}") for number, store in enumerate(stores, start=1)]
        treat = make_treat(brand, f"{slug}-scoop")
        order = pay(
            place_order(
                brand=brand,
                key=f"matrix:{slug}",
                sender_name=f"Amy{word}",
                sender_email=f"amy@{word.lower()}.example",
                lines=[
                    line(treat, f"Ben{word}"),
                    line(treat, f"Cleo{word}"),
                    # Waits for its day, so that all of it can still be changed.
                    line(treat, f"Dora{word}", deliver_at=timezone.now() + timedelta(days=30)),
                    line(
                        treat,
                        f"Fay{word}",
                        channel=Gift.Channel.SMS,
                        recipient_phone=PHONE,
                    ),
                ],
            )
        )
        gift = order.gifts.with_everything().get(position=1)
        spent = order.gifts.with_everything().get(position=2)
        texted = order.gifts.with_everything().get(position=4)
        came_back(texted)
        delivery = Delivery.objects.filter(
            subject=f"gift:{gift.pk}"
        ).first() or Delivery.objects.create(
            brand=brand,
            subject=f"gift:{gift.pk}",
            purpose="gift",
            address=gift.recipient.email,
            created_at=timezone.now(),
        )
        campaign = Campaign.objects.create(
            brand=brand,
            slug=f"{slug}-summer",
            name=f"Summer{word}",
            starts_on=date(2026, 1, 1),
            ends_on=date(2027, 1, 1),
        )
        Campaign.objects.create(
            brand=brand,
            slug=f"{slug}-winter",
            name=f"Winter{word}",
            starts_on=date(2026, 1, 1),
            is_draft=True,
        )
        link = Link.objects.create(
            brand=brand,
            campaign=campaign,
            slug=f"{slug}-link",
            name=f"Flyer{word}",
            channel="other",
        )
        assert gift.code_id is not None
        money = _money(order, word)
        colleague = make_user(brand, f"colleague@{word.lower()}.example", Membership.Role.FINANCE)
        invited = invite_member(
            brand=brand,
            email=f"invited@{word.lower()}.example",
            role=Membership.Role.FINANCE,
            by=User.objects.create_user(f"host@{word.lower()}.example", is_staff=True),
            now=timezone.now(),
        )
        asking = Actor("user", uuid4(), f"Nia{word}")
        question = _question(brand, word)
        asked = void.ask(
            code_id=gift.code_id, actor=asking, reason=f"by mistake {word}", device=made[0].device
        )
    assert spent.code is not None
    answer = redeem.redeem(
        device=made[0].device,
        text=symbols(spent.code),
        key="matrix",
        picks={"flavour": "mint"},
        staff=made[0].cashier,
    )
    assert answer.redeemed, answer
    elsewhere = _opened_elsewhere(brand, treat, word)
    Message.objects.update(done_at=timezone.now())  # so that a slow run has nothing overdue
    with scopes_disabled():
        made[0].redemption = Redemption.objects.get(brand=brand)
    handed_over = Fact(
        brand=brand,
        topic=Fact.Topic.CODE_REDEEMED,
        message_id=uuid4(),
        subject_id=made[0].redemption.pk,
        occurred_at=timezone.now(),
        store=made[0].store,
        gift_id=spent.pk,
        order_id=order.pk,
        quantity=1,
        amount=650,
        currency=brand.currency,
    )
    record_facts([handed_over])
    with scopes_disabled():
        fact = Fact.objects.get(brand=brand)
    return Company(
        brand,
        word,
        made,
        order,
        gift,
        stop_url(delivery).split("/")[-2],
        campaign,
        link,
        asked.pk,
        colleague.pk,
        invited.pk,
        invited.token(),
        question,
        _news(brand, word),
        spent,
        _review(spent, word),
        money,
        elsewhere,
        texted,
        *_offer(brand, treat, link, word),
        fact.pk,
    )


def _say_yes(brand: Brand, word: str) -> None:
    """Fay did, on the page of an earlier gift."""
    now = timezone.now()
    Consent.objects.create(
        brand=brand,
        phone=PHONE,
        words=f"{brand} may text me.",
        language="en",
        page=f"gift:{uuid4()}",
        asked_at=now,
        given_at=now,
        answer=f"Yes, {word}",
    )


def _money(order: Order, word: str) -> dict[str, UUID]:
    """It was paid twice: of the first payment somebody wants goodwill, the second is with the bank."""
    now = timezone.now()
    times = {"expires_at": now, "opened_at": now, "asked_at": now, "settled_at": now}
    paid, twice = (
        Payment.objects.create(
            brand=order.brand,
            order=order,
            attempt=attempt,
            state=state,
            session_id=f"cs_{attempt}{word}",
            payment_intent_id=f"pi_{attempt}{word}",
            charge_id=f"ch_{attempt}{word}",
            amount=order.total,
            currency=order.currency,
            fee=50,
            **times,
        )
        for attempt, state in ((1, Payment.State.PAID), (2, Payment.State.REFUSED))
    )
    nia = {"asked_by_kind": "user", "asked_by": uuid4(), "asked_by_name": f"Nia{word}"}
    common = {"brand": order.brand, "currency": order.currency, "amount": 100}
    refund = {**common, "origin": "brand", "asked_at": now, "reason": f"cold {word}", **nia}
    dispute = {**common, "payment": twice, "reason": "fraudulent", "opened_at": now}
    rows = {
        "waiting": Refund(payment=paid, state="waiting", is_goodwill=True, **refund),
        "failed": Refund(payment=twice, state="failed", over_at=now, **refund),
        "unclear": Refund(
            payment=twice,
            state="succeeded",
            refund_id=f"re_{word}",
            is_unclear=True,
            over_at=now,
            succeeded_at=now,
            **refund,
        ),
        "lost": Dispute(
            dispute_id=f"du_1{word}", status="lost", is_unclear=True, over_at=now, **dispute
        ),
        "dispute": Dispute(
            dispute_id=f"du_2{word}",
            status="needs_response",
            due_by=now + timedelta(days=9),
            **dispute,
        ),
        "warning": FraudWarning(
            brand=order.brand,
            payment=paid,
            warning_id=f"issfr_{word}",
            is_open=True,
            made_at=now,
        ),
    }
    for row in rows.values():
        row.save()
    return {name: row.pk for name, row in rows.items()}


def _news(brand: Brand, word: str) -> UUID:
    """One that is on show, which everybody reads, and a draft."""
    nia, now = Actor("user", uuid4(), f"Nia{word}"), timezone.now()
    days = {
        "shown_from": now.date() - timedelta(days=2),
        "shown_until": now.date() + timedelta(days=2),
    }
    with scope(brand=brand):
        shown = NewsFacts(title="Spoon week", words="Bring your own.", **days)
        publish(add(brand=brand, facts=shown, by=nia, now=now), by=nia, now=now)
        draft = NewsFacts(title=f"Later{word}", words=f"Soon, {word}.", **days)
        return add(brand=brand, facts=draft, by=nia, now=now).pk


def _offer(
    brand: Brand, treat: Treat, link: Link, word: str
) -> tuple[Offer, OfferUse, Handout, OfferUse]:
    """Everybody may read it, so it has no private word; what was taken of it, by a link, is shown to
    who has its address."""
    now = timezone.now()
    facts = OfferFacts(
        name="A scoop on us",
        gives=Offer.Gives.TREAT,
        treat_id=treat.pk,
        size="regular",
        good_days=30,
        starts_on=now.date() - timedelta(days=2),
        budget=100_000,
    )
    with scope(brand=brand):
        offer = add_offer(brand=brand, facts=facts, by=Actor("user", uuid4(), "Nia"), now=now)
        taken = use(offer_id=offer.pk, holder="browser:nobody", now=now)
        day = timezone.localdate(now, brand.tz)
        said = SheetFacts(number=3, reason=f"Fair{word}", first_day=day, last_day=day)
        nia = Actor("user", uuid4(), f"Nia{word}")
        sheet = hand_out.sheet(
            brand=brand, offer_id=offer.pk, key=uuid4(), facts=said, by=nia, now=now
        )
        mailed = _to_a_list(offer, word, nia)
        offer.refresh_from_db()
        told = Fact(
            brand=brand,
            topic=Fact.Topic.OFFER_USED,
            message_id=uuid4(),
            subject_id=taken.pk,
            occurred_at=now,
            campaign=link.campaign,
            link=link,
            code_id=taken.code_id,
            offer=offer,
            quantity=1,
            amount=taken.cost,
            currency=brand.currency,
        )
        record_facts([told])
    return offer, taken, sheet, mailed


def _to_a_list(offer: Offer, word: str, by: Actor) -> OfferUse:
    now = timezone.now()
    draft = send_list.keep(
        brand=offer.brand,
        user_id=make_user(offer.brand, f"lists@{word.lower()}.example", "marketer").pk,
        offer=offer,
        lines=people.typed(f"Lia{word}, lia@{word.lower()}.example"),
        now=now,
    )
    sent = send_list.send(
        brand=offer.brand,
        user_id=draft.user_id,
        draft_id=draft.pk,
        seen=send_list.dry_run(draft, now)[0].version,
        reason=f"Regulars{word}",
        words=f"They agreed, {word}.",
        by=by,
        now=now,
    )
    line = HandoutLine.objects.get(handout=sent)
    send_one(line_id=line.pk, now=now)
    return OfferUse.objects.get(handout_line=line)


def _draft_list(company: Company, user: User) -> None:
    """Typed, and not sent yet."""
    with scope(brand=company.brand):
        send_list.keep(
            brand=company.brand,
            user_id=user.pk,
            offer=company.offer,
            lines=people.typed(f"Max{company.word}, max@{company.word.lower()}.example\nnobody"),
            now=timezone.now(),
        )


def _opened_elsewhere(brand: Brand, treat: Treat, word: str) -> Gift:
    with scope(brand=brand):
        order = place_order(
            brand=brand,
            key=f"matrix:{brand.slug}:elsewhere",
            sender_name=f"Amy{word}",
            sender_email=f"amy@{word.lower()}.example",
            lines=[line(treat, f"Emil{word}")],
        )
    pay(order)
    with scope(brand=brand):
        gift = order.gifts.with_everything().get()
        open_gift(gift_id=gift.pk)
        codes.ask(gift=gift, reader=codes.Reader.SENDER, now=timezone.now())
    return gift


def _review(enjoyed: Gift, word: str) -> UUID:
    said = Said(stars=4, words=f"Good, {word}!", name=f"Cleo{word}", language="en")
    with scope(brand=enjoyed.order.brand):
        return write(gift_id=enjoyed.pk, said=said, now=timezone.now()).pk


def _question(brand: Brand, word: str) -> UUID:
    """One that was closed, and one that waits. What is shown everybody reads, so it has no private word."""
    now = timezone.now()
    nia = Actor("user", uuid4(), f"Nia{word}")
    closed, shown, waiting = (
        ask(
            brand=brand,
            asked=Asked(
                words=words, name=name, email="a@asks.example", language="en", may_be_shown=True
            ),
            now=now,
        )
        for words, name in (
            (f"Buy {word}", f"Spam{word}"),
            ("Is it vegan?", "Ada"),
            (f"When, {word}?", f"Abe{word}"),
        )
    )
    answer.close(closed, as_spam=True, by=nia, now=now)
    answer.answer(shown, words="The sorbets are.", show=True, by=nia, now=now)
    return waiting.pk


def _counter(store: Store, word: str) -> Counter:
    tokens = {}
    for role, profile in AT_COUNTER.items():
        paired = devices.pair_directly(store=store, name=f"{role}{word}", profile=profile)
        tokens[role] = paired.token
        if role == "manager":
            device = paired.device
    # So that being seen, which is written once a minute, is no change of a slow run.
    Device.objects.filter(store=store).update(last_seen_at=timezone.now() + timedelta(hours=1))
    return Counter(
        store,
        tokens,
        device,
        make_staff(store, f"Dana{word}"),
        make_staff(store, f"Mo{word}", StaffMember.Role.MANAGER),
    )


def everybody(own: Company, other: Company) -> list[Person]:
    """Roles as in the table, each of the own brand and of another, at the till of another store too."""
    people = [Person("anonymous", "", None, Client()), _operator(own), _signing_in(own)]
    people.append(_at_second_step(own))
    for company, place in ((own, "own"), (other, "other brand")):
        people += [
            _sender(company, place),
            Person("recipient", place, company, _recipient(company)),
        ]
        people += [_member(company, place, role) for role in Membership.Role.values]
        people += _at_counter(company, company.counters[0], place)
    people += _at_counter(own, own.counters[1], "other store")
    for counter, place in zip(own.counters[:2], ("own store", "other store"), strict=True):
        people += [_of_store(own, counter, place, role) for role in OF_STORES]
    return people


def _operator(own: Company) -> Person:
    """Who just helps somebody with the order, and looked in vain for one before."""
    client = Client()
    client.force_login(User.objects.create_user("operator@example.com", is_staff=True))
    client.post("/account/address/", {"email": "another@example.com"})  # and types no code yet
    for text in ("nobody@example.com", own.order.number):
        client.post("/operator/support/", {"text": text, "reason": "nothing came"})
    assert SearchInVain.objects.count() == 1
    return Person("operator", "", None, client, signed_in=True)


def _signing_in(company: Company) -> Person:
    """Asked for a code, which nobody has typed yet."""
    client = Client()
    client.post("/accounts/login/", {"username": f"invited@{company.word.lower()}.example"})
    with override_settings(SELF_SERVICE=True):
        client.post("/open/", {"email": f"new@{company.word.lower()}.example"})
    return Person("signing_in", "", None, client)


def _at_second_step(company: Company) -> Person:
    """Has a passkey and an app, and typed their password."""
    user = make_user(company.brand, f"second@{company.word.lower()}.example", "marketer")
    now, client = timezone.now(), Client()
    client.force_login(user)
    passkeys.add(client, passkeys.Passkey())
    factors.add_app(user, secret=generate_totp_secret(), step=0, here="", now=now)
    client = Client()
    client.post("/accounts/login/", {"username": user.email, "password": PASSWORD})
    return Person("at_second_step", "", None, client)


def _sender(company: Company, place: str) -> Person:
    client = Client()
    begun = client.post(f"/shop/{company.brand.slug}/give/")
    company.draft = UUID(begun["Location"].split("/")[4])
    return Person("sender", place, company, client)


def _recipient(company: Company) -> Client:
    client = Client()
    for gift in (company.gift, company.enjoyed):
        client.post(f"/gift/{gift.link_token()}/opening/")
    return client


def _member(company: Company, place: str, role: str) -> Person:
    """An owner has a passkey, which they added in another browser, and a sheet that waits."""
    client, user = (
        Client(),
        make_user(company.brand, f"{role}@{company.word.lower()}.example", role),
    )
    if role == Membership.Role.OWNER:
        client.force_login(user)
        passkeys.add(client, passkeys.Passkey())
        client.logout()
        _sheet(company, user)
    if role in {Membership.Role.OWNER, Membership.Role.MARKETER}:
        _draft_list(company, user)
    client.force_login(user)
    return Person(role, place, company, client, signed_in=True)


def _sheet(company: Company, owner: User) -> None:
    """Uploaded by the owner, and not taken over yet."""
    treat = f"{company.brand.slug}-scoop"
    rows = [
        [1, ["ID", "Name", "Size", "Price", "Supplier"]],
        [2, [treat, "", "Regular", "7.00", "Ice & Co"]],
        [3, ["", f"Float{company.word}", "Regular", "4.50"]],
    ]
    table = {"kind": "CSV", "encoding": "UTF-8", "separator": ",", "rows": rows}
    with scope(brand=company.brand):
        upload.keep(table, brand=company.brand, user=owner, now=timezone.now())


def _of_store(company: Company, counter: Counter, place: str, role: str) -> Person:
    """A member of the brand for one of its stores only."""
    email = f"{role}@{counter.store.slug}.example"
    member = make_user(company.brand, email, role, stores=[counter.store])
    client = Client()
    client.force_login(member)
    return Person(role, place, company, client, signed_in=True, counter=counter)


def _at_counter(company: Company, counter: Counter, place: str) -> list[Person]:
    people = []
    for role, token in counter.tokens.items():
        client = Client()
        client.cookies["device"] = token
        member = {"cashier": counter.cashier, "manager": counter.manager}.get(role)
        if member:
            client.post("/till/sessions/", {"staff": str(member.pk), "pin": PIN})
        headers = {"Authorization": f"Device {token}", "Idempotency-Key": str(uuid4())}
        people.append(Person(role, place, company, client, headers, counter=counter))
    return people
