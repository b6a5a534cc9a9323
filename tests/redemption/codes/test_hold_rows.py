"""What the database refuses of holds."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from core.ids import uuid7
from redemption.models import Code, Hold, StaffMember
from tests.redemption.codes.test_hold import commit, place, release

pytestmark = pytest.mark.usefixtures("in_brand")


class TestWhatTheDatabaseRefuses:
    @pytest.fixture
    def kept(self, code: Code, manager: StaffMember) -> Hold:
        place(code, manager)
        return Hold.objects.get()

    def refused(self, change: Callable[[], object]) -> str:
        with pytest.raises(DatabaseError) as error, transaction.atomic():
            change()
            commit()
        return str(error.value)

    @pytest.mark.parametrize("state", ["active", "on_hold"])
    def test_a_state_without_its_hold_and_a_hold_without_its_state(
        self, state: str, code: Code, manager: StaffMember
    ) -> None:
        """The other of the two is what the hold says."""
        if state == "active":
            place(code, manager)
        codes = Code.objects.filter(pk=code.pk)
        assert "its holds say otherwise" in self.refused(lambda: codes.update(state=state))

    def test_a_hold_of_an_active_code(self, kept: Hold, code: Code, manager: StaffMember) -> None:
        release(code, manager)
        commit()
        kept.pk, kept._state.adding = uuid7(), True
        assert "its holds say otherwise" in self.refused(kept.save)

    def test_a_release_of_the_last_that_leaves_the_state(self, kept: Hold) -> None:
        open_ones = Hold.objects.open()
        at = timezone.now()
        assert "its holds say otherwise" in self.refused(
            lambda: open_ones.update(
                released_at=at, released_by_kind="system", release_reason="none"
            )
        )

    @pytest.mark.parametrize("state", ["voided", "expired", "redeemed"])
    def test_an_end_that_leaves_a_hold_open(self, kept: Hold, code: Code, state: str) -> None:
        codes = Code.objects.filter(pk=code.pk)
        assert "its holds say otherwise" in self.refused(
            lambda: codes.update(state=state, balance=0)
        )

    def test_a_code_that_is_born_on_hold(self, code: Code) -> None:
        code.pk, code._state.adding = uuid7(), True
        code.state, code.reference, code.digest = "on_hold", "another", b"another"
        assert "its holds say otherwise" in self.refused(code.save)

    def test_a_second_open_hold_for_the_same(self, kept: Hold) -> None:
        kept.pk, kept._state.adding = uuid7(), True
        with pytest.raises(IntegrityError, match="hold_one_open_per_code_and_subject"):
            kept.save()

    @pytest.mark.parametrize(
        ("change", "constraint"),
        [
            ({"subject": "dispute:1"}, "hold_of_manager_has_no_subject"),
            ({"cause": "dispute"}, "hold_of_manager_has_no_subject"),
            ({"placed_by": None}, "hold_was_placed_by_somebody"),
            ({"placed_by_kind": "system"}, "hold_was_placed_by_somebody"),
            ({"released_at": timezone.now()}, "hold_release_has_its_who_when_and_why"),
            ({"released_by_kind": "system"}, "hold_release_has_its_who_when_and_why"),
            ({"release_reason": "none"}, "hold_release_has_its_who_when_and_why"),
        ],
    )
    def test_half_a_row(self, kept: Hold, change: dict[str, object], constraint: str) -> None:
        kept.pk, kept._state.adding = uuid7(), True
        for name, value in change.items():
            setattr(kept, name, value)
        with pytest.raises(IntegrityError, match=constraint):
            kept.save()

    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE redemption_hold SET reason = 'another'",
            "UPDATE redemption_hold SET placed_by_name = 'Nia'",
            "UPDATE redemption_hold SET released_at = now()",
            "DELETE FROM redemption_hold",
            "TRUNCATE redemption_hold",
        ],
    )
    def test_an_edit(self, kept: Hold, code: Code, manager: StaffMember, change: str) -> None:
        if "released_at" in change:  # once is enough
            release(code, manager)
        commit()

        def edit() -> None:
            with connection.cursor() as cursor:
                cursor.execute(change)

        assert "a hold is placed, and released once" in self.refused(edit)
