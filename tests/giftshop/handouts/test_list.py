"""A list: read line by line, given once for each address, by letters that can be stopped for good."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from giftshop.accounts.models import User
from giftshop.catalog.models import Treat
from giftshop.delivery import suppression
from giftshop.delivery.models import Delivery, Report
from giftshop.handouts import end, people, send_list, send_one
from giftshop.handouts.counts import Progress, progress_of
from giftshop.handouts.hand_out import FewerLeft
from giftshop.handouts.models import Handout, HandoutLine, ListDraft
from giftshop.handouts.people import LINES_MAX
from giftshop.offers import write
from giftshop.offers.models import Offer, OfferUse
from giftshop.offers.use import UseRefused
from giftshop.outbox import relay
from giftshop.outbox.models import Message
from giftshop.privacy import clear, erase_handed_out
from redemption.models import AuditEntry, Code
from tests.giftshop.offers.made import MIA, make_offer

pytestmark = pytest.mark.django_db

THREE = "Ben Okafor, ben@friends.example\nAna <ana@friends.example>\ncleo@friends.example"


@pytest.fixture
def offer(brand: Brand, treat: Treat) -> Offer:
    return make_offer(brand, treat, uses_max=10, terms="One for each person.")


def keep(offer: Offer, marketer: User, text: str = THREE) -> ListDraft:
    with scope(brand=offer.brand):
        return send_list.keep(
            brand=offer.brand,
            user_id=marketer.pk,
            offer=offer,
            lines=people.typed(text),
            now=timezone.now(),
        )


def send(draft: ListDraft, *, seen: str = "", now: datetime | None = None) -> Handout:
    now = now or timezone.now()
    with scope(brand=draft.brand):
        fresh = (
            ListDraft.objects.select_related("brand", "offer__brand").filter(pk=draft.pk).first()
        )
        told = send_list.dry_run(fresh, now)[0].version if fresh else ""
        return send_list.send(
            brand=draft.brand,
            user_id=draft.user_id,
            draft_id=draft.pk,
            seen=seen or told,
            reason="Regulars",
            words="They agreed.",
            by=MIA,
            now=now,
        )


def verdicts(offer: Offer, text: str) -> list[tuple[int, str]]:
    with scope(brand=offer.brand):
        told = people.judge(people.typed(text), offer, offer.brand, None)
    return [(line.row, line.verdict.value) for line in told.lines]


def lines_of(made: Handout) -> dict[str, HandoutLine]:
    with scope(brand=made.brand):
        lines = made.lines.select_related("use__code").order_by("position")
        return {line.email: line for line in lines}


class TestReading:
    def test_what_is_typed(self) -> None:
        found = people.typed(f"Name, E-mail\n\n{THREE}\nBen\nben@example,com")
        assert [(each["row"], each["name"], each["email"], each["why"]) for each in found] == [
            (3, "Ben Okafor", "ben@friends.example", ""),
            (4, "Ana", "ana@friends.example", ""),
            (5, "Cleo", "cleo@friends.example", ""),
            (6, "Ben", "", "no_address"),
            (7, "", "", "address"),
        ]

    def test_a_table_by_its_columns_or_without(self) -> None:
        named = [
            (1, ["Phone", "First name", "Last name", "E-mail", "Notes"]),
            (2, [{"number": "5"}, "Ben", "Okafor", "ben@friends.example", "likes mint, rum"]),
            (4, ["", "", "", "ana@friends.example"]),
        ]
        plain = [(1, ["Okafor, Ben", "ben@friends.example"]), (2, ["Ana", "ana@friends"])]
        assert [(each["row"], each["name"], each["email"]) for each in people.of_table(named)] == [
            (2, "Ben Okafor", "ben@friends.example"),
            (4, "Ana", "ana@friends.example"),
        ]
        assert [(each["row"], each["name"], each["email"]) for each in people.of_table(plain)] == [
            (1, "Ben Okafor", "ben@friends.example"),
            (2, "", ""),
        ]

    @pytest.mark.parametrize("text", ["", "\n \n", "Name, E-mail"])
    def test_nobody(self, text: str) -> None:
        with pytest.raises(ValidationError):
            people.typed(text)

    def test_too_many(self) -> None:
        many = [f"A{n}, a{n}@friends.example" for n in range(LINES_MAX + 1)]
        assert len(people.typed("\n".join(many[:-1]))) == LINES_MAX
        with pytest.raises(ValidationError):
            people.typed("\n".join(many))

    def test_who_is_skipped_and_why(self, offer: Offer, brand: Brand, marketer: User) -> None:
        with scope(brand=brand):
            suppression.suppress(address="ana@friends.example", brand=brand)
            suppression.suppress(address="dan@friends.example", brand=None)
        send(keep(offer, marketer, "Cleo, cleo@friends.example"))
        text = f"{THREE}\nBen, BEN+x@friends.example\nDan, dan@friends.example\nElla\nEve, eve@x.example"
        assert verdicts(offer, text) == [
            (1, "gets_one"),
            *((2, "stopped"), (3, "had"), (4, "double"), (5, "stopped"), (6, "wrong")),
            (7, "gets_one"),
        ]


class TestSending:
    def test_each_gets_a_letter_from_the_brand_that_can_be_stopped(
        self, offer: Offer, brand: Brand, marketer: User
    ) -> None:
        made = send(keep(offer, marketer))
        offer.refresh_from_db()
        assert (made.number, made.cost, offer.used, offer.spent) == (3, 1950, 3, 1950)
        assert (made.consent_words, made.made_by_name) == ("They agreed.", "Mia")
        with scope(brand=brand):
            assert not Code.objects.exists(), "each is given as its letter leaves"
        relay.drain()
        assert sorted(each.to[0] for each in mail.outbox) == sorted(lines_of(made))
        letter = next(each for each in mail.outbox if each.to == ["ben@friends.example"])
        assert letter.subject == "Ben, something for you from Frosty Spoon Creamery"
        assert "via" not in letter.from_email
        assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert "Never write to me again" in str(letter.body)
        assert "A promotional gift from" in str(letter.body)
        for line in lines_of(made).values():
            assert line.state == "sent"
            assert line.use is not None
            assert line.use.code is not None
            assert line.use.code.reveal() not in str([each.body for each in mail.outbox])
            assert line.use.link_token() in str([each.body for each in mail.outbox])
        relay.drain()
        assert len(mail.outbox) == 3
        call_command("verify_ledger")

    def test_once_for_its_page_and_once_for_each_address(
        self, offer: Offer, brand: Brand, marketer: User
    ) -> None:
        draft = keep(offer, marketer)
        assert send(draft) == send(draft, seen="an older page")
        with scope(brand=brand), pytest.raises(send_list.ChangedSince):
            send(keep(offer, marketer))  # all of them had one
        other = send(keep(offer, marketer, f"{THREE}\nDan, dan@friends.example"))
        assert list(lines_of(other)) == ["dan@friends.example"]
        relay.drain()
        assert len(mail.outbox) == 4

    def test_all_of_it_or_nothing(self, offer: Offer, brand: Brand, marketer: User) -> None:
        Offer._base_manager.update(uses_max=2)
        draft = keep(offer, marketer)
        with pytest.raises(FewerLeft) as refused:
            send(draft)
        assert refused.value.left == 2
        with scope(brand=brand):
            write.pause(offer, by=MIA, now=timezone.now())
        with pytest.raises(UseRefused):
            send(draft)
        with scope(brand=brand):
            assert not OfferUse.objects.exists()
            assert not Handout.objects.exists()
            assert ListDraft.objects.count() == 1

    def test_whoever_wants_no_mail_since_changes_what_was_seen(
        self, offer: Offer, brand: Brand, marketer: User
    ) -> None:
        draft = keep(offer, marketer)
        with scope(brand=brand):
            fresh = ListDraft.objects.select_related("brand", "offer__brand").get(pk=draft.pk)
            seen = send_list.dry_run(fresh, timezone.now())[0].version
            suppression.suppress(address="ana@friends.example", brand=brand)
        with pytest.raises(send_list.ChangedSince):
            send(draft, seen=seen)
        assert send(draft).number == 2

    def test_whoever_says_so_while_it_is_sent_costs_nothing(
        self, offer: Offer, brand: Brand, marketer: User
    ) -> None:
        made = send(keep(offer, marketer))
        suppression.suppress(address="ana@friends.example", brand=brand)
        relay.drain()
        assert [line.state for line in lines_of(made).values()] == ["sent", "left_out", "sent"]
        offer.refresh_from_db()
        assert (offer.used, offer.spent) == (2, 1300)

    def test_it_is_stopped(self, offer: Offer, brand: Brand, marketer: User) -> None:
        made = send(keep(offer, marketer))
        with scope(brand=brand):
            first = made.lines.order_by("position")[0]
            send_one.send_one(line_id=first.pk, now=timezone.now())
            for _twice in range(2):
                end.end(handout_id=made.pk, reason="", by=MIA, now=timezone.now())
        relay.drain()
        assert len(mail.outbox) == 1
        with scope(brand=brand):
            assert progress_of(made.pk) == Progress(0, 1, 0, 0, 2, 0)
            assert list(Code.objects.values_list("state", flat=True)) == ["active"]
            assert AuditEntry.objects.filter(act="handout.stopped").count() == 1
        offer.refresh_from_db()
        assert (offer.used, offer.spent, offer.used_that_day) == (1, 650, 1)
        assert send(keep(offer, marketer)).number == 2, "those who got nothing may get one"
        call_command("verify_ledger")

    def test_a_letter_in_a_workers_hands_asks_once_more(
        self, offer: Offer, brand: Brand, marketer: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = send(keep(offer, marketer, "Ben, ben@friends.example"))
        write_letter = send_one.HANDED_OUT.compose
        assert write_letter is not None

        def stopped_meanwhile(delivery: Delivery, line: HandoutLine) -> Any:
            end.end(handout_id=made.pk, reason="", by=MIA, now=timezone.now())
            return write_letter(delivery, line)

        object.__setattr__(send_one.HANDED_OUT, "compose", stopped_meanwhile)
        try:
            relay.drain()
        finally:
            object.__setattr__(send_one.HANDED_OUT, "compose", write_letter)
        assert mail.outbox == []
        [line] = lines_of(made).values()
        assert line.state == "stopped"
        with scope(brand=brand):
            assert Code.objects.get().state == "voided"
        offer.refresh_from_db()
        assert (offer.used, offer.spent, offer.used_that_day) == (0, 0, 0)

    @pytest.mark.parametrize(("opened", "state"), [(False, "voided"), (True, "active")])
    def test_what_came_back_is_taken_back_unless_they_opened_it(
        self, offer: Offer, brand: Brand, marketer: User, opened: bool, state: str
    ) -> None:
        made = send(keep(offer, marketer, "Ben, ben@friends.example"))
        relay.drain()
        with scope(brand=brand):
            if opened:
                HandoutLine.objects.update(opened_at=timezone.now())
            delivery = Delivery.objects.get(purpose="handed_out")
            delivery.state = Delivery.State.BOUNCED
            send_one.HANDED_OUT.when_reported(delivery, Report(), timezone.now())
            assert Code.objects.get().state == state
            assert progress_of(made.pk).came_back == (not opened)
        offer.refresh_from_db()
        assert (offer.used, offer.spent) == ((1, 650) if opened else (0, 0))

    def test_2000_are_promised_in_few_statements_and_leave_ten_a_second(
        self, brand: Brand, treat: Treat, marketer: User, django_assert_max_num_queries: Any
    ) -> None:
        offer = make_offer(brand, treat, uses_max=5000)
        text = "\n".join(f"A{n}, a{n}@friends.example" for n in range(2000))
        draft, now = keep(offer, marketer, text), timezone.now()
        with django_assert_max_num_queries(60):
            made = send(draft, now=now)
        with scope(brand=brand):
            assert made.lines.count() == OfferUse.objects.count() == 2000
        due = Message.objects.filter(topic="handout.due").order_by("available_at")
        assert due.filter(available_at__lte=now).count() == send_list.A_SECOND
        last = due.last()
        assert last is not None
        assert last.available_at == now + timedelta(seconds=199)

    def test_lists_of_a_brand_leave_ten_a_second_together(
        self, brand: Brand, treat: Treat, marketer: User, other_brand: Brand
    ) -> None:
        now = timezone.now()
        for number, people_of_it in enumerate((25, 30, 10)):
            offer = make_offer(brand, treat, uses_max=5000, name=f"No. {number}")
            text = "\n".join(f"A{n}, a{n}@friends.example" for n in range(people_of_it))
            made = send(keep(offer, marketer, text), now=now)
        due = Message.objects.filter(topic="handout.due")
        seconds = Counter(due.values_list("available_at", flat=True))
        assert max(seconds.values()) == send_list.A_SECOND
        assert max(seconds) - now == timedelta(seconds=6)
        with scope(brand=brand):
            assert made.good_until >= max(seconds)
            end.end(handout_id=made.pk, reason="", by=MIA, now=now)
        with scope(brand=other_brand):
            assert send_list._turn(other_brand, now) == 0
        with scope(brand=brand):
            assert send_list._turn(brand, now) == 55


class TestForgetting:
    def test_by_their_own_wish(self, offer: Offer, brand: Brand, marketer: User) -> None:
        made = send(keep(offer, marketer))
        with scope(brand=brand):
            ben = made.lines.get(email="ben@friends.example")
            send_one.send_one(line_id=ben.pk, now=timezone.now())
            for address in ("BEN@friends.example", "ana@friends.example", "nobody@x.example"):
                erase_handed_out.erase(address, now=timezone.now())
        relay.drain()
        assert [each.to for each in mail.outbox] == [
            ["ben@friends.example"],
            ["cleo@friends.example"],
        ]
        with scope(brand=brand):
            states = made.lines.order_by("position").values_list("name", "email", "state")
            assert list(states) == [
                ("", "", "sent"),
                ("", "", "left_out"),
                ("Cleo", "cleo@friends.example", "sent"),
            ]
            assert not Delivery.objects.filter(address__iexact="ben@friends.example").exists()
            assert Code.objects.filter(state="active").count() == 2, "it stays good"
        offer.refresh_from_db()
        assert offer.used == 2

    def test_by_their_own_wish_on_a_list_that_waits(
        self, offer: Offer, brand: Brand, marketer: User
    ) -> None:
        line = "Ben <B.en+x@gmail.com>, Ana <ana@friends.example>"
        draft = keep(
            offer, marketer, f"{line}\nben@gmail.com,com\n(ben@gmail.com\nCleo, cleo@x.example"
        )
        with scope(brand=brand):
            told, _left = send_list.dry_run(draft, timezone.now())
            erase_handed_out.erase("ben@gmail.com", now=timezone.now())
            draft.refresh_from_db()
            assert "gmail" not in str(draft.lines)
            assert [row["name"] for row in draft.lines] == ["Ana", "Cleo"]
            assert draft.lines[1]["text"] == "Cleo, cleo@x.example"
        with pytest.raises(send_list.ChangedSince):
            send(draft, seen=told.version)
        assert list(lines_of(send(draft))) == ["ana@friends.example", "cleo@x.example"]

    def test_never_sent_lists_of_one_offer_give_back_what_each_was_counted_with(
        self, offer: Offer, brand: Brand, treat: Treat, marketer: User
    ) -> None:
        cheap = send(keep(offer, marketer, "Ben, ben@friends.example"))
        with scope(brand=brand):
            treat.prices.update(amount=900)
        dear = send(keep(offer, marketer, "Ana, ana@friends.example"))
        assert cheap.amount != dear.amount
        clear.run(now=dear.good_until + timedelta(days=brand.people_kept_days + 1))
        offer.refresh_from_db()
        assert (offer.used, offer.spent) == (0, 0)

    def test_by_age(self, offer: Offer, brand: Brand, marketer: User) -> None:
        made = send(keep(offer, marketer))
        relay.drain()
        over = made.good_until + timedelta(days=brand.people_kept_days)
        clear.run(now=over - timedelta(hours=1))
        assert "ben@friends.example" in lines_of(made)
        clear.run(now=over + timedelta(hours=1))
        assert list(lines_of(made)) == [""]


def test_nobody_elses_list_is_sent(offer: Offer, marketer: User, owner: User) -> None:
    draft = keep(offer, marketer)
    for draft_id, user_id in ((draft.pk, owner.pk), (uuid4(), marketer.pk)):
        with scope(brand=offer.brand), pytest.raises(send_list.NothingWaits):
            send_list.send(
                brand=offer.brand,
                user_id=user_id,
                draft_id=draft_id,
                seen="",
                reason="x",
                words="y",
                by=MIA,
                now=timezone.now(),
            )
