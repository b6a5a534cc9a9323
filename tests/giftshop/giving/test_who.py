"""Who: recipients are kept as typed, checked kindly, and only this browser sees them."""

import re

import pytest
from django.test import Client

from brands.models import Brand
from giftshop.catalog.models import Treat
from tests.giftshop.giving.steps import BEN, CLEO, begin, keys, now_in, url, who_form

pytestmark = pytest.mark.django_db


def names(draft: object) -> list[str]:
    return [row["name"] for row in now_in(draft).data["rows"]]  # type: ignore[arg-type]


def test_a_draft_begins_with_room_for_two_recipients(client: Client, brand: Brand) -> None:
    draft = begin(client, brand)
    page = client.get(url(draft, "who"))
    assert page.status_code == 200
    assert page.content.count(b'name="row"') == 3  # two, and the blank one for scripts


def test_two_recipients_lead_on_to_the_treats(client: Client, brand: Brand) -> None:
    draft = begin(client, brand)
    answer = client.post(url(draft, "who"), who_form(draft, BEN, CLEO))
    assert (answer.status_code, answer.url) == (302, url(draft, "what"))
    assert names(draft) == ["Ben", "Cleo"]


def test_one_recipient_is_enough(client: Client, brand: Brand) -> None:
    draft = begin(client, brand)
    assert client.post(url(draft, "who"), who_form(draft, BEN)).url == url(draft, "what")


def test_bad_input_is_kept_and_explained_beside_its_field(client: Client, brand: Brand) -> None:
    draft = begin(client, brand)
    bad = {"name": "Ben", "email": "ben at home"}
    answer = client.post(url(draft, "who"), who_form(draft, bad), follow=True)
    page = answer.content.decode()
    key = keys(draft)[0]
    assert 'value="ben at home"' in page
    assert f'href="#id_{key}-email"' in page
    assert f'id="id_{key}-email_error"' in page
    assert 'aria-invalid="true"' in page


@pytest.mark.parametrize(
    ("recipient", "said"),
    [
        ({"name": "Ben", "email": ""}, "Where shall we send it?"),
        ({"name": "", "email": "ben@friends.example"}, "What is your friend&#x27;s name?"),
        ({"name": "B" * 61, "email": "ben@friends.example"}, "room for 60 characters"),
        ({"name": "Ben", "email": "a@localhost"}, "This does not look like an e-mail address."),
        ({"name": "Ben", "email": "ana@[127.0.0.1]"}, "This does not look like an e-mail address."),
        ({"name": "Ben", "email": "a" * 243 + "@example.com"}, "No e-mail address is so long."),
        ({"name": "evil.com", "email": "ben@friends.example"}, "without a web address"),
        ({"name": "ben@x.example", "email": "ben@friends.example"}, "has a field of its own"),
        ({}, "Add at least one friend."),
    ],
)
def test_what_is_missing_is_said(
    client: Client, brand: Brand, recipient: dict[str, str], said: str
) -> None:
    draft = begin(client, brand)
    assert (
        said
        in client.post(url(draft, "who"), who_form(draft, recipient), follow=True).content.decode()
    )


def test_pasted_lines_become_recipients_and_the_rest_stays_in_the_box(
    client: Client, brand: Brand
) -> None:
    draft = begin(client, brand)
    lines = "Ben <ben@friends.example>\nCleo\n???\nDana, dana@friends.example"
    page = client.post(url(draft, "pasted-recipients"), who_form(draft, pasted=lines), follow=True)
    assert names(draft) == ["Ben", "Cleo", "Dana"]
    assert now_in(draft).data["pasted"] == "???"
    assert "We could not read one line" in page.content.decode()
    assert "“???”: there is no name here" in page.content.decode()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("+1 206 555 0100", "“+1 206 555 0100”: a number is not an e-mail address"),
        ("Ben ben at example.com", "“Ben ben at example.com”: write the address with @ and dots"),
        ("<b>" + "x" * 80, "“&lt;b&gt;" + "x" * 57 + "…”: the name is too long"),
    ],
)
def test_a_line_that_is_no_recipient_is_handed_back_with_a_word_why(
    client: Client, brand: Brand, line: str, said: str
) -> None:
    draft = begin(client, brand)
    page = client.post(url(draft, "who"), who_form(draft, pasted=line), follow=True)
    assert said in page.content.decode()
    assert (names(draft), now_in(draft).data["pasted"]) == (["", ""], line)


def test_headings_above_pasted_rows_are_nobody(client: Client, brand: Brand) -> None:
    draft = begin(client, brand)
    lines = "First,Last,Email\nBen,Okafor,ben@friends.example\nAna,Ruiz,ana@friends.example"
    client.post(url(draft, "who"), who_form(draft, pasted=lines))
    assert names(draft) == ["Ben Okafor", "Ana Ruiz"]
    assert now_in(draft).data["pasted"] == ""


@pytest.mark.parametrize("page", ["who", "pasted-recipients"])
def test_who_was_read_is_shown_and_the_sender_goes_on(
    client: Client, brand: Brand, page: str
) -> None:
    draft = begin(client, brand)
    lines = "Ben <ben@friends.example>\nCleo"
    answer = client.post(url(draft, page), who_form(draft, pasted=lines), follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain[-1][0].startswith(url(draft, "who"))
    assert "We read 2 friends from what you pasted" in page
    shown = page[page.index('id="read"') : page.index("<form")]
    assert "Ben" in shown
    assert "ben@friends.example" in shown
    assert "Cleo" in shown
    again = client.post(url(draft, "who"), who_form(draft, BEN, CLEO))
    assert again.url == url(draft, "what")
    assert "We read" not in client.get(url(draft, "who")).content.decode()


def test_a_paste_that_adds_nobody_new_does_not_stop_anybody(client: Client, brand: Brand) -> None:
    draft = begin(client, brand)
    client.post(url(draft, "who"), who_form(draft, BEN))
    form = who_form(draft, BEN, pasted="Ben <ben@friends.example>")
    assert client.post(url(draft, "who"), form).url == url(draft, "what")


def test_going_on_reads_what_is_still_in_the_box(client: Client, brand: Brand) -> None:
    draft = begin(client, brand)
    client.post(url(draft, "who"), who_form(draft, pasted="Ben <ben@friends.example>"))
    assert names(draft)[0] == "Ben"


def test_the_twenty_first_recipient_waits_in_the_box(client: Client, brand: Brand) -> None:
    draft = begin(client, brand)
    lines = "\n".join(f"Friend {n} <f{n}@friends.example>" for n in range(21))
    client.post(url(draft, "pasted-recipients"), who_form(draft, pasted=lines))
    assert len(names(draft)) == 20
    assert now_in(draft).data["pasted"] == "Friend 20 <f20@friends.example>"


def test_pasting_the_same_recipient_again_adds_nobody(client: Client, brand: Brand) -> None:
    draft = begin(client, brand)
    for _again in range(2):
        client.post(
            url(draft, "pasted-recipients"), who_form(draft, pasted="Ben <ben@friends.example>")
        )
    assert names(draft).count("Ben") == 1


def test_the_same_recipient_twice_is_noticed(client: Client, brand: Brand) -> None:
    draft = begin(client, brand)
    page = client.post(url(draft, "who"), who_form(draft, BEN, BEN), follow=True)
    assert "Ben is on the list twice" in page.content.decode()


def test_two_names_at_one_address_are_only_mentioned(client: Client, brand: Brand) -> None:
    draft = begin(client, brand)
    answer = client.post(url(draft, "who"), who_form(draft, BEN, {**BEN, "name": "Ana"}))
    assert answer.url == url(draft, "what")
    assert "is here under two names" in client.get(url(draft, "who")).content.decode()


def test_a_likely_slip_is_asked_about_once_and_can_be_put_right(
    client: Client, brand: Brand
) -> None:
    draft = begin(client, brand)
    form = who_form(draft, {"name": "Ben", "email": "ben@gmial.com"})
    field = f"id_{keys(draft)[0]}-email"
    asked = client.post(url(draft, "who"), form)
    assert asked.url == f"{url(draft, 'who')}?check=1#{field}"
    page = client.get(asked.url).content.decode()
    assert f'aria-describedby="{field}_hint" id="{field}"' in page
    assert f'<p id="{field}_hint">Did you mean <strong>ben@gmail.com</strong>?' in page
    answer = client.post(url(draft, "recipient-correction", keys(draft)[0]), form)
    assert answer.url == f"{url(draft, 'who')}#{field}"
    assert now_in(draft).data["rows"][0]["email"] == "ben@gmail.com"


def test_a_slip_that_is_meant_goes_through(client: Client, brand: Brand) -> None:
    draft = begin(client, brand)
    form = who_form(draft, {"name": "Ben", "email": "ben@gmial.com"})
    client.post(url(draft, "who"), form)
    assert client.post(url(draft, "who"), form).url == url(draft, "what")


def test_adding_and_removing_rows_keeps_what_was_typed(client: Client, brand: Brand) -> None:
    draft = begin(client, brand)
    form = who_form(draft, BEN, {"name": "Cleo", "email": "cl"})
    added = client.post(url(draft, "recipient"), form).url
    assert added == f"{url(draft, 'who')}#id_{keys(draft)[2]}-name"
    assert names(draft) == ["Ben", "Cleo", ""]
    client.post(
        url(draft, "recipient-removal", keys(draft)[0]), who_form(draft, BEN, {"name": "Cleo"})
    )
    assert names(draft) == ["Cleo", ""]
    assert now_in(draft).data["rows"][0]["email"] == "cl"


def test_adding_twice_makes_one_empty_row(client: Client, brand: Brand) -> None:
    draft = begin(client, brand)
    for _again in range(3):
        client.post(url(draft, "recipient"), who_form(draft, BEN, CLEO))
    assert names(draft) == ["Ben", "Cleo", ""]


def test_a_second_tab_takes_nothing_away(client: Client, brand: Brand) -> None:
    draft = begin(client, brand)
    stale = who_form(draft, BEN, CLEO)
    client.post(url(draft, "pasted-recipients"), who_form(draft, BEN, CLEO, pasted="Dana"))
    client.post(url(draft, "who"), stale)
    assert names(draft) == ["Ben", "Cleo", "Dana"]


def test_sending_the_form_again_is_harmless(client: Client, brand: Brand) -> None:
    draft = begin(client, brand)
    form = who_form(draft, BEN, CLEO)
    answers = [client.post(url(draft, "who"), form).url for _again in range(3)]
    assert answers == [url(draft, "what")] * 3
    assert names(draft) == ["Ben", "Cleo"]


def test_another_browser_sees_nothing_of_it(client: Client, brand: Brand) -> None:
    draft = begin(client, brand)
    client.post(url(draft, "who"), who_form(draft, BEN))
    for name in ("who", "what", "say", "pay"):
        page = Client().get(url(draft, name))
        assert page.status_code == 404
        assert b"ben@friends.example" not in page.content
    Client().post(url(draft, "who"), who_form(draft, {"name": "Eve", "email": "eve@x.example"}))
    assert names(draft)[0] == "Ben"


def test_another_brands_address_does_not_lead_to_it(
    client: Client, brand: Brand, other_brand: Brand
) -> None:
    draft = begin(client, brand)
    address = url(draft, "who").replace(brand.slug, other_brand.slug)
    assert client.get(address).status_code == 404


def test_nul_and_a_flood_of_rows_do_no_harm(client: Client, brand: Brand) -> None:
    draft = begin(client, brand)
    form = who_form(draft, {"name": "B\x00en", "email": "ben@friends.example"})
    form["row"] = [*form["row"], *(f"{n:08x}" for n in range(500)), "../../etc"]
    assert client.post(url(draft, "who"), form).status_code == 302
    assert names(draft)[0] == "Ben"
    assert len(names(draft)) <= 40


def test_the_page_stays_within_its_queries(
    client: Client, brand: Brand, treat: Treat, django_assert_max_num_queries: object
) -> None:
    draft = begin(client, brand, treat)
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        client.get(url(draft, "who"))


def test_nobody_at_all_marks_the_first_name(client: Client, brand: Brand) -> None:
    draft = begin(client, brand)
    page = client.get(url(draft, "who"), {"check": "1"}).content.decode()
    key = keys(draft)[0]
    [name] = re.findall(rf'<input[^>]*id="id_{key}-name"[^>]*>', page)
    assert 'aria-invalid="true"' in name
    assert f'aria-describedby="id_{key}-name_error"' in name
    assert page.count('aria-invalid="true"') == 1
    groups = re.findall(r'role="group" aria-labelledby="([^"]+)"', page)
    assert groups
    assert all(f'id="{each}"' in page for each in groups)
