"""Having an offer: once for each person, within its caps to the cent, booked as promotion."""

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django_scopes import scopes_disabled
from pytest_django import DjangoAssertNumQueries

from brands.models import Brand
from core.forms.version import SavedSince, version_of
from giftshop.catalog.models import Price, Treat
from giftshop.offers import write
from giftshop.offers.models import Offer, OfferUse
from giftshop.offers.use import UseRefusal, UseRefused, given_by, promise, use
from giftshop.offers.write import OfferRefused, facts_of
from redemption.models import Account, AuditEntry, Code, Posting
from tests.giftshop.offers.made import MIA, NOW, make_offer

DAY = timedelta(days=1)


def refused(offer: Offer, who: str = "browser:late", **asked: object) -> UseRefusal:
    with pytest.raises(UseRefused) as found:
        use(offer_id=offer.pk, holder=who, **{"now": NOW, **asked})  # type: ignore[arg-type]
    return found.value.reason


def booked() -> int:
    found = Posting.objects.filter(account=Account.PROMO_EXPENSE).aggregate(sum=Sum("amount"))
    return found["sum"] or 0


@pytest.mark.usefixtures("in_brand")
class TestUse:
    def test_a_treat_is_given_as_a_promotional_code(self, brand: Brand, treat: Treat) -> None:
        had = use(offer_id=make_offer(brand, treat).pk, holder="browser:a", now=NOW)
        code = had.code
        assert (code.origin, code.kind, code.label) == (
            *("promotional", "item"),
            "Double scoop, Regular",
        )
        assert (code.amount, had.cost, booked()) == (650, 650, 650)
        assert code.last_day == date(2026, 6, 4), "thirty days after the fifth of May"
        assert [each["key"] for each in code.choices] == ["size", "flavour"]
        call_command("verify_ledger")

    def test_an_amount_too(self, brand: Brand) -> None:
        code = use(offer_id=make_offer(brand).pk, holder="browser:a", now=NOW).code
        assert (code.kind, code.amount, code.label) == ("value", 500, "A scoop on us")

    def test_asked_twice_it_is_the_same(self, brand: Brand) -> None:
        offer = make_offer(brand, uses_max=1)
        first, second = (use(offer_id=offer.pk, holder="browser:a", now=NOW) for _ in "12")
        assert first.pk == second.pk
        assert refused(offer) == UseRefusal.USED_UP
        assert (Offer.objects.get().used, Code.objects.count()) == (1, 1)

    def test_an_offer_knows_nobody_of_another(self, brand: Brand) -> None:
        for offer in (make_offer(brand), make_offer(brand, name="Another")):
            use(offer_id=offer.pk, holder="browser:a", now=NOW)
        people = {bytes(each.person) for each in OfferUse.objects.all()}
        assert len(people) == 2

    def test_it_costs_so_many_statements(
        self, brand: Brand, treat: Treat, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        offer = make_offer(brand, treat)
        with django_assert_num_queries(20):
            use(offer_id=offer.pk, holder="browser:a", now=NOW)
        with django_assert_num_queries(2):
            use(offer_id=offer.pk, holder="browser:a", now=NOW)

    def test_each_cap_says_why(self, brand: Brand, treat: Treat) -> None:
        offer = make_offer(brand, uses_a_day_max=1, ends_on=date(2026, 5, 7))
        assert refused(offer, now=NOW - DAY) == UseRefusal.SOON
        use(offer_id=offer.pk, holder="browser:a", now=NOW)
        assert refused(offer) == UseRefusal.BACK_TOMORROW
        use(offer_id=offer.pk, holder="browser:b", now=NOW + DAY)
        assert refused(offer, now=NOW + 3 * DAY) == UseRefusal.OVER
        write.pause(offer, by=MIA, now=NOW)
        assert refused(offer, now=NOW + 2 * DAY) == UseRefusal.PAUSED
        write.go_on(offer, by=MIA, now=NOW)
        use(offer_id=offer.pk, holder="browser:c", now=NOW + 2 * DAY)

    def test_what_is_not_sold_is_not_given(self, brand: Brand, treat: Treat) -> None:
        offer = make_offer(brand, treat)
        Treat.objects.update(is_active=False)
        assert refused(offer) == UseRefusal.NOT_ON_THE_MENU

    def test_nobody_gets_less_than_they_were_shown(self, brand: Brand, treat: Treat) -> None:
        offer = make_offer(brand, treat)
        seen = promise(offer, given_by(offer, NOW.date()))
        Price.objects.filter(key="regular").update(amount=100)
        assert refused(offer, seen=seen) == UseRefusal.CHANGED
        assert Code.objects.count() == 0

    def test_the_database_refuses_one_too_many(self, brand: Brand) -> None:
        offer = make_offer(brand, uses_max=1, budget=500)
        for wrong in ({"used": 2}, {"spent": 501}, {"good_days": 400}, {"amount": 0}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Offer.objects.filter(pk=offer.pk).update(**wrong)

    def test_a_budget_is_never_overrun_by_a_cent(self, brand: Brand, treat: Treat) -> None:
        """Random prices, budgets, numbers, days and people who ask twice."""
        rng = random.Random(14)
        for history in range(12):
            budget = rng.randint(1, 4000)
            most = rng.choice([None, rng.randint(1, 8)])
            a_day = rng.choice([None, rng.randint(1, 3)])
            offer = make_offer(
                brand,
                treat,
                name=f"No. {history}",
                budget=budget,
                uses_max=most,
                uses_a_day_max=a_day,
            )
            before, now = booked(), NOW
            for _ in range(14):
                Price.objects.filter(key="regular").update(amount=rng.randint(1, 900))
                now += rng.choice([timedelta(0), DAY / 2])
                try:
                    use(offer_id=offer.pk, holder=f"browser:{rng.randint(1, 9)}", now=now)
                except UseRefused:
                    continue
            offer.refresh_from_db()
            uses = OfferUse.objects.filter(offer=offer)
            cost = sum(each.cost for each in uses)
            assert offer.spent == cost == booked() - before <= budget
            assert offer.used == uses.count() <= (most or 14)
            days = [each.used_at.astimezone(brand.tz).date() for each in uses]
            assert max(map(days.count, days), default=0) <= (a_day or 14)
        call_command("verify_ledger")


@pytest.mark.usefixtures("in_brand")
class TestWrite:
    def test_sent_twice_it_is_one(self, brand: Brand) -> None:
        assert make_offer(brand).pk == make_offer(brand).pk
        assert [entry.act for entry in AuditEntry.objects.all()] == ["offer.added"]

    def test_no_cap_goes_below_what_was_had(self, brand: Brand) -> None:
        offer = make_offer(brand, budget=2000)
        for who in "ab":
            use(offer_id=offer.pk, holder=f"browser:{who}", now=NOW)
        for less in ({"uses_max": 1}, {"budget": 999}):
            with pytest.raises(OfferRefused):
                write.rewrite(offer, facts=replace(facts_of(offer), **less), by=MIA, now=NOW)
        enough = replace(facts_of(offer), uses_max=2, budget=1000)
        assert write.rewrite(offer, facts=enough, by=MIA, now=NOW)
        assert refused(offer) == UseRefusal.USED_UP

    def test_an_older_tab_overwrites_nothing(self, brand: Brand) -> None:
        offer = make_offer(brand)
        with pytest.raises(SavedSince):
            facts = replace(facts_of(offer), name="Two scoops")
            write.rewrite(offer, facts=facts, by=MIA, now=NOW, seen=version_of("older"))

    def test_each_turn_is_told_once(self, brand: Brand) -> None:
        offer = make_offer(brand)
        for turn in (write.pause, write.pause, write.go_on, write.go_on):
            turn(offer, by=MIA, now=NOW)
        with scopes_disabled():
            acts = [entry.act for entry in AuditEntry.objects.order_by("pk")]
        assert acts == ["offer.added", "offer.paused", "offer.went_on"]
