"""Services that the shell names are used after a yes only, and their values are never printed."""

import pytest

from sandbox.external import EXTERNAL, ExternalServiceError, given_services

SHELL = {
    "PATH": "/bin",
    "DATABASE_URL": "postgresql://ana:hunter2@db.example.com/shop",
    "STRIPE_SECRET_KEY": "sk_live_hunter2",
    "EMAIL_URL": "",
    "SECRET_KEY": "hunter2",
}


@pytest.mark.parametrize("name", EXTERNAL)
def test_each_of_them_asks(name):
    with pytest.raises(
        ExternalServiceError, match=f"^{name} is set .*\n.* EXTERNAL=1.* EXTERNAL=0"
    ):
        given_services({name: "hunter2"}, None)


def test_the_question_names_all_of_them_and_no_value():
    with pytest.raises(ExternalServiceError) as caught:
        given_services(SHELL, None)
    assert "DATABASE_URL and STRIPE_SECRET_KEY are set" in str(caught.value)
    assert "would migrate and seed that database and take payments" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_after_a_no_none_is_used():
    assert given_services(SHELL, "no") == {}


def test_after_a_yes_they_are_used_with_the_keys_that_their_data_is_sealed_with():
    used = given_services(SHELL, "yes")
    assert used.keys() == {"DATABASE_URL", "STRIPE_SECRET_KEY", "SECRET_KEY"}
    assert used["DATABASE_URL"] == SHELL["DATABASE_URL"]


def test_a_secret_alone_asks_nothing_and_is_not_used():
    for answer in (None, "yes", "no"):
        assert given_services({"SECRET_KEY": "hunter2", "PATH": "/bin"}, answer) == {}
