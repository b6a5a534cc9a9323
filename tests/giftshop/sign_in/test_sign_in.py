from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client

from brands.models import Brand
from giftshop.accounts.models import Membership, User
from tests.cast import PASSWORD
from tests.hashes import is_strong

LOGIN = "/accounts/login/"


def sign_in(client: Client, email: str, password: str = PASSWORD, path: str = LOGIN) -> Any:
    return client.post(path, {"username": email, "password": password})


def test_an_owner_gets_to_the_studio_of_the_one_brand(client: Client, owner: User) -> None:
    assert sign_in(client, owner.email).headers["Location"] == "/studio/"
    assert client.get("/studio/").headers["Location"] == "/studio/frosty-spoon/"


def test_passwords_are_kept_as_argon2(deployed_hashers: None, client: Client, owner: User) -> None:
    assert is_strong(owner.password)
    assert sign_in(client, owner.email, "a wrong password").status_code == 200
    assert sign_in(client, owner.email).status_code == 302


def test_an_unknown_address_costs_as_much_hashing_as_a_wrong_password(
    deployed_hashers: None, client: Client, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that the time of the answer tells nobody who works here."""
    work: list[str] = []
    for name in ("encode", "verify"):
        real = getattr(Argon2PasswordHasher, name)

        def noted(self: Argon2PasswordHasher, *words: str, real: Any = real) -> object:
            work.append(email)
            return real(self, *words)

        monkeypatch.setattr(Argon2PasswordHasher, name, noted)
    for email in (owner.email, "nobody@frosty.example"):
        sign_in(client, email, "a wrong password")
    assert work == [owner.email, "nobody@frosty.example"]


def test_capital_letters_in_the_address_do_not_matter(client: Client, owner: User) -> None:
    assert sign_in(client, owner.email.upper()).status_code == 302


def test_whoever_works_for_two_brands_chooses(
    client: Client, owner: User, other_brand: Brand
) -> None:
    Membership.objects.create(user=owner, brand=other_brand, role=Membership.Role.FINANCE)
    client.force_login(owner)
    page = client.get("/studio/").content.decode()

    assert 'href="/studio/frosty-spoon/"' in page
    assert 'href="/studio/harbor-bean/"' in page


def test_whoever_works_for_none_is_told(client: Client, db: None) -> None:
    client.force_login(User.objects.create_user("new@nobody.example", PASSWORD))

    assert b"No brand yet" in client.get("/studio/").content


def test_the_studio_asks_strangers_to_sign_in(client: Client, db: None) -> None:
    assert client.get("/studio/").headers["Location"] == "/accounts/login/?next=/studio/"


def test_after_signing_in_one_is_where_one_wanted_to_be(client: Client, owner: User) -> None:
    wanted = "/studio/frosty-spoon/devices/"
    answer = client.post(
        f"{LOGIN}?next={wanted}", {"username": owner.email, "password": PASSWORD, "next": wanted}
    )

    assert answer.headers["Location"] == wanted


def test_never_to_another_site(client: Client, owner: User) -> None:
    sent = {"username": owner.email, "password": PASSWORD, "next": "https://evil.example/"}

    assert client.post(LOGIN, sent).headers["Location"] == "/studio/"


@pytest.mark.parametrize("email", ["olive@frosty.example", "nobody@frosty.example"])
def test_a_wrong_password_and_an_unknown_address_look_alike(
    client: Client, owner: User, email: str
) -> None:
    page = sign_in(client, email, "a wrong password").content.decode()

    assert "That e-mail address and password don&#x27;t belong together." in page


def test_after_ten_wrong_tries_there_is_a_pause(client: Client, owner: User) -> None:
    for _ in range(10):
        answer = sign_in(client, owner.email.title(), "a wrong password")
    assert answer.status_code == 429
    assert b"A short pause" in answer.content

    assert sign_in(client, owner.email).status_code == 429


def test_signing_out_takes_a_post(owner_client: Client) -> None:
    assert owner_client.get("/accounts/logout/").status_code == 405
    owner_client.post("/accounts/logout/")

    assert owner_client.get("/studio/").status_code == 302
    assert "login" in owner_client.get("/studio/").headers["Location"]
