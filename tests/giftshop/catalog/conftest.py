import pytest

from giftshop.catalog.models import Option, Price, Treat


@pytest.fixture
def sizes(treat: Treat) -> list[Price]:
    return list(treat.prices.all())


@pytest.fixture
def mint(treat: Treat) -> Option:
    return Option.objects.get(group__treat=treat, key="mint")
