"""What there is to choose is one row for all gifts that offer the same; each keeps its picks."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.db.utils import ProgrammingError
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from brands.models import Brand
from core.ids import uuid7
from giftshop.catalog.models import Option, Treat
from redemption.audit import verify
from redemption.choices import Choice, apply, picks_of, with_picks, without_picks
from redemption.codes import choose
from redemption.codes import issue as issue_codes
from redemption.models import Code, Device, OptionList, Redemption, option_list
from redemption.redeem import lookup, payloads, redeem
from tests.cast import MINT, flavour, symbols

pytestmark = pytest.mark.django_db

CUP_OR_CONE = flavour(("cup", 0), ("cone", 50))
AS_SOLD = (
    '[{"key": "size", "max": 1, "min": 1, "name": "Size", "picked": ["regular"], "chooser": "sender",'
    ' "options": [{"key": "regular", "extra": 0, "label": "Regular"}]},'
    ' {"key": "flavour", "max": 1, "min": 1, "name": "Flavour", "picked": [PICKED],'
    ' "chooser": "recipient", "options": [{"key": "vanilla", "extra": 0, "label": "Vanilla"},'
    ' {"key": "mint", "extra": 0, "label": "Mint"},'
    ' {"key": "pistachio", "extra": 50, "label": "Pistachio"}]}]'
)
"""A double scoop, as programs read it while each row held all of it: the order of keys was jsonb's."""


def issue(brand: Brand, *choices: Choice) -> Code:
    with scope(brand=brand):
        spec = issue_codes.CodeSpec(
            reference=f"gift:{uuid7()}", label="Scoop", amount=500, choices=choices
        )
        return issue_codes.issue(
            brand=brand,
            reference=spec.reference,
            origin=Code.Origin.PAID,
            specs=[spec],
            now=timezone.now(),
        )[0]


def lists() -> QuerySet[OptionList]:
    return OptionList._base_manager.all()


def triggers_off(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement, values)
        assert cursor.rowcount == 1
        cursor.execute("SET session_replication_role = origin")


class TestWhatIsRead:
    def test_a_look_up_is_what_it_was_byte_for_byte(self, device: Device, code: Code) -> None:
        found = lookup.look_up(device=device, text=symbols(code))
        told = json.dumps(payloads.look_up(found)["gift"]["choices"])
        assert told == AS_SOLD.replace("PICKED", "")

    def test_and_so_is_a_redemption(self, device: Device, code: Code) -> None:
        answer = redeem.redeem(device=device, text=symbols(code), key="a", picks=MINT)
        assert answer.redeemed
        expected = AS_SOLD.replace("PICKED", '"mint"')
        assert f'"choices": {expected}, "redeemed_at"' in answer.text
        with scope(brand=device.brand):
            redemption = Redemption.objects.select_related("option_list").get()
        assert redemption.picks == {"size": ["regular"], "flavour": ["mint"]}
        assert json.dumps(redemption.choices) == expected

    def test_a_changed_menu_changes_no_gift(self, device: Device, code: Code, treat: Treat) -> None:
        Option.objects.filter(group__treat=treat, key="mint").update(label="Basil", extra=900)
        Option.objects.filter(group__treat=treat, key="vanilla").delete()
        answer = redeem.redeem(device=device, text=symbols(code), key="a", picks=MINT)
        assert AS_SOLD.replace("PICKED", '"mint"') in answer.text
        assert answer.body["extra"]["amount"] == 0

    def test_a_gift_without_choices_has_no_list(self, brand: Brand, device: Device) -> None:
        code = issue(brand)
        assert (code.option_list_id, code.picks, code.choices) == (None, {}, [])
        answer = redeem.redeem(device=device, text=symbols(code), key="a")
        assert answer.body["choices"] == []
        assert not lists().exists()


class TestWhatIsKept:
    def test_gifts_that_offer_the_same_share_a_row(self, brand: Brand) -> None:
        picked: Choice = {**CUP_OR_CONE, "picked": ["cone"]}
        first, second = issue(brand, CUP_OR_CONE), issue(brand, picked)
        assert first.option_list_id == second.option_list_id == lists().get().pk
        assert (first.picks, second.picks) == ({}, {"flavour": ["cone"]})

    @pytest.mark.parametrize(
        "other",
        [
            flavour(("cup", 0), ("cone", 60)),
            flavour(("cone", 50), ("cup", 0)),
            {**CUP_OR_CONE, "min": 0},
            {**CUP_OR_CONE, "name": "Vessel"},
            {**CUP_OR_CONE, "chooser": "sender", "picked": ["cup"]},
        ],
    )
    def test_another_offer_is_another_row(self, brand: Brand, other: Choice) -> None:
        assert issue(brand, CUP_OR_CONE).option_list_id != issue(brand, other).option_list_id
        assert lists().count() == 2

    def test_brands_share_none(self, brand: Brand, other_brand: Brand) -> None:
        ours, theirs = issue(brand, CUP_OR_CONE), issue(other_brand, CUP_OR_CONE)
        assert ours.option_list_id != theirs.option_list_id
        with scope(brand=brand):
            assert OptionList.objects.get().pk == ours.option_list_id

    def test_a_known_list_costs_one_query(
        self, brand: Brand, django_assert_num_queries: Any
    ) -> None:
        issue(brand, CUP_OR_CONE)
        with scope(brand=brand), django_assert_num_queries(1):
            OptionList.objects.keep([OptionList.of(brand, [CUP_OR_CONE]), None])
        with scope(brand=brand), django_assert_num_queries(0):
            OptionList.objects.keep([OptionList.of(brand, [])])

    def test_the_recipient_changes_picks_alone(self, device: Device, code: Code) -> None:
        with scope(brand=device.brand):
            choose.choose(code_id=code.pk, picks=MINT)
            kept = Code.objects.get(pk=code.pk)
            assert kept.picks == {"size": ["regular"], "flavour": ["mint"]}
            assert kept.option_list_id == code.option_list_id
            choose.choose(code_id=code.pk, picks={"flavour": []})
            code.refresh_from_db()
            assert code.picks == {"size": ["regular"]}

    def test_two_choices_of_one_key_are_no_list(self, brand: Brand) -> None:
        with pytest.raises(ValueError, match="one key"):
            issue(brand, CUP_OR_CONE, CUP_OR_CONE)
        assert not lists().exists()

    def test_taken_apart_and_put_together_again(self) -> None:
        picked = apply([CUP_OR_CONE], {"flavour": "cone"})
        assert with_picks(without_picks(picked), picks_of(picked)) == picked


class TestWhatTheDatabaseRefuses:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE redemption_optionlist SET groups = '[]'",
            "DELETE FROM redemption_optionlist",
            "TRUNCATE redemption_optionlist CASCADE",
            "UPDATE redemption_code SET option_list_id = NULL",
            "UPDATE redemption_code SET option_list_id = gen_random_uuid()",
        ],
    )
    def test_edits(self, code: Code, statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SET CONSTRAINTS ALL IMMEDIATE"
            )  # what waits for the commit would stop TRUNCATE
            with pytest.raises(ProgrammingError, match="refused"), transaction.atomic():
                cursor.execute(statement)

    def test_but_not_a_code_written_back_with_its_own(self, code: Code) -> None:
        code.recipient_name = "Benjamin"
        code.save()
        assert Code._base_manager.get(pk=code.pk).recipient_name == "Benjamin"


class TestWhatVerifyFinds:
    def test_an_edited_list(self, brand: Brand, code: Code) -> None:
        with scope(brand=brand):
            assert list(verify.differences(brand)) == []
            triggers_off(
                "UPDATE redemption_optionlist SET groups = jsonb_set(groups, '{1,options,2,extra}', '0')"
            )
            (difference,) = verify.differences(brand)
        assert difference.kind == "option list does not fit its digest"
        assert str(code.option_list_id) in difference.row


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    """Both write a list that was not there before. The control writes as if nobody else did."""

    def both(self, brand: Brand, monkeypatch: pytest.MonkeyPatch) -> list[Code]:
        both_have_one, keep = Barrier(2), option_list.insert

        def wait_for_the_other(rows: Any, **more: Any) -> Any:
            both_have_one.wait(10)
            return keep(rows, **more)

        def issue_one(_n: int) -> Code:
            try:
                return issue(brand, CUP_OR_CONE)
            finally:
                connection.close()

        monkeypatch.setattr(option_list, "insert", wait_for_the_other)
        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(issue_one, range(2)))

    def test_write_one_row(self, brand: Brand, monkeypatch: pytest.MonkeyPatch) -> None:
        first, second = self.both(brand, monkeypatch)
        with scopes_disabled():
            assert first.option_list_id == second.option_list_id == OptionList.objects.get().pk

    def test_the_control_fails(self, brand: Brand, monkeypatch: pytest.MonkeyPatch) -> None:
        keep = option_list.insert

        def as_if_alone(rows: Any, **_more: Any) -> Any:
            return keep(rows)

        monkeypatch.setattr(option_list, "insert", as_if_alone)
        with pytest.raises(IntegrityError):
            self.both(brand, monkeypatch)
