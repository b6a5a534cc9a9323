"""The queues that messages wait in are those that workers take from and beat calls to."""

from django.conf import settings

from giftshop.outbox.outbox import Queue, _subscribers, heard_in


def test_workers_take_from_every_queue_and_beat_calls_to_each() -> None:
    queues = {str(queue) for queue in Queue}
    assert set(settings.CELERY_TASK_QUEUES) == queues
    called = {
        (call["args"][0], call["options"]["queue"])
        for call in settings.CELERY_BEAT_SCHEDULE.values()
        if call["task"] == "outbox.work"
    }
    assert called == {(queue, queue) for queue in queues}


def test_what_reaches_outside_waits_apart_from_what_stays_here() -> None:
    mail, _ = heard_in(Queue.MAIL)
    money, _ = heard_in(Queue.MONEY)
    facts, topics = heard_in(Queue.FACTS)
    others, _ = heard_in(Queue.OTHERS)
    assert all(
        name.startswith(
            (
                "delivery.",
                "questions.",
                "openings.",
                "refunds.",
                "reminders.",
                "privacy.",
                "letter.",
                "handouts.",
            )
        )
        for name in mail
    )
    assert others == [
        *("pictures.prepare", "delivery.report", "handouts.take_back"),
        "reminders.return_unopened",
    ]
    assert money == ["payments.send_back", "refunds.send", "refunds.send_evidence"]
    assert all(name.startswith("campaigns.") for name in facts if name != "orders.end_come_backs")
    assert {"code.redeemed", "redemption.reversed"} <= set(topics)
    assert len(mail + money + facts + others) == sum(map(len, _subscribers.values()))
