"""Who forgot their password gets a link by e-mail, once, for an hour; nobody learns who has an account."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from brands.models import Brand
from giftshop.accounts.models import AccountLetter, BrowserSession, User
from giftshop.delivery.subscribers import send_account_letter
from giftshop.outbox.models import Message
from giftshop.sign_in.password_views import LETTERS_MAX
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)

FORGOT = "/accounts/password/"
NEW = "nine scoops on a sunday"


def ask(email: str) -> tuple[int, str, str]:
    """Status, where it leads and what it says."""
    answer = Client().post(FORGOT, {"email": email}, follow=True)
    [(led, status)] = answer.redirect_chain
    said = re.search(r"If somebody signs in with[^<]*", answer.content.decode())
    assert said
    return status, led, said[0].replace(email, "…")


def sign_in(client: Client, owner: User, password: str) -> bool:
    sent = {"username": owner.email, "password": password}
    return client.post("/accounts/login/", sent).status_code == 302


def messages() -> Any:
    return Message.objects.filter(topic="account.notified")


def path_of(letter: Any) -> str:
    found = re.search(r"http\S+(/accounts/password/\S+)", str(letter.body))
    assert found
    return found[1]


def link_for(user: User) -> str:
    """As it stands in the letter."""
    ask(user.email)
    send_account_letter(messages().latest("pk"))
    return path_of(mail.outbox[-1])


def choose(client: Client, path: str, password: str = NEW) -> Any:
    shown = client.get(path)
    assert shown.status_code == 302
    assert path.split("/")[-2] not in shown["Location"], "the secret leaves the address"
    return client.post(shown["Location"], {"password": password})


def test_a_link_by_mail_leads_to_a_new_password_and_ends_other_sessions(owner: User) -> None:
    elsewhere, here = Client(), Client()
    assert sign_in(elsewhere, owner, PASSWORD)
    AccountLetter.objects.all().delete()  # which told of that browser
    messages().delete()
    ask(owner.email.upper())
    send_account_letter(messages().get())
    [letter] = mail.outbox
    assert letter.to == [owner.email]
    path = path_of(letter)
    assert choose(here, path)["Location"] == "/studio/"
    assert here.get("/studio/").status_code == 302
    assert set(messages().earliest("occurred_at").payload) == {"letter_id"}
    page = here.get("/account/").content.decode()
    assert "Your new password holds. Every other browser is signed out." in page
    assert BrowserSession.objects.count() == 1, "nor are others listed any more"
    assert "/accounts/login/" in elsewhere.get("/studio/")["Location"]
    assert sign_in(Client(), owner, NEW)
    assert not sign_in(Client(), owner, PASSWORD)
    assert Client().get(path).status_code == 404
    asked_for = AccountLetter.objects.get(kind=AccountLetter.Kind.NEW_PASSWORD)
    assert asked_for.secret_ciphertext is None, "no secret is kept"


def test_nobody_learns_who_has_an_account(owner: User, brand: Brand) -> None:
    User.objects.create_user("gone@example.com", PASSWORD, is_active=False)
    told = {ask(email) for email in ("no@example.com", "gone@example.com")}
    assert not messages().exists()
    assert told == {ask(owner.email)}
    assert messages().count() == 1


def test_an_account_gets_few_letters(owner: User) -> None:
    for _time in range(LETTERS_MAX):
        ask(owner.email)
    assert Client().post(FORGOT, {"email": owner.email}).status_code == 429
    assert messages().count() == LETTERS_MAX


def test_a_letter_that_nobody_waits_for_is_not_sent(owner: User) -> None:
    ask(owner.email)
    AccountLetter.objects.update(expires_at=timezone.now())
    send_account_letter(messages().get())
    User.objects.update(is_active=False)
    AccountLetter.objects.update(expires_at=timezone.now() + timedelta(hours=1))
    send_account_letter(messages().get())
    assert mail.outbox == []


def test_a_weak_password_is_refused_in_words_and_the_link_stays_good(owner: User) -> None:
    client, path = Client(), link_for(owner)
    weak = choose(client, path, "password1234")
    assert weak.status_code == 422
    assert "too common" in weak.content.decode()
    assert choose(client, path).status_code == 302


def test_after_an_hour_or_a_sign_in_it_is_of_no_use(owner: User) -> None:
    path = link_for(owner)
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        late = Client().get(path)
    assert late.status_code == 404
    assert "older than an hour" in late.content.decode()
    assert Client().get(path).status_code == 302
    assert sign_in(Client(), owner, PASSWORD)
    assert Client().get(path).status_code == 404
    assert Client().get(path.replace(path.split("/")[3], "eA")).status_code == 404
