"""Signing in with a code from an e-mail: once, for ten minutes, in the browser that asked for it."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from brands.models import Brand
from giftshop.accounts.models import AccountLetter, User
from giftshop.delivery.subscribers import send_account_letter
from giftshop.outbox.models import Message
from giftshop.sign_in.codes import PER_ADDRESS, PER_NETWORK
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)

LOGIN, CODE = "/accounts/login/", "/accounts/code/"
HOME, CAFE = "192.0.2.1", "198.51.100.7"


def ask(client: Client, email: str, address: str = HOME, **more: str) -> Any:
    return client.post(LOGIN, {"username": email, **more}, REMOTE_ADDR=address)


def sent_code() -> str:
    """Of the letter that was asked for last."""
    send_account_letter(Message.objects.filter(topic="account.notified").latest("pk"))
    found = re.search(r"^\d{4}-\d{4}$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found
    return found[0]


def type_in(client: Client, code: str, path: str = CODE) -> Any:
    return client.post(path, {"code": code})


def is_in(client: Client) -> bool:
    return "/accounts/login/" not in client.get("/studio/").headers.get("Location", "")


def test_a_code_by_mail_signs_in(client: Client, owner: User) -> None:
    assert ask(client, owner.email.upper()).headers["Location"] == CODE
    assert owner.email in client.get(CODE).content.decode()
    code = sent_code()
    assert mail.outbox[-1].to == [owner.email]
    assert code in str(mail.outbox[-1].alternatives[0][0])  # type: ignore[attr-defined]
    assert type_in(client, code.replace("-", " ")).headers["Location"] == "/studio/"
    assert is_in(client)


def test_it_needs_no_password(client: Client, owner: User) -> None:
    owner.set_unusable_password()
    owner.save()
    ask(client, owner.email)
    type_in(client, sent_code())
    assert is_in(client)


def test_one_is_led_to_where_one_wanted_to_be_and_never_to_another_site(owner: User) -> None:
    for wanted, led in (
        ("/studio/frosty-spoon/devices/",) * 2,
        ("https://evil.example/", "/studio/"),
    ):
        client = Client()
        to_code = ask(client, owner.email, next=wanted).headers["Location"]
        assert type_in(client, sent_code(), to_code).headers["Location"] == led


def test_the_code_is_good_once_and_in_its_browser_alone(owner: User) -> None:
    here, elsewhere = Client(), Client()
    ask(here, owner.email)
    code = sent_code()
    ask(elsewhere, owner.email, CAFE)
    assert type_in(elsewhere, code).status_code == 422
    assert type_in(here, code).status_code == 302
    here.post("/accounts/logout/")
    assert type_in(here, code).headers["Location"] == LOGIN
    assert not is_in(here)


def test_after_ten_minutes_it_is_of_no_use(client: Client, owner: User) -> None:
    ask(client, owner.email)
    code = sent_code()
    with time_machine.travel(timezone.now() + timedelta(minutes=10, seconds=1)):
        assert type_in(client, code).headers["Location"] == LOGIN
    ask(client, owner.email)
    AccountLetter.objects.update(expires_at=timezone.now())
    send_account_letter(Message.objects.latest("pk"))
    assert len(mail.outbox) == 1, "a letter that nobody waits for is not sent"


def test_three_wrong_ones_end_it(client: Client, owner: User) -> None:
    ask(client, owner.email)
    code = sent_code()
    wrong = "0000-0000" if code != "0000-0000" else "1111-1111"
    assert [type_in(client, wrong).status_code for _ in range(3)] == [422, 422, 302]
    assert "too many tries" in client.get(LOGIN).content.decode()
    assert type_in(client, code).headers["Location"] == LOGIN
    assert not is_in(client)


def test_codes_typed_at_once_are_no_more_tries(client: Client, owner: User) -> None:
    """allauth counts in the session, which many requests at once may read before one has written: so do we
    in the database. Here the session forgets each try."""
    ask(client, owner.email)
    sent_code()
    kept = Session.objects.get().session_data
    answers = []
    for _ in range(22):
        Session.objects.update(session_data=kept)
        answers.append(type_in(client, "none").status_code)
    assert answers == [422] * 20 + [429] * 2


def test_an_address_that_nobody_has_looks_alike_and_costs_the_same(owner: User) -> None:
    User.objects.create_user("gone@frosty.example", PASSWORD, is_active=False)
    told = []
    for email in (owner.email, "gone@frosty.example", "nobody@frosty.example"):
        client = Client()
        with CaptureQueriesContext(
            connection,
        ) as asked:
            answer = ask(client, email)
        tables = [re.sub(r"'[^']*'|\d+", "", each["sql"])[:60] for each in asked.captured_queries]
        page = client.get(CODE).content.decode().replace(email, "…")
        wrong = type_in(client, "1234-5678").status_code
        told.append(
            (
                answer.headers["Location"],
                re.sub(r'csrfmiddlewaretoken" value="[^"]*|nonce-\w+', "", page),
                wrong,
                sum(table.startswith(("INSERT", "SELECT")) for table in tables),
            )
        )
    assert told[0] == told[1] == told[2]
    assert AccountLetter.objects.count() == 1


def test_nobody_gets_many_letters_and_a_known_browser_goes_on(owner: User, brand: Brand) -> None:
    known = Client()
    assert ask(known, owner.email, password=PASSWORD).status_code == 302
    known.post("/accounts/logout/")
    statuses = [ask(Client(), owner.email, CAFE).status_code for _ in range(PER_NETWORK + 1)]
    assert statuses == [302] * PER_NETWORK + [429]
    for number in range(PER_ADDRESS):
        last = ask(Client(), owner.email, f"203.0.113.{number}").status_code
    assert last == 429
    assert ask(known, owner.email, HOME).status_code == 302
    strange = ask(Client(), "nobody@frosty.example", CAFE)
    assert strange.status_code == 302, "others' are counted by themselves"


def test_the_code_stands_nowhere_in_clear(
    client: Client, owner: User, caplog: pytest.LogCaptureFixture
) -> None:
    ask(client, owner.email)
    letter = AccountLetter.objects.get()
    code = letter.secret()
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_data FROM django_session")
        rows = " ".join(row[0] for row in cursor.fetchall())
    assert code not in rows + str(Message.objects.get().payload) + caplog.text
    assert code.encode() not in bytes(letter.secret_ciphertext or b"")
    sent_code()
    letter.refresh_from_db()
    assert letter.secret_ciphertext is None


def test_a_known_browser_is_one_by_code_too(client: Client, owner: User) -> None:
    ask(client, owner.email)
    type_in(client, sent_code())
    assert "known" in client.cookies


@override_settings(
    CACHES={
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1",
        }
    }
)
def test_it_needs_no_cache(client: Client, owner: User) -> None:
    """One that is away is not even asked; limits are counted in the database."""
    ask(client, owner.email)
    assert type_in(client, sent_code()).status_code == 302
    for _ in range(PER_NETWORK):
        last = ask(Client(), owner.email).status_code
    assert last == 429


def test_an_operator_hears_from_the_installation(client: Client, brand: Brand) -> None:
    User.objects.create_user("operator@example.com", is_staff=True)
    ask(client, "operator@example.com")
    code = sent_code()
    assert mail.outbox[-1].subject == "Your code for 127.0.0.1"
    assert type_in(client, code).status_code == 302


def test_no_page_of_allauth_is_there(client: Client, db: None) -> None:
    for path in ("/accounts/signup/", "/accounts/email/", "/accounts/", "/accounts/confirm-email/"):
        assert client.get(path).status_code == 404
