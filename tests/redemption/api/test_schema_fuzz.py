"""The whole schema against a till's endpoints: whatever is sent, no server error, no breach of it."""

from typing import TYPE_CHECKING, Any

import pytest
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, given, settings

from brands.models import Store
from redemption.models import Code
from redemption.redeem import guess_limit
from redemption.till import devices

if TYPE_CHECKING:
    from schemathesis import Case

OPERATIONS = {"POST /api/v1/lookups/", "POST /api/v1/redemptions/"} | {
    "POST /api/v1/redemptions/{redemption_id}/reversal/"
}
SHORT, LONG = 60, 1500
"""All checks but one: a shape may be right and its words still say nothing (a code of blanks, another
currency), which is refused by name."""

# Each request ends as in a server, which hands its connection back: no transaction may be around it.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def never_blocked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else almost every answer is 429."""
    for limit in [name for name in vars(guess_limit) if name.startswith("TRIES_")]:
        monkeypatch.setattr(guess_limit, limit, 2**30)


@pytest.fixture
def headers(store: Store, code: Code, never_blocked: None) -> dict[str, str]:
    token = devices.pair_directly(store=store, name="Fuzzer", profile="integration").token
    return {"Authorization": f"Device {token}"}


def fuzz(headers: dict[str, str], examples: int) -> int:
    """How many requests were answered as the schema says. Raises at the first that was not."""
    import schemathesis  # takes half a second, which is not for every worker
    from schemathesis.specs.openapi.checks import positive_data_acceptance

    schema: Any = schemathesis.openapi.from_wsgi(
        "/api/v1/schema/?format=json", get_wsgi_application()
    )
    seen, asked = set(), 0
    for result in schema.get_all_operations():
        operation = result.ok()
        seen.add(f"{operation.method.upper()} {operation.path}")

        @given(case=operation.as_strategy())
        @settings(
            max_examples=examples,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        def ask(case: "Case") -> None:
            nonlocal asked
            asked += 1
            case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])

        ask()
    assert seen == OPERATIONS
    return asked


def test_every_operation_keeps_its_word(headers: dict[str, str]) -> None:
    assert fuzz(headers, SHORT) >= len(OPERATIONS) * SHORT // 2


@pytest.mark.stress
def test_every_operation_keeps_its_word_at_length(headers: dict[str, str], figure: Any) -> None:
    asked = fuzz(headers, LONG)
    figure(
        "I25",
        "Schemathesis over the whole schema, every check",
        size=f"{asked:,} requests",
        result="0 server errors, 0 breaches",
        zero_in=asked,
    )
