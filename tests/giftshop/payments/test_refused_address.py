"""An address that only the payment provider refuses: the page says which field it is."""

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from brands.models import Brand
from giftshop.catalog.models import Treat
from sandbox.stripe_double import StripeDouble
from tests.giftshop.giving.steps import SENDER, now_in, ready_draft, url

pytestmark = pytest.mark.django_db
REFUSED = "ana@müller.example"


def test_the_field_is_named_and_another_address_pays(
    client: Client, brand: Brand, treat: Treat, double: StripeDouble
) -> None:
    draft = ready_draft(client, brand, treat)
    said = {"words": "all", "message": "Enjoy!", "design": "love", "when": "now", **SENDER}
    client.post(url(draft, "say"), {**said, "sender_email": REFUSED})
    payment = reverse("payment", args=[brand.slug, draft.pk])
    answer = client.post(payment, follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain[-1][0] == url(draft, "say") + "?check=1#problems"
    assert 'id="id_sender_email_error"' in page
    assert "The payment provider does not take this address" in page
    assert "please try again" not in page
    assert (
        client.post(payment).url == url(draft, "say") + "?check=1#problems"
    )  # not asked again in vain

    assert client.post(url(draft, "say"), said).url == url(draft, "pay")
    assert client.post(payment).url.startswith("http")
    with scope(brand=brand):
        assert now_in(draft).orders.exclude(state="cancelled").count() == 1
