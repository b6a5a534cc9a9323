"""An answer goes out once, in the language of asking, and the address is forgotten with it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from giftshop.accounts.access import actor_of
from giftshop.accounts.models import User
from giftshop.delivery.models import Delivery
from giftshop.delivery.suppression import suppress
from giftshop.operator import retention
from giftshop.outbox.models import Message
from giftshop.questions import answer, subscribers
from giftshop.questions.answer import QuestionRefusal, QuestionRefused
from giftshop.questions.models import Question
from redemption.models import AuditEntry
from tests.giftshop.questions.test_ask import asked, the_only

pytestmark = pytest.mark.django_db

PAGE = "/shop/frosty-spoon/questions/"


@pytest.fixture
def question(brand: Brand) -> Question:
    return asked(brand, language="es", may_be_shown=True)


def answered(question: Question, owner: User, *, show: bool = True) -> Question:
    with scope(brand=question.brand):
        return answer.answer(
            question, words="It is.", show=show, by=actor_of(owner), now=timezone.now()
        )


def send_it() -> None:
    subscribers.send_answer(Message.objects.get(topic="question.answered"))


def test_it_is_mailed_once_in_the_language_of_asking_and_the_address_is_forgotten(
    brand: Brand, question: Question, owner: User
) -> None:
    answered(question, owner)
    for _twice in range(2):
        send_it()
    [letter] = mail.outbox
    assert letter.to == ["ada@asks.example"]
    assert "responde" in letter.subject
    assert "It is." in str(letter.body)
    assert "Is the mint vegan?" in str(letter.body)
    kept = the_only(brand)
    assert kept.email == ""
    assert kept.mailed_at is not None
    with scope(brand=brand):
        assert [each.address for each in Delivery.objects.all()] == [""]


def test_whoever_wants_no_mails_gets_none(brand: Brand, question: Question, owner: User) -> None:
    suppress(address="ada@asks.example", brand=brand)
    answered(question, owner)
    send_it()
    assert mail.outbox == []
    kept = the_only(brand)
    assert (kept.email, kept.mailed_at) == ("", None)
    assert kept.undeliverable_at is not None


def test_hostile_words_are_words_everywhere(brand: Brand, owner: User, client: Client) -> None:
    question = asked(
        brand, words='"><img src=x onerror=alert(1)>', name="<b>Eve</b>", may_be_shown=True
    )
    with scope(brand=brand):
        answer.answer(
            question,
            words="</p><script>alert(2)</script>",
            show=True,
            by=actor_of(owner),
            now=timezone.now(),
        )
    send_it()
    html = str(mail.outbox[0].alternatives[0][0])  # type: ignore[attr-defined]
    client.force_login(owner)
    studio = f"/studio/{brand.slug}/questions/"
    pages = [html] + [
        client.get(path).content.decode()
        for path in (PAGE, f"{studio}{question.pk}/", f"{studio}?state=answered")
    ]
    for page in pages:
        assert "<img src=x" not in page
        assert "<b>Eve" not in page
        assert "<script>alert" not in page
        assert "&lt;img" in page


def test_only_what_both_agree_to_is_shown_and_it_can_be_taken_down(
    brand: Brand, question: Question, owner: User, client: Client
) -> None:
    by, now = actor_of(owner), timezone.now()
    assert answered(question, owner, show=False).shown_at is None
    assert "Is the mint vegan?" not in client.get(PAGE).content.decode()
    with scope(brand=brand):
        answer.show(question, by=by, now=now)
    page = client.get(PAGE).content.decode()
    assert "Is the mint vegan?" in page
    assert "It is." in page
    assert "ada" in page
    assert "asks.example" not in page
    with scope(brand=brand):
        answer.take_down(question, by=by, now=now)
    assert "Is the mint vegan?" not in client.get(PAGE).content.decode()


def test_a_question_asked_in_private_is_never_shown(brand: Brand, owner: User) -> None:
    private = asked(brand)
    assert answered(private, owner, show=True).shown_at is None
    with scope(brand=brand), pytest.raises(QuestionRefused) as refused:
        answer.show(private, by=actor_of(owner), now=timezone.now())
    assert refused.value.reason == QuestionRefusal.NOT_AGREED


def test_of_two_owners_one_answers(brand: Brand, question: Question, owner: User) -> None:
    answered(question, owner)
    with pytest.raises(QuestionRefused) as refused:
        answered(question, owner)
    assert refused.value.reason == QuestionRefusal.OVER
    assert Message.objects.filter(topic="question.answered").count() == 1
    with scope(brand=brand), pytest.raises(QuestionRefused):
        answer.close(question, as_spam=True, by=actor_of(owner), now=timezone.now())


def test_each_act_is_on_the_audit_log_without_words_or_names(
    brand: Brand, question: Question, owner: User
) -> None:
    by, now = actor_of(owner), timezone.now()
    with scope(brand=brand):
        answer.close(question, as_spam=True, by=by, now=now)
        answer.reopen(question, by=by, now=now)
    answered(question, owner, show=False)
    with scope(brand=brand):
        answer.show(question, by=by, now=now)
        answer.take_down(question, by=by, now=now)
        answer.take_down(question, by=by, now=now)
        entries = list(AuditEntry.objects.order_by("number"))
    assert [entry.act for entry in entries] == [
        *("question.closed", "question.reopened", "question.answered"),
        *("question.shown", "question.taken_down"),
    ]
    said = "".join(f"{entry.subject}{entry.details}" for entry in entries)
    assert not any(word in said for word in ("mint", "ada", "It is."))


def test_what_is_not_shown_goes_after_its_time_and_what_is_shown_stays(
    brand: Brand, question: Question, owner: User
) -> None:
    shown = asked(brand, words="And the cone?", may_be_shown=True)
    answered(shown, owner)
    retention.run(now=timezone.now() + timedelta(days=91))
    assert the_only(brand).pk == shown.pk


class TestInTheStudio:
    def url(self, question: Question, act: str = "") -> str:
        return f"/studio/frosty-spoon/questions/{question.pk}/{act}"

    def test_the_inbox_counts_what_waits_and_answers_from_there(
        self, brand: Brand, question: Question, owner_client: Client
    ) -> None:
        page = owner_client.get("/studio/frosty-spoon/questions/").content.decode()
        assert "Is the mint vegan?" in page
        assert 'nav-count nums">1<' in page
        shown = owner_client.get(self.url(question)).content.decode()
        assert "in Spanish" in shown
        assert "asks.example" not in shown
        assert owner_client.post(self.url(question), {"words": ""}).status_code == 422
        done = owner_client.post(
            self.url(question), {"words": "It is.", "show": "on"}, follow=True
        ).content.decode()
        assert "Your answer is on its way to ada." in done
        assert 'nav-count nums">1<' not in done
        assert the_only(brand).shown_at is not None
        assert owner_client.post(self.url(question), {"words": "No."}).status_code == 409

    def test_spam_is_put_aside_and_comes_back(
        self, brand: Brand, question: Question, owner_client: Client
    ) -> None:
        owner_client.post(self.url(question, "closure/"), {"spam": "yes"})
        assert the_only(brand).state == Question.State.SPAM
        assert (
            "vegan"
            in owner_client.get("/studio/frosty-spoon/questions/?state=spam").content.decode()
        )
        owner_client.post(self.url(question, "return/"))
        assert the_only(brand).state == Question.State.WAITING
        owner_client.post(self.url(question, "closure/"))
        assert the_only(brand).state == Question.State.CLOSED
        refused = owner_client.post(self.url(question, "display/"), {"on": "yes"}, follow=True)
        assert "whose asker agreed" in refused.content.decode()

    def test_the_list_stays_within_its_queries(
        self, brand: Brand, owner_client: Client, django_assert_max_num_queries: Any
    ) -> None:
        now = timezone.now()
        with scope(brand=brand):
            Question.objects.bulk_create(
                Question(
                    brand=brand, name="Ada", words=f"Number {number}?", language="en",
                    asked_at=now, changed_at=now + timedelta(seconds=number),
                )
                for number in range(60)
            )  # fmt: skip
        with django_assert_max_num_queries(7):
            page = owner_client.get("/studio/frosty-spoon/questions/").content.decode()
        assert page.index("Number 0?") < page.index("Number 49?")
        assert "Number 50?" not in page
