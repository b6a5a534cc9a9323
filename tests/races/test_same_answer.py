"""Same key, same answer, for ever (I5): also when the server dies between its commit and its answer."""

from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import call_command
from django_scopes import scope

from brands.models import Brand
from redemption.models import Code, Redemption
from redemption.till.devices import PairedDevice
from tests.cast import symbols
from tests.figures import Figure
from tests.races.gifts import issue
from tests.races.tills import NoAnswer, Till
from tests.server import Server, running, wait_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def gift(brand: Brand) -> Code:
    return issue(brand, 1, amount=1000, kind=Code.Kind.VALUE)[0]


@pytest.fixture
def kept(tmp_path: Path, paired: PairedDevice, gift: Code) -> bytes:
    """The answer of a server that committed, and died before it gave it."""
    last_words = tmp_path / "answer"
    with (
        running(wsgi="tests.races.dying_wsgi:application", LAST_WORDS=str(last_words)) as server,
        closing(Till(server, paired.token)) as till,
    ):
        with pytest.raises(NoAnswer):
            till.redeem("crash", code=symbols(gift), amount=300)
        wait_for(last_words.exists, "the server did not die as it should")
    return last_words.read_bytes()


def test_a_retry_after_the_crash_gets_the_answer_that_was_never_given(
    paired: PairedDevice, brand: Brand, gift: Code, kept: bytes, server: Server, figure: Figure
) -> None:
    text = symbols(gift)
    with closing(Till(server, paired.token)) as till:
        for _ in range(3):
            again = till.redeem("crash", code=text, amount=300)
            assert (again.status, again.replayed, again.body) == (201, True, kept)
        other = till.redeem("crash", code=text, amount=301)
        assert (other.status, other.reason) == (422, "idempotency_key_reused")
        refused = till.redeem("too-much", code=text, amount=701)
        assert refused.status == 409
        undone = till.ask(f"/api/v1/redemptions/{again.json['id']}/reversal/", {"reason": "oops"})
        assert undone.status == 201
        for _ in range(2):  # a no is kept as well, though it would be a yes by now
            no = till.redeem("too-much", code=text, amount=701)
            assert (no.status, no.replayed, no.body) == (409, True, refused.body)
        assert till.redeem("crash", code=text, amount=300).body == kept
    with scope(brand=brand):
        assert [row.amount for row in Redemption.objects.all()] == [300]
    gift.refresh_from_db()
    assert gift.balance == 1000
    call_command("verify_ledger")
    figure(
        "I5",
        "the server dies after its commit, before its answer; the till asks again",
        size="4 retries, 1 other body",
        result="1 effect, the same bytes, 422 for the other body",
    )
