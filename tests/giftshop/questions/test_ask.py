"""Anybody may ask, a program may not, and nobody can fill an owner's days or mail box."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from giftshop.accounts.models import User
from giftshop.catalog.models import Treat
from giftshop.outbox.models import Message
from giftshop.questions import ask as asking
from giftshop.questions import subscribers
from giftshop.questions.ask import Asked, AskRefusal, AskRefused
from giftshop.questions.models import Question
from tests.cast import make_treat, make_user

pytestmark = pytest.mark.django_db

RIGHT = {"words": "Is the mint vegan?", "name": "ada", "email": "Ada@Asks.example"}
PAGE = "/shop/frosty-spoon/questions/"


def asked(brand: Brand, **said: Any) -> Question:
    with scope(brand=brand):
        told = {"language": "en", **RIGHT, **said}
        return asking.ask(brand=brand, asked=Asked(**told), now=timezone.now())


def the_only(brand: Brand) -> Question:
    with scope(brand=brand):
        return Question.objects.select_related("treat").get()


def test_a_question_is_kept_in_the_language_of_asking_and_nobody_else_reads_it(
    client: Client, brand: Brand, treat: Treat
) -> None:
    answer = client.post(
        PAGE,
        {**RIGHT, "treat": treat.slug, "may_be_shown": "on"},
        headers={"Accept-Language": "es"},
    )
    assert answer["Location"] == f"{PAGE}?asked=yes"
    kept = the_only(brand)
    assert (kept.email, kept.language, kept.treat) == ("ada@asks.example", "es", treat)
    assert kept.may_be_shown
    page = client.get(answer["Location"]).content.decode()
    assert "Thank you for asking" in page
    assert "Is the mint vegan?" not in page


def test_what_is_wrong_is_told_and_nothing_is_kept(client: Client, brand: Brand) -> None:
    for wrong, said in (
        ({"words": ""}, "What would you like to know?"),
        ({"email": "ada"}, "does not look like an e-mail"),
        ({"name": "see www.spam.example"}, "without a web address"),
        ({"name": "Frosty Spoon"}, "the shop's name"),  # noqa: RUF100
    ):
        page = client.post(PAGE, {**RIGHT, **wrong})
        assert page.status_code == 422
        assert said in page.content.decode().replace("&#x27;", "'")
    with scope(brand=brand):
        assert not Question.objects.exists()


def test_another_brands_treat_is_no_choice(
    client: Client, brand: Brand, other_brand: Brand
) -> None:
    other = make_treat(other_brand, "flat-white")
    assert client.post(PAGE, {**RIGHT, "treat": other.slug}).status_code == 422
    assert "Flat white" not in client.get(f"{PAGE}?treat={other.slug}").content.decode()


def test_a_program_is_thanked_and_nothing_is_kept(client: Client, brand: Brand) -> None:
    assert client.post(PAGE, {**RIGHT, "homepage": "https://x.example"}).status_code == 302
    with scope(brand=brand):
        assert not Question.objects.exists()
    assert client.post(PAGE, {**RIGHT, "homepage": ""}).status_code == 302
    assert the_only(brand)


def test_a_script_is_stopped(client: Client, brand: Brand) -> None:
    statuses = [
        client.post(PAGE, {**RIGHT, "words": f"Number {number}?"}).status_code
        for number in range(12)
    ]
    assert statuses[-1] == 429


def test_the_same_question_twice_is_one(brand: Brand) -> None:
    assert asked(brand).pk == asked(brand, email="ADA@asks.example").pk
    assert Message.objects.filter(topic="question.asked").count() == 1


def test_too_many_of_an_address_or_of_a_brand_are_refused_in_words(
    brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(asking.OF_ADDRESS_MAX):
        asked(brand, words=f"Number {number}?")
    with pytest.raises(AskRefused) as refused:
        asked(brand)
    assert refused.value.reason == AskRefusal.OFTEN
    monkeypatch.setattr(asking, "WAITING_MAX", asking.OF_ADDRESS_MAX)
    with pytest.raises(AskRefused) as refused:
        asked(brand, email="ben@asks.example")
    assert refused.value.reason == AskRefusal.FULL
    answer = Client().post(PAGE, {**RIGHT, "email": "ben@asks.example"})
    assert answer.status_code == 409
    assert "no more fit" in answer.content.decode()


def test_each_owner_is_told_once_without_the_askers_address(brand: Brand, owner: User) -> None:
    make_user(brand, "second@frosty.example", "owner")
    make_user(brand, "fin@frosty.example", "finance")
    question = asked(brand, name="Bcc: x@y.example\nEve", words="<script>alert(1)</script>")
    message = Message.objects.get(topic="question.asked")
    for _twice in range(2):
        subscribers.tell_owners(message)
    assert {letter.to[0] for letter in mail.outbox} == {
        "olive@frosty.example",
        "second@frosty.example",
    }
    assert len(mail.outbox) == 2
    letter = mail.outbox[0]
    assert "\n" not in letter.subject
    assert letter.bcc == []
    html = str(letter.alternatives[0][0])  # type: ignore[attr-defined]
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert question.email not in html + str(letter.body) + str(letter.message())
    assert f"/studio/frosty-spoon/questions/{question.pk}/" in str(letter.body)


def test_a_day_of_many_questions_does_not_fill_a_mail_box(
    brand: Brand, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscribers, "TOLD_BY_MAIL_MAX", 2)
    for number in range(4):
        asked(brand, words=f"Number {number}?")
    for message in Message.objects.filter(topic="question.asked"):
        subscribers.tell_owners(message)
    assert len(mail.outbox) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"words": ""},
        {"name": ""},
        {"state": "answered"},
        {"answer": "Yes"},
        {"shown_at": timezone.now()},
        {"mailed_at": timezone.now()},
        {
            "state": "answered",
            "answer": "Yes",
            "answered_at": timezone.now(),
            "shown_at": timezone.now(),
        },
    ],
)
def test_the_database_refuses_what_makes_no_sense(brand: Brand, wrong: dict[str, Any]) -> None:
    question = asked(brand)
    with (
        scope(brand=brand),
        pytest.raises(IntegrityError, match="question_"),
        transaction.atomic(),
    ):
        Question.objects.filter(pk=question.pk).update(**wrong)


def test_the_page_stays_within_its_queries(
    client: Client, brand: Brand, treat: Treat, django_assert_max_num_queries: Any
) -> None:
    now = timezone.now()
    with scope(brand=brand):
        Question.objects.bulk_create(
            Question(
                brand=brand, treat=treat, name="Ada", words=f"Number {number}?", language="en",
                state="answered", answer="Yes.", may_be_shown=True, asked_at=now, changed_at=now,
                answered_at=now - timedelta(minutes=number), shown_at=now,
            )
            for number in range(25)
        )  # fmt: skip
    with django_assert_max_num_queries(6):
        page = client.get(PAGE).content.decode()
    assert page.index("Number 0?") < page.index("Number 19?")
    assert "Number 20?" not in page
    assert "Number 24?" in client.get(f"{PAGE}?page=2").content.decode()


def test_a_shop_that_opens_soon_is_asked_nothing(client: Client, brand: Brand) -> None:
    Brand.objects.update(opened_at=None)
    assert client.get(PAGE)["Location"] == "/shop/frosty-spoon/"
    assert client.post(PAGE, RIGHT)["Location"] == "/shop/frosty-spoon/"
    with scope(brand=brand):
        assert not Question.objects.exists()
