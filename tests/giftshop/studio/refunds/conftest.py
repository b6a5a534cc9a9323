"""Amy's paid order of two gifts at the double, and the owner and a colleague in the studio."""

from collections.abc import Callable

import pytest
from django.test import Client

from brands.models import Brand
from giftshop.accounts.models import Membership
from tests.cast import make_user
from tests.giftshop.refunds.conftest import (
    double,
    gifts,
    hear,
    opened,
    order,
    paid,
    sdk,
    tell,
)

__all__ = ["double", "gifts", "hear", "opened", "order", "paid", "sdk", "tell"]


@pytest.fixture
def member(brand: Brand) -> Callable[[str], Client]:
    """member("finance") -> the browser of somebody with that role."""

    def signed_in(role: str) -> Client:
        client = Client()
        client.force_login(make_user(brand, f"{role}@spoon.example", role))
        return client

    return signed_in


@pytest.fixture
def owner(member: Callable[[str], Client]) -> Client:
    return member(Membership.Role.OWNER)
