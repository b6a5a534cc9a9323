"""An owner looks at shop, e-mail and gift page before saving: nothing is written, sent or given."""

import re
from html import unescape
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django_scopes import scope

from brands.models import Brand, Store
from giftshop.accounts.models import Membership
from giftshop.catalog.models import Treat
from giftshop.previews import sample
from redemption import code_format
from tests.access.state import digests
from tests.cast import make_user
from tests.giftshop.studio.test_brand import HOME, MAIL, WORDS

PREVIEW = "/studio/frosty-spoon/brand/preview/"
LETTER = f"{PREVIEW}letter/"
NEW = {**WORDS, "name": "Warm <i>Spoon</i>", "tagline": "Now with spoons", "of": "studio_brand"}


@pytest.mark.parametrize("menu", ["full", "empty"])
@pytest.mark.parametrize(
    ("show", "said"),
    [
        ("shop", ["Now with spoons", "We fold by hand."]),
        ("gift", ["Warm &lt;i&gt;Spoon&lt;/i&gt;", "JUST", "Amy"]),
        ("mail", ["Warm &lt;i&gt;Spoon&lt;/i&gt;", "Ben, Amy sent you a treat", "JUST"]),
    ],
)
def test_what_is_not_saved_is_shown_and_stays_unsaved(
    owner_client: Client,
    brand: Brand,
    store: Store,
    treat: Treat,
    show: str,
    said: list[str],
    menu: str,
) -> None:
    if menu == "empty":
        with scope(brand=brand):
            Treat.objects.update(is_active=False)
            Store.objects.update(is_active=False)
    before = digests()
    answer = owner_client.post(PREVIEW, {**NEW, "show": show})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert [words for words in said if words not in page] == []
    assert "A preview: nothing of it is saved" in page
    assert digests() == before
    assert mail.outbox == []
    assert "noindex" in answer["X-Robots-Tag"]
    assert "no-store" in answer["Cache-Control"]
    policy = answer["Content-Security-Policy"].split("; ")
    assert "form-action 'none'" in policy
    assert "script-src 'self'" in policy, "nothing else of it is another"


def test_each_section_has_its_preview_but_the_look(owner_client: Client, brand: Brand) -> None:
    for section in ("", "contact/", "home/", "mail/", "pages/", "look/"):
        page = owner_client.get(f"/studio/frosty-spoon/brand/{section}").content.decode()
        assert page.count(f'formaction="{PREVIEW}"') == (0 if section == "look/" else 3)


def test_an_e_mail_says_from_whom_it_would_come(
    owner_client: Client, brand: Brand, treat: Treat
) -> None:
    sent = {**MAIL, "mail_name": "Priya at Frösty", "of": "studio_brand_mail", "show": "mail"}
    page = owner_client.post(PREVIEW, sent).content.decode()
    assert "Amy via Priya at Frösty" in page
    assert "priya@frosty-spoon.example" in page


def test_the_frame_shows_the_e_mail_as_it_would_go_out(
    owner_client: Client, brand: Brand, treat: Treat, other_brand: Brand
) -> None:
    answer = owner_client.post(PREVIEW, {**NEW, "show": "mail"})
    assert "frame-src 'self'" in answer["Content-Security-Policy"]
    [frame] = re.findall(r"<iframe[^>]*>", answer.content.decode())
    assert " sandbox " in frame, "and allows nothing"
    address = unescape(re.findall(r'src="([^"]+)"', frame)[0])
    assert len(address) < 1_000
    letter = owner_client.get(address)
    html = letter.content.decode()
    assert "Warm &lt;i&gt;Spoon&lt;/i&gt;" in html
    assert "cid:" not in html
    assert html.count('src="data:image/') == html.count("<img") > 1
    policy = letter["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; img-src data:; style-src-elem 'sha256-")
    assert policy.endswith("form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox")
    assert "unsafe-inline" not in policy
    assert (letter["X-Frame-Options"], "no-store" in letter["Cache-Control"]) == (
        "SAMEORIGIN",
        True,
    )
    saved = owner_client.get(LETTER).content.decode()
    assert "Warm" not in saved
    for unknown in (f"{address}x", address.replace(brand.slug, other_brand.slug)):
        assert owner_client.get(unknown).status_code == 404


def test_it_is_shown_in_a_language_of_the_brand_to_be(
    owner_client: Client, brand: Brand, treat: Treat
) -> None:
    sent = {
        **HOME,
        "language": "es",
        "languages": ["es"],
        "of": "studio_brand_home",
        "show": "shop",
    }
    assert '<html lang="es"' in owner_client.post(PREVIEW, sent).content.decode()


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({**NEW, "name": "", "show": "shop"}, 422),
        ({**NEW, "show": "till"}, 404),
        ({**NEW, "of": "studio_team", "show": "shop"}, 404),
        ({}, 404),
    ],
)
def test_what_cannot_be_shown_is_not(
    owner_client: Client, brand: Brand, sent: dict[str, Any], status: int
) -> None:
    answer = owner_client.post(PREVIEW, sent)
    assert answer.status_code == status
    if status == 422:
        assert 'id="problems"' in answer.content.decode()


@pytest.mark.parametrize("role", [Membership.Role.MARKETER, Membership.Role.READER])
def test_only_who_may_change_the_brand_looks_ahead(client: Client, brand: Brand, role: str) -> None:
    client.force_login(make_user(brand, "mia@example.com", role))
    assert "formaction" not in client.get("/studio/frosty-spoon/brand/").content.decode()
    assert client.post(PREVIEW, {**NEW, "show": "shop"}).status_code == 404
    assert Client().post(PREVIEW, {**NEW, "show": "shop"}).status_code == 302


def test_no_till_takes_the_sample_for_a_code() -> None:
    with pytest.raises(code_format.MalformedCode):
        code_format.normalise(sample.CODE)
