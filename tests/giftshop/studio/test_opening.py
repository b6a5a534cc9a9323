"""A shop sells nothing until its owner has said who they are, what it sells and where, and Stripe answers."""

from types import SimpleNamespace
from typing import Any

import pytest
import stripe
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand, Store
from giftshop.accounts.models import Membership
from giftshop.catalog.models import Treat
from giftshop.orders.checkout import OrderRefused, place_order
from giftshop.payments.stripe import trial
from giftshop.payments.stripe.trial import Trial
from giftshop.studio.opening import checklist
from redemption.models import AuditEntry
from tests.cast import line, make_user

pytestmark = pytest.mark.django_db

STUDIO = "/studio/frosty-spoon/"
SHOP = "/shop/frosty-spoon/"


@pytest.fixture
def soon(brand: Brand) -> Brand:
    """Set up but for what each test takes away: its owner has not opened it."""
    brand.opened_at = None
    brand.legal_name, brand.legal_address = "Frosty Spoon LLC", "1 Pike Street\nSeattle"
    brand.support_email = "help@frosty-spoon.example"
    brand.save()
    return brand


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What Stripe's API does when it is asked: nothing for a good list."""
    said: dict[str, Any] = {"raises": None, "asked": 0}

    class Rows:
        def list(self, wanted: dict[str, int]) -> list[Any]:
            assert wanted == {"limit": 1}
            said["asked"] += 1
            if said["raises"]:
                raise said["raises"]
            return []

    class Api:
        events = charges = balance_transactions = sessions = payment_intents = refunds = Rows()
        disputes = early_fraud_warnings = reviews = payouts = Rows()

    api = Api()
    api.checkout = api.radar = api  # type: ignore[attr-defined]
    monkeypatch.setattr(trial, "client", lambda: SimpleNamespace(v1=api))
    return said


def page_of(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_until_it_opens_senders_read_opening_soon_and_nothing_is_sold(
    soon: Brand, store: Store, treat: Treat, client: Client
) -> None:
    page = page_of(client, SHOP)
    assert "Opening soon" in page
    assert "noindex" in page
    assert "Give a treat" not in page
    assert client.post(f"{SHOP}give/")["Location"] == SHOP
    assert "No shop has opened yet" in page_of(client, "/")
    with scope(brand=soon), pytest.raises(OrderRefused, match="has not opened yet"):
        place_order(
            brand=soon,
            key="k",
            sender_name="Amy",
            sender_email="amy@x.example",
            lines=[line(treat)],
        )


def test_its_owner_opens_it_once_all_is_there(
    soon: Brand, store: Store, treat: Treat, owner_client: Client, answer: dict[str, Any]
) -> None:
    assert "Open the shop" not in page_of(owner_client, STUDIO)
    owner_client.post(f"{STUDIO}payments-trial/")
    assert "Open the shop" in page_of(owner_client, STUDIO)
    owner_client.post(f"{STUDIO}opening/")
    soon.refresh_from_db()
    assert soon.opened_at is not None
    assert "Give a treat" in page_of(owner_client, SHOP)
    with scope(brand=soon):
        assert AuditEntry.objects.filter(act="shop.opened").count() == 1
    owner_client.post(f"{STUDIO}opening/")
    with scope(brand=soon):
        assert AuditEntry.objects.filter(act="shop.opened").count() == 1


@pytest.mark.parametrize("missing", ["name", "treat", "store"])
def test_with_one_thing_missing_it_stays_closed(
    soon: Brand, store: Store, treat: Treat, owner_client: Client, answer: Any, missing: str
) -> None:
    with scope(brand=soon):
        if missing == "name":
            Brand.objects.update(legal_address="")
        elif missing == "treat":
            treat.prices.all().delete()
        else:
            Store.objects.update(is_active=False)
        soon.refresh_from_db()
        left = [step.need.key for step in checklist.read(soon).steps if not step.is_done]
    assert missing in left
    said = owner_client.post(f"{STUDIO}opening/", follow=True).content.decode()
    assert "Something is missing" in said
    soon.refresh_from_db()
    assert soon.opened_at is None


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (stripe.AuthenticationError("no"), "does not know this installation"),  # type: ignore[no-untyped-call]
        (stripe.PermissionError("no"), "may not do what payments need"),  # type: ignore[no-untyped-call]
        (stripe.APIConnectionError("no"), "reached right now"),  # type: ignore[no-untyped-call]
        (stripe.APIError("no"), "reached right now"),  # type: ignore[no-untyped-call]
    ],
)
def test_what_stripe_refuses_is_said_in_words_and_counts_as_not_tried(
    soon: Brand,
    store: Store,
    treat: Treat,
    owner_client: Client,
    answer: dict[str, Any],
    error: Exception,
    words: str,
) -> None:
    Brand.objects.update(payments_tried_at=timezone.now())
    answer["raises"] = error
    assert words in owner_client.post(f"{STUDIO}opening/", follow=True).content.decode()
    soon.refresh_from_db()
    assert (soon.opened_at, soon.payments_tried_at) == (None, None)


def test_a_test_key_is_named_as_one(answer: dict[str, Any], settings: Any) -> None:
    assert trial.ask_stripe() is Trial.TEST
    settings.STRIPE_LIVEMODE = True
    assert trial.ask_stripe() is Trial.LIVE
    assert answer["asked"] == 2 * len(trial.READS)


def test_every_page_names_the_next_step_to_owners_until_it_is_open(
    soon: Brand, owner_client: Client, client: Client, django_assert_num_queries: Any
) -> None:
    assert "Go on with your opening: Name" in page_of(owner_client, f"{STUDIO}campaigns/")
    assert "Step 5 of 10: Store" in page_of(owner_client, f"{STUDIO}stores/")
    client.force_login(make_user(soon, "marketer@example.com", Membership.Role.MARKETER))
    assert "Go on with" not in page_of(client, f"{STUDIO}campaigns/")
    assert "Before your shop opens" not in page_of(client, STUDIO)
    Brand.objects.update(opened_at=timezone.now())
    assert "Step 5" not in page_of(owner_client, f"{STUDIO}stores/")
    with scope(brand=soon), django_assert_num_queries(1):
        checklist.read(soon)


def test_each_step_leads_to_the_next_and_is_resumed_where_it_was_left(
    soon: Brand, store: Store, treat: Treat, owner_client: Client
) -> None:
    step = f"{STUDIO}opening/step/"
    assert owner_client.get(step)["Location"] == f"{STUDIO}brand/"
    assert owner_client.post(step, {"past": "home"})["Location"] == f"{STUDIO}brand/look/"
    assert owner_client.get(step)["Location"] == f"{STUDIO}brand/look/"
    assert owner_client.post(step, {"past": "words"})["Location"] == f"{STUDIO}brand/contact/"
    assert owner_client.get(step)["Location"] == f"{STUDIO}brand/look/"
    look = {"accent": "#0a7d5a", "corners": "1", "drawing": ""}
    saved = owner_client.post(f"{STUDIO}brand/look/", look)
    assert saved["Location"] == f"{STUDIO}stores/"
    # what is there already is left out when somebody comes back
    assert owner_client.get(step)["Location"] == f"{STUDIO}payments-trial/"
    assert owner_client.post(step, {"past": "nowhere"}).status_code == 404


def test_what_no_sale_needs_can_wait_and_the_rest_cannot(soon: Brand, owner_client: Client) -> None:
    Brand.objects.update(legal_address="")
    step = f"{STUDIO}opening/step/"
    assert owner_client.post(step, {"past": "contact"})["Location"] == f"{STUDIO}brand/contact/"
    assert owner_client.post(step, {"past": "menu"})["Location"] == f"{STUDIO}menu/"
    assert owner_client.post(step, {"past": "staff"})["Location"] == f"{STUDIO}devices/"
    page = page_of(owner_client, f"{STUDIO}brand/contact/")
    assert "Nothing is sold before this is there." in page
    assert "As a sender sees it" in page
    Brand.objects.update(opened_at=timezone.now())
    assert owner_client.get(step)["Location"] == STUDIO
    assert owner_client.get(f"{STUDIO}opening/")["Location"] == STUDIO


def test_a_step_that_is_not_done_says_what_is_missing(soon: Brand, owner_client: Client) -> None:
    Brand.objects.update(legal_address="", support_email="")
    contact = f"{STUDIO}brand/contact/"
    half = {"legal_name": "Frosty", "legal_address": "", "support_email": "", "tax_id": ""}
    answer = owner_client.post(contact, half, follow=True)
    assert answer.redirect_chain == [(contact, 302)]
    assert "Missing: address, e-mail for questions." in answer.content.decode()
    Brand.objects.update(opened_at=timezone.now())
    page = owner_client.post(contact, {**half, "legal_name": "Frosty LLC"}, follow=True)
    assert "Missing:" not in page.content.decode()


def test_the_first_store_leads_on_and_a_later_one_to_its_page(
    soon: Brand, owner_client: Client
) -> None:
    facts = {"street": "1 Pike Street", "city": "Seattle", "country": "US", "is_active": "on"}
    facts |= {"time_zone": "America/Los_Angeles"}
    new = f"{STUDIO}stores/new/"
    first = owner_client.post(new, {**facts, "name": "Pike Street"})
    assert first["Location"] == f"{STUDIO}menu/"
    Brand.objects.update(opened_at=timezone.now())
    second = owner_client.post(new, {**facts, "name": "Ballard"})
    assert second["Location"] == f"{STUDIO}stores/ballard/"


def test_the_legal_notice_says_whom_one_buys_from(soon: Brand, client: Client) -> None:
    assert f'href="{SHOP}legal/"' in page_of(client, SHOP)
    page = page_of(client, f"{SHOP}legal/")
    assert "Frosty Spoon LLC" in page
    assert "1 Pike Street<br>Seattle" in page
    Brand.objects.update(legal_name="")
    assert client.get(f"{SHOP}legal/").status_code == 404
    assert "Legal notice" not in page_of(client, SHOP)


def test_an_open_shop_that_lost_what_it_sold_with_says_so_first(
    brand: Brand, store: Store, treat: Treat, owner_client: Client
) -> None:
    Brand.objects.update(legal_name="Frosty", legal_address="1 Pike", support_email="a@b.example")
    studio = "/studio/frosty-spoon/"
    assert "Your shop misses something" not in owner_client.get(studio).content.decode()
    Store._base_manager.update(is_active=False)
    page = owner_client.get(studio).content.decode()
    assert "Your shop misses something" in page
    assert "Add a store" in page
    assert "Try the payments" not in page


def test_an_open_shop_goes_on_saying_who_stands_behind_it(
    brand: Brand, owner_client: Client
) -> None:
    Brand.objects.update(legal_name="Frosty", legal_address="1 Pike", support_email="a@b.example")
    empty = {"legal_name": "", "legal_address": "", "support_email": "", "tax_id": ""}
    page = "/studio/frosty-spoon/brand/contact/"
    refused = owner_client.post(page, empty)
    assert refused.status_code == 422
    assert refused.content.decode().count("people have to see this") >= 3
    Brand.objects.update(opened_at=None)
    assert owner_client.post(page, empty).status_code == 302
