"""A topic that the register does not name cannot be written, heard or counted."""

import re
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from campaigns.facts import rollups
from campaigns.models import Fact
from giftshop.outbox import outbox
from giftshop.outbox.models import Message
from giftshop.outbox.topics import Topic

MISSPELT = "order.payed"


def written_by_triggers() -> dict[str, str]:
    """The topic of each function of the database that writes a message."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, prosrc FROM pg_proc WHERE prosrc ~ 'INSERT INTO outbox_message'"
        )
        bodies = cursor.fetchall()
    row = re.compile(r"(?:VALUES \(|SELECT )(?:NEW\.id|md5\([^']*\)::uuid),\s*'([^']*)'")
    return {name: topic for name, body in bodies for topic in row.findall(body)}


@pytest.mark.django_db
class TestMisspelt:
    def test_it_is_not_emitted(self) -> None:
        with pytest.raises(ValueError, match=MISSPELT), transaction.atomic():
            outbox.emit(topic=MISSPELT, brand_id=uuid4(), payload={})

    def test_nobody_waits_for_it(self) -> None:
        for register in (outbox.subscribe, outbox.subscribe_batch):
            with pytest.raises(ValueError, match=MISSPELT):
                register(MISSPELT, name="test.listener")(print)

    def test_the_database_refuses_it(self) -> None:
        now = timezone.now()
        row = Message(
            topic=MISSPELT, brand_id=uuid4(), payload={}, available_at=now, occurred_at=now
        )
        with (
            pytest.raises(IntegrityError, match="outbox_topic_is_registered"),
            transaction.atomic(),
        ):
            row.save()
        row.topic = Topic.ORDER_PAID
        row.save()


@pytest.mark.django_db
def test_triggers_write_what_the_register_names() -> None:
    written = written_by_triggers()
    assert written == {
        "outbox_tell_redemption": Topic.CODE_REDEEMED,
        "outbox_tell_reversal": Topic.REDEMPTION_REVERSED,
        "outbox_tell_alarm": Topic.ALARM_RAISED,
        "outbox_tell_void": Topic.CODE_VOIDED,
        "outbox_tell_promotion": Topic.PROMOTION_MOVED,
    }


def test_somebody_hears_each_topic() -> None:
    unheard = {topic for topic in Topic if not outbox.subscribers(topic)}
    assert unheard == {Topic.PASSWORD_FORGOTTEN}, (
        "which is retired: its messages may still be there"
    )


def test_sums_are_made_of_topics_that_facts_have() -> None:
    named = set(re.findall(r"'(\w+\.\w+)'", rollups.ADD_FACTS + rollups.REBUILD))
    assert named == set(Fact.Topic.values)
    read_of_what_moved = {"refund.arrived", "refund.returned", "dispute.lost"}
    assert set(Fact.Topic.values) - read_of_what_moved <= set(Topic)
