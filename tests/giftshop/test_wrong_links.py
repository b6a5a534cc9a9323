"""Private addresses: one answer for every wrong one, a pause after too many, and none for a right one."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scopes_disabled

from giftshop.orders.models import Gift
from redemption.models import WrongTries
from redemption.redeem.guess_limit import TRIES_PER_ADDRESS

WRONG = "A" * 43

Whole = tuple[int, bytes, tuple[tuple[str, str], ...]]


@pytest.fixture
def right(gift: Gift) -> dict[str, str]:
    return {
        "gift": f"/gift/{gift.link_token()}/",
        "order": f"/orders/{gift.order.link_token()}/",
    }


@pytest.mark.parametrize("page", ["gift", "order"])
class TestTooMany:
    def test_after_thirty_wrong_links_there_is_a_pause_in_words(
        self, client: Client, right: dict[str, str], page: str
    ) -> None:
        wrong = right[page].replace(right[page].split("/")[2], WRONG)
        for _time in range(TRIES_PER_ADDRESS):
            assert client.get(wrong).status_code == 404
        pause = client.get(wrong)
        assert pause.status_code == 429
        assert 0 < int(pause["Retry-After"]) <= 301
        assert "A short pause" in pause.content.decode()
        assert "no-store" in pause["Cache-Control"]

    def test_a_right_link_is_never_kept_waiting(
        self, client: Client, right: dict[str, str], page: str
    ) -> None:
        for _time in range(TRIES_PER_ADDRESS + 5):
            client.get(f"/gift/{WRONG}/")
            client.get(f"/orders/{WRONG}/")
        assert client.get(right[page]).status_code == 200


def test_a_link_to_stop_mail_is_counted_too(client: Client, db: None) -> None:
    for _time in range(TRIES_PER_ADDRESS):
        assert client.get("/mail/stop/nobody:wrong/").status_code == 404
    assert client.get("/mail/stop/nobody:wrong/").status_code == 429


class TestOneAnswer:
    """Unknown, malformed, another brand's, not due, not paid: the same bytes."""

    def kinds(self, gift: Gift, eves_gift_token: str) -> dict[str, str]:
        token = gift.link_token()
        with scopes_disabled():
            Gift.objects.filter(pk=gift.pk).update(deliver_at=timezone.now() + timedelta(days=1))
        return {
            "not due": token,
            "unknown": WRONG,
            "malformed": "x",
            "strange": "%F0%9F%8E%81",
            "one letter off": token[:-1] + ("A" if token[-1] != "A" else "B"),
            "an order's": eves_gift_token,
        }

    @pytest.mark.parametrize("method", ["get", "head", "post"])
    def test_gift_pages(self, gift: Gift, method: str) -> None:
        tokens = self.kinds(gift, gift.order.link_token())
        part = "opening/" if method == "post" else ""
        answers = {
            kind: whole(getattr(Client(), method)(f"/gift/{token}/{part}"))
            for kind, token in tokens.items()
        }
        assert len(set(answers.values())) == 1, answers
        assert answers["unknown"][0] == 404

    def test_order_pages(self, gift: Gift) -> None:
        tokens = self.kinds(gift, gift.link_token())
        answers = {kind: whole(Client().get(f"/orders/{token}/")) for kind, token in tokens.items()}
        other = {kind: answer for kind, answer in answers.items() if answer != answers["unknown"]}
        assert not other, differences(answers["unknown"], other)
        assert answers["unknown"][0] == 404

    def test_they_cost_the_same_queries(
        self, client: Client, gift: Gift, django_assert_num_queries: Any
    ) -> None:
        for token in self.kinds(gift, gift.order.link_token()).values():
            with django_assert_num_queries(3):
                client.get(f"/gift/{token}/")
            WrongTries.objects.all().delete()


def whole(response: Any) -> Whole:
    """Everything that a stranger sees, but the time of day."""
    headers = sorted(item for item in response.headers.items() if item[0] != "Expires")
    return response.status_code, response.content, tuple(headers)


def differences(right: Whole, others: dict[str, Whole]) -> dict[str, object]:
    """Only what is not the same, to be read."""
    return {
        kind: (
            other[0],
            [line for line in other[1].splitlines() if line not in right[1].splitlines()],
            set(other[2]) ^ set(right[2]),
        )
        for kind, other in others.items()
    }
