"""A cookie for forms is given where a form posts, and a look at any other page leaves none at all."""

import pytest
from django.conf import settings
from django.test import Client

from brands.models import Brand, Store
from giftshop.catalog.models import Treat
from giftshop.orders.models import Gift

LOOKS = {
    "/": False,
    "/shop/frosty-spoon/": True,
    "/gift/{gift}/": True,
    "/orders/{order}/": False,
    "/no-such-page/": False,
    "/status": False,
    "/api/v1/docs/": False,
    "/accounts/login/": True,
}
"""Of somebody who never was here: whether the page has a form of its own (that of the languages asks for
no token)."""


@pytest.mark.django_db
def test_a_look_leaves_a_cookie_only_where_a_form_posts(
    other_brand: Brand, store: Store, treat: Treat, gift: Gift
) -> None:
    places = {"gift": gift.link_token(), "order": gift.order.link_token()}
    for path, posts in LOOKS.items():
        answer = Client().get(path.format(**places))
        has_form = 'name="csrfmiddlewaretoken"' in answer.content.decode()
        kept = {name for name in answer.cookies if not name.startswith("sent-")}
        assert kept == set(answer.cookies) or path.startswith("/orders/"), "the sender's browser"
        assert (has_form, kept) == (
            posts,
            {settings.CSRF_COOKIE_NAME} if posts else set(),
        ), path
