import pytest
import yaml
from django.test import Client


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

    def test_the_page_shows_every_operation_and_reason(self, client: Client) -> None:
        page = client.get("/api/v1/docs/").content.decode()
        for word in ("/api/v1/redemptions/", "Idempotency-Key", "basket_total", "choices_required"):
            assert word in page
