"""An address that is put together by hand is the one that Django writes."""

import pytest
from django.conf import settings
from django.urls import reverse

from giftshop.delivery.shared import secret_pages


@pytest.mark.parametrize("route", ["gift", "order", "stop-mail", "your-data"])
@pytest.mark.parametrize("secret", ["Ab-_9" * 8, "0190-ab:c_d-E", "x"])
def test_addresses_of_letters_are_those_of_the_pages(route: str, secret: str) -> None:
    assert secret_pages.path(route, secret) == reverse(route, args=[secret])
    assert secret_pages.url(route, secret) == settings.BASE_URL + reverse(route, args=[secret])
