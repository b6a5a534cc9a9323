"""A brand's own logo and large picture, wherever pages and mails show the brand."""

import re
from io import BytesIO
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand, Store
from giftshop.catalog.models import Treat
from giftshop.orders.models import Gift
from giftshop.outbox import relay
from giftshop.pictures.models import Picture
from giftshop.pictures.place import Place
from giftshop.pictures.upload import upload
from giftshop.share_pictures.draw import BYTES_MAX
from redemption.audit.actors import SYSTEM
from tests.giftshop.pictures.uploads import encoded, quarters
from tests.giftshop.share_pictures.test_share_pictures import told

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shown(brand: Brand) -> Brand:
    Brand.objects.filter(pk=brand.pk).update(theme={"art": "frosty-spoon"})
    for purpose in ("logo", "hero"):
        with scope(brand=brand):
            file = BytesIO(encoded(quarters(1600, 900), "PNG"))
            place = Place(brand, Picture.Purpose(purpose))
            upload(place=place, file=file, alt=f"Our {purpose}", by=SYSTEM, now=timezone.now())
    relay.drain()
    return Brand.objects.get(pk=brand.pk)


def test_the_shop_shows_both(client: Client, shown: Brand, treat: Treat, store: Store) -> None:
    page = client.get(f"/shop/{shown.slug}/").content.decode()
    [hero] = re.findall(r'<img class="hero-art[^>]*>', page)
    assert 'alt="Our hero"' in hero
    assert "640w" in hero
    assert 'width="1600"' in hero
    assert "frosty-spoon/hero.svg" not in page
    assert "frosty-spoon/mark.svg" not in page
    logo = shown.pictures["logo"]
    assert f'src="/pictures/{logo["square"][-1][2]}"' in page
    assert f'<link rel="icon" href="/pictures/{logo["mail"][-1][2]}" type="image/png">' in page
    [share] = re.findall(r'og:image" content="(http[^"]+)"', page)
    assert told(share).art == shown.pictures["hero"]["share"][-1][2]
    answer = client.get(share.partition("8000")[2])
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert len(answer.content) <= BYTES_MAX


def test_all_brands_show_theirs(client: Client, shown: Brand, other_brand: Brand) -> None:
    page = client.get("/").content.decode()
    assert shown.pictures["hero"]["wide"][1][2] in page
    assert "frosty-spoon/hero.svg" not in page


def test_mails_show_them(shown: Brand, gift: Gift) -> None:
    relay.drain()
    [letter] = [each for each in mail.outbox if each.to == ["ben@friends.example"]]
    images: Any = {
        part["Content-ID"]: part.get_content_type()
        for part in letter.message().walk()  # type: ignore[attr-defined]
        if part.get_content_maintype() == "image"
    }
    assert images["<mark>"] == "image/png"


@pytest.mark.parametrize("purpose", ["logo", "hero"])
def test_an_owner_uploads_and_takes_it_away(
    owner_client: Client, brand: Brand, purpose: str
) -> None:
    file = SimpleUploadedFile("x", encoded(quarters(1600, 900), "PNG"))
    form = {"file": file, "alt": "", "whole": "1"}
    page = f"/studio/{brand.slug}/brand/pictures/{purpose}/"
    assert owner_client.get(page).status_code == 200, "also before there is one"
    assert owner_client.post(f"/uploads/{brand.slug}/brand/{purpose}/", form).url == page  # type: ignore[attr-defined]
    relay.drain()
    assert Brand.objects.get(pk=brand.pk).pictures[purpose]
    assert "/pictures/" in owner_client.get(page).content.decode()
    assert "/pictures/" in owner_client.get(f"/studio/{brand.slug}/brand/look/").content.decode()
    assert owner_client.post(f"{page}removal/").status_code == 302
    assert Brand.objects.get(pk=brand.pk).pictures[purpose] == {}


def test_there_is_no_other_purpose(owner_client: Client, brand: Brand) -> None:
    for purpose in ("treat", "x"):
        assert (
            owner_client.get(f"/studio/{brand.slug}/brand/pictures/{purpose}/").status_code == 404
        )


def test_a_look_that_is_saved_meanwhile_keeps_them(owner_client: Client, shown: Brand) -> None:
    page = f"/studio/{shown.slug}/brand/look/"
    words = owner_client.get(page).content.decode()
    assert "4.5 : 1 is what everybody can read" in words
    [version] = re.findall(r'name="version" value="([^"]*)"', words)
    said = {"accent": "#ffe800", "corners": "1", "drawing": "pizza", "version": version}
    assert owner_client.post(page, said).status_code == 302
    found = Brand.objects.get(pk=shown.pk)
    assert found.theme["accent"] == "#ffe800"
    assert found.pictures == shown.pictures
    assert "words stand on its darker tone" in owner_client.get(page).content.decode()
