"""Templates of WhatsApp's, judged by Twilio's own SDK, and reviewed on the double's page."""

import json
from typing import Any

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client
from twilio.rest.content.v1.content import ContentList
from twilio.rest.content.v1.content.approval_create import ApprovalCreateList

from sandbox.message_double import MessageDouble
from tests.messages import SERVICE
from tests.sandbox.message_double.conftest import Shop

BEN, US = "whatsapp:+4915112345678", "whatsapp:+12065550162"


def submitted(twilio: Client, body: str = "Hello {{1}}, open {{2}} today.") -> str:
    wanted = {"friendly_name": "gift", "language": "en", "variables": {"1": "Amy"}}
    request = ContentList.ContentCreateRequest({**wanted, "types": {"twilio/text": {"body": body}}})
    made = twilio.content.v1.contents.create(request)
    asked = ApprovalCreateList.ContentApprovalRequest({"name": "gift", "category": "UTILITY"})
    answer = twilio.content.v1.contents(made.sid).approval_create.create(asked)
    assert answer.status == "received"
    return str(made.sid)


def send(twilio: Client, sid: str, to: str = BEN, **more: Any) -> Any:
    said = json.dumps(more.pop("values", {"1": "Ben", "2": "https://x"}))
    how = {"messaging_service_sid": SERVICE, "content_sid": sid, "content_variables": said}
    return twilio.messages.create(to=to, **how, **more)


def told(shop: Shop, count: int) -> list[tuple[str, str]]:
    for _ in range(count):
        assert shop.came.acquire(timeout=10)
    return [(each["MessageStatus"], each.get("ErrorCode", "")) for each, _signed in shop.heard]


def test_a_template_is_approved_at_once_and_rings_filled_in(twilio, shop):
    sid = submitted(twilio)
    said = twilio.content.v1.contents(sid).approval_fetch().fetch().whatsapp
    assert (said["status"], said["category"]) == ("approved", "UTILITY")
    assert [each.sid for each in twilio.content.v1.contents.list(limit=9)] == [sid]
    made = send(twilio, sid, status_callback=shop.url)
    assert made.body == "Hello Ben, open https://x today."
    assert told(shop, 2) == [("sent", ""), ("delivered", "")]


@pytest.mark.parametrize("body", ["{{1}} sent you a gift.", "Your gift is from {{1}}"])
def test_a_variable_at_either_end_is_rejected(twilio, body):
    said = twilio.content.v1.contents(submitted(twilio, body)).approval_fetch().fetch().whatsapp
    assert said["status"] == "rejected"
    assert "start or end" in said["rejection_reason"]


@pytest.mark.parametrize(
    ("status", "code"), [("rejected", "63040"), ("paused", "63016"), ("disabled", "63016")]
)
def test_what_its_reviewer_says_counts_from_then_on(twilio, double, shop, status, code):
    sid = submitted(twilio)
    answer = requests.post(
        f"{double.url}/templates",
        {"sid": sid, "status": status, "reason": "<too> loud"},
        timeout=10,
    )
    assert "&lt;too&gt; loud" in answer.text
    assert twilio.content.v1.contents(sid).approval_fetch().fetch().whatsapp["status"] == status
    send(twilio, sid, status_callback=shop.url)
    assert told(shop, 1) == [("failed", code)]


def test_marketing_reaches_no_number_of_the_united_states(twilio, double, shop):
    sid = submitted(twilio)
    said = {"sid": sid, "status": "approved", "category": "MARKETING"}
    requests.post(f"{double.url}/templates", said, timeout=10)
    send(twilio, sid, US, status_callback=shop.url)
    assert told(shop, 1) == [("failed", "63049")]
    send(twilio, sid, "whatsapp:+14165550162", status_callback=shop.url)
    assert told(shop, 2)[-1] == ("delivered", "")


def test_free_words_fail_outside_of_a_talk(twilio, shop):
    how = {"messaging_service_sid": SERVICE, "status_callback": shop.url}
    twilio.messages.create(to=BEN, body="Hello", **how)
    assert told(shop, 1) == [("failed", "63016")]


@pytest.mark.parametrize("values", [{"1": "Ben"}, {"1": "Ben", "2": ""}, {"1": "a\nb", "2": "c"}])
def test_variables_that_do_not_fit_are_refused(twilio, values):
    with pytest.raises(TwilioRestException, match="ContentVariables"):
        send(twilio, submitted(twilio), values=values)


def test_an_unknown_template_is_refused(twilio):
    with pytest.raises(TwilioRestException, match="ContentSid"):
        send(twilio, f"HX{'0' * 32}")


def test_templates_are_kept(tmp_path):
    given = {"account_sid": f"AC{'5' * 32}", "auth_token": "x", "state": tmp_path / "state"}
    with MessageDouble(**given) as first:
        first.store.contents["HX1"] = {"sid": "HX1"}
        first.store.write()
    with MessageDouble(**given) as second:
        assert second.store.contents == {"HX1": {"sid": "HX1"}}
