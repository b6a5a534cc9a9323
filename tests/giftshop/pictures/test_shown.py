"""A picture that was uploaded is shown wherever its treat is, in a size that fits, with its words."""

import re
import shutil
from io import BytesIO
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand, Store
from giftshop.catalog.models import Treat
from giftshop.orders.models import Gift
from giftshop.outbox import relay
from giftshop.pictures import files
from giftshop.pictures.place import Place
from giftshop.pictures.upload import upload
from redemption.audit.actors import SYSTEM
from tests.giftshop.giving.steps import BEN, begin, url, who_form
from tests.giftshop.pictures.uploads import photo

pytestmark = pytest.mark.django_db(transaction=True)

IMG = re.compile(r"<img[^>]*/pictures/[^>]*>")
WORDS = 'Mint & "more" <b>'


@pytest.fixture
def shown(spot: Place) -> Treat:
    with scope(brand=spot.brand):
        upload(place=spot, file=BytesIO(photo()), alt=WORDS, by=SYSTEM, now=timezone.now())
    relay.drain()
    with scope(brand=spot.brand):
        return Treat.objects.get(pk=spot.treat.pk)  # type: ignore[union-attr]


def pictures_in(client: Client, path: str) -> list[str]:
    answer = client.get(path)
    assert answer.status_code == 200, path
    page = answer.content.decode()
    assert "double-scoop.svg" not in page, "the drawing has given way"
    found = IMG.findall(page)
    assert found, path
    for each in found:
        assert re.search(r'width="\d+"', each), each
        assert re.search(r'height="\d+"', each), each
        for address in re.findall(r'/pictures/[^ "]+', each):
            assert client.get(address).status_code == 200
    return found


def assert_is_whole(img: str) -> None:
    assert 'alt="Mint &amp; &quot;more&quot; &lt;b&gt;"' in img
    assert re.search(r'srcset="/pictures/\S+ \d+w, /pictures/\S+ \d+w', img), img
    assert re.search(r'sizes="[^"]+"', img), img


def test_in_the_shop(client: Client, brand: Brand, store: Store, shown: Treat) -> None:
    [img] = pictures_in(client, f"/shop/{brand.slug}/")
    assert_is_whole(img)
    assert 'loading="lazy"' in img
    assert "320w" in img


def test_the_shop_asks_no_query_more(
    client: Client, brand: Brand, treat: Treat, store: Store, django_assert_num_queries: Any
) -> None:
    with CaptureQueriesContext(connection) as before:
        client.get(f"/shop/{brand.slug}/")
    Treat._base_manager.filter(pk=treat.pk).update(
        picture={"alt": "", "wide": [[320, 240, f"{'0' * 32}/{'a' * 32}.webp"]]}
    )
    with django_assert_num_queries(len(before)):
        page = client.get(f"/shop/{brand.slug}/").content.decode()
    assert IMG.findall(page)


def test_while_giving(client: Client, brand: Brand, store: Store, shown: Treat) -> None:
    draft = begin(client, brand, shown)
    client.post(url(draft, "who"), who_form(draft, BEN))
    first, *_others = pictures_in(client, url(draft, "what"))
    assert_is_whole(first)


def test_on_the_gift_in_its_mail_and_on_the_order(
    client: Client, spot: Place, shown: Treat, gift: Gift
) -> None:
    relay.drain()
    client.post(f"/gift/{gift.link_token()}/opening/")
    for img in pictures_in(client, f"/gift/{gift.link_token()}/"):
        assert_is_whole(img)
    with scope(brand=spot.brand):
        order = gift.order
        path = f"/orders/{order.link_token()}/"
    for img in pictures_in(client, path):
        assert_is_whole(img)
    [letter] = [each for each in mail.outbox if each.to == ["ben@friends.example"]]
    images = {
        part["Content-ID"]: part
        for part in letter.message().walk()  # type: ignore[attr-defined]
        if part.get_content_maintype() == "image"
    }
    treat_part = images["<treat>"]
    assert treat_part.get_content_type() == "image/jpeg"
    assert treat_part.get_payload(decode=True) == files.mail_picture(shown.picture)
    html = str(letter.alternatives[0][0])  # type: ignore[attr-defined]
    assert 'alt="Mint &amp; &quot;more&quot; &lt;b&gt;"' in html


def test_an_earlier_mail_keeps_its_own(spot: Place, shown: Treat, gift: Gift) -> None:
    """It travelled in the mail: nothing is fetched when it is read, whatever is deleted here."""
    relay.drain()
    [letter] = [each for each in mail.outbox if each.to == ["ben@friends.example"]]
    assert "/pictures/" not in letter.message().as_string()  # type: ignore[attr-defined]


def test_a_file_that_is_gone_stops_no_mail(
    spot: Place, shown: Treat, gift: Gift, pictures_folder: Any
) -> None:
    shutil.rmtree(pictures_folder)
    relay.drain()
    [letter] = [each for each in mail.outbox if each.to == ["ben@friends.example"]]
    assert "<treat>" in letter.message().as_string()  # type: ignore[attr-defined]


def test_in_the_studio_and_where_treats_are_sold_out(
    owner_client: Client, brand: Brand, store: Store, shown: Treat
) -> None:
    assert pictures_in(owner_client, f"/studio/{brand.slug}/menu/")
    page = owner_client.get(f"/studio/{brand.slug}/stores/{store.slug}/sold-out/").content.decode()
    assert "/pictures/" in page
