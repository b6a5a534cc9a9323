"""manage.py seed_demo: two brands to look at, with a past that holds together."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.contrib.staticfiles import finders
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import RequestFactory
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from brands.models import Brand, Store
from campaigns.facts.counters import NAMES
from campaigns.few import FEW
from campaigns.models import Campaign, Fact, Letter, Rollup, Visit
from demo import clock as past
from demo import history, leaflet, replay, today
from demo import seed as seeding
from demo.brands import BRANDS, FROSTY_SPOON, FURTHER, HARBOR_BEAN, PASSWORD, DemoBrand
from demo.management.commands.seed_demo import refuse_real_sites
from demo.stories import chains
from demo.talk import reviews
from giftshop.accounts.models import Invitation
from giftshop.catalog.models import Option, OptionGroup, Price, Treat
from giftshop.delivery.models import Delivery
from giftshop.handouts.counts import progress_of, standings
from giftshop.handouts.models import Handout
from giftshop.news.models import News
from giftshop.offers.models import Offer, OfferUse
from giftshop.orders import characters
from giftshop.orders.models import CameBy, Gift, Order
from giftshop.outbox import relay
from giftshop.outbox.models import Message
from giftshop.outbox.outbox import emit
from giftshop.outbox.topics import Topic
from giftshop.questions.models import Question
from giftshop.reasons.models import Answer
from giftshop.reviews.models import Review, Standing
from redemption.audit.log import Act
from redemption.models import AuditEntry, Code, Device, Redemption, StaffMember
from redemption.till import devices
from tests.campaigns.facts.test_rollups import counted, counted_of_sold
from tests.campaigns.recount import promotion

pytestmark = pytest.mark.django_db(transaction=True)


def seed(*words: str) -> str:
    out = StringIO()
    call_command("seed_demo", "--weeks", "1", *words, stdout=out, stderr=StringIO())
    return out.getvalue()


def rows() -> dict[str, int]:
    """How many there are of everything."""
    with scopes_disabled():
        return {model._meta.label: model.objects.count() for model in apps.get_models()}


def test_a_week_is_seeded_and_holds_together() -> None:
    """One long look at one seed, since each seed takes seconds."""
    began = timezone.now()
    words = seed()
    assert re.search(r"/l/\S+  asks for 2 recipients", words)
    first = rows()
    with scopes_disabled():
        check_that_all_of_it_is_there()
        for brand in Brand.objects.all():
            check_that_people_were_heard(brand)
        check_that_times_are_in_order()
        check_that_only_today_waits_in_the_outbox(began)
    assert mail.outbox == []
    check_that_sign_ins_work(words)

    again = seed()
    assert rows() == first
    assert token_of(again) != token_of(words)
    with pytest.raises(devices.PairingRefused):
        devices.pair(one_time_token=token_of(words))
    assert devices.pair(one_time_token=token_of(again)).device.store.slug == "pike-street"

    call_command("verify_ledger", stdout=StringIO())
    relay.drain()
    check_that_todays_letters_go_out()
    for brand in Brand.objects.all():
        check_that_sums_are_those_of_the_facts(brand)
        check_that_a_brand_sees_only_its_own(brand)


def check_that_people_were_heard(brand: Brand) -> None:
    """Questions, reviews, news and invitations in every state."""
    asked = Question.objects.filter(brand=brand)
    assert {each.state for each in asked} == set(Question.State.values)
    assert {bool(each.shown_at) for each in asked if each.answer} == {True, False}
    assert all(each.mailed_at and not each.email for each in asked if each.answer)
    said = Review.objects.filter(brand=brand)
    assert said
    for standing in Standing.objects.filter(brand=brand):
        assert standing.shown == said.filter(treat=standing.treat, state="shown").count()
    today = timezone.localdate(timezone.now(), brand.tz)
    news = {each.state_on(today) for each in News.objects.filter(brand=brand)}
    assert news == set(News.State)
    offers = {each.name: each for each in Offer.objects.filter(brand=brand)}
    by_code, early = (
        offers.pop("Something sweet for less"),
        offers.pop("Thirty percent for the first"),
    )
    assert by_code.used > 0
    assert early.used == early.uses_max
    discounts = Order.objects.paid().filter(brand=brand).values_list("discount", flat=True)
    assert sum(discounts) == by_code.spent + early.spent
    assert {name: each.used for name, each in offers.items()} == {
        "A taste on us": 7,
        "For the first five": 5,
        "One for you": 0,
        "See you soon": 1,
        "For you, from all of us": 12 + 3,  # of four letters one came back
    }
    sheet, mailed = Handout.objects.filter(brand=brand).order_by("made_at")
    stand = standings([sheet.pk, mailed.pk], timezone.now())
    assert (stand[sheet.pk].redeemed, stand[sheet.pk].good) == (3, 9)
    came = progress_of(mailed.pk)
    assert (came.sent, came.came_back, stand[mailed.pk].taken_back) == (3, 1, 1)
    sides = {each.side for each in Answer.objects.filter(brand=brand)}
    assert sides == {"owner", "marketer", "sender", "recipient"}
    its_own = {account.email for data in BRANDS for account in data.accounts}
    invited = Invitation.objects.filter(brand=brand).exclude(email__in=its_own)
    assert len(invited.exclude(accepted_at=None)) == len(invited.exclude(withdrawn_at=None)) == 1
    assert len(invited.waiting(timezone.now())) == 1
    assert len(invited) == 4  # and one that is too old


def check_that_all_of_it_is_there() -> None:
    for brand in Brand.objects.all():
        with scope(brand=brand):
            acts = set(AuditEntry.objects.values_list("act", flat=True))
        assert {Act.BRAND_OPENED, Act.TREAT_ADDED, Act.STORE_ADDED, Act.SHOP_OPENED} <= acts
    assert set(Brand.objects.values_list("slug", "currency")) == {
        ("frosty-spoon", "USD"),
        ("harbor-bean", "EUR"),
    }
    assert Counter(Store.objects.values_list("brand__slug", flat=True)) == {
        "frosty-spoon": 3,
        "harbor-bean": 2,
    }
    assert Counter(Treat.objects.values_list("brand__slug", flat=True)) == {
        "frosty-spoon": 10,
        "harbor-bean": 10,
    }
    for treat in Treat.objects.all():
        assert finders.find(treat.art), treat.art
        assert {tag: set(said) for tag, said in treat.translations.items()} == {
            tag: {"name", "description", "category"} for tag in FURTHER
        }
    for rows_said in (Price.objects.filter(most=None), OptionGroup.objects, Option.objects):
        assert all(set(row.translations) == set(FURTHER) for row in rows_said.all())
    assert all(set(gift.translations) == set(FURTHER) for gift in Gift.objects.all())
    assert Campaign.objects.count() == 7
    asking = Campaign.objects.get(least_recipients=2)
    assert asking.state_on(timezone.localdate(timezone.now(), asking.brand.tz)) == "live"
    states = [each.state_at(timezone.now()) for each in Campaign.objects.select_related("brand")]
    assert Counter(states) == {"live": 3, "draft": 2, "paused": 1, "ended": 1}
    assert all(each.story and each.art and each.headline for each in Campaign.objects.all())
    assert Campaign.objects.filter(share_texts__elsewhere__gt="").count() == 3
    assert Device.objects.paired().values("store").distinct().count() == 5
    managers = StaffMember.objects.filter(role=StaffMember.Role.MANAGER)
    assert managers.values("stores").distinct().count() == 5
    assert Visit.objects.exists()
    assert Redemption.objects.exists()
    states = {
        gift.progress
        for gift in Gift.objects.with_everything().filter(order__key__contains="today")
    }
    assert states == {
        *("enjoyed", "opened", "chosen", "scheduled", "ready", "sent", "undelivered", "on_hold"),
    }
    mended = Gift.objects.with_everything().filter(order__key__contains="mended")
    assert sorted(gift.progress for gift in mended) == [
        *("enjoyed", "on_hold", "opened", "ready", "ready", "scheduled", "undelivered"),
    ]
    told = Gift.objects.with_everything().filter(order__key__contains="today:privacy")
    assert {gift.order.key.rpartition(":")[2]: gift.progress for gift in told} == {
        "reminded": "sent",
        "asked": "sent",
        "not-me": "undelivered",
        "erased": "opened",
    }
    assert [gift.order.key[-5:] for gift in told if gift.asked_at] == ["asked"]
    unopened = Gift.objects.filter(order__key__contains="demo:unopened")
    told_a_day = {gift.order.key.rpartition(":")[2]: bool(gift.returns_at) for gift in unopened}
    assert told_a_day == {"asked": True, "left": False, "returned": True}  # nobody to pay it here
    assert [gift.is_held_back for gift in told].count(True) == 1
    assert [gift.recipient.name for gift in told].count("") == 1


def check_that_times_are_in_order() -> None:
    for gift in Gift.objects.with_everything().exclude(order__key__contains="today"):
        if gift.sent_at:
            assert gift.sent_at >= (gift.deliver_at or gift.order.paid_at)
        if gift.opened_at:
            assert gift.opened_at >= (gift.sent_at or gift.order.paid_at)
        if gift.thanked_at:
            assert gift.opened_at
            assert gift.thanked_at > gift.opened_at
        for redemption in gift.code.redemptions.all():
            assert gift.opened_at
            assert redemption.redeemed_at > gift.opened_at
            hours = redemption.store.hours_on(
                redemption.redeemed_at.astimezone(redemption.store.tz).date()
            )
            at = f"{redemption.redeemed_at.astimezone(redemption.store.tz):%H:%M}"
            assert hours.split("-")[0] <= at <= hours.split("-")[1]
    of_the_past = {
        f"gift:{gift.pk}": gift for gift in Gift.objects.exclude(order__key__contains="today")
    }
    sent = Delivery.objects.filter(purpose="gift", subject__in=of_the_past)
    assert sent
    for delivery in sent:
        gift = of_the_past[delivery.subject]
        assert gift.sent_at
        assert abs(delivery.created_at - gift.sent_at) < timedelta(minutes=1)


def check_that_only_today_waits_in_the_outbox(began: datetime) -> None:
    waiting = Message.objects.filter(done_at__isnull=True)
    assert waiting.exists()
    todays = began - today.BEGINS
    for message in waiting:
        assert message.occurred_at > todays or message.available_at > todays
    assert not waiting.exclude(error="").exists()


def check_that_todays_letters_go_out() -> None:
    subjects = Counter(letter.subject for letter in mail.outbox)
    assert subjects["Cleo, Amara sent you a treat"] == 1
    assert sum(count for subject, count in subjects.items() if "sent you a treat" in subject) <= 9
    of_mondays = {to for each in mail.outbox if "Monday" in each.subject for to in each.to}
    assert "priya@frosty-spoon.example" in of_mondays
    with scopes_disabled():  # of one week there may be nothing to say; forgotten is no store
        stores = Letter.objects.exclude(store=None).values_list("store__slug", flat=True)
        assert set(stores) == {"pike-street", "ballard", "alki-beach"}
    assert not Message.objects.filter(
        done_at__isnull=True, available_at__lte=timezone.now()
    ).exists()


def check_that_sums_are_those_of_the_facts(brand: Brand) -> None:
    with scope(brand=brand):
        facts = list(Fact.objects.all())
        visits = Visit.objects.all()
        sums: Counter[str] = Counter("repeats" if v.is_repeat else "visits" for v in visits)
        for fact in facts:
            sums.update(counted(fact))
            sums.update(counted_of_sold(fact) if fact.sold_at else {})
        kept = Rollup.objects.seen_by(Rollup.Grain.BRAND)
        for counter in NAMES:
            assert sum(kept.values_list(counter, flat=True)) == sums[counter], counter
        assert sums["orders"] == Order.objects.paid().count()
        assert sums["gifts_sold"] == Gift.objects.count()
        assert sums["revenue"] == sum(Order.objects.paid().values_list("total", flat=True))
        assert sums["redeemed"] == Redemption.objects.standing().count()
        standing = Redemption.objects.standing()
        begun = standing.values("code").distinct().count()
        coupons = OfferUse.objects.filter(order_id=None).values("code")  # which nobody had bought
        of_coupons = standing.filter(code__in=coupons).values("code").distinct().count()
        assert sums["redeemed_of_sold"] == begun - of_coupons
        spent = Code.objects.filter(state=Code.State.REDEEMED).count()
        assert spent <= begun <= sums["redeemed"]
        assert {fact.currency for fact in facts} == {brand.currency}
        true = promotion(brand)
        assert {name: sums[name] for name in true} == true
        assert true["coupons"] > true["coupons_used"] > 0


def check_that_a_brand_sees_only_its_own(brand: Brand) -> None:
    with scope(brand=brand):
        for model in (Store, Treat, Order, Gift, Code, Device, StaffMember, Campaign, Fact, Visit):
            assert set(model.objects.values_list("brand", flat=True)) == {brand.pk}, model


def check_that_sign_ins_work(words: str) -> None:
    request = RequestFactory().post("/accounts/login/")
    for data in BRANDS:
        for account in data.accounts:
            assert account.email in words
            user = authenticate(request, username=account.email, password=PASSWORD)
            assert user is not None
            assert [m.brand.slug for m in user.memberships.all()] == [data.slug]
        with scope(brand=Brand.objects.get(slug=data.slug)):
            for place in data.stores:
                store = Store.objects.get(slug=place.slug)
                name, _role, pin = place.team[0]
                assert f"{name} {pin}" in words
                assert StaffMember.objects.at(store).get(name=name).has_pin(pin)


def token_of(words: str) -> str:
    return words.partition("/till/pair/#")[2].split()[0]


@pytest.mark.parametrize(
    "words",
    [["--brand", FROSTY_SPOON.slug], pytest.param([], marks=pytest.mark.stress)],
    ids=["one brand", "both"],
)
@pytest.mark.stress
def test_an_interrupted_history_goes_on_where_it_stopped(
    monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    """Of both, the other's process is stopped as well."""
    real = replay.Stage.enjoy
    calls = iter(range(1000))

    def stumble(*args: Any, **words: Any) -> None:
        if next(calls) == 4:
            raise KeyboardInterrupt
        real(*args, **words)

    with monkeypatch.context() as patch:
        patch.setattr(replay.Stage, "enjoy", stumble)
        with pytest.raises(KeyboardInterrupt):
            seed(*words)
    assert abs(timezone.now() - datetime.now(UTC)) < timedelta(minutes=1)
    seed(*words)
    relay.drain()
    for brand in Brand.objects.all():
        check_that_sums_are_those_of_the_facts(brand)
        with scope(brand=brand):
            visits = Visit.objects.values_list("link", "visitor", "at")
            assert len(set(visits)) == len(visits)
            assert today.is_played(FROSTY_SPOON)
    call_command("verify_ledger", stdout=StringIO())


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("BASE_URL", "https://gifts.example.com", "Demo data is not for https://gifts.example.com"),
        ("BASE_URL", "https://8.8.8.8:8000", "Demo data is not for https://8.8.8.8:8000"),
        ("STRIPE_LIVEMODE", True, "live key"),
    ],
)
def test_a_real_site_is_refused(settings: Any, setting: str, value: object, words: str) -> None:
    setattr(settings, setting, value)
    with pytest.raises(CommandError, match=words):
        seed()
    assert not Brand.objects.exists()


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "https://192.168.1.20:8000"])
def test_this_machine_and_the_local_network_are_no_real_site(settings: Any, url: str) -> None:
    settings.BASE_URL = url
    refuse_real_sites()


@pytest.mark.parametrize("data", BRANDS, ids=lambda data: data.slug)
def test_the_same_brand_has_the_same_past(data: DemoBrand) -> None:
    first_day = datetime(2026, 3, 2, tzinfo=UTC).date()
    one, other = (list(history.plan(data, first_day=first_day, days=56)) for _ in range(2))
    assert one == other


@pytest.mark.parametrize("data", BRANDS, ids=lambda data: data.slug)
def test_eight_weeks_hold_chains_of_three_generations(data: DemoBrand) -> None:
    first_day = datetime(2026, 3, 2, tzinfo=UTC).date()
    ended = datetime(2026, 4, 27, tzinfo=UTC)
    story = list(history.plan(data, first_day=first_day, days=56))
    grown = chains.grown(data, story, ended=ended)
    assert grown == chains.grown(data, story, ended=ended)
    generations = Counter(bought.key.count(":on:") for bought in grown)
    assert generations[1] >= FEW
    assert generations[2] >= FEW
    assert generations[3]
    assert {bought.came.way for bought in grown if bought.came} == set(CameBy)
    keys = {part.key for part in story if isinstance(part, history.Bought)}
    for bought in grown:  # after the one that it came from
        assert bought.came
        assert bought.came.key in keys
        keys.add(bought.key)


@pytest.mark.parametrize("data", BRANDS, ids=lambda data: data.slug)
def test_eight_weeks_look_like_a_business_that_grows(data: DemoBrand) -> None:
    first_day = datetime(2026, 3, 2, tzinfo=UTC).date()
    story = list(history.plan(data, first_day=first_day, days=56))
    end = datetime(2026, 4, 27, 12, tzinfo=UTC)
    orders = [part for part in story if isinstance(part, history.Bought) and part.paid_at < end]
    gifts = [gift for order in orders for gift in order.gifts]
    enjoyed = [gift.enjoyed for gift in gifts if gift.enjoyed and gift.enjoyed.at < end]
    assert 90 <= len(orders) <= 220
    assert 0.55 <= len(enjoyed) / len(gifts) <= 0.75
    middle = first_day + timedelta(days=28)
    assert sum(order.paid_at.date() >= middle for order in orders) > len(orders) / 2
    assert {place.slug for place in data.stores} == {visit.store for visit in enjoyed}


@pytest.mark.parametrize("data", BRANDS, ids=lambda data: data.slug)
def test_eight_weeks_hold_reviews_that_are_shown_hidden_and_waiting(data: DemoBrand) -> None:
    """Whatever weekday it is."""
    for weekday in range(7):
        first_day = datetime(2026, 3, 2 + weekday, tzinfo=UTC).date()
        story = list(history.plan(data, first_day=first_day, days=56))
        ended = datetime(first_day.year, first_day.month, first_day.day, 18, tzinfo=UTC)
        acts = list(reviews.acts(data, story, ended=ended + timedelta(days=56)))
        judged = [act.do.args[2] for act in acts if act.do.func is reviews._judge]  # type: ignore[attr-defined]
        assert {why for why in judged if why} == {"personal", "advertising"}
        assert len(judged) > 30
        assert len(acts) > 2 * len(judged), "some wait"


@pytest.mark.parametrize("data", BRANDS, ids=lambda data: data.slug)
def test_every_card_can_be_sent(data: DemoBrand) -> None:
    designs = set(Gift.Design.values)
    for card in data.cards:
        assert card.design in designs
        assert not characters.is_too_long(card.to("Mareike-Antonia"))
    assert {card.design for card in data.cards} == designs
    assert set(data.tongues) <= {card.tongue for card in data.cards}
    assert set(data.tongues) <= set(data.thanks)


def test_progress_is_shown_only_on_a_terminal(
    make_terminal: Callable[[bool], Any],
) -> None:
    for is_terminal in (True, False):
        out = make_terminal(is_terminal)
        show = leaflet.Progress(out)
        show.of("Harbor Bean")(3, 3)
        show.clear()
        assert ("100 %" in out.getvalue()) is is_terminal


@pytest.fixture
def make_terminal() -> Callable[[bool], Any]:
    class Terminal(StringIO):
        def __init__(self, is_terminal: bool) -> None:
            super().__init__()
            self.is_terminal = is_terminal

        def isatty(self) -> bool:
            return self.is_terminal

        def write(self, words: str, ending: str = "\n") -> int:
            return super().write(words + ending)

    return Terminal


def test_the_clock_and_the_mail_come_back_after_the_past(settings: Any) -> None:
    before = (timezone.now, settings.EMAIL_BACKEND)
    with pytest.raises(ZeroDivisionError), past.turned_back() as clock, past.without_mail():
        clock.shows = datetime(2020, 1, 1, tzinfo=UTC)
        assert timezone.now() == clock.shows
        raise ZeroDivisionError
    assert (timezone.now, settings.EMAIL_BACKEND) == before


def test_a_handler_that_fails_stops_the_story(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("campaigns.facts.record.record", lambda *_a, **_k: 1 / 0)
    with pytest.raises(RuntimeError, match="stumbled over"):
        seeding.seed(HARBOR_BEAN, weeks=1, progress=lambda _done, _total: None)


def test_what_follows_the_pasts_last_act_is_worked_off_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On this evening the last act is an order, whose gifts go out two seconds later."""
    evening = datetime(2026, 11, 22, 4, 34, 50, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: evening)
    seeding.seed(FROSTY_SPOON, weeks=1, progress=lambda _done, _total: None)
    waiting = Message.objects.filter(done_at__isnull=True)
    assert waiting.exists()
    assert not waiting.filter(available_at__lte=evening - today.BEGINS).exists()


@pytest.mark.stress
def test_what_other_brands_have_in_the_outbox_is_left_alone(brand: Brand, treat: Treat) -> None:
    with scope(brand=brand), transaction.atomic():
        emit(topic=Topic.ORDER_PAID, brand_id=brand.pk, payload={"order_id": "none of the demo's"})
    seeding.seed(HARBOR_BEAN, weeks=1, progress=lambda _done, _total: None)
    assert set(Message.objects.filter(brand_id=brand.pk).values_list("attempts", flat=True)) == {0}
