"""Who runs the installation helps somebody with an order: found by what they say, looked at for a reason,
acted on by the product's own functions; and each of that stands in the brand's activity."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from brands.models import Brand
from giftshop.accounts.models import User
from giftshop.delivery import reports
from giftshop.delivery.models import Delivery, Report
from giftshop.delivery.suppression import suppress
from giftshop.friends.masks import mask
from giftshop.models import SearchInVain
from giftshop.operator.support import case, search
from giftshop.orders.models import Gift, Order
from giftshop.outbox import relay
from giftshop.outbox.models import Message
from giftshop.payments.models import Payment
from giftshop.sign_in.factors import proof
from redemption.audit.verify import differences
from redemption.code_format import grouped
from redemption.models import AuditEntry, Code, VoidRequest
from tests.cast import Place, make_brand, make_treat, pay, put_on_hold, symbols

pytestmark = pytest.mark.django_db

PAGE = "/operator/support/"
WHY = "Ticket 1204"
ACTS = ("email", "correction", "hold", "release", "voiding")


@pytest.fixture
def operator(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_user("op@example.com", name="Olga", is_staff=True))
    return client


@pytest.fixture
def payment(paid_order: Order) -> Payment:
    now = timezone.now()
    with scope(brand=paid_order.brand):
        return Payment.objects.create(
            brand=paid_order.brand,
            order=paid_order,
            attempt=1,
            state=Payment.State.PAID,
            session_id="cs_test_a1",
            payment_intent_id="pi_3Qx",
            charge_id="ch_3Qx",
            expires_at=now,
            amount=paid_order.total,
            currency="USD",
            opened_at=now,
            asked_at=now,
            settled_at=now,
        )


def look(client: Client, text: str, reason: str = WHY) -> str:
    """The page that it leads to."""
    answer = client.post(PAGE, {"text": text, "reason": reason}, follow=True)
    assert answer.status_code == 200, answer.content.decode()
    return str(answer.content.decode())


def act(client: Client, code: Code, name: str, reason: str = WHY) -> Any:
    return client.post(f"{PAGE}codes/{code.pk}/{name}/", {"reason": reason}, follow=True)


def entries(brand: Brand) -> list[tuple[str, str, str]]:
    with scope(brand=brand):
        told = AuditEntry.objects.filter(actor_kind="operator").order_by("number")
        return [(entry.act, entry.subject, entry.details["reason"]) for entry in told]


def assert_whole(brand: Brand) -> None:
    with scope(brand=brand):
        assert list(differences(brand)) == []


def test_an_order_is_found_by_all_that_people_can_say_of_it(
    operator: Client, paid_order: Order, gift: Gift, payment: Payment
) -> None:
    relay.drain()
    with scopes_disabled():
        receipt = Delivery.objects.get(purpose="receipt")
        [code] = Code.objects.filter(gift=gift)
    said = [
        paid_order.number,
        paid_order.number.lower().replace("-", ""),
        str(paid_order.pk),
        f"<gift-{gift.pk}-v1@gifts.example.com>",
        str(receipt.pk),
        receipt.message_id,
        *("pi_3Qx", "ch_3Qx", "cs_test_a1"),
        *("AMY@senders.example", "ben@friends.example"),
        f"…{code.last4.lower()}",
        grouped(symbols(code)),
    ]
    for text in said:
        found = search.find(text).found
        assert {each.order for each in found} == {paid_order}, text
    for text in ("amy@senders.exampl", "pi_other", str(uuid4()), "0000-0000"):
        assert search.find(text).found == [], text
    for text in ("Amy", "what?", "pi", "1"):
        with pytest.raises(search.NotUnderstood):
            search.find(text)


def test_a_look_takes_a_reason_and_stands_in_the_activity_of_the_brand(
    operator: Client, paid_order: Order, brand: Brand
) -> None:
    page = f"{PAGE}orders/{paid_order.pk}/"
    for ask in (operator.get, operator.post):
        assert ask(page)["Location"] == PAGE
    for missing in ({"text": paid_order.number}, {"reason": WHY}, {"text": "what?", "reason": WHY}):
        assert operator.post(PAGE, missing).status_code == 422
    assert entries(brand) == []

    assert "Order <span" in look(operator, paid_order.number)
    assert operator.get(page).status_code == 200
    assert entries(brand) == [("order.looked_up", f"order:{paid_order.pk}", WHY)]
    another = Client()
    another.force_login(User.objects.create_user("second@example.com", is_staff=True))
    assert another.get(page)["Location"] == PAGE
    assert_whole(brand)


def test_what_was_opened_closes_after_a_while(
    operator: Client, paid_order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(operator, paid_order.number)
    page = f"{PAGE}orders/{paid_order.pk}/"
    monkeypatch.setattr(case, "LASTS", timedelta(0))
    assert operator.get(page)["Location"] == PAGE
    assert operator.post(f"{page}receipt/", {"reason": WHY})["Location"] == PAGE


def test_a_search_that_finds_nothing_is_kept_without_the_address(
    operator: Client, paid_order: Order, brand: Brand
) -> None:
    for text in ("zoe@nowhere.example", "0000-0000", "pi_other", "what?", ""):
        operator.post(PAGE, {"text": text, "reason": WHY})
    kept = list(SearchInVain.objects.order_by("pk").values_list("by", "about", "reason"))
    assert kept == [
        ("email", "z•••@n•••.example", WHY),
        ("number", "0000-0000", WHY),
        ("payment", "pi_other", WHY),
    ]
    look(operator, paid_order.number)
    page = operator.get(PAGE).content.decode()
    assert "z•••@n•••.example" in page
    assert "nowhere" not in page
    assert SearchInVain.objects.count() == 3


@pytest.fixture
def stale(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Signed in a while ago; to be called, as if they had shown who they are."""
    monkeypatch.setattr(proof, "FRESH", timedelta(0))
    return lambda: monkeypatch.setattr(proof, "FRESH", timedelta(minutes=15))


def test_who_signed_in_a_while_ago_shows_who_they_are_before_a_search(
    operator: Client, paid_order: Order, brand: Brand, stale: Any
) -> None:
    said = {"text": "amy@senders.example", "reason": WHY}
    assert operator.post(PAGE, {**said, "text": "what?"}).status_code == 302
    answer = operator.post(PAGE, said)
    assert answer["Location"] == f"/account/proof/?next={quote(PAGE, safe='')}"
    assert entries(brand) == []
    kept = operator.session["support_typed"]
    assert "senders" not in str(kept) + Session.objects.get().session_data
    stale()
    page = operator.get(PAGE).content.decode()
    assert f'value="{said["text"]}"' in page
    assert f'value="{WHY}"' in page
    assert said["text"] not in operator.get(PAGE).content.decode()  # once
    assert "Order <span" in look(operator, **said)


SAID = {"reason": "Ticket 77", "email": "bea@friends.example"}  # an address where one is asked for


@pytest.mark.parametrize("name", ["receipt", *ACTS])
def test_who_signed_in_a_while_ago_shows_who_they_are_before_an_act(
    operator: Client, code: Code, brand: Brand, stale: Any, name: str
) -> None:
    stale()
    relay.drain()
    if name == "release":
        put_on_hold(code)
    look(operator, symbols(code))
    with scope(brand=brand):
        of_code = operator.get(f"{PAGE}codes/{code.pk}/").content.decode()
        order = Order.objects.get()
    page = f"{PAGE}orders/{order.pk}/" if name == "receipt" else f"{PAGE}codes/{code.pk}/"
    before = entries(brand)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(proof, "FRESH", timedelta(0))
        assert operator.post(f"{page}{name}/", {"reason": ""}).status_code == 422
        answer = operator.post(f"{page}{name}/", SAID)
        assert answer["Location"] == f"/account/proof/?next={quote(page, safe='')}"
    assert entries(brand) == before
    assert "Ticket 77" not in of_code
    again = operator.get(page).content.decode()
    assert again.count("Ticket 77") == 1
    assert again.count('<details class="card support-act" open') == 1
    assert "Nothing was done yet" in again
    assert "Ticket 77" not in operator.get(page).content.decode()
    assert operator.post(f"{page}{name}/", SAID)["Location"] == page
    assert entries(brand)[-1][2] == "Ticket 77"


def test_what_one_typed_is_not_shown_to_the_next(
    operator: Client, paid_order: Order, stale: Any
) -> None:
    operator.post(PAGE, {"text": "amy@senders.example", "reason": WHY})
    kept = operator.session["support_typed"]
    second = Client()
    second.force_login(User.objects.create_user("second@example.com", is_staff=True))
    session = second.session
    session["support_typed"] = kept
    session.save()
    assert "amy@senders" not in second.get(PAGE).content.decode()


def test_a_search_is_told_to_each_brand_that_it_lists(
    operator: Client, paid_order: Order, place: Place, brand: Brand, other_brand: Brand
) -> None:
    pay(place(recipients=("Ben",)))
    page = look(operator, "Ben@friends.example")
    assert page.count(f'action="{PAGE}orders/') == 2
    assert "a•••@s•••.example" in page
    assert "amy@senders" not in page
    assert entries(brand) == [("orders.searched", f"brand:{brand.pk}", WHY)]
    assert entries(other_brand) == []
    with scope(brand=brand):
        told = AuditEntry.objects.get(act="orders.searched").details
    assert told == {"reason": WHY, "by": "email", "found": 2}


def test_no_page_shows_a_code_a_link_or_an_address(
    operator: Client, paid_order: Order, gift: Gift, code: Code, payment: Payment
) -> None:
    relay.drain()
    plain = symbols(code)
    pages = [
        look(operator, "ben@friends.example", reason="He says nothing came").partition("<main")[2],
        look(operator, paid_order.number),
        look(operator, plain),
        operator.get(f"{PAGE}codes/{code.pk}/").content.decode(),
    ]
    secrets = [plain, grouped(plain), gift.link_token(), paid_order.link_token()]
    for page in pages[1:]:
        assert "b•••@f•••.example" in page
        for secret in (*secrets, "@friends", "@senders"):
            assert secret not in page
    assert "pi_3Qx" in pages[1]
    assert f"…{code.last4}" in re.sub(r"<[^>]+>", "", pages[1])


def test_an_order_costs_the_same_with_twenty_gifts(
    operator: Client, place: Place, brand: Brand, django_assert_max_num_queries: Any
) -> None:
    orders = [pay(place(recipients=tuple(f"Ben {n}" for n in range(many)))) for many in (1, 20)]
    relay.drain()
    for order in orders:
        look(operator, order.number)
    for order in orders:
        with django_assert_max_num_queries(17):
            assert operator.get(f"{PAGE}orders/{order.pk}/").status_code == 200


def test_the_gift_goes_out_again_once(
    operator: Client, code: Code, gift: Gift, brand: Brand
) -> None:
    look(operator, symbols(code))
    early = act(operator, code, "email")
    assert (early.status_code, "not sent yet" in early.content.decode()) == (409, True)
    relay.drain()
    mail.outbox.clear()

    assert "goes out again" in act(operator, code, "email").content.decode()
    assert act(operator, code, "email").status_code == 409  # it is on its way
    relay.drain()
    assert [message.to for message in mail.outbox] == [["ben@friends.example"]]
    with scope(brand=brand):
        versions = Delivery.objects.filter(subject=f"gift:{gift.pk}").order_by("version")
        assert [(one.version, one.state) for one in versions] == [(1, "sent"), (2, "sent")]
        assert not Message.objects.filter(done_at=None).exists()
    assert entries(brand)[-1] == ("email.repeated", f"code:{code.pk}", WHY)
    assert entries(brand).count(entries(brand)[-1]) == 1


def test_a_gift_that_came_back_is_sent_once_it_goes_out_again(
    operator: Client, code: Code, gift: Gift, brand: Brand
) -> None:
    relay.drain()
    with scope(brand=brand):
        Gift.objects.filter(pk=gift.pk).update(undeliverable_at=timezone.now())
    look(operator, symbols(code))
    act(operator, code, "email")
    relay.drain()
    with scope(brand=brand):
        assert Gift.objects.with_everything().get(pk=gift.pk).progress == "sent"


def test_the_receipt_goes_out_again(operator: Client, paid_order: Order, brand: Brand) -> None:
    relay.drain()
    mail.outbox.clear()
    look(operator, paid_order.number)
    page = f"{PAGE}orders/{paid_order.pk}/receipt/"
    assert operator.post(page, {"reason": ""}).status_code == 422
    assert operator.post(page, {"reason": WHY}).status_code == 302
    relay.drain()
    assert [message.to for message in mail.outbox] == [["amy@senders.example"]]
    assert entries(brand)[-1] == ("email.repeated", f"order:{paid_order.pk}", WHY)


@pytest.mark.parametrize("state", ["unwanted", "held", "voided", "over"])
def test_what_nobody_can_use_or_wants_is_not_sent_again(
    operator: Client, code: Code, brand: Brand, state: str
) -> None:
    relay.drain()
    mail.outbox.clear()
    look(operator, symbols(code))
    if state == "unwanted":
        suppress(address="ben@friends.example", brand=brand)
    elif state == "held":
        put_on_hold(code)
    elif state == "voided":
        act(operator, code, "voiding")
    else:
        now = timezone.now()
        with scope(brand=brand):
            Code.objects.update(valid_from=now - timedelta(days=2), expires_at=now)
    assert "Send again" not in operator.get(f"{PAGE}codes/{code.pk}/").content.decode()
    assert act(operator, code, "email").status_code == 409
    relay.drain()
    assert mail.outbox == []


def test_one_that_was_used_up_before_the_worker_came_is_given_up(
    operator: Client, code: Code, brand: Brand
) -> None:
    relay.drain()
    mail.outbox.clear()
    look(operator, symbols(code))
    act(operator, code, "email")
    act(operator, code, "voiding")
    relay.drain()
    assert mail.outbox == []
    with scope(brand=brand):
        assert Delivery.objects.get(version=2).state == Delivery.State.FAILED


def test_a_hold_is_placed_and_released_and_a_gift_voided(
    operator: Client, code: Code, brand: Brand
) -> None:
    look(operator, symbols(code))
    states = []
    for name in ("hold", "release", "voiding"):
        assert act(operator, code, name, reason="").status_code == 422
        assert act(operator, code, name).status_code == 200
        assert act(operator, code, name).status_code == 409  # once is enough
        code.refresh_from_db()
        states.append(str(code.state))
    assert states == ["on_hold", "active", "voided"]
    acts = [act for act, _subject, _why in entries(brand)[1:]]
    assert acts == ["code.held", "code.released", "code.voided"]
    assert_whole(brand)


def test_above_the_limit_of_the_brand_its_owner_decides(
    operator: Client, code: Code, brand: Brand, owner_client: Client
) -> None:
    Brand.objects.update(void_limit=0)
    look(operator, symbols(code))
    assert "owner decides" in act(operator, code, "voiding").content.decode()
    code.refresh_from_db()
    assert code.state == Code.State.ACTIVE
    with scope(brand=brand):
        asked = VoidRequest.objects.get()
    requests = f"/studio/{brand.slug}/requests/"
    assert "Olga" in owner_client.get(requests).content.decode()
    owner_client.post(f"{requests}{asked.pk}/decision/", {"decision": "approved"})
    code.refresh_from_db()
    assert code.state == Code.State.VOIDED


def test_nobody_acts_on_what_they_did_not_open(
    operator: Client, code: Code, brand: Brand, owner_client: Client
) -> None:
    for name in ACTS:
        answer = operator.post(f"{PAGE}codes/{code.pk}/{name}/", {"reason": WHY})
        assert answer["Location"] == PAGE
        assert owner_client.post(f"{PAGE}codes/{code.pk}/{name}/").status_code == 404
    assert entries(brand) == []


def test_what_waits_in_the_outbox_is_shown_with_its_order_alone(
    operator: Client, place: Place, brand: Brand
) -> None:
    order, other = pay(place()), pay(place())
    page = look(operator, order.number)
    assert page.count("gift.ready → delivery.gift") == 2
    relay.drain()
    with scope(brand=brand):
        Message.objects.filter(payload__order_id=str(other.pk)).update(done_at=None)
    assert "Still to be done" not in look(operator, order.number)
    assert "order.paid → delivery.receipt" in look(operator, other.number)


def test_a_code_that_was_given_away_has_a_page_of_its_own(
    operator: Client, brand: Brand, code: Code
) -> None:
    with scope(brand=brand):
        Gift.objects.update(code=None)
    page = look(operator, symbols(code))
    assert "Send the gift again" not in page
    assert "Put on hold" in page
    assert entries(brand) == [("code.looked_up", f"code:{code.pk}", WHY)]
    assert act(operator, code, "email").status_code == 404


def test_two_brands_are_told_apart(operator: Client, code: Code, paid_order: Order) -> None:
    other = make_brand("harbor-bean")
    make_treat(other)
    with scopes_disabled():
        Code.objects.update(last4="7Q4K")
    page = look(operator, "7q4k")
    assert page.count(f'action="{PAGE}codes/') == 2
    assert "Frosty Spoon Creamery" in page


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("anna@gmail.com", "a•••@g•••.com"),
        ("a@b.co.uk", "a•••@b•••.uk"),
        ("root@localhost", "r•••@l•••"),
        ("", ""),
        ("nobody", "n•••"),
    ],
)
def test_an_address_is_masked(address: str, masked: str) -> None:
    assert mask(address) == masked


def test_an_address_is_corrected_for_a_reason(
    operator: Client, code: Code, gift: Gift, brand: Brand
) -> None:
    relay.drain()
    mail.outbox.clear()
    look(operator, symbols(code))
    page = f"{PAGE}codes/{code.pk}/correction/"
    missing = operator.post(page, {"email": "bea@friends.example", "reason": ""})
    assert missing.status_code == 422
    assert 'value="bea@friends.example"' in missing.content.decode()
    right = {"email": "bea@friends.example", "reason": WHY}
    assert "goes to the new address" in operator.post(page, right, follow=True).content.decode()
    relay.drain()
    assert [message.to for message in mail.outbox] == [["bea@friends.example"]]
    assert entries(brand)[-1] == ("code.rotated", f"code:{code.pk}", WHY)
    assert_whole(brand)
    with scope(brand=brand):
        Gift.objects.filter(pk=gift.pk).update(opened_at=timezone.now())
    assert operator.post(page, {**right, "email": "cy@friends.example"}).status_code == 409
    assert "Correct the address" not in operator.get(f"{PAGE}codes/{code.pk}/").content.decode()


def test_what_a_provider_reported_of_a_mail_is_shown(
    operator: Client, code: Code, gift: Gift, brand: Brand
) -> None:
    relay.drain()
    with scope(brand=brand):
        sent = Delivery.objects.get(purpose="gift", subject=f"gift:{gift.pk}")
        sent.provider_id = "<1@mg.example.com>"
        sent.save()
    told = reports.Told(
        event_id="1",
        provider_id=sent.provider_id,
        state=Report.State.BOUNCED,
        at=timezone.now(),
        words="550 5.1.1 <ben@friends.example> no such user",
    )
    reports.hear(provider="mailgun", told=[told], now=timezone.now())
    relay.drain()
    look(operator, symbols(code))
    page = operator.get(f"{PAGE}codes/{code.pk}/").content.decode()
    assert "Came back" in page
    assert "There is no such address." in page
    assert "5.1.1" in page
    assert "@friends" not in page
