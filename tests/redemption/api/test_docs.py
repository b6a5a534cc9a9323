import json
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
import yaml
from django.test import Client

from redemption.models import Code
from redemption.redeem.reasons import Reason
from redemption.redeem.reverse import ReversalRefusal
from redemption.till.devices import PairedDevice
from tests.cast import symbols


def description() -> dict[str, Any]:
    schema: dict[str, Any] = yaml.safe_load(Client().get("/api/v1/schema/").content)
    return schema


def operations(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in schema["paths"].values():
        yield from methods.values()


def examples(operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], Any]]:
    """ "request" or a status, the shape of its body, and an example of it."""
    for where, told in [("request", operation["requestBody"]), *operation["responses"].items()]:
        for content in told.get("content", {}).values():
            for example in content.get("examples", {}).values():
                yield where, content["schema"], example["value"]


def fields(value: Any, path: str = "") -> set[str]:
    """ "gift.balance.amount": what is named in a body, however many times."""
    if isinstance(value, dict):
        return {path}.union(*(fields(inner, f"{path}.{name}") for name, inner in value.items()))
    if isinstance(value, list):
        return {path}.union(*(fields(inner, path) for inner in value))
    return {path}


@pytest.mark.django_db
class TestDocs:
    def test_the_schema_is_valid_openapi(self, client: Client) -> None:
        from openapi_spec_validator import validate  # dear to import, so not by every worker

        answer = client.get("/api/v1/schema/")
        schema = yaml.safe_load(answer.content)
        validate(schema)
        assert set(schema["paths"]) == {
            "/api/v1/lookups/",
            "/api/v1/redemptions/",
            "/api/v1/redemptions/{redemption_id}/reversal/",
        }

    def test_every_example_is_of_its_shape(self) -> None:
        from jsonschema import Draft202012Validator, FormatChecker

        schema = description()
        looked_at = set()
        for operation in operations(schema):
            for where, shape, example in examples(operation):
                whole = {**shape, "components": schema["components"]}
                Draft202012Validator(whole, format_checker=FormatChecker()).validate(example)
                looked_at.add((operation["operationId"], where))
                with pytest.raises(Exception, match="is not of type"):
                    Draft202012Validator(whole).validate([example])
        assert looked_at >= {
            *[(name, "request") for name in ("look_up", "redeem", "reverse")],
            *[("look_up", "200"), ("redeem", "201"), ("reverse", "201")],
            *[("look_up", "404"), ("redeem", "409"), ("redeem", "422"), ("reverse", "409")],
        }

    def test_every_example_is_what_is_really_answered(
        self, client: Client, paired: PairedDevice, code: Code
    ) -> None:
        told = {
            (operation["operationId"], where): example
            for operation in operations(description())
            for where, _shape, example in examples(operation)
        }

        def send(name: str, path: str, **changed: Any) -> Any:
            headers = {"Authorization": f"Device {paired.token}", "Idempotency-Key": name}
            body = {**told[name, "request"], **changed}
            return client.post(f"/api/v1/{path}", body, "application/json", headers=headers)

        mine = {"code": symbols(code)}
        found = send("look_up", "lookups/", **mine)
        done = send("redeem", "redemptions/", **mine, choices={"flavour": "mint"})
        spent = send("look_up", "lookups/", **mine)
        back = send("reverse", f"redemptions/{done.json()['id']}/reversal/")

        assert found.json()["status"] == "redeemable"
        assert fields(told["look_up", "200"]) == fields(spent.json())
        assert fields(told["redeem", "201"]) == fields(done.json())
        assert fields(told["reverse", "201"]) == fields(back.json())
        unknown = send("look_up", "lookups/")
        assert told["look_up", "404"] == unknown.json()

    def test_the_page_shows_each_example_and_what_a_reason_means(self, client: Client) -> None:
        page = unescape(client.get("/api/v1/docs/").content.decode())
        for operation in operations(description()):
            for _where, _shape, example in examples(operation):
                assert json.dumps(example, indent=2, ensure_ascii=False) in page
        for reason, meaning in [*Reason.choices, *ReversalRefusal.choices]:
            assert f"<code>{reason}</code> {meaning}" in page

    def test_the_page_shows_every_operation_and_reason(self, client: Client) -> None:
        page = client.get("/api/v1/docs/").content.decode()
        for word in (
            "/api/v1/redemptions/",
            "Idempotency-Key",
            "basket_total",
            "choices_required",
            "money or integer",
        ):
            assert word in page
