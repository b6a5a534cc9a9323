"""Anybody opens a brand, where the operator lets them: address, code, brand, and then the guided opening."""

from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from giftshop.accounts import second_factor
from giftshop.accounts.models import AccountLetter, Membership, User
from giftshop.delivery.models import Delivery
from giftshop.delivery.subscribers import send_account_letter
from giftshop.operator.brands.open import BrandFacts
from giftshop.operator.self_service import proof
from giftshop.operator.self_service.open import open_own_brand
from giftshop.outbox.models import Message
from giftshop.studio.opening import checklist
from giftshop.studio.opening.open import OpeningRefused, open_shop
from redemption.audit.actors import Actor
from redemption.models import AuditEntry
from tests.cast import make_user

pytestmark = pytest.mark.django_db

NIA = "nia@example.com"
BRAND = {"your_name": "Nia", "name": "Zwei Kugeln", "country": "DE"}


@pytest.fixture(autouse=True)
def on(settings: Any) -> None:
    settings.SELF_SERVICE, settings.SELF_SERVICE_APPROVAL = True, True
    settings.SELF_SERVICE_PER_DAY = 20


def prove(client: Client, email: str = NIA) -> Any:
    assert client.post("/open/", {"email": email})["Location"] == "/open/code/"
    return client.post("/open/code/", {"code": code_for(email)})


def code_for(email: str) -> str:
    return AccountLetter.objects.filter(address=email).order_by("pk").last().secret()  # type: ignore[union-attr]


def test_somebody_opens_a_brand_and_is_led_through_its_opening(client: Client) -> None:
    assert prove(client)["Location"] == "/open/brand/"
    begun = client.post("/open/brand/", BRAND)
    assert begun["Location"] == "/studio/zwei-kugeln/opening/step/"
    opened = Brand.objects.get(slug="zwei-kugeln")
    assert (opened.currency, opened.opened_at, opened.awaits_approval) == ("EUR", None, True)
    member = Membership.objects.get(brand=opened)
    assert (member.user.email, member.user.name, member.role) == (NIA, "Nia", "owner")
    assert "Step 1 of 10: Name" in client.get(begun["Location"], follow=True).content.decode()
    # sent once more: the same brand
    assert client.post("/open/brand/", BRAND)["Location"] == begun["Location"]
    assert Brand.objects.filter(name="Zwei Kugeln").count() == 1


def test_where_the_operator_alone_opens_brands_there_is_no_such_page(
    client: Client, settings: Any
) -> None:
    settings.SELF_SERVICE = False
    for address in ("/open/", "/open/code/", "/open/brand/"):
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404


def test_the_first_brand_too_is_opened_so_and_the_installation_writes(
    client: Client, settings: Any
) -> None:
    settings.INSTALLATION_NAME, settings.OPERATOR_EMAIL = "Shops of the Lake", "op@example.com"
    prove(client)
    [message] = Message.objects.filter(topic="account.notified")
    send_account_letter(message)
    [sent] = mail.outbox
    assert parseaddr(sent.from_email)[0] == sent.subject.partition(" at ")[2] == "Shops of the Lake"
    assert sent.reply_to == ["op@example.com"]
    assert client.post("/open/brand/", BRAND).status_code == 302
    with scope(brand=None):
        assert Delivery.objects.get().state == Delivery.State.SENT


def test_the_answer_is_the_same_for_who_has_an_account(brand: Brand, client: Client) -> None:
    make_user(brand, "known@example.com", Membership.Role.READER)
    pages = []
    for email in ("known@example.com", "other@example.com"):
        other = Client()
        other.post("/open/", {"email": email})
        page = other.get("/open/code/").content.decode()
        pages.append(page[page.index("<h1") : page.index("</form>")].replace(email, "them"))
        assert AccountLetter.objects.filter(address=email, user=None).count() == 1
    assert pages[0] == pages[1]


def test_who_has_an_account_signs_in_to_it_and_is_not_let_in_by_this_code(
    brand: Brand, client: Client
) -> None:
    user = make_user(brand, "known@example.com", Membership.Role.READER)
    assert (
        prove(client, "known@example.com")["Location"]
        == f"/accounts/login/?next={quote('/open/brand/', safe='')}"
    )
    assert client.get("/open/brand/")["Location"] == "/open/"
    client.force_login(user)
    assert client.post("/open/brand/", BRAND)["Location"].endswith("/zwei-kugeln/opening/step/")


def test_nobody_is_somebody_without_the_right_code(client: Client) -> None:
    client.post("/open/", {"email": NIA})
    assert client.get("/open/brand/")["Location"] == "/open/"
    for _try in range(proof.TRIES_MAX):
        assert client.post("/open/code/", {"code": "000-000"}).status_code == 422
    assert client.post("/open/code/", {"code": code_for(NIA)})["Location"] == "/open/"
    assert not User.objects.filter(email=NIA).exists()


def test_codes_and_brands_are_bounded(client: Client, settings: Any) -> None:
    for _letter in range(proof.PER_NETWORK):
        assert client.post("/open/", {"email": NIA}).status_code == 302
    assert client.post("/open/", {"email": NIA}).status_code == 429
    settings.SELF_SERVICE_PER_DAY = 1
    prove(client, "first@example.com")
    client.post("/open/brand/", BRAND)
    late = Client()
    prove(late, "second@example.com")
    refused = late.post("/open/brand/", BRAND)
    assert refused.status_code == 409
    assert "come back tomorrow" in refused.content.decode()
    assert not User.objects.filter(email="second@example.com").exists()


def test_one_network_does_not_use_up_the_codes_of_the_day(settings: Any) -> None:
    """Whatever addresses it names, and from however many browsers; others still get theirs."""
    settings.SELF_SERVICE_PER_DAY = 4  # so that 40 codes go out in a day
    answers, begun = [], datetime(2026, 5, 14, 9, tzinfo=UTC)
    for number in range(60):
        with time_machine.travel(begun + timedelta(minutes=number), tick=False):
            said = {"email": f"nobody-{number}@example.com"}
            answers.append(Client(REMOTE_ADDR="203.0.113.7").post("/open/", said).status_code)
    assert answers == [302] * proof.PER_NETWORK_A_DAY + [429] * (60 - proof.PER_NETWORK_A_DAY)
    with time_machine.travel(begun + timedelta(minutes=60), tick=False):
        other = Client(REMOTE_ADDR="198.51.100.7")
        assert other.post("/open/", {"email": NIA}).status_code == 302


def test_it_sells_only_once_an_operator_has_looked_at_it(brand: Brand, client: Client) -> None:
    prove(client)
    client.post("/open/brand/", BRAND)
    opened = Brand.objects.get(slug="zwei-kugeln")
    with scope(brand=opened):
        assert "approval" in [step.need.key for step in checklist.read(opened).steps]
        with pytest.raises(OpeningRefused):
            open_shop(opened, by=Actor("user", opened.pk, "Nia"), now=timezone.now())
    operator = Client()
    operator.force_login(User.objects.create_user("op@example.com", name="Olga", is_staff=True))
    page = operator.get("/operator/brands/").content.decode()
    assert page.index("Zwei Kugeln") < page.index("Frosty Spoon")
    assert "Waits for you" in page
    assert client.post("/operator/brands/zwei-kugeln/approval/").status_code == 404
    for _twice in range(2):
        operator.post("/operator/brands/zwei-kugeln/approval/")
    opened.refresh_from_db()
    with scope(brand=opened):
        assert "approval" not in [step.need.key for step in checklist.read(opened).steps]
        assert AuditEntry.objects.filter(act="brand.approved").count() == 1
    assert AccountLetter.objects.filter(kind="brand_approved", address=NIA).count() == 1


def test_without_approval_its_owner_alone_decides(client: Client, settings: Any) -> None:
    settings.SELF_SERVICE_APPROVAL = False
    prove(client)
    client.post("/open/brand/", BRAND)
    assert not Brand.objects.get(slug="zwei-kugeln").awaits_approval


def test_a_brand_of_ones_own_gives_no_other_week_without_a_second_factor(brand: Brand) -> None:
    owner, now = make_user(brand, "olive@frosty.example", Membership.Role.OWNER), timezone.now()
    closes = second_factor.needed_by(owner)
    facts = BrandFacts(
        name="Zwei", country="DE", currency="EUR", time_zone="Europe/Berlin", language="de"
    )
    opened = open_own_brand(facts=facts, by=owner, now=now + second_factor.GRACE * 2)
    mine = Membership.objects.filter(brand=opened)
    assert [second_factor.needed_from(each) for each in second_factor.with_factor(mine)] == [closes]
