"""Second factors: added, asked for, used once, lost; and nothing usable in a copy of the database."""

import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone
from django_scopes import scopes_disabled
from fido2.cose import CoseKey

from giftshop.accounts.models import AccountLetter, User
from giftshop.delivery.subscribers import send_account_letter
from giftshop.outbox.models import Message
from giftshop.sign_in.factors import codes, factors
from giftshop.sign_in.factors.adapter import FactorAdapter, is_under_old_key
from giftshop.sign_in.factors.passkeys import _named as find_passkey
from redemption.models import AuditEntry
from tests import passkeys, plans
from tests.cast import PASSWORD
from tests.passkeys import Passkey

pytestmark = pytest.mark.django_db

FACTORS, STEP, STUDIO = "/account/factors/", "/accounts/second-step/", "/studio/frosty-spoon/"


def begin(user: User) -> Client:
    """Signed in by password, as far as that leads."""
    client = Client()
    sent = {"username": user.email, "password": PASSWORD, "next": STUDIO}
    assert client.post("/accounts/login/", sent).status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get(STUDIO).status_code == 200


def code(secret: str, at: datetime) -> str:
    return str(format_hotp_value(hotp_value(secret, int(at.timestamp()) // 30)))


def add_app(client: Client) -> str:
    """By the page; its key."""
    html = client.get(f"{FACTORS}app/").content.decode()
    shown = re.search(r"<code dir=\"ltr\">([A-Z2-7 ]+)</code>", html)
    assert shown
    secret = shown[1].replace(" ", "")
    answer = client.post(f"{FACTORS}app/", {"code": code(secret, timezone.now())})
    assert answer.status_code == 302, answer.content.decode()
    return secret


def recovery_codes(client: Client) -> list[str]:
    html = client.get(f"{FACTORS}recovery-codes/").content.decode()
    return re.findall(r"<code dir=\"ltr\">(\d{4}-\d{4})</code>", html)


def letters() -> list[str]:
    for message in Message.objects.filter(topic="account.notified", done_at=None).order_by("pk"):
        send_account_letter(message)
    return [str(letter.body) for letter in mail.outbox]


@pytest.mark.django_db(transaction=True)
def test_a_passkey_signs_in_alone_and_as_a_second_step(owner: User, owner_client: Client) -> None:
    phone = Passkey()
    added = passkeys.add(owner_client, phone, "Olive's phone")
    assert added["Location"] == f"{FACTORS}recovery-codes/", "with the first come recovery codes"
    assert len(recovery_codes(owner_client)) == 10

    alone = Client()
    answer = passkeys.sign_in(alone, phone, next=STUDIO)
    assert answer["Location"] == STUDIO
    assert is_in(alone)

    second = begin(owner)
    assert not is_in(second), "a password is only the first step now"
    assert second.get(STEP).status_code == 200
    assert passkeys.sign_in(second, phone, STEP).status_code == 302
    assert is_in(second)

    assert any("Olive's phone" in letter for letter in letters())
    with scopes_disabled():
        assert AuditEntry.objects.filter(act="factor.added").count() == 1


def test_a_wrong_passkey_opens_nothing_and_tells_nothing(owner: User, owner_client: Client) -> None:
    phone = Passkey()
    passkeys.add(owner_client, phone)
    unknown, unverified = Passkey(), Passkey(is_verified=False)
    elsewhere, below = Passkey("https://evil.example"), Passkey("http://x.testserver")
    forged = Passkey()
    for other in (unverified, elsewhere, below, forged):
        other.id = phone.id
    for other in (unverified, elsewhere, below):
        other.key = phone.key
    below.rp = phone.rp
    said = set()
    for wrong in (unknown, unverified, elsewhere, below, forged):
        client = Client()
        answer = passkeys.sign_in(client, wrong)
        assert answer.status_code == 422
        assert not is_in(client)
        said.add(re.sub(r'value="[\w-]{64}"', "", answer.content.decode()))
    assert len(said) == 1, "the same of one that is nobody's and of one that is forged"
    options = Client().post("/accounts/login/passkey/challenge/").json()["publicKey"]
    assert not options.get("allowCredentials")
    made = owner_client.post(f"{FACTORS}challenge/", {"name": "x"}).json()["publicKey"]["user"][
        "id"
    ]
    assert owner.pk.hex not in made
    assert passkeys.sign_in(Client(), phone).status_code == 302, "the control"


@pytest.mark.parametrize(
    "answer",
    ["", "x", "[]", "{}", '{"id": 1}', '{"id": "a", "rawId": "a", "response": {}}', "[" * 9000, "x" * 20_000,
     r'{"id": "\u0000"}', r'{"id": "\ud800"}', '{"id": ""}'],
)  # fmt: skip
def test_what_is_no_answer_of_a_passkey_is_refused(owner_client: Client, answer: str) -> None:
    for path, challenge in (
        (FACTORS, f"{FACTORS}challenge/"),
        ("/accounts/login/passkey/", "/accounts/login/passkey/challenge/"),
    ):
        client = owner_client if path == FACTORS else Client()
        client.post(challenge, {"name": "Phone"})
        assert client.post(path, {"name": "Phone", "credential": answer}).status_code == 422
    assert not Authenticator.objects.exists()


def test_a_challenge_is_answered_once(owner_client: Client) -> None:
    phone, client = Passkey(), Client()
    passkeys.add(owner_client, phone)
    answer = phone.signed(client.post("/accounts/login/passkey/challenge/").json())
    assert client.post("/accounts/login/passkey/", {"credential": answer}).status_code == 302
    for again in (client, Client()):
        again.post("/accounts/logout/")
        assert again.post("/accounts/login/passkey/", {"credential": answer}).status_code == 422


def test_a_challenge_is_answered_soon(owner_client: Client) -> None:
    phone, client = Passkey(), Client()
    passkeys.add(owner_client, phone)
    for minutes, status in ((11, 422), (9, 302)):
        answer = phone.signed(client.post("/accounts/login/passkey/challenge/").json())
        with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
            sent = client.post("/accounts/login/passkey/", {"credential": answer})
            assert sent.status_code == status


def test_a_key_that_nobody_could_check_later_is_not_added(owner_client: Client) -> None:
    odd = Passkey()
    odd.public = CoseKey({1: 2, 3: -9999, -1: 1, -2: b"x" * 32, -3: b"y" * 32})
    assert passkeys.add(owner_client, odd).status_code == 422
    assert passkeys.add(owner_client, Passkey()).status_code == 302, "the control"


def test_nothing_is_made_that_would_be_refused(owner: User, owner_client: Client) -> None:
    nameless = owner_client.post(f"{FACTORS}challenge/", {"name": " "})
    assert nameless.status_code == 422
    page = owner_client.post(FACTORS, {"name": " ", "credential": ""}).content.decode()
    assert "That passkey did not work" not in page, "it is the name that is missing"
    for number in range(factors.PASSKEYS_MAX):
        assert passkeys.add(owner_client, Passkey(), f"Phone {number}").status_code == 302
    assert owner_client.post(f"{FACTORS}challenge/", {"name": "x"}).status_code == 422
    page = owner_client.post(FACTORS, {"name": "x", "credential": ""}).content.decode()
    assert "You have so many passkeys" in page
    assert "data-passkey" not in page


def test_whoever_reloads_a_refused_passkey_is_led_to_signing_in() -> None:
    went = {"Sec-Fetch-Mode": "navigate"}
    led = Client().get("/accounts/login/passkey/", headers=went)
    assert led["Location"] == "/accounts/login/"


def test_a_passkey_is_found_by_an_index_that_keeps_it_single(owner_client: Client) -> None:
    phone = Passkey()
    passkeys.add(owner_client, phone)
    kept = Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN)
    found = find_passkey(kept.data["credential"]["id"])
    assert found.get() == kept
    assert plans.along(found, "passkey_by_credential")
    twin = Authenticator(user=User.objects.create_user("twin@example.com"), type=kept.type)
    twin.data = kept.data
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


def test_other_browsers_end_with_each_change(owner: User, owner_client: Client) -> None:
    def other_browser() -> Client:
        client = Client()
        client.force_login(owner)
        assert is_in(client)
        return client

    phone, acts = Passkey(), []
    acts.append(lambda: passkeys.add(owner_client, phone))
    acts.append(lambda: add_app(owner_client))
    acts.append(lambda: owner_client.post(f"{FACTORS}app/removal/"))
    acts.append(
        lambda: owner_client.post(f"{FACTORS}passkeys/{factors.of(owner).passkeys[0].id}/removal/")
    )
    for act in acts:
        other = other_browser()
        act()
        assert not is_in(other)
        page = owner_client.get(FACTORS)
        assert page.status_code == 200
        assert "Every other browser is signed out." in page.content.decode()


def test_no_passkey_is_offered_at_a_number(owner: User, owner_client: Client) -> None:
    for client, path in ((Client(), "/accounts/login/"), (owner_client, FACTORS)):
        by_number = client.get(path, headers={"host": "127.0.0.1:8000"}).content.decode()
        assert "data-passkey" not in by_number
        assert f"http://localhost:8000{path}" in by_number
        by_name = client.get(path).content.decode()
        assert "data-passkey" in by_name
        assert "Open it by its name" not in by_name


def test_nobody_takes_the_name_of_anothers_passkey(owner_client: Client, marketer: User) -> None:
    phone, thief = Passkey(), Passkey()
    passkeys.add(owner_client, phone)
    other = Client()
    other.force_login(marketer)
    thief.id = phone.id
    assert passkeys.add(other, thief).status_code == 422
    named = Passkey()
    options = other.post(f"{FACTORS}challenge/", {"name": "x"}).json()
    told = json.loads(named.made(options))
    told["id"] = told["rawId"] = "AAAA"
    sent = {"name": "x", "credential": json.dumps(told)}
    assert other.post(FACTORS, sent).status_code == 422, "called otherwise than it is"


def test_a_code_of_the_app_is_good_once(owner: User, owner_client: Client) -> None:
    secret, now = add_app(owner_client), timezone.now()
    first = begin(owner)
    assert first.post(STEP, {"code": code(secret, now)}).status_code == 422, "used to set it up"
    with time_machine.travel(now + timedelta(seconds=60), tick=False):
        fresh = code(secret, timezone.now())
        assert first.post(STEP, {"code": f"{fresh[:3]} {fresh[3:]}"}).status_code == 302
        assert is_in(first)
        second = begin(owner)
        assert second.post(STEP, {"code": fresh}).status_code == 422, "a copy of it"
        assert second.post(STEP, {"code": code(secret, now)}).status_code == 422, "an earlier one"
        assert not is_in(second)


def test_what_was_taken_away_meanwhile_opens_nothing_and_breaks_no_page(
    owner: User, owner_client: Client
) -> None:
    """Somebody types a right code while its owner, who lost the phone, removes it in another browser."""
    secret, now = add_app(owner_client), timezone.now() + timedelta(seconds=90)
    [written, *_others] = recovery_codes(owner_client)
    held = list(Authenticator.objects.filter(user=owner).order_by("pk"))
    assert {each.type for each in held} == {"totp", "recovery_codes"}
    Authenticator.objects.filter(user=owner).delete()
    for factor, typed in zip(held, (code(secret, now), written), strict=True):
        assert not codes._is_good(factor, typed, now)
    assert not Authenticator.objects.filter(user=owner).exists(), "nor does it come back"


def test_a_recovery_code_is_good_once_and_new_ones_void_the_old(
    owner: User, owner_client: Client
) -> None:
    passkeys.add(owner_client, Passkey())
    first, other, *_more = recovery_codes(owner_client)
    file = owner_client.get(f"{FACTORS}recovery-codes/file/").content.decode()
    assert first in file
    client = begin(owner)
    assert client.post(STEP, {"code": first}).status_code == 302
    assert is_in(client)
    again = begin(owner)
    assert again.post(STEP, {"code": first}).status_code == 422
    assert sum("9 of your recovery codes are left" in letter for letter in letters()) == 1
    owner_client.post(f"{FACTORS}recovery-codes/")
    assert len(recovery_codes(owner_client)) == 10
    assert again.post(STEP, {"code": other}).status_code == 422
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert recovery_codes(owner_client) == [], "they were shown once"
        assert owner_client.get(f"{FACTORS}recovery-codes/file/").status_code == 404


def test_tries_are_few_and_counted_without_a_cache(owner: User, owner_client: Client) -> None:
    secret, now = add_app(owner_client), timezone.now()
    client = begin(owner)
    statuses = [
        client.post(STEP, {"code": "000000"}).status_code for _try in range(codes.TRIES_MAX)
    ]
    assert statuses == [422] * codes.TRIES_MAX, "the right one that set it up is none of them"
    assert client.post(STEP, {"code": "000000"}).status_code == 429
    with time_machine.travel(now + timedelta(seconds=60), tick=False):
        right = {"code": code(secret, timezone.now())}
        assert begin(owner).post(STEP, right).status_code == 429, (
            "also the right one, from elsewhere"
        )
    with time_machine.travel(now + timedelta(minutes=11), tick=False):
        right = {"code": code(secret, timezone.now())}
        assert begin(owner).post(STEP, right).status_code == 302


def test_right_codes_keep_nobody_out(owner: User, owner_client: Client) -> None:
    secret, now = add_app(owner_client), timezone.now()
    for turn in range(1, codes.TRIES_MAX + 3):
        with time_machine.travel(now + timedelta(seconds=60) * turn, tick=False):
            if turn < 3:
                assert begin(owner).post(STEP, {"code": "000000"}).status_code == 422
            right = {"code": code(secret, timezone.now())}
            assert begin(owner).post(STEP, right).status_code == 302
    with time_machine.travel(now + timedelta(seconds=60) * turn, tick=False):
        wrong = [begin(owner).post(STEP, {"code": "0"}).status_code for _try in range(4)]
        assert wrong == [422, 422, 422, 429], "two of before, which right ones don't take back"


def test_a_day_has_fewer_tries_than_its_ten_minutes(owner: User) -> None:
    at = timezone.now()
    for turn in range(codes.TRIES_A_DAY):
        codes.count_try(owner, now=at + timedelta(minutes=3) * turn)
    with pytest.raises(codes.TooManyTries) as refused:
        codes.count_try(owner, now=at + timedelta(minutes=3) * codes.TRIES_A_DAY)
    assert refused.value.wait > 3600


@pytest.mark.django_db(transaction=True)
def test_a_copy_of_the_database_holds_no_usable_secret(owner: User, owner_client: Client) -> None:
    secret = add_app(owner_client)
    shown = recovery_codes(owner_client)
    seed = FactorAdapter().decrypt(
        Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES).data["seed"]
    )
    with connection.cursor() as cursor:
        everything = ""
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM \"{table}\" AS t")
            everything += cursor.fetchone()[0] or ""
    assert str(owner.pk) in everything, "the control"
    for word in (secret, seed, *shown, *(code.replace("-", "") for code in shown)):
        assert word not in everything
    letters()
    assert not any(secret in letter for letter in letters())


def test_secrets_are_sealed_anew_under_the_newest_key(
    owner: User, owner_client: Client, settings: Any
) -> None:
    secret, now = add_app(owner_client), timezone.now()
    settings.CODE_ENCRYPTION_KEYS = {9: bytes(range(32)), **settings.CODE_ENCRYPTION_KEYS}
    kept = Authenticator.objects.get(type=Authenticator.Type.TOTP)
    assert is_under_old_key(kept.data["secret"])
    later = now + timedelta(seconds=60)
    assert codes.check(owner, code(secret, later), now=later)
    kept.refresh_from_db()
    assert not is_under_old_key(kept.data["secret"])
    shown = factors.unused_codes(owner)
    assert codes.check(owner, shown[0], now=later)
    settings.CODE_ENCRYPTION_KEYS = {9: bytes(range(32))}
    assert codes.check(
        owner, code(secret, later + timedelta(seconds=60)), now=later + timedelta(seconds=60)
    )
    assert factors.unused_codes(owner) == shown[1:], "the recovery codes, too"


def test_an_e_mails_code_is_tried_as_seldom_from_many_copies_of_a_session(owner: User) -> None:
    statuses = []
    for _copy in range(
        codes.TRIES_MAX + 1
    ):  # as requests at once are: each finds the session unused
        client = Client()
        client.force_login(owner)
        statuses.append(client.post("/account/proof/", {"code": "0000-0000"}).status_code)
    assert statuses == [422] * codes.TRIES_MAX + [429]


def test_what_went_with_a_key_hides_nothing_else(
    owner: User, owner_client: Client, settings: Any
) -> None:
    phone = Passkey()
    passkeys.add(owner_client, phone)
    add_app(owner_client)
    settings.CODE_ENCRYPTION_KEYS = {9: bytes(range(32))}
    for path in ("/account/", FACTORS, f"{FACTORS}recovery-codes/", "/account/proof/"):
        assert owner_client.get(path).status_code == 200
    client = begin(owner)
    assert client.post(STEP, {"code": "123456"}).status_code == 422
    assert passkeys.sign_in(client, phone, STEP).status_code == 302
    add_app(owner_client)
    owner_client.post(f"{FACTORS}recovery-codes/")
    assert len(recovery_codes(owner_client)) == 10


def test_who_signs_in_next_in_a_browser_finds_nothing_of_the_one_before(
    owner_client: Client, marketer: User
) -> None:
    passkeys.add(owner_client, Passkey())
    owner_client.get(f"{FACTORS}app/")
    owner_client.post("/account/address/", {"email": "new@frosty.example"})
    held = list(owner_client.session.keys())
    own = {name for name in held if name.startswith("own:")}
    assert own == {"own:app-secret", "own:codes-shown-until", "own:address-change"}
    with time_machine.travel(timezone.now() + timedelta(hours=3)):
        sent = {"username": marketer.email, "password": PASSWORD, "next": STUDIO}
        assert owner_client.get(STUDIO).status_code == 302, "signed out by time"
        owner_client.post("/accounts/login/", sent)
        assert is_in(owner_client)
        assert not own & set(owner_client.session.keys())


def test_a_first_code_that_is_sent_twice_is_taken_once(owner: User, owner_client: Client) -> None:
    secret = add_app(owner_client)
    again = owner_client.post(f"{FACTORS}app/", {"code": code(secret, timezone.now())})
    assert again["Location"] == f"{FACTORS}recovery-codes/", "as the first was answered"
    assert factors.of(owner).app


def test_another_address_asks_for_the_second_factor(owner_client: Client) -> None:
    later = timezone.now() + timedelta(minutes=20)
    with time_machine.travel(later):
        assert owner_client.get("/account/address/").status_code == 200, "it asks both mailboxes"
    passkeys.add(owner_client, Passkey())
    with time_machine.travel(later):
        asked = owner_client.get("/account/address/")["Location"]
        assert asked == "/account/proof/?next=%2Faccount%2Faddress%2F"
        assert owner_client.post("/account/address/", {"email": "x@y.example"}).status_code == 302
        assert not AccountLetter.objects.filter(kind=AccountLetter.Kind.ADDRESS_CODE).exists()


@pytest.mark.django_db(transaction=True)
def test_whoever_signed_in_long_ago_shows_who_they_are(owner: User, owner_client: Client) -> None:
    with time_machine.travel(timezone.now() + timedelta(minutes=20)):
        asked = owner_client.get(FACTORS)["Location"]
        assert asked == "/account/proof/?next=%2Faccount%2Ffactors%2F"
        for path in ("app/", "recovery-codes/", "recovery-codes/file/"):
            assert "/account/proof/" in owner_client.get(f"{FACTORS}{path}")["Location"]
        assert "/account/proof/" in owner_client.post(f"{FACTORS}challenge/")["Location"]
        owner_client.post("/account/proof/letter/")
        [letter] = letters()
        sent = re.search(r"^\d{4}-\d{4}$", letter, re.MULTILINE)
        assert sent
        assert owner_client.post("/account/proof/", {"code": "0000-0000"}).status_code == 422
        copy = Client()
        copy.cookies.update(owner_client.cookies)
        answer = owner_client.post("/account/proof/", {"code": sent[0], "next": "//evil.example/"})
        assert answer["Location"] == FACTORS, "never to another site"
        assert owner_client.get(FACTORS).status_code == 200
        assert "/accounts/login/" in copy.get(FACTORS)["Location"], "a copy of the cookie"
        assert "This one" in owner_client.get("/account/").content.decode(), "still listed"
        passkey = Passkey()
        passkeys.add(owner_client, passkey)
    with time_machine.travel(timezone.now() + timedelta(minutes=50)):
        asked = owner_client.get("/account/proof/").content.decode()
        assert "Use your passkey" in asked
        before = len(letters())
        owner_client.post("/account/proof/letter/")
        assert len(letters()) == before, "no code by e-mail for whoever has a factor"
        assert owner_client.post("/account/proof/", {"code": sent[0]}).status_code == 422
        assert passkeys.sign_in(owner_client, passkey, "/account/proof/").status_code == 302
        assert owner_client.get(FACTORS).status_code == 200


def test_factors_are_renamed_and_removed(owner: User, owner_client: Client, marketer: User) -> None:
    passkeys.add(owner_client, Passkey())
    add_app(owner_client)
    [passkey] = factors.of(owner).passkeys
    path = f"{FACTORS}passkeys/{passkey.id}/"
    other = Client()
    other.force_login(marketer)
    assert other.get(path).status_code == 404
    assert other.post(f"{path}removal/").status_code == 404
    assert owner_client.post(path, {"name": ""}).status_code == 422
    assert owner_client.post(path, {"name": "Tablet"}).status_code == 302
    assert "Tablet" in owner_client.get("/account/").content.decode()
    assert owner_client.post(f"{path}removal/").status_code == 302
    assert factors.of(owner).are_some
    owner_client.post(f"{FACTORS}app/removal/")
    assert not Authenticator.objects.exists(), "recovery codes stand in for nothing now"
    assert is_in(begin(owner))


def test_a_new_password_by_e_mail_is_no_way_around(owner: User, owner_client: Client) -> None:
    passkeys.add(owner_client, Passkey())
    client = Client()
    client.post("/accounts/password/", {"email": owner.email})
    letter = AccountLetter.objects.filter(kind=AccountLetter.Kind.NEW_PASSWORD).get()
    uid, _space, key = letter.secret().partition(" ")
    form = client.get(f"/accounts/password/{uid}/{key}/", follow=True)
    answer = client.post(form.request["PATH_INFO"], {"password": "spoons and scoops 7"})
    assert answer["Location"] == STEP
    assert not is_in(client)
