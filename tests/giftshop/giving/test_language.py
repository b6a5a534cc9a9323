"""Which language a recipient is written to in: the sender says it, and what follows goes by it."""

import pytest
from django.test import Client
from django_scopes import scope

from brands.models import Brand
from giftshop.catalog.models import Treat
from giftshop.giving import drafts
from giftshop.orders import checkout
from giftshop.orders.models import Draft, Gift
from tests.giftshop.giving.steps import CARD, SENDER, keys, now_in, ready_draft, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(client: Client, brand: Brand, treat: Treat) -> Draft:
    return ready_draft(client, brand, treat)


def say(client: Client, draft: Draft, **said: object) -> str:
    posted = {**CARD, **SENDER, "row": keys(draft), **said}
    return client.post(url(draft, "say"), posted, follow=True).content.decode()


def written(draft: Draft) -> list[str]:
    with scope(brand=draft.brand):
        return [line.language for line in drafts.read(now_in(draft)).lines]


def test_it_is_guessed_from_the_shops(client: Client, draft: Draft) -> None:
    page = client.get(url(draft, "say"), headers={"Accept-Language": "de"}).content.decode()
    assert '<option value="de" selected>Deutsch</option>' in page
    assert '<option value="es">Español</option>' in page


def test_what_is_chosen_is_kept_said_and_on_the_order(client: Client, draft: Draft) -> None:
    page = say(client, draft, language="es")
    assert "Written to in Spanish" in page
    assert written(draft) == ["es", "es"]
    again = client.get(url(draft, "say")).content.decode()
    assert '<option value="es" selected>' in again
    assert '<div lang="es">' in again  # the card as it will be read
    with scope(brand=draft.brand):
        wanted = drafts.read(now_in(draft))
        checkout.place_order(
            brand=draft.brand,
            key="a",
            sender_name="Amy",
            sender_email="amy@senders.example",
            lines=wanted.lines,
        )
        assert {gift.recipient.language for gift in Gift.objects.all()} == {"es"}


def test_each_has_their_own(client: Client, draft: Draft) -> None:
    ben, cleo = keys(draft)
    own = {f"{ben}-language": "de", f"{cleo}-language": "es", f"{ben}-message": "Hallo"}
    say(client, draft, words="each", **own)
    assert written(draft) == ["de", "es"]


def test_another_one_is_looked_over_once_more(client: Client, draft: Draft) -> None:
    with scope(brand=draft.brand):
        before = drafts.read(now_in(draft)).digest
    say(client, draft, language="es")
    with scope(brand=draft.brand):
        assert drafts.read(now_in(draft)).digest != before


def test_a_brand_of_one_language_asks_nobody(client: Client, draft: Draft) -> None:
    Brand.objects.filter(pk=draft.brand_id).update(languages=["en"])
    assert (
        'name="language"'
        not in client.get(url(draft, "say")).content.decode().split("site-footer")[0]
    )
    say(client, draft, language="es")
    assert written(now_in(draft)) == ["", ""]


def test_one_that_the_brand_does_not_speak_is_refused_in_words(
    client: Client, draft: Draft
) -> None:
    assert "Choose one of these languages." in say(client, draft, language="tlh")
    with pytest.raises(drafts.DraftIncomplete):
        written(draft)
