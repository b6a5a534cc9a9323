import pytest

from core.networks import network, wide_network


@pytest.mark.parametrize(
    ("one", "another", "home", "customer"),
    [
        ("203.0.113.7", "203.0.113.7", True, True),
        ("203.0.113.7", "203.0.113.8", False, True),
        ("203.0.113.7", "203.0.114.7", False, False),
        ("203.0.113.7", "::ffff:203.0.113.7", True, True),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True, True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False, True),
        ("2001:db8:1:2::1", "2001:db8:2:2::1", False, False),
    ],
)
def test_addresses_of_one_home_or_one_customer_count_as_one(
    one: str, another: str, home: bool, customer: bool
):
    assert (network(one) == network(another)) is home
    assert (wide_network(one) == wide_network(another)) is customer


def test_what_is_no_address_has_no_neighbours():
    assert (network("unknown"), wide_network("unknown")) == ("unknown", "")
