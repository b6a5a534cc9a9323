"""A picture of news: uploaded as a treat's is, shown on the shop, gone with its news."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from brands.models import Brand, Store
from giftshop.accounts.models import Membership
from giftshop.catalog.models import Treat
from giftshop.news import write
from giftshop.news.models import News
from giftshop.news.write import NewsFacts
from giftshop.operator import retention
from giftshop.outbox import relay
from giftshop.pictures.forget import KEPT_DAYS
from giftshop.pictures.models import Picture
from redemption.audit.actors import SYSTEM
from tests.cast import make_user
from tests.giftshop.pictures.uploads import photo

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def news(brand: Brand, treat: Treat, store: Store) -> News:
    now = timezone.now()
    today = timezone.localdate(now, brand.tz)
    facts = NewsFacts(
        title="Spoon week",
        words="Bring your own.",
        shown_from=today - timedelta(days=1),
        shown_until=today + timedelta(days=9),
    )
    with scope(brand=brand):
        added = write.add(brand=brand, facts=facts, by=SYSTEM, now=now)
        write.publish(added, by=SYSTEM, now=now)
    return added


@pytest.fixture
def editor(brand: Brand, news: News) -> Client:
    """With a picture of the news that is shown."""
    client = Client()
    client.force_login(make_user(brand, "mo@shop.example", Membership.Role.MARKETER))
    file = SimpleUploadedFile("spoons.jpg", photo(), "image/jpeg")
    answer = client.post(
        f"/uploads/{brand.slug}/news/{news.pk}/", {"file": file, "alt": "Spoons", "whole": "1"}
    )
    assert answer.headers["Location"] == f"/studio/{brand.slug}/news/{news.pk}/picture/"
    relay.drain()
    return client


def test_the_shop_shows_it_with_its_words(editor: Client, brand: Brand) -> None:
    page = Client().get(f"/shop/{brand.slug}/").content.decode()
    section = page.partition('class="shop-news"')[2].partition("</section>")[0]
    assert 'alt="Spoons"' in section
    assert "/pictures/" in section


def test_another_focus_and_other_words(editor: Client, brand: Brand, news: News) -> None:
    page = f"/studio/{brand.slug}/news/{news.pk}/picture/"
    editor.post(f"{page}focus/", {"focus_x": "10", "focus_y": "90", "alt": "Many spoons"})
    relay.drain()
    assert 'alt="Many spoons"' in editor.get(page).content.decode()
    with scope(brand=brand):
        [shown] = Picture.objects.filter(state="ready", unused_since=None)
    assert (shown.focus_x, shown.focus_y, shown.news) == (10, 90, news)


def test_it_goes_with_its_news(
    editor: Client, brand: Brand, news: News, pictures_folder: Path
) -> None:
    with scope(brand=brand), pytest.raises(IntegrityError, match="picture_is_of"):
        news.delete()  # nobody would ever look for its files
    assert editor.post(f"/studio/{brand.slug}/news/{news.pk}/removal/").status_code == 302
    with scopes_disabled():
        assert not News.objects.exists()
        assert Picture.objects.get().unused_since
    retention.run(now=timezone.now() + timedelta(days=KEPT_DAYS + 1))
    with scopes_disabled():
        assert not Picture.objects.exists()
    assert not [each for each in pictures_folder.rglob("*") if each.is_file()]
