"""Who runs the installation opens brands and hands each to its owner."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from brands.policy.limits import first_limits
from giftshop.accounts.models import Invitation, User
from giftshop.operator.brands import open as opening
from giftshop.operator.brands.brand_form import currency_of, language_of
from giftshop.operator.brands.forms import NewBrandForm
from giftshop.operator.brands.views import PER_PAGE
from giftshop.places import MOST_PEOPLE, zones_of
from giftshop.studio.brand.choices import currencies
from redemption.models import AuditEntry
from tests.cast import make_brand

pytestmark = pytest.mark.django_db

PAGE = "/operator/brands/"


@pytest.fixture
def operator() -> Client:
    client = Client()
    client.force_login(User.objects.create_user("op@example.com", name="Olga", is_staff=True))
    return client


def open_brand(operator: Client, name: str, owner: str = "nia@example.com") -> Brand:
    before = set(Brand.objects.values_list("pk", flat=True))
    sent = {"name": name, "country": "DE", "owner": owner}
    assert operator.post(f"{PAGE}new/", sent).status_code == 302
    return Brand.objects.exclude(pk__in=before).get()


def test_a_brand_begins_with_what_follows_from_its_country_and_sells_nothing(
    operator: Client,
) -> None:
    brand = open_brand(operator, "Zwei Kugeln")
    assert (brand.currency, brand.time_zone, brand.language) == ("EUR", "Europe/Berlin", "de")
    assert (brand.slug, brand.opened_at) == ("zwei-kugeln", None)
    assert Invitation.objects.get(brand=brand).email == "nia@example.com"
    with scope(brand=brand):
        opened = AuditEntry.objects.get(act="brand.opened")
    assert (opened.actor_name, opened.details["name"]) == ("Olga", "Zwei Kugeln")
    assert "nia@example.com" in operator.get(f"{PAGE}zwei-kugeln/").content.decode()


def test_names_alike_or_without_latin_letters_get_addresses_of_their_own(operator: Client) -> None:
    names = ["Zwei Kugeln", "zwei kugeln!", "New", "アイス", "冰"]
    slugs = [open_brand(operator, name).slug for name in names]
    assert slugs == ["zwei-kugeln", "zwei-kugeln-2", "new-2", "shop", "shop-2"]


def test_an_operator_who_names_themselves_is_in_at_once(operator: Client) -> None:
    brand = open_brand(operator, "Own", owner="OP@example.com")
    assert operator.get(f"/studio/{brand.slug}/brand/").status_code == 200
    assert "All brands" in operator.get("/studio/").content.decode()


def test_a_form_that_is_sent_twice_opens_one_brand(operator: Client) -> None:
    sent = {"name": "Zwei Kugeln", "country": "DE", "owner": "nia@example.com"}
    operator.post(f"{PAGE}new/", sent)
    again = operator.post(f"{PAGE}new/", sent, follow=True)
    assert "Nothing was done twice" in again.content.decode()
    assert Brand.objects.filter(name="Zwei Kugeln").count() == 1
    assert Invitation.objects.count() == 1
    # of another owner, it is another brand
    operator.post(f"{PAGE}new/", {**sent, "owner": "other@example.com"})
    assert Brand.objects.filter(name="Zwei Kugeln").count() == 2


def test_another_owner_is_invited_and_one_who_is_there_is_not(
    operator: Client, brand: Brand, owner: User
) -> None:
    page = f"{PAGE}{brand.slug}/"
    operator.post(page, {"owner": "second@example.com"})
    assert Invitation.objects.get().email == "second@example.com"
    told = operator.post(page, {"owner": owner.email}, follow=True).content.decode()
    assert "in your team already" in told
    assert operator.post(page, {"owner": "nobody"}).status_code == 422


def test_many_brands_are_found_and_paged_with_few_queries(
    operator: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(PER_PAGE + 2):
        make_brand(f"shop-{number:02}", name=f"Shöp & Co {number:02}")
    with django_assert_max_num_queries(8):
        first = operator.get(PAGE, {"q": "shöp & co"}).content.decode()
    assert "Co 00" in first
    assert "?page=2&amp;q=sh%C3%B6p%20%26%20co" in first
    assert "Co 26" in operator.get(PAGE, {"q": "shöp & co", "page": 2}).content.decode()
    assert "No brand of that name" in operator.get(PAGE, {"q": "none"}).content.decode()


@pytest.mark.parametrize(
    ("country", "currency", "language"),
    [
        *[("DE", "EUR", "de"), ("US", "USD", "en"), ("CH", "CHF", "de"), ("JP", "JPY", "ja")],
        *[("BG", "EUR", "bg"), ("SN", "XOF", "wo"), ("WS", "WST", "en"), ("VU", "VUV", "en")],
    ],
)
def test_what_people_pay_and_write_with(country: str, currency: str, language: str) -> None:
    assert currency_of(country) == currency
    assert language_of(country).split("-")[0] == language


@pytest.mark.parametrize(
    "in_each", [False, pytest.param(True, marks=pytest.mark.stress)], ids=["currency", "country"]
)
def test_every_country_of_the_form_can_be_opened(operator: Client, in_each: bool) -> None:
    """Its currency, clock and language are such as the database takes: of each country as the form says, and
    written by the first country of each currency and language; `make stress` writes one in each country."""
    page = operator.get(f"{PAGE}new/").content.decode()
    codes = [code for code in page.split('<option value="')[1:] if code[:2].isupper()]
    assert len(codes) > 200
    olga, now = User.objects.get(email="op@example.com"), timezone.now()
    written = set[object]()
    for number, code in enumerate(codes):
        kind = code[:2] if in_each else (currency_of(code[:2]), language_of(code[:2]))
        form = NewBrandForm({"name": f"B {number}", "country": code[:2], "owner": olga.email})
        assert form.is_valid(), (code[:2], form.errors)
        if kind in written:
            continue
        written.add(kind)
        opening.open_brand(facts=form.facts(), by=olga, now=now)
    for brand in Brand.objects.filter(slug__startswith="b-"):
        brand.full_clean(
            validate_unique=False, validate_constraints=False
        )  # PostgreSQL has taken it
        assert brand.currency in dict(currencies("")), brand.country
        assert brand.goodwill_store_limit == 4 * brand.void_limit


@pytest.mark.parametrize(
    ("currency", "limits"),
    [
        ("USD", (5_000, 10_000, 20_000)),
        ("JPY", (5_000, 10_000, 20_000)),
        ("KWD", (50_000, 100_000, 200_000)),
        ("VND", (500_000, 1_000_000, 2_000_000)),
        ("IDR", (50_000_000, 100_000_000, 200_000_000)),
        ("KRW", (50_000, 100_000, 200_000)),
    ],
)
def test_limits_begin_by_the_currency(currency: str, limits: tuple[int, int, int]) -> None:
    assert tuple(first_limits(currency).values()) == limits


def test_a_country_of_many_clocks_begins_with_that_of_most_people() -> None:
    for country, zone in MOST_PEOPLE.items():
        assert zones_of(country)[0] == zone
