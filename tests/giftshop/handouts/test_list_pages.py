"""From a list in the studio to a present on somebody's phone, and what is kept of them."""

import re

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django_scopes import scope

from brands.models import Brand, Store
from giftshop.catalog.models import Treat
from giftshop.handouts.models import Handout, HandoutLine, ListDraft
from giftshop.offers.models import Offer
from giftshop.outbox import relay
from redemption.models import AuditEntry, Code
from tests.cast import symbols
from tests.giftshop.offers.made import make_offer

pytestmark = pytest.mark.django_db

TWO = "Ben Okafor, ben@friends.example\nAna, ana@friends.example\nnobody"


@pytest.fixture
def offer(brand: Brand, treat: Treat, store: Store) -> Offer:
    return make_offer(brand, treat, uses_max=10)


@pytest.fixture
def path(brand: Brand) -> str:
    return f"/studio/{brand.slug}/offers/"


def consent(page: str, **more: str) -> dict[str, str]:
    hidden = dict(re.findall(r'name="(draft|version)" value="([^"]+)"', page))
    return {**hidden, "reason": "Regulars", "agreed": "on", **more}


def dry_run(client: Client, path: str, offer: Offer, text: str = TWO) -> str:
    answer = client.post(f"{path}{offer.pk}/list/", {"people": text})
    assert answer["Location"] == f"{path}list/"
    return client.get(f"{path}list/").content.decode()


def test_what_would_happen_is_said_before_anything_does(
    owner_client: Client, brand: Brand, offer: Offer, path: str
) -> None:
    page = dry_run(owner_client, path, offer)
    for said in (
        "2 gifts, $13.00 of treats at most",
        "Can&#x27;t be read",
        "there is no e-mail address here",
    ):
        assert said in page, said
    assert "Where you are the law wants" not in page
    Brand.objects.update(country="DE")
    assert "UWG § 7" in owner_client.get(f"{path}list/").content.decode()
    with scope(brand=brand):
        assert not Handout.objects.exists()
        assert ListDraft.objects.count() == 1
    assert mail.outbox == []


@pytest.mark.parametrize("missing", ["agreed", "reason"])
def test_not_without_the_statement_and_what_it_is_for(
    owner_client: Client, brand: Brand, offer: Offer, path: str, missing: str
) -> None:
    said = consent(dry_run(owner_client, path, offer))
    del said[missing]
    assert owner_client.post(f"{path}list/", said).status_code == 422
    with scope(brand=brand):
        assert not Handout.objects.exists()


def test_a_second_click_sends_none_twice(
    owner_client: Client, brand: Brand, offer: Offer, path: str
) -> None:
    said = consent(dry_run(owner_client, path, offer))
    first, again = (owner_client.post(f"{path}list/", said) for _twice in range(2))
    assert first["Location"] == again["Location"]
    relay.drain()
    assert len(mail.outbox) == 2
    page = owner_client.get(first["Location"]).content.decode()
    assert "The 2 people on this list agreed to get mail with offers from" in page
    assert "ben@friends.example" in page
    assert owner_client.get(f"{path}list/")["Location"] == f"{path}handouts/", "nothing waits"
    with scope(brand=brand):
        made = Handout.objects.get()
        assert "2 people" in made.consent_words
        entry = AuditEntry.objects.get(act="handout.made")
        assert (entry.details["codes"], entry.details["reason"]) == (2, "Regulars")
        assert "friends.example" not in str(entry.details)
    assert str(made.pk) in first["Location"]


def test_an_older_page_of_another_list_sends_nothing(
    owner_client: Client, brand: Brand, offer: Offer, path: str
) -> None:
    older = consent(dry_run(owner_client, path, offer))
    dry_run(owner_client, path, offer, "Cleo, cleo@friends.example")
    assert owner_client.post(f"{path}list/", older)["Location"] == f"{path}handouts/"
    changed = consent(owner_client.get(f"{path}list/").content.decode(), version="0" * 16)
    assert owner_client.post(f"{path}list/", changed).status_code == 409
    with scope(brand=brand):
        assert not Handout.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"Name;E-mail\r\nBen;ben@friends.example\r\n", ""),
        (b"\n", "There is nothing in this file."),
        (b"%PDF-1.7", "This is no table."),
        (b"Name,E-mail\n", "There is nobody on this list."),
    ],
)
def test_uploaded(
    owner_client: Client, brand: Brand, offer: Offer, path: str, content: bytes, words: str
) -> None:
    file = SimpleUploadedFile("people.csv", content)
    address = f"/uploads/{brand.slug}/list/{offer.pk}/"
    answer = owner_client.post(address, {"file": file, "whole": "1"})
    if words:
        assert (answer.status_code, words in answer.content.decode()) == (422, True)
    else:
        assert answer["Location"] == f"{path}list/"
        assert "ben@friends.example" in owner_client.get(f"{path}list/").content.decode()
    assert owner_client.get(address)["Location"] == f"{path}{offer.pk}/list/"
    assert owner_client.get(f"/uploads/{brand.slug}/list/").status_code == 204


def test_it_is_stopped_from_its_page(
    owner_client: Client, brand: Brand, offer: Offer, path: str
) -> None:
    said = consent(dry_run(owner_client, path, offer))
    page = owner_client.post(f"{path}list/", said)["Location"]
    assert "Stop sending" in owner_client.get(page).content.decode()
    assert owner_client.post(f"{page}end/")["Location"] == page
    relay.drain()
    words = owner_client.get(page).content.decode()
    assert "Not sent: stopped" in words
    assert "Stopped by" in words
    assert mail.outbox == []


def test_dropped(owner_client: Client, brand: Brand, offer: Offer, path: str) -> None:
    dry_run(owner_client, path, offer)
    assert owner_client.post(f"{path}list/removal/")["Location"] == f"{path}handouts/"
    with scope(brand=brand):
        assert not ListDraft.objects.exists()


class TestPresent:
    @pytest.fixture
    def links(self, owner_client: Client, offer: Offer, path: str) -> dict[str, str]:
        """Of what Ben's letter leads to: his present, what is kept of him, and no more mail."""
        said = consent(dry_run(owner_client, path, offer, "Ben, ben@friends.example"))
        owner_client.post(f"{path}list/", said)
        relay.drain()
        letter = mail.outbox[0]
        found = re.findall(r"https?://[^/]+(/(present|your-data)[^\s]*)", str(letter.body))
        stop = letter.extra_headers["List-Unsubscribe"].strip("<>").split("/", 3)[3]
        return {**{kind: link for link, kind in found}, "stop": f"/{stop}"}

    def test_it_is_wrapped_until_they_open_it(
        self, client: Client, brand: Brand, links: dict[str, str]
    ) -> None:
        present = links["present"]
        with scope(brand=brand):
            code = Code.objects.get()
        page = client.get(present)
        assert symbols(code) not in page.content.decode()
        assert "has a gift for you" in page.content.decode()
        assert page["Referrer-Policy"] == "no-referrer"
        with scope(brand=brand):
            assert HandoutLine.objects.get().opened_at is None, "mail scanners look at links"
        assert Client(enforce_csrf_checks=True).post(f"{present}opening/")["Location"] == present
        words = client.get(present).content.decode()
        assert symbols(code) in words
        assert "A promotional gift from" in words
        assert "What is kept of you" in words
        with scope(brand=brand):
            assert HandoutLine.objects.get().opened_at is not None
        assert client.get(present.replace("present", "offer")).status_code == 404
        assert client.get(f"{present[:-2]}x/").status_code == 404

    def test_what_is_kept_of_them_and_erased(
        self, client: Client, brand: Brand, links: dict[str, str]
    ) -> None:
        page = links["your-data"]
        words = client.get(page).content.decode()
        for said in (
            *("ben@friends.example", "put your name and address on a list"),
            "agreed to get mail with offers from",
        ):
            assert said in words, said
        client.post(f"{page}erasure/")
        assert "ben@friends.example" not in client.get(page).content.decode()
        with scope(brand=brand):
            line = HandoutLine.objects.get()
            assert (line.name, line.email, line.erased_at is None) == ("", "", False)
        assert client.get(links["present"]).status_code == 200, "it stays theirs"
        with scope(brand=brand):
            HandoutLine.objects.update(opened_at=None)
        wrapped = client.get(links["present"]).content.decode()
        title = wrapped.split('<h1 class="gift-title">')[1].split("</h1>")[0]
        assert title.strip() == "A gift for you", "nobody is named, and no comma is left of them"

    def test_one_click_and_no_list_reaches_them_again(
        self,
        client: Client,
        owner_client: Client,
        brand: Brand,
        treat: Treat,
        path: str,
        links: dict[str, str],
    ) -> None:
        client.post(links["stop"], {"List-Unsubscribe": "One-Click"})
        other = make_offer(brand, treat, name="Another")
        page = dry_run(owner_client, path, other, "Ben, ben@friends.example")
        assert "Wants no mail from you" in page
        assert "Nobody on this list would get one." in page
