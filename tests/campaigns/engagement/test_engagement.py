"""How people engage, equal to a recount in SQL; each person once, by the most that they did."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django_scopes import scope

from brands.models import Brand, Store
from campaigns.dashboard.period import Period
from campaigns.engagement import figures
from campaigns.engagement.kinds import Kind, Level
from campaigns.links import counter_visits, links
from campaigns.models import Link
from core.ids import uuid7
from giftshop.orders.models import CameBy, Draft, Gift, Order, Recipient
from giftshop.questions.models import Question
from giftshop.reasons import answer
from giftshop.reasons.models import Answer
from giftshop.reviews.models import Review
from giftshop.texts.models import Consent
from tests.cast import Place, pay
from tests.page_words import plain_text

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 14, 19, tzinfo=UTC)
PERIOD = Period(date(2026, 5, 10), date(2026, 5, 20))

RECOUNT = """
WITH sold AS (
  SELECT * FROM orders_order
   WHERE brand_id = %(brand)s AND state = 'paid' AND paid_at BETWEEN %(from)s AND %(to)s
), browser AS (
  SELECT DISTINCT ON (visitor) visitor, lower(sender_email) AS person FROM sold
   WHERE visitor <> '' AND sender_email <> '' ORDER BY visitor, paid_at, id
), gift AS (
  SELECT gift.*, coalesce(nullif(lower(recipient.email), ''), nullif(recipient.phone, ''), gift.id::text)
         AS person
    FROM orders_gift AS gift JOIN orders_recipient AS recipient ON recipient.id = gift.recipient_id
   WHERE gift.brand_id = %(brand)s
), seen AS (
  SELECT visitor FROM campaigns_visit WHERE brand_id = %(brand)s AND at BETWEEN %(from)s AND %(to)s
  UNION SELECT visitor FROM campaigns_countervisit
   WHERE brand_id = %(brand)s AND at BETWEEN %(from)s AND %(to)s
), act(person, level) AS (
  SELECT gift.person, CASE WHEN review.words <> '' THEN 1 ELSE 2 END
    FROM reviews_review AS review JOIN gift ON gift.id = review.gift_id
   WHERE review.changed_at BETWEEN %(from)s AND %(to)s
  UNION ALL SELECT coalesce(nullif(lower(email), ''), id::text), 1 FROM questions_question
   WHERE brand_id = %(brand)s AND state <> 'spam' AND asked_at BETWEEN %(from)s AND %(to)s
  UNION ALL SELECT lower(sender_email), 1 FROM sold WHERE from_gift_id IS NOT NULL
     AND EXISTS (SELECT FROM gift WHERE gift.order_id = sold.id AND message <> '')
  UNION ALL SELECT person, 2 FROM gift WHERE thanked_at BETWEEN %(from)s AND %(to)s
  UNION ALL SELECT coalesce(browser.person, encode(seen.visitor, 'hex')), 3
    FROM seen LEFT JOIN browser USING (visitor)
  UNION ALL SELECT phone, 3 FROM texts_consent WHERE brand_id = %(brand)s AND withdrawn_at IS NULL
     AND given_at BETWEEN %(from)s AND %(to)s
), best AS (SELECT person, min(level) AS level FROM act GROUP BY 1),
everybody AS (
  SELECT person FROM best UNION SELECT lower(sender_email) FROM sold
  UNION SELECT person FROM gift WHERE order_id IN (SELECT id FROM sold)
)
SELECT (SELECT count(*) FROM everybody), count(*) FILTER (WHERE level = 1),
       count(*) FILTER (WHERE level = 2), count(*) FILTER (WHERE level = 3) FROM best
"""


def recount(brand: Brand) -> tuple[int, ...]:
    start, end = figures.moments_of(brand, PERIOD)
    with connection.cursor() as cursor:
        cursor.execute(RECOUNT, {"brand": brand.pk, "from": start, "to": end})
        return tuple(cursor.fetchone())


def seen(brand: Brand) -> figures.Engagement:
    with scope(brand=brand):
        return figures.of_days(brand, PERIOD)


def told(brand: Brand) -> tuple[int, ...]:
    found = seen(brand)
    return (found.everybody, *(found.levels[level] for level in Level))


def sent_from(order: Order, email: str, at: datetime) -> None:
    with scope(brand=order.brand):
        Order.objects.filter(pk=order.pk).update(sender_email=email)
    pay(order, at)


def review(gift: Gift, words: str, at: datetime) -> None:
    Review.objects.create(
        brand_id=gift.brand_id, gift=gift, treat=gift.treat, stars=5, words=words, language="en",
        written_at=at, changed_at=at,
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_every_number_is_what_a_recount_says(
    brand: Brand, store: Store, link: Link, place: Place, seed: int
) -> None:
    dice = random.Random(seed)
    people = [f"p{number}@people.example" for number in range(30)]

    def when() -> datetime:
        return NOON + timedelta(days=dice.uniform(-8, 10))

    for number in range(35):
        at, draft = when(), None
        with scope(brand=brand):
            if number and dice.random() < 0.4:
                gift = dice.choice(list(Gift.objects.issued()))
                draft = Draft.objects.create(
                    brand=brand, came_by=CameBy.REPLY, from_gift_id=gift.pk
                )
        visitor = f"browser-{dice.randrange(15)}" if dice.random() < 0.5 else ""
        order = place(
            recipients=("Ben", "Cleo")[: dice.randint(1, 2)],
            key=str(number), draft=draft, visitor_id=visitor, now=at,
        )  # fmt: skip
        sent_from(order, dice.choice(people).title(), at)
        with scope(brand=brand):
            for gift in order.gifts.select_related("treat").all():
                email, phone = dice.choice(
                    [(dice.choice(people), ""), ("", ""), ("", "+12065550142")]
                )
                Recipient.objects.filter(pk=gift.recipient_id).update(email=email, phone=phone)
                gift.message = dice.choice(["", "Enjoy"])
                gift.thanked_at = dice.choice([None, when()])
                gift.save()
                if dice.random() < 0.3:
                    review(gift, dice.choice(["", "Lovely"]), when())
    with scope(brand=brand):
        for _number in range(20):
            links.follow(link=link, visitor_id=f"browser-{dice.randrange(25)}", now=when())
            counter_visits.record(
                store=store, redemption_id=uuid7(), visitor_id=f"browser-{dice.randrange(25)}", now=when()
            )  # fmt: skip
        for number in range(8):
            Question.objects.create(
                brand=brand, name="A", email=dice.choice(["", dice.choice(people)]), words="Open?",
                language="en", asked_at=(at := when()), changed_at=at,
                state=dice.choice([Question.State.WAITING, Question.State.SPAM]),
            )  # fmt: skip
            Consent.objects.create(
                brand=brand, phone=f"+1206555014{number}", words="Yes?", language="en", page="gift:x",
                asked_at=at, given_at=dice.choice([None, at]),
            )  # fmt: skip
    assert told(brand) == recount(brand)
    assert sum(told(brand)[1:]) > 20


def test_the_highest_act_is_what_a_person_is(brand: Brand, link: Link, place: Place) -> None:
    """Amy follows a link, orders in that browser, and is thanked for a gift by Ben, who writes a review."""
    with scope(brand=brand):
        links.follow(link=link, visitor_id="amys", now=NOON)
    order = pay(place(visitor_id="amys", now=NOON), NOON)
    found = seen(brand)
    assert (found.everybody, found.connected) == (3, 1)
    assert found.levels[Level.SILENT] == 1
    with scope(brand=brand):
        ben = order.gifts.select_related("treat").get(position=1)
        Gift.objects.filter(pk=ben.pk).update(thanked_at=NOON)
    assert seen(brand).levels == {Level.AUTHOR: 0, Level.CASUAL: 1, Level.SILENT: 1}
    with scope(brand=brand):
        review(ben, "Lovely", NOON)
    found = seen(brand)
    assert found.levels == {Level.AUTHOR: 1, Level.CASUAL: 0, Level.SILENT: 1}
    assert [[act.kind for act in acts] for acts in found.people_of(Level.AUTHOR)] == [[Kind.REVIEW]]
    assert found.people_of(Level.CASUAL) == [], "what made them what they are is their review"


def test_one_mailbox_in_two_spellings_is_one_person(brand: Brand, place: Place) -> None:
    with scope(brand=brand):
        for number, email in enumerate(("amy+gifts@gmail.com", "A.my@gmail.com")):
            sent_from(place(key=str(number), recipients=("Ben",), now=NOON), email, NOON)
    assert seen(brand).everybody == 2, "Amy, and Ben twice"


def test_an_answer_counts_its_person_and_tells_nothing_more(brand: Brand, place: Place) -> None:
    order = pay(place(recipients=("Ben",), now=NOON), NOON)
    with scope(brand=brand):
        answer.keep(
            Answer(brand=brand, side=Answer.Side.SENDER),
            answer.subject_of_order(order.pk),
            ("treat", "new", "event"),
            NOON,
        )
        answer.keep(
            Answer(brand=brand, side=Answer.Side.RECIPIENT),
            answer.subject_of_gift(uuid7()),  # of an order of other days
            ("treat", "new", "event"),
            NOON,
        )
    found = seen(brand)
    assert found.levels[Level.CASUAL] == 2
    assert found.everybody == 3
    assert {act.about for act in found.acts} == {""}


def test_who_answers_for_a_gift_of_other_days_is_whom_their_other_acts_show(
    brand: Brand, place: Place
) -> None:
    """Ben's gift was sold before these days. In them he says thanks and why he comes: he is one."""
    before = NOON - timedelta(days=9)
    order = pay(place(recipients=("Ben",), now=before), before)
    with scope(brand=brand):
        ben = order.gifts.select_related("treat").get()
        Gift.objects.filter(pk=ben.pk).update(thanked_at=NOON)
        review(ben, "Lovely", NOON)
        answer.keep(
            Answer(brand=brand, side=Answer.Side.RECIPIENT),
            answer.subject_of_gift(ben.pk),
            ("treat", "new", "event"),
            NOON,
        )
    found = seen(brand)
    assert found.everybody == 1
    assert found.levels == {Level.AUTHOR: 1, Level.CASUAL: 0, Level.SILENT: 0}


def test_what_happened_on_other_days_is_not_counted(brand: Brand, link: Link, place: Place) -> None:
    """By the brand's clock: the last day ends at its midnight."""
    with scope(brand=brand):
        end = figures.moments_of(brand, PERIOD)[1]
        links.follow(link=link, visitor_id="late", now=end + timedelta(microseconds=1))
        assert seen(brand).connected == 0
        links.follow(link=link, visitor_id="in time", now=end)
    assert seen(brand).connected == 1


def test_more_than_a_quarter_is_cut() -> None:
    long = Period(date(2026, 1, 1), date(2026, 12, 31))
    assert figures.shown(long).days == figures.DAYS_MAX
    assert figures.shown(long).last == long.last
    assert figures.shown(PERIOD) == PERIOD


def people(brand: Brand, link: Link, place: Place, *, silent: int, casual: int) -> str:
    """The page's address for days on which so many came."""
    with scope(brand=brand):
        for number in range(silent):
            links.follow(link=link, visitor_id=f"silent-{number}", now=NOON)
        for number in range(casual):
            order = pay(place(key=str(number), recipients=("Ben",), now=NOON), NOON)
            gift = order.gifts.all()[0]
            Recipient.objects.filter(pk=gift.recipient_id).update(
                email=f"r{number}@friends.example"
            )
            Gift.objects.filter(pk=gift.pk).update(thanked_at=NOON)
    return f"/studio/{brand.slug}/engagement/"


DAYS = {"from": "2026-05-10", "to": "2026-05-20"}


def test_the_page_tells_shares_and_each_number_leads_to_its_acts(
    owner_client: Client, brand: Brand, link: Link, place: Place, django_assert_max_num_queries: Any
) -> None:
    page = people(brand, link, place, silent=8, casual=6)
    with django_assert_max_num_queries(22):
        html = owner_client.get(page, DAYS).content.decode()
    text = plain_text(html)
    assert "14 of 15 people" not in text, "the one who only gave would be told"
    assert "Everybody the brand met but fewer than five" in text
    assert "93%" not in text, "with 14 that would be 15"
    assert 'max="15"' not in html
    assert "6 · 43%" in text
    assert "In the study: 75%" in text
    assert "In the study it was" not in text
    acts = owner_client.get(f"{page}casual/", DAYS).content.decode()
    assert "Each of them on a line" in plain_text(acts)
    assert acts.count('<td role="cell">Said thanks</td>') == 6
    assert "@" not in plain_text(acts.partition("<main")[2].partition("</main>")[0])
    assert owner_client.get(f"{page}friends/", DAYS).status_code == 404


def test_fewer_than_five_are_not_told(
    owner_client: Client, brand: Brand, link: Link, place: Place
) -> None:
    page = people(brand, link, place, silent=9, casual=2)
    text = plain_text(owner_client.get(page, DAYS).content.decode())
    assert "fewer than five" in text
    assert "not told, or the few would be" in text
    for level in ("casual", "silent"):
        acts = plain_text(owner_client.get(f"{page}{level}/", DAYS).content.decode())
        assert "They are fewer than five" in acts
        assert "May 14" not in acts
        assert "Friday post" not in acts
