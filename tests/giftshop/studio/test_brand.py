"""An owner says who they are, section by section: what is kept, what is refused, and where it shows."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.db.transaction import atomic
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django_scopes import scope

from brands.models import Brand, Store
from campaigns.links.links import add as add_link
from campaigns.models import Campaign, Link
from campaigns.planning.campaigns import archive, plan
from giftshop.catalog.brands import languages_of
from giftshop.catalog.models import Option, Treat
from giftshop.delivery import emails
from giftshop.delivery.models import Delivery
from giftshop.orders.checkout import OrderRefused, place_order
from giftshop.orders.models import Gift, Order
from giftshop.studio.audit.words import notes
from giftshop.studio.brand.changes import BrandRefused, Home, change_brand
from giftshop.studio.brand.choices import currencies
from redemption.audit.actors import Actor
from redemption.codes.issue_goodwill import issue_goodwill_gift
from redemption.models import AuditEntry, Code, Device, StaffMember
from tests.cast import line, make_free_treat

BRAND = "/studio/frosty-spoon/brand/"
SHOP = "/shop/frosty-spoon/"

WORDS = {
    "name": "Frosty Spoon",
    "tagline": "Two spoons",
    "story": "We fold by hand.\r\n\r\nCome by.",
}
CONTACT = {
    "legal_name": "Frosty Spoon LLC",
    "representative": "Priya Rao",
    "legal_address": "1 Pike Street\r\n  Seattle ",
    "support_email": "help@frosty-spoon.example",
    "support_phone": "(206) 555-0162",
    "register_entry": "UBI 604 123 456",
    "tax_id": "",
}
HOME = {
    "country": "US",
    "currency": "USD",
    "time_zone": "America/Los_Angeles",
    "language": "en",
    "languages": ["en", "es"],
}
MAIL = {
    "mail_name": "Priya at Frosty",
    "reply_email": "priya@frosty-spoon.example",
    "statement_suffix": "FROSTY",
}


def entries(brand: Brand) -> list[AuditEntry]:
    with scope(brand=brand):
        return list(AuditEntry.objects.order_by("number"))


@pytest.mark.parametrize(
    ("section", "sent", "kept"),
    [
        ("", WORDS, {"tagline": "Two spoons", "story": "We fold by hand.\n\nCome by."}),
        (
            "contact/",
            CONTACT,
            {
                "representative": "Priya Rao",
                "legal_address": "1 Pike Street\nSeattle",
                "support_phone": "+12065550162",
                "register_entry": "UBI 604 123 456",
            },
        ),
        ("home/", HOME, {"languages": ["en", "es"]}),
        ("mail/", MAIL, MAIL),
        (
            "look/",
            {"accent": "#0a7d5a", "corners": "1.5", "drawing": "harbor-bean"},
            {"theme": {"accent": "#0a7d5a", "round": 1.5, "art": "harbor-bean"}},
        ),
    ],
)
def test_each_section_is_kept_by_itself_and_told_in_the_audit_log(
    owner_client: Client, brand: Brand, section: str, sent: dict[str, Any], kept: dict[str, Any]
) -> None:
    assert owner_client.get(BRAND + section).status_code == 200
    assert owner_client.post(BRAND + section, sent).status_code == 302
    before, columns = vars(brand).copy(), {field.name for field in Brand._meta.concrete_fields}
    brand.refresh_from_db()
    assert {name: getattr(brand, name) for name in kept} == kept
    (entry,) = entries(brand)
    assert entry.act == "brand.changed"
    changed = {name for name in columns if before[name] != getattr(brand, name)}
    assert entry.details["changes"].keys() == changed >= kept.keys()
    assert len(notes(entry.details, brand.tz)) == len(changed)

    owner_client.post(BRAND + section, sent)
    assert len(entries(brand)) == 1, "what is so already is no change"


@pytest.mark.parametrize(
    ("section", "sent", "words"),
    [
        ("", {**WORDS, "name": " "}, "name"),
        ("contact/", {**CONTACT, "support_phone": "12"}, "no phone number of that country"),
        ("home/", {**HOME, "languages": []}, "Choose one at least."),
        ("home/", {**HOME, "languages": ["fr"]}, "fr"),
        ("mail/", {**MAIL, "reply_email": "a@b.example\r\nBcc: c@d.example"}, "e-mail"),
        ("mail/", {**MAIL, "statement_suffix": "FROSTY*"}, "A bank takes plain letters"),
        ("mail/", {**MAIL, "statement_suffix": "123"}, "A bank takes plain letters"),
        ("mail/", {**MAIL, "statement_suffix": "GRÖẞE"}, "A bank takes plain letters"),
        ("mail/", {**MAIL, "statement_suffix": "ELEVEN LONG"}, "10"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_kept(
    owner_client: Client, brand: Brand, section: str, sent: dict[str, Any], words: str
) -> None:
    answer = owner_client.post(BRAND + section, sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert entries(brand) == []


@pytest.mark.parametrize("suffix", ["A*B", "<b>", "12", "\\", "a'b", 'a"b', "Ä"])
def test_the_database_keeps_no_suffix_that_stripe_refuses(brand: Brand, suffix: str) -> None:
    with pytest.raises(IntegrityError, match="brand_statement_suffix"), atomic():
        Brand.objects.filter(pk=brand.pk).update(statement_suffix=suffix)


@pytest.mark.parametrize("suffix", ["", "A", "FROSTY+CO.", "Café"[:3], "5 SPOONS;"])
def test_what_stripe_takes_is_kept(brand: Brand, suffix: str) -> None:
    assert Brand.objects.filter(pk=brand.pk).update(statement_suffix=suffix) == 1


def test_the_currency_stays_once_there_is_a_price(
    owner_client: Client, brand: Brand, treat: Treat
) -> None:
    answer = owner_client.post(f"{BRAND}home/", {**HOME, "currency": "EUR"})
    assert answer.status_code == 409
    assert "There are prices on the menu" in answer.content.decode()


def test_what_was_never_sold_is_archived_and_the_currency_can_change(
    owner_client: Client, brand: Brand, treat: Treat
) -> None:
    """Who opened a shop in the wrong country is not stuck there. No amount means another sum by then."""
    with scope(brand=brand):
        planned = plan(brand=brand, name="Winter", starts_on=date(2027, 1, 4))
        given = make_free_treat(brand)
        link = add_link(
            campaign=planned, channel=Link.Channel.EMAIL, name="x", treat=given, amount=2_500
        )
    Treat._base_manager.update(is_active=False)
    assert owner_client.post(f"{BRAND}home/", {**HOME, "currency": "EUR"}).status_code == 302
    brand.refresh_from_db()
    assert (brand.currency, treat.prices.count()) == ("EUR", 0)
    with scope(brand=brand):
        assert not Option.objects.filter(group__treat=treat, extra__gt=0).exists()
        link.refresh_from_db()
    assert (link.treat, link.amount) == (given, None)
    menu = "/studio/frosty-spoon/menu/"
    assert "Double scoop" in owner_client.get(menu).content.decode()
    assert owner_client.get(f"{menu}{treat.slug}/").status_code == 200


def test_the_currency_stays_while_a_goodwill_gift_is_out(
    owner_client: Client, brand: Brand, in_brand: Brand, device: Device, manager: StaffMember
) -> None:
    issue_goodwill_gift(
        device=device,
        staff=manager,
        amount=2000,
        label="$20",
        reason="It melted",
        recipient_name="Ben",
    )
    answer = owner_client.post(f"{BRAND}home/", {**HOME, "currency": "JPY"})
    assert answer.status_code == 409
    assert "Something was sold or given already" in answer.content.decode()
    assert Brand.objects.get(pk=brand.pk).currency == "USD"


@pytest.mark.parametrize("amounts", [{"budget": 50_000}, {"spent": 100}])
def test_the_currency_stays_while_a_campaign_counts_in_it(
    owner_client: Client, brand: Brand, in_brand: Brand, amounts: dict[str, int]
) -> None:
    planned = plan(brand=brand, name="Winter", starts_on=date(2027, 1, 4), **amounts)
    archive(planned)
    answer = owner_client.post(f"{BRAND}home/", {**HOME, "currency": "JPY"})
    assert answer.status_code == 409
    assert "A campaign says in this currency" in answer.content.decode()
    Campaign.objects.update(budget=0, spent=None)
    assert owner_client.post(f"{BRAND}home/", {**HOME, "currency": "JPY"}).status_code == 302


def test_limits_begin_anew_with_another_currency_and_the_log_says_both(
    owner_client: Client, brand: Brand
) -> None:
    assert owner_client.post(f"{BRAND}home/", {**HOME, "currency": "JPY"}).status_code == 302
    brand.refresh_from_db()
    assert (brand.void_limit, brand.goodwill_person_limit) == (5_000, 10_000)
    (entry,) = entries(brand)
    assert entry.details["changes"].keys() == {"currency", "languages"}, "yen: 5,000 as before"
    assert owner_client.post(f"{BRAND}home/", {**HOME, "currency": "VND"}).status_code == 302
    brand.refresh_from_db()
    limits = (brand.void_limit, brand.goodwill_person_limit, brand.goodwill_store_limit)
    assert limits == (500_000, 1_000_000, 2_000_000)
    said = dict(notes(entries(brand)[-1].details, brand.tz))
    assert re.fullmatch(r"¥5,000 . ₫500,000", said["Two people cancel above"])


@pytest.mark.parametrize("currency", ["XOF", "XAF", "XCD", "XPF", "XCG", "BGN", "ZZZ"])
def test_saving_what_the_page_shows_leaves_the_currency(
    owner_client: Client, brand: Brand, currency: str
) -> None:
    """Also money that nobody can choose any more: a brand that has it keeps it."""
    Brand.objects.filter(pk=brand.pk).update(currency=currency)
    page = owner_client.get(f"{BRAND}home/").content.decode()
    chosen = re.findall(r'<option value="([^"]*)" selected', page)
    assert set(chosen) == {"US", currency, "en", "America/Los_Angeles"}
    sent = {**HOME, "currency": currency}
    assert owner_client.post(f"{BRAND}home/", sent).status_code == 302
    assert Brand.objects.get(pk=brand.pk).currency == currency


def test_metals_and_tests_are_no_money() -> None:
    offered = dict(currencies("EUR"))
    assert {"XAF", "XCD", "XCG", "XOF", "XPF", "EUR", "JPY"} <= offered.keys()
    assert not offered.keys() & {"XAU", "XDR", "XTS", "XXX", "DEM", "CHE", "ADP"}


def test_a_brand_moves_to_no_country_whose_law_its_gifts_would_break(
    owner_client: Client, brand: Brand
) -> None:
    Brand.objects.update(country="FR", gift_valid_days=1000)
    for country, status in {"IE": 409, "DE": 409, "JP": 302}.items():
        answer = owner_client.post(f"{BRAND}home/", {**HOME, "country": country})
        assert answer.status_code == status, country
        assert ("good for longer" in answer.content.decode()) == (status == 409)


def test_the_story_and_the_phone_are_shown_and_escaped(
    client: Client, brand: Brand, store: Store
) -> None:
    assert "Our story" not in client.get(SHOP).content.decode()
    Brand.objects.update(
        story="<b>Cold</b>\nhands", legal_name="Frosty LLC", support_phone="+12065550162"
    )
    Brand.objects.update(representative="Priya <i>Rao</i>", register_entry="UBI 604 <123>")
    page = client.get(SHOP).content.decode()
    assert "&lt;b&gt;Cold&lt;/b&gt;<br>hands" in page
    notice = client.get(f"{SHOP}legal/").content.decode()
    assert 'href="tel:+12065550162"' in notice
    assert "(206) 555-0162" in notice
    for escaped in ("Priya &lt;i&gt;Rao&lt;/i&gt;", "UBI 604 &lt;123&gt;"):
        assert escaped in notice


# --- Languages --------------------------------------------------------------------------------------


def test_pages_are_shown_in_the_brands_languages_alone(
    client: Client, brand: Brand, store: Store, treat: Treat
) -> None:
    Brand.objects.update(language="es", languages=["de", "es"])
    for asked, got in {"en": "es", "fr": "es", "de": "de", "es-MX": "es"}.items():
        answer = client.get(SHOP, headers={"Accept-Language": asked})
        page = answer.content.decode()
        assert f'<html lang="{got}"' in page, asked
        assert answer["Content-Language"] == got
        assert re.findall(r'<button name="language" value="(\w+)"', page) == ["de", "es"]
    home = client.get("/", headers={"Accept-Language": "en"}).content.decode()
    assert '<html lang="es"' in home, "of one brand alone it is that brand's"


def test_an_order_is_written_to_in_a_language_of_the_brand(
    client: Client, brand: Brand, gift: Gift
) -> None:
    Brand.objects.update(language="de", languages=["de"])
    for address in (
        reverse("gift", args=[gift.link_token()]),
        reverse("order", args=[gift.order.link_token()]),
    ):
        page = client.get(address, headers={"Accept-Language": "en"}).content.decode()
        assert '<html lang="de"' in page, address
        assert 'name="language"' not in page, "one language leaves nothing to choose"


def test_a_brand_that_writes_a_language_we_lack_begins_with_the_first_it_shows() -> None:
    assert languages_of(Brand(language="ja")) == ["en", "de", "es"]
    assert languages_of(Brand(language="ja", languages=["es", "de"])) == ["es", "de"]
    assert languages_of(Brand(language="de", languages=["fr"])) == ["de", "en", "es"]


def test_the_studio_speaks_every_language(owner_client: Client, brand: Brand) -> None:
    Brand.objects.update(languages=["de"])
    page = owner_client.get(BRAND, headers={"Accept-Language": "es"}).content.decode()
    assert '<html lang="es"' in page
    assert len(re.findall(r'<button name="language"', page)) == 3


# --- Mails and statements -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "reply", "shown", "answers"),
    [
        (
            "Priya at Frosty",
            "priya@frosty.example",
            "Amy via Priya at Frosty",
            "priya@frosty.example",
        ),
        ("", "", "Amy via Frosty Spoon Creamery", "help@frosty.example"),
        (
            "Frosty\r\nBcc: eve@x.example",
            "",
            "Amy via Frosty Bcc: eve@x.example",
            "help@frosty.example",
        ),
        ("Frosty", "a@b.example\r\nBcc: eve@x.example", "Amy via Frosty", None),
    ],
)
def test_mails_are_from_the_brand_at_the_installations_address(
    brand: Brand, gift: Gift, code: Code, name: str, reply: str, shown: str, answers: str | None
) -> None:
    """Whatever the row says: nobody writes a header."""
    delivery = Delivery(brand=brand, purpose="gift", address="ben@friends.example", pk=gift.pk)
    for row in (brand, gift.order.brand):
        row.mail_name, row.reply_email, row.support_email = name, reply, "help@frosty.example"
    with scope(brand=brand), translation.override("en"):
        message = emails.gift_letter(delivery, gift).message()
    assert message["From"].replace('"', "") == f"{shown} <gifts@example.com>"
    assert message["Reply-To"] == answers
    assert message["Bcc"] is None


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["help@paypal.example", "https://frosty.example", "www.frosty"])
def test_the_name_of_a_sender_is_no_address(brand: Brand, owner_client: Client, name: str) -> None:
    page = owner_client.post(f"{BRAND}mail/", {**MAIL, "mail_name": name})
    assert page.status_code == 422
    assert "Write a name, not an address" in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["a@[127.0.0.1]", '"a b"@frosty.example', "a@localhost"])
def test_answers_go_where_mail_from_anywhere_can(
    brand: Brand, owner_client: Client, address: str
) -> None:
    assert owner_client.post(f"{BRAND}mail/", {**MAIL, "reply_email": address}).status_code == 422
    contact = {**CONTACT, "support_email": address}
    assert owner_client.post(f"{BRAND}contact/", contact).status_code == 422


@pytest.mark.django_db
def test_its_home_offers_what_is_near_and_all_of_it_when_asked(
    brand: Brand, owner_client: Client
) -> None:
    near = owner_client.get(f"{BRAND}home/").content.decode()
    assert 'value="America/New_York"' in near
    assert 'value="Asia/Tokyo"' not in near
    assert 'value="JPY"' not in near
    assert len(near) < 40_000
    whole = owner_client.get(f"{BRAND}home/?all").content.decode()
    assert 'value="Asia/Tokyo"' in whole
    assert 'value="JPY"' in whole
    tokyo = {**HOME, "country": "JP", "currency": "JPY", "time_zone": "Asia/Tokyo"}
    refused = owner_client.post(f"{BRAND}home/", {**tokyo, "languages": ["xx"]})
    assert 'value="Asia/Tokyo" selected' in refused.content.decode()
    assert owner_client.post(f"{BRAND}home/", tokyo).status_code == 302


@pytest.mark.django_db
def test_an_order_is_not_placed_in_a_currency_that_the_brand_has_left(
    brand: Brand, store: Store, treat: Treat
) -> None:
    with scope(brand=brand):
        Brand.objects.filter(pk=brand.pk).update(currency="EUR")  # since the sender's page was read
        with pytest.raises(OrderRefused, match="prices have just changed"):
            place_order(
                brand=brand,
                key="k",
                sender_name="Amy",
                sender_email="a@x.example",
                lines=[line(treat)],
            )
        assert not Order.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_currency_waits_for_an_order_that_is_being_placed(
    brand: Brand, store: Store, treat: Treat
) -> None:
    """And is then refused. Without the lock, both would be taken."""
    with ThreadPoolExecutor(1) as other:
        with scope(brand=brand), atomic():
            place_order(
                brand=brand,
                key="k",
                sender_name="Amy",
                sender_email="a@x.example",
                lines=[line(treat)],
            )
            changed = other.submit(_to_euros, brand)
            with pytest.raises(TimeoutError):
                changed.result(timeout=0.5)
        with pytest.raises(BrandRefused, match="sold"):
            changed.result(timeout=20)


def _to_euros(brand: Brand) -> None:
    home = {**HOME, "languages": [], "currency": "EUR"}
    try:
        with scope(brand=brand):
            change_brand(
                brand=brand,
                facts=Home(**home),  # type: ignore[arg-type]
                by=Actor("user", brand.pk, "Priya"),
                now=timezone.now(),
            )
    finally:
        connection.close()


@pytest.mark.django_db
def test_without_a_store_there_is_no_list_to_choose_from_but_a_way_to_add_one(
    brand: Brand, owner_client: Client
) -> None:
    for page in ("devices/", "staff/new/"):
        html = owner_client.get(f"/studio/frosty-spoon/{page}").content.decode()
        assert "Add a store first" in html
        assert "<select" not in html
        assert 'href="/studio/frosty-spoon/stores/new/"' in html
