"""What of the caller's shell reaches the demo, the tests and the benches, and what never does."""

import re

import pytest

from sandbox.environment import HARMLESS, inherited, settings_of, without_proxy
from sandbox.external import EXTERNAL, SECRETS
from sandbox.places import CHECKOUT
from sandbox.run import throwaway_environment


class Server:
    url = "made-for-this-run"


def test_no_setting_of_the_product_is_inherited():
    """DATABASE_URL in the shell of somebody who runs the tests, STATIC_ROOT that is cleared."""
    settings = settings_of(CHECKOUT)
    assert settings >= {*EXTERNAL, *SECRETS, "STATIC_ROOT", "DATABASE_APP_PASSWORD"} | HARMLESS
    shell = dict.fromkeys(settings, "somebody's") | {"PATH": "/bin", "HOME": "/root"}
    assert inherited(shell).keys() == {"PATH", "HOME"} | HARMLESS


@pytest.mark.parametrize(
    "name", ["CELERY_BROKER_URL", "PGPORT", "DJANGO_SETTINGS_MODULE", "LOCAL_ENV"]
)
def test_nor_is_what_would_be_obeyed_in_its_place(name):
    assert inherited({name: "somebody's", "PATH": "/bin"}) == {"PATH": "/bin"}


def test_a_database_of_the_callers_own_keeps_its_password_file():
    shell = {"PGPASSFILE": "/run/passwords", "CELERY_BROKER_URL": "somebody's"}
    assert inherited(shell, libpq=True) == {"PGPASSFILE": "/run/passwords"}


def test_a_run_says_itself_where_each_service_is():
    """What Django and Celery cannot do without, and what reaches out of this machine."""
    told = throwaway_environment(Server(), Server())
    required = {*SECRETS, "DATABASE_URL", "REDIS_URL", "EMAIL_URL", "BASE_URL"}
    assert told.keys() >= required | {name for name in EXTERNAL if name.startswith("STRIPE")}
    assert told["DATABASE_URL"] == told["REDIS_URL"] == "made-for-this-run"
    assert not re.search("somebody", " ".join(told.values()))


@pytest.mark.parametrize("name", ["no_proxy", "NO_PROXY"])
def test_no_proxy_is_asked_for_an_address_of_this_machine(name):
    told = without_proxy({name: "intranet.example.com,localhost"})
    assert told["no_proxy"] == told["NO_PROXY"] == "intranet.example.com,localhost,127.0.0.1"
    assert without_proxy({})["NO_PROXY"] == "127.0.0.1,localhost"
