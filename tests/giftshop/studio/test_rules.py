"""An owner changes the brand's rules, in words; the audit log says what was before."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from brands.models import Brand
from giftshop.accounts.access import actor_of
from giftshop.accounts.models import Membership, User
from giftshop.studio.rules.changes import Rules, TooShort, change_rules
from redemption.models import AuditEntry
from tests.cast import make_user

RULES = "/studio/frosty-spoon/rules/"


def typed(**changed: Any) -> dict[str, Any]:
    """What the page of a new brand sends."""
    rules = {
        "reversal_window_seconds": "60",
        "managers_reverse_same_day": "on",
        "void_limit": "50.00",
        "goodwill_person_limit": "100.00",
        "goodwill_store_limit": "200.00",
        "breakage": "after",
        "breakage_after_days": "30",
        "gift_valid_days": "1830",
        "withdrawal_days": "",
        "returns_as": "money",
        "unopened_days": "60",
        "people_kept_days": "90",
        "vat": "later",
        "vat_rate": "",
        "shows_counter_link": "on",
    }
    return {**rules, **changed}


def entries(brand: Brand) -> list[AuditEntry]:
    with scope(brand=brand):
        return list(AuditEntry.objects.order_by("number"))


def test_the_rules_are_shown_as_they_are(owner_client: Client, brand: Brand) -> None:
    page = owner_client.get(RULES).content.decode()

    assert 'name="reversal_window_seconds" value="60"' in page
    assert 'name="void_limit" value="50.00"' in page
    assert 'value="after" ' in page
    assert "US Dollars".lower() in page.lower()


def test_saving_what_holds_already_writes_nothing(owner_client: Client, brand: Brand) -> None:
    assert owner_client.post(RULES, typed()).status_code == 302
    assert entries(brand) == []


def test_money_that_goes_back_by_itself_is_owed_for_a_week_first(
    owner_client: Client, brand: Brand
) -> None:
    too_soon = typed(returns_unopened="on", breakage_after_days="6")
    page = owner_client.post(RULES, too_soon)
    assert page.status_code == 422
    assert "At least 7, or money that should go back by itself" in page.content.decode()
    brand.refresh_from_db()
    assert not brand.returns_unopened
    for days in ("7", "30"):
        said = typed(returns_unopened="on", breakage_after_days=days)
        assert owner_client.post(RULES, said).status_code == 302
    said = typed(returns_unopened="on", breakage="never", breakage_after_days="")
    assert owner_client.post(RULES, said).status_code == 302
    brand.refresh_from_db()
    assert brand.returns_unopened
    assert "checked" in _box(owner_client.get(RULES).content.decode())


def test_vat_is_said_in_percent_and_kept_in_basis_points(
    owner_client: Client, brand: Brand
) -> None:
    for typed_rate in ("", "101", "-1", "7.555"):
        said = typed(vat="sale", vat_rate=typed_rate)
        assert owner_client.post(RULES, said).status_code == 422, typed_rate
    assert owner_client.post(RULES, typed(vat="sale", vat_rate="7.5")).status_code == 302
    brand.refresh_from_db()
    assert (brand.vat_rate, brand.vat_on_amounts) == (750, False)
    said = typed(vat="sale", vat_rate="19", vat_on_amounts="on")
    assert owner_client.post(RULES, said).status_code == 302
    assert 'value="19.00"' in owner_client.get(RULES).content.decode()
    assert "7.5 percent" in owner_client.get("/studio/frosty-spoon/audit/").content.decode()
    assert owner_client.post(RULES, typed(vat="later", vat_rate="19")).status_code == 302
    brand.refresh_from_db()
    assert (brand.vat_rate, brand.vat_on_amounts) == (None, False)


def _box(page: str) -> str:
    """The box's own tag."""
    begin = page.index("<input", page.index('<label class="check" for="id_returns_unopened">'))
    return page[begin : page.index(">", begin)]


def test_a_change_is_kept_and_in_the_audit_log(
    owner_client: Client, owner: User, brand: Brand
) -> None:
    sent = typed(
        reversal_window_seconds="0", void_limit="7.50", breakage="never", withdrawal_days="30"
    )
    owner_client.post(RULES, sent)
    brand.refresh_from_db()
    (entry,) = entries(brand)

    assert brand.reversal_window_seconds == 0
    assert brand.void_limit == 750
    assert brand.breakage_after_days is None
    assert (entry.act, entry.subject) == ("policy.changed", f"brand:{brand.pk}")
    assert (entry.actor_kind, entry.actor_id) == ("user", owner.pk)
    assert entry.details["changes"] == {
        "reversal_window_seconds": [60, 0],
        "void_limit": [5000, 750],
        "breakage_after_days": [30, None],
        "withdrawal_days": [None, 30],
    }
    assert "nothing → 30 days" in owner_client.get("/studio/frosty-spoon/audit/").content.decode()


def test_a_rule_that_nobody_named_stays(owner_client: Client, brand: Brand) -> None:
    owner_client.post(RULES, typed(managers_reverse_same_day=""))
    brand.refresh_from_db()

    assert brand.managers_reverse_same_day is False
    assert brand.gift_valid_days == 1830


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"reversal_window_seconds": "-1"}, "The least that works here is 0."),
        ({"reversal_window_seconds": "86401"}, "The most that works here is 86400."),
        ({"reversal_window_seconds": "soon"}, "Write a whole number, like 12."),
        ({"void_limit": "much"}, "Write an amount, like 250."),
        ({"void_limit": "0.001"}, "Amounts have at most 2 digits after the point."),
        ({"void_limit": "99999999999"}, "Write a smaller amount."),
        ({"void_limit": "1E+999990"}, "Write an amount, like 250."),
        ({"void_limit": "1E+1000000"}, "Write an amount, like 250."),
        ({"breakage_after_days": ""}, "After how many days?"),
        ({"breakage": "perhaps"}, "Choose one from the list."),
        ({"withdrawal_days": "367"}, "The most that works here is 366."),
        ({"gift_valid_days": "0"}, "The least that works here is 1."),
        ({"gift_valid_days": "9999999"}, "The most that works here is 36600."),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(
    owner_client: Client, brand: Brand, changed: dict[str, str], words: str
) -> None:
    sent = {**typed(gift_valid_days="2000"), **changed}
    answer = owner_client.post(RULES, sent)
    page = answer.content.decode()

    assert answer.status_code == 422
    assert words in page
    assert f'name="gift_valid_days" value="{sent["gift_valid_days"]}"' in page
    assert entries(brand) == []


@pytest.mark.parametrize(
    ("country", "days", "said"),
    [
        (
            "US",
            1826,
            "The law (12 CFR 1005.20(e)) asks that gifts that were paid for are good for 1827 days at least.",
        ),
        ("IE", 1826, "(Consumer Protection (Gift Vouchers) Act 2019, s. 3)"),
        ("DE", 1460, "(BGB §§ 195, 199"),
        ("NZ", 1095, "1096 days at least"),
    ],
)
def test_less_than_the_law_asks_for_is_refused_with_its_source(
    owner_client: Client, brand: Brand, country: str, days: int, said: str
) -> None:
    Brand.objects.update(country=country)
    answer = owner_client.post(RULES, typed(gift_valid_days=str(days)))
    brand.refresh_from_db()
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert brand.gift_valid_days == 1830
    assert owner_client.post(RULES, typed(gift_valid_days=str(days + 1))).status_code == 302


def test_the_rule_holds_for_whoever_changes_it(brand: Brand, owner: User) -> None:
    """Under the lock: the page was opened while the brand was at home elsewhere."""
    rules = replace(Rules.of(brand), gift_valid_days=1200)
    Brand.objects.update(country="IE")
    with scope(brand=brand), pytest.raises(TooShort, match="Gift Vouchers"):
        change_rules(brand=brand, rules=rules, by=actor_of(owner))
    Brand.objects.update(country="JP")
    with scope(brand=brand):
        assert change_rules(brand=brand, rules=rules, by=actor_of(owner)) == ["gift_valid_days"]


def test_senders_have_no_fewer_days_than_the_law_gives(owner_client: Client, brand: Brand) -> None:
    Brand.objects.update(country="DE")
    answer = owner_client.post(RULES, typed(withdrawal_days="13"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "lets senders take a gift back for 14 days at least." in page
    assert "Empty: the 14 days of the law (BGB" in page
    assert owner_client.post(RULES, typed(withdrawal_days="14")).status_code == 302


@pytest.mark.parametrize(
    ("country", "said", "unsaid"),
    [
        (
            "US",
            ["12 CFR 1005.20(e)", "In California", "$15.00", "22, 2010"],
            ["no rule for"],
        ),
        (
            "DE",
            ["within 14 days", "Directive (EU) 2019/882", "fewer than ten people"],
            ["no rule for"],
        ),
        ("FR", ["within 14 days", "How long gifts must be good there, we don"], ["no rule for"]),
        (
            "BR",
            ["We know no rule for your country (Brazil)", "ask a lawyer"],
            ["14 days", "12 CFR"],
        ),
    ],
)
def test_the_owner_reads_what_the_law_asks_and_what_we_do_not_know(
    owner_client: Client, brand: Brand, country: str, said: list[str], unsaid: list[str]
) -> None:
    Brand.objects.update(country=country)
    page = owner_client.get(RULES).content.decode()
    assert [words for words in said if words not in page] == []
    assert [words for words in unsaid if words in page] == []
    assert "no legal advice" in page


@pytest.mark.parametrize("page", ["rules/", "audit/"])
@pytest.mark.parametrize("person", ["marketer", "finance", "eve"])
def test_only_the_brands_owner_may(
    client: Client, brand: Brand, page: str, person: str, request: pytest.FixtureRequest
) -> None:
    if person == "finance":
        user = make_user(brand, "fay@frosty.example", Membership.Role.FINANCE)
    else:
        user = request.getfixturevalue(person)
    client.force_login(user)
    path = f"/studio/frosty-spoon/{page}"

    assert client.get(path).status_code == 404
    assert client.post(path, typed(gift_valid_days="1")).status_code in {404, 405}
    brand.refresh_from_db()
    assert brand.gift_valid_days == 1830
