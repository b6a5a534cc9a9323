"""A brand shows or hides a review and edits none; what is hidden is counted with its reason."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from giftshop.accounts.access import actor_of
from giftshop.accounts.models import User
from giftshop.orders.models import Gift
from giftshop.reviews import judge
from giftshop.reviews.judge import JudgeRefusal, JudgeRefused
from giftshop.reviews.models import Review, Standing
from giftshop.reviews.standings import count_all
from redemption.models import AuditEntry, Code
from tests.giftshop.reviews.test_write import enjoyed, say

__all__ = ["enjoyed"]  # the fixture

pytestmark = pytest.mark.django_db

STUDIO = "/studio/frosty-spoon/reviews/"
PAGE = "/shop/frosty-spoon/treats/double-scoop/reviews/"


@pytest.fixture
def review(enjoyed: Gift) -> Review:
    return say(enjoyed, 2, "<i>Cold</i> & late.", name="Ben")


def shown(review: Review, by: User) -> None:
    with scope(brand=review.brand):
        judge.show(review, by=actor_of(by), now=timezone.now())


def hidden(review: Review, by: User, because: str = "insulting") -> None:
    with scope(brand=review.brand):
        judge.hide(review, because=Review.Reason(because), by=actor_of(by), now=timezone.now())


def test_only_what_is_shown_stands_at_the_treat_and_the_rest_is_counted(
    review: Review, owner: User, client: Client
) -> None:
    page = client.get(PAGE).content.decode()
    assert "1 more was not looked at yet." in page
    assert "Cold" not in page
    shown(review, owner)
    page = client.get(PAGE).content.decode()
    assert "&lt;i&gt;Cold&lt;/i&gt; &amp; late." in page
    assert "1 review" in page
    assert "★ 2" not in page  # of one review no average is told
    hidden(review, owner)
    page = client.get(PAGE).content.decode()
    assert "1 more is hidden for insulting words." in page
    assert "Cold" not in page
    with scope(brand=review.brand):
        assert Standing.objects.get().shown == 0


def test_a_visit_that_is_undone_shows_its_words_no_more(
    review: Review, owner: User, client: Client
) -> None:
    """Who works there could make reviews that cost nothing."""
    shown(review, owner)
    assert "Cold" in client.get(PAGE).content.decode()
    Code._base_manager.filter(gift=review.gift_id).update(state=Code.State.VOIDED)
    assert "Cold" not in client.get(PAGE).content.decode()
    with scope(brand=review.brand):
        count_all(review.brand, now=timezone.now())
        assert Standing.objects.get().shown == 0


def test_words_that_changed_since_they_were_read_are_read_again(
    review: Review, enjoyed: Gift, owner: User
) -> None:
    say(enjoyed, 1, "Buy my book")
    for act in (shown, hidden):
        with pytest.raises(JudgeRefused) as refused:
            act(review, owner)
        assert refused.value.reason == JudgeRefusal.CHANGED


def test_each_act_is_on_the_audit_log_with_stars_and_reason_and_no_words(
    review: Review, owner: User
) -> None:
    shown(review, owner)
    shown(review, owner)
    hidden(review, owner, "personal")
    with scope(brand=review.brand):
        entries = list(AuditEntry.objects.filter(act__startswith="review.").order_by("number"))
    assert [entry.act for entry in entries] == ["review.shown", "review.hidden"]
    assert entries[1].details["because"] == "personal"
    assert entries[1].details["stars"] == 2
    assert "Cold" not in str([entry.details for entry in entries])


def test_in_the_studio_one_is_shown_or_hidden_for_a_reason(
    review: Review, brand: Brand, owner_client: Client
) -> None:
    page = owner_client.get(STUDIO).content.decode()
    assert "&lt;i&gt;Cold" in page
    assert owner_client.post(f"{STUDIO}{review.pk}/").status_code == 422
    done = owner_client.post(f"{STUDIO}{review.pk}/", {"because": "off_topic"}, follow=True)
    assert "counted among the hidden ones" in done.content.decode()
    assert (
        "being about something else" in owner_client.get(f"{STUDIO}?state=hidden").content.decode()
    )
    owner_client.post(f"{STUDIO}{review.pk}/display/")
    with scope(brand=brand):
        assert Review.objects.get().state == "shown"
    audit = owner_client.get("/studio/frosty-spoon/audit/").content.decode()
    assert "Review hidden" in audit
    assert "being about something else" in audit


def test_a_treat_that_is_off_the_menu_has_no_page(review: Review, client: Client) -> None:
    with scope(brand=review.brand):
        type(review.treat).objects.update(is_active=False)
    assert client.get(PAGE).status_code == 404


def test_the_pages_stay_within_their_queries(
    review: Review, client: Client, owner_client: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(7):
        client.get(PAGE)
    with django_assert_max_num_queries(9):
        owner_client.get(STUDIO)
