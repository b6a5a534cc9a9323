"""What is in a treat and in its choices: said in the studio, read before anybody chooses."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand, Store
from giftshop.catalog.contents import Allergen, Contents, DietMark, told, told_of_choice
from giftshop.catalog.models import Option, Treat
from giftshop.orders.models import Gift
from giftshop.studio.catalog.changes import change_treat
from giftshop.studio.catalog.facts import TreatFacts
from redemption.audit.actors import SYSTEM
from redemption.models import AuditEntry, Code, StaffMember
from redemption.till.devices import PairedDevice
from tests.cast import PIN, symbols, today

PAGE = "/studio/frosty-spoon/menu/double-scoop/contents/"
MILK, NUTS, NONE, UNSAID = (
    Contents(("milk",)),
    Contents(("nuts",)),
    Contents(()),
    Contents(),
)


def option(treat: Treat, key: str) -> Option:
    return Option.objects.get(group__treat=treat, key=key)


def sent(treat: Treat, /, **parts: dict[str, Any]) -> dict[str, Any]:
    """What the page sends: of "treat", or of a choice by its key."""
    form = {}
    for part, answers in parts.items():
        prefix = part if part == "treat" else f"option-{option(treat, part).pk}"
        form |= {f"{prefix}-{name}": value for name, value in answers.items()}
    return form


def test_the_law_knows_fourteen() -> None:
    assert len(Allergen) == 14


@pytest.mark.parametrize(
    ("own", "choices", "words"),
    [
        (MILK, [NUTS, NONE], ("Milk", "Nuts", False, False)),
        (MILK, [Contents(("milk", "nuts"))], ("Milk", "Nuts", False, False)),
        (NONE, [NONE], ("", "", True, False)),
        (NONE, [UNSAID], ("", "", False, True)),
        (UNSAID, [NUTS], ("", "Nuts", False, True)),
        (NONE, [NUTS, MILK], ("", "Milk, Nuts", False, False)),
    ],
)
def test_nothing_said_is_not_none(own: Contents, choices: list[Contents], words: Any) -> None:
    found = told(own, choices)
    assert (found.contains, found.by_choice, found.is_none, found.is_open) == words
    assert found


def test_of_a_bouquet_nothing_is_told() -> None:
    assert not told(UNSAID, [UNSAID])
    assert told_of_choice(NONE).adds_none
    assert told_of_choice(UNSAID).is_unsaid


def test_what_is_said_is_read_wherever_something_is_chosen(
    brand: Brand, store: Store, treat: Treat, owner_client: Client, client: Client
) -> None:
    wanted = sent(
        treat,
        treat={"allergens": ["milk", "eggs"], "diet": ["vegetarian", "alcohol-free"]},
        pistachio={"allergens": ["nuts"]},
        mint={"is_none": "on"},
    )
    assert owner_client.post(PAGE, wanted).status_code == 302
    treat.refresh_from_db()
    assert treat.contents == Contents(("eggs", "milk"), ("vegetarian", "alcohol-free"))
    assert option(treat, "mint").contents == NONE
    assert option(treat, "vanilla").contents == UNSAID
    with scope(brand=brand):
        entry = AuditEntry.objects.get(act="treat.changed")
    assert entry.details["changes"]["allergens"] == [None, ["eggs", "milk"]]
    activity = owner_client.get("/studio/frosty-spoon/audit/").content.decode()
    assert "not said yet → Eggs, Milk" in activity
    assert "Pistachio: Nuts" in activity
    shop = client.get("/shop/frosty-spoon/").content.decode()
    for words in ("Contains: Eggs, Milk", "Depending on the choice: Nuts", "Alcohol-free"):
        assert words in shop
    assert "ask in the store" in shop


def test_every_contradiction_is_told_at_once_and_nothing_is_kept(
    brand: Brand, treat: Treat, owner_client: Client
) -> None:
    wanted = sent(
        treat,
        treat={"allergens": ["milk"], "diet": ["vegan", "gluten-free", "lactose-free"]},
        mint={"diet": ["vegan"], "allergens": ["gluten"]},
        vanilla={"allergens": ["nuts"], "is_none": "on"},
    )
    answer = owner_client.post(PAGE, wanted)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Not “Vegan” if it contains: Milk." in page
    assert "Not “Vegan”: the treat itself contains: Milk." in page
    assert "which contains: Gluten." in page
    assert "Something is ticked above." in page
    assert "Lactose-free”" not in page
    treat.refresh_from_db()
    assert treat.contents == UNSAID


def test_an_older_tab_overwrites_nothing(brand: Brand, treat: Treat, owner_client: Client) -> None:
    page = owner_client.get(PAGE).content.decode()
    version = page.split('name="treat-version" value="')[1].split('"')[0]
    owner_client.post(PAGE, sent(treat, treat={"allergens": ["milk"]}))
    older = sent(treat, treat={"allergens": ["eggs"], "version": version})
    answer = owner_client.post(PAGE, older)
    assert answer.status_code == 409
    treat.refresh_from_db()
    assert treat.contents == MILK


def test_another_name_may_be_another_thing(treat: Treat) -> None:
    """See changes.py: a choice that was renamed is asked again."""
    Option.objects.update(allergens=["milk"])
    with scope(brand=treat.brand):
        whole = Treat.objects.prefetch_related("prices", "option_groups__options")
        facts = TreatFacts.of(whole.select_related("brand").get(), today(treat.brand))
        group = replace(facts.groups[0], options=(("Vanilla", 0), ("Peppermint", 0)))
        change_treat(
            treat=treat, facts=replace(facts, groups=(group,)), by=SYSTEM, now=timezone.now()
        )
    assert option(treat, "mint").contents == UNSAID
    assert option(treat, "vanilla").contents == MILK


@pytest.mark.parametrize(
    "wrong",
    [
        {"allergens": ["pollen"]},
        {"diet": ["tasty"]},
        {"allergens": ["milk"], "diet": ["vegan"]},
        {"allergens": ["fish"], "diet": ["vegetarian"]},
    ],
)
def test_the_database_refuses_what_cannot_be(treat: Treat, wrong: dict[str, Any]) -> None:
    for row in (treat, option(treat, "mint")):
        for name, value in wrong.items():
            setattr(row, name, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()


def test_the_gift_page_and_the_till_say_it_before_a_flavour_is_picked(
    gift: Gift, code: Code, client: Client, treat: Treat, paired: PairedDevice, cashier: StaffMember
) -> None:
    treat.allergens = ["milk"]
    treat.save()
    Option.objects.filter(key="pistachio").update(allergens=["nuts"], diet=[DietMark.VEGETARIAN])
    client.post(f"/gift/{gift.link_token()}/opening/")
    page = client.get(f"/gift/{gift.link_token()}/").content.decode()
    assert "Contains: Milk" in page
    assert "Contains: Nuts" in page
    assert "Allergens not said yet: ask in the store" in page
    tablet = Client()
    tablet.cookies["device"] = paired.token
    tablet.post("/till/sessions/", {"staff": str(cashier.pk), "pin": PIN})
    looked = tablet.post("/till/lookups/", {"code": symbols(code)}).content.decode()
    assert "Contains: Milk" in looked
    assert "Contains: Nuts" in looked
