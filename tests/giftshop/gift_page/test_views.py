"""The recipient's page: what anybody with the link sees, and what only a POST changes."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from giftshop.orders.models import Gift
from giftshop.outbox.models import Message
from redemption.models import Code
from redemption.redeem.redeem import redeem
from tests.cast import line, make_free_treat, pay, put_on_hold, symbols
from tests.giftshop.delivery.conftest import fresh
from tests.redemption.codes import qr_reader

pytestmark = pytest.mark.django_db


def state_of_the_database() -> dict[str, str]:
    """A digest of every row of every table."""
    tables = [
        table for table in connection.introspection.table_names() if table != "django_session"
    ]
    with connection.cursor() as cursor:
        digests = {}
        for table in [*tables, "django_session"]:
            cursor.execute(
                f"SELECT md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), '')) FROM \"{table}\" t"
            )
            digests[table] = cursor.fetchone()[0]
    return digests


def test_the_wrapped_present_shows_the_senders_words_and_nothing_of_what_is_inside(
    client, url, code
):
    page = client.get(url).content.decode()
    assert "Amy" in page
    assert "Enjoy this, Ben!" in page
    assert "Open your gift" in page
    for secret in (symbols(code), code.reveal_grouped(), symbols(code)[:4], code.label, "<dialog"):
        assert secret not in page


def test_looking_changes_nothing_however_often(client, url, delivered):
    stop = delivered.extra_headers["List-Unsubscribe"].strip("<>").partition(":8000")[2]
    before = state_of_the_database()
    for turn in range(100):
        for link in (url, stop):
            assert getattr(client, "head" if turn % 2 else "get")(link).status_code == 200
    for act in ("opening", "choices", "thanks"):
        client.get(f"{url}{act}/")
    assert state_of_the_database() == before
    assert not [name for name in client.cookies if name.startswith("opened")]


def test_unwrapping_shows_the_code_and_tells_once(client, url, gift, code):
    answer = client.post(f"{url}opening/")
    assert (answer.status_code, answer["Location"]) == (303, url)
    page = client.get(url).content.decode()
    assert code.label in page
    for group in code.reveal_grouped().split("-"):
        assert f"<span>{group}</span>" in page
    assert qr_reader.read_svg(page) == symbols(code)
    opened_at = fresh(gift).opened_at

    for _ in range(3):
        client.post(f"{url}opening/")
    assert fresh(gift).opened_at == opened_at
    with scope(brand=gift.order.brand):
        told = Message.objects.filter(topic="gift.opened").values_list("payload", flat=True)
    assert len(set(map(str, told))) <= 1


def test_the_cookie_is_signed_kept_from_scripts_and_opens_only_its_gift(unwrapped, gift, url):
    ((name, cookie),) = [item for item in unwrapped.cookies.items() if item[0] != "csrf"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == url  # those of many gifts, sent together, would be too long
    with scope(brand=gift.order.brand):
        other = Gift.objects.with_everything().get(order=gift.order, position=2)
    other_url = f"/gift/{other.link_token()}/"
    thief = Client()
    thief.cookies[name.replace(gift.pk.hex, other.pk.hex)] = cookie.value
    thief.cookies[name] = str(gift.pk)
    assert "Open your gift" in thief.get(other_url).content.decode()
    assert "opened on another phone" in thief.get(url).content.decode()


@pytest.mark.parametrize(
    "token", ["x", "A" * 43, "%00", "ä" * 43, "..", "A" * 2000, "7Q4K-9XWM-2HTD-P6VC-R"]
)
def test_a_link_that_is_none_gets_the_one_calm_answer(client, db, token):
    answer = client.get(f"/gift/{token}/")
    assert answer.status_code == 404
    assert answer.content == client.get(f"/gift/{'B' * 43}/").content
    assert answer.content == client.post(f"/gift/{'B' * 43}/opening/").content


def test_an_unpaid_and_a_scheduled_gift_look_like_no_gift(client, place, treat):
    unpaid = place()
    later = timezone.now() + timedelta(days=2)
    scheduled = pay(place(lines=[line(treat, "Ben", deliver_at=later)]))
    nothing = client.get(f"/gift/{'B' * 43}/").content
    for order in (unpaid, scheduled):
        with scope(brand=order.brand):
            token = order.gifts.first().link_token()
        for answer in (client.get(f"/gift/{token}/"), client.post(f"/gift/{token}/opening/")):
            assert (answer.status_code, answer.content) == (404, nothing)


def test_a_gift_a_sender_carries_opens_the_same_way(client, place, treat):
    order = pay(place(lines=[line(treat, "Ben", channel=Gift.Channel.LINK)]))
    with scope(brand=order.brand):
        gift = order.gifts.with_everything().get()
    client.post(f"/gift/{gift.link_token()}/opening/")
    assert symbols(gift.code) in client.get(f"/gift/{gift.link_token()}/").content.decode()


def test_the_link_keeps_its_secret_to_itself(client, unwrapped, url):
    for answer in (client.get(url), Client().get(url), Client().get("/gift/none/")):
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer["Cache-Control"]
        assert "noindex" in answer["X-Robots-Tag"]


def test_a_messengers_preview_names_the_sender_alone(client, url, code):
    head = client.get(url).content.decode().split("</head>")[0]
    assert "og:title" in head
    assert '<meta property="og:locale" content="en_US">' in head
    assert 'property="og:title" content="Amy has a gift for you"' in head
    for personal in ("Ben", symbols(code), "Double scoop"):
        assert personal not in head


def test_the_flavour_is_chosen_and_changed_until_it_is_handed_over(unwrapped, url, gift):
    for flavour in ("mint", "pistachio"):
        answer = unwrapped.post(f"{url}choices/", {"choice-flavour": flavour})
        assert (answer.status_code, answer["Location"]) == (303, f"{url}#choices")
        (choice,) = [c for c in fresh(gift).code.choices if c["key"] == "flavour"]
        assert choice["picked"] == [flavour]
    assert "+ $0.50" in unwrapped.get(url).content.decode()


def test_htmx_gets_only_the_part_and_it_says_what_the_page_says(unwrapped, url):
    part = unwrapped.post(
        f"{url}choices/", {"choice-flavour": "mint"}, headers={"HX-Request": "true"}
    ).content.decode()
    assert part.lstrip().startswith('<section class="gift-part" id="choices"')
    assert "Saved." in part
    assert 'value="mint" checked' in part


def test_saved_is_said_of_what_is_kept_alone(unwrapped, url, gift):
    """Without a script too. Who picks nothing is told so."""
    saved, nothing = "Saved. The counter will see it.", "Nothing is picked."
    page = unwrapped.get(url).content.decode()
    assert saved not in page
    assert nothing not in page
    for headers in ({}, {"HX-Request": "true"}):
        page = unwrapped.post(f"{url}choices/", headers=headers).content.decode()
        assert saved not in page
        assert nothing in page
        assert page.count("autofocus") == (not headers), "live.js says it and keeps the focus"
    assert fresh(gift).code.open_choices()
    unwrapped.post(f"{url}choices/", {"choice-flavour": "mint"})
    page = unwrapped.get(url).content.decode()
    assert saved in page
    assert nothing not in page
    refused = unwrapped.post(f"{url}choices/", {"choice-flavour": "gravel"}).content.decode()
    assert saved not in refused


def test_a_flavour_that_is_not_offered_is_explained(unwrapped, url, gift):
    page = unwrapped.post(f"{url}choices/", {"choice-flavour": "gravel"}).content.decode()
    assert "no option" in page
    marked = re.findall('<input[^>]*name="choice-flavour"[^>]*aria-invalid="true"', page)
    assert len(marked) == 3
    assert '<fieldset class="field" aria-describedby="wrong-pick">' in page
    assert fresh(gift).code.open_choices()


def test_nobody_chooses_or_thanks_before_the_gift_is_unwrapped(client, url, gift):
    client.post(f"{url}choices/", {"choice-flavour": "mint"})
    client.post(f"{url}thanks/", {"words": "Thanks"})
    assert fresh(gift).code.open_choices()
    assert fresh(gift).thanked_at is None


def test_thanks_are_said_once(unwrapped, url, gift):
    first = unwrapped.post(f"{url}thanks/", {"words": "You <3"})
    again = unwrapped.post(f"{url}thanks/", {"words": "You <3"})
    other = unwrapped.post(f"{url}thanks/", {"words": "Other words"})
    assert {first.status_code, again.status_code} == {303}
    assert "These words were not sent." in other.content.decode()
    assert ">\nOther words</textarea>" in other.content.decode()
    assert fresh(gift).thanks == "You <3"
    assert Message.objects.filter(topic="gift.thanked", subscriber="delivery.thanks").count() == 1
    page = unwrapped.get(url).content.decode()
    assert "You thanked <bdi>Amy</bdi>" in page
    assert "You &lt;3" in page


def test_direction_marks_are_taken_out_of_thanks(unwrapped, url, gift):
    unwrapped.post(f"{url}thanks/", {"words": "Thanks \u202eyou\u2069\n!"})
    assert fresh(gift).thanks == "Thanks you\n!"


@pytest.mark.parametrize("words", ["", "   ", "x" * 281])
def test_thanks_without_words_or_with_too_many_are_explained(unwrapped, url, gift, words):
    page = unwrapped.post(f"{url}thanks/", {"words": words}).content.decode()
    assert "field-error" in page
    assert fresh(gift).thanked_at is None


def test_thanks_are_counted_as_people_see_them(unwrapped, url, gift):
    unwrapped.post(f"{url}thanks/", {"words": "👨‍👩‍👧" * 200})
    assert fresh(gift).thanked_at


def test_an_enjoyed_gift_tells_where_and_shows_no_code(unwrapped, url, code, device):
    with scope(brand=code.brand):
        redeem(device=device, text=symbols(code), key="k" * 20, picks={"flavour": "mint"})
    page = unwrapped.get(url).content.decode()
    assert "Enjoyed" in page
    assert "Pike Street" in page
    assert "Flavour: Mint" in page
    assert "choices/" not in page
    assert "code-groups" not in page


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (Code.State.VOIDED, "taken back"),
        (Code.State.EXPIRED, "Its time has passed"),
    ],
)
def test_a_gift_that_cannot_be_used_says_so_kindly_and_hides_its_code(
    unwrapped, url, code, state, words
):
    revealed = symbols(code)
    with scope(brand=code.brand):
        Code.objects.filter(pk=code.pk).update(state=state, balance=0)
    page = unwrapped.get(url).content.decode()
    assert words in page
    assert revealed not in page
    assert "choices/" not in page


def test_a_gift_on_hold_says_so_kindly_and_hides_its_code(unwrapped, url, code):
    put_on_hold(code)
    page = unwrapped.get(url).content.decode()
    assert "checking the payment" in page
    assert symbols(code) not in page
    assert "choices/" not in page


def test_a_gift_past_its_day_is_not_shown_as_good(unwrapped, url, code):
    now = timezone.now()
    with scope(brand=code.brand):
        Code.objects.filter(pk=code.pk).update(
            valid_from=now - timedelta(days=9), expires_at=now - timedelta(seconds=1)
        )
    page = unwrapped.get(url).content.decode()
    assert "Its time has passed" in page
    assert symbols(code) not in page


def test_the_page_speaks_the_readers_language(client, unwrapped, url):
    page = unwrapped.get(url, headers={"Accept-Language": "de"}).content.decode()
    assert '<html lang="de"' in page


def test_what_people_wrote_is_shown_as_words(client, place, treat):
    order = pay(place(lines=[line(treat, "Ben", message="<script>alert(1)</script>")]))
    with scope(brand=order.brand):
        gift = order.gifts.get()
    page = client.get(f"/gift/{gift.link_token()}/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_pages_keep_to_the_content_security_policy(unwrapped, url):
    for page in (Client().get(url), unwrapped.get(url)):
        text = page.content.decode()
        assert "style=" not in text
        assert "onclick" not in text
        assert "unsafe" not in page["Content-Security-Policy"]


def test_the_page_stays_within_its_budget(
    unwrapped, url, store, store_b, django_assert_max_num_queries
):
    with django_assert_max_num_queries(4):
        unwrapped.get(url)
    with django_assert_max_num_queries(3):
        Client().get(url)
    with django_assert_max_num_queries(8):
        unwrapped.post(f"{url}opening/")


def test_an_amount_spent_in_part_costs_two_queries_more(
    client, brand, place, device, store_b, django_assert_num_queries
):
    order = pay(place(lines=[line(make_free_treat(brand), given=3_750)]))
    with scope(brand=brand):
        [gift] = order.gifts.with_everything()
    page = f"/gift/{gift.link_token()}/"
    client.post(f"{page}opening/")
    with django_assert_num_queries(3):
        assert "$37.50" in client.get(page).content.decode()
    for key in ("one", "two"):
        redeem(device=device, text=symbols(gift.code), key=key, basket_total=1_000)
        with django_assert_num_queries(5):  # where it was spent, and whether its recipient said why
            assert "$10.00" in client.get(page).content.decode()


def test_stores_of_another_brand_never_show(unwrapped, url, store, other_store):
    page = unwrapped.get(url).content.decode()
    assert "Pike Street" in page
    assert other_store.name not in page


def test_post_only_pages_refuse_get(client, url):
    for act in ("opening", "choices", "thanks"):
        assert client.get(f"{url}{act}/").status_code == 405
