"""Amazon's reports come by SNS, which asks once whether a topic's messages are wanted here.

The answer is a call of Amazon's API with the topic's name and the token, not of the address that stands in
the body, and only for whoever knew the password that was chosen for reports.
"""

import json
import logging
import re
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from django.http import HttpRequest

from giftshop.http import outside_calls, patient_sessions
from giftshop.http.patient_amazon import carry

TOPIC = re.compile(r"arn:aws[a-z-]*:sns:([a-z0-9-]{5,30}):[0-9]{12}:[A-Za-z0-9_-]{1,256}(\.fifo)?")
TOKEN_LENGTH_MAX = 2_000

log = logging.getLogger(__name__)


def is_question(request: HttpRequest) -> bool:
    """Whether SNS asks, and reports nothing. anymail's class has compared the header with the body."""
    return request.headers.get("x-amz-sns-message-type") == "SubscriptionConfirmation"


def confirm(view: Any, request: HttpRequest) -> bool:
    """Have the topic's messages sent here; whether Amazon took it. `view` is anymail's, with its settings.
    Raises ValueError for what is no topic of the region that we send from, and LookupError or TypeError for
    a body that says none."""
    asked = json.loads(request.body)
    topic, token = asked["TopicArn"], asked["Token"]
    found = TOPIC.fullmatch(topic)
    if not found or found[1] != view.client_params["region_name"] or len(token) > TOKEN_LENGTH_MAX:
        raise ValueError("no topic of our region")
    try:
        outside_calls.ask(lambda: _say_yes(view, topic, str(token)))
    except (ClientError, BotoCoreError, OSError, outside_calls.NoAnswer) as problem:
        log.warning("Amazon's topic of reports could not be confirmed: %s", _code(problem))
        return False
    log.info("Amazon's topic of reports is confirmed")
    return True


def _say_yes(view: Any, topic: str, token: str) -> None:
    session, client = patient_sessions.session(), view.get_boto_client("sns")
    try:
        carry(client, session)
        client.confirm_subscription(
            TopicArn=topic,
            Token=token,
            AuthenticateOnUnsubscribe="true",  # nobody ends it by a link in one of its messages
        )
    finally:
        client.close()
        session.close()


def _code(problem: Exception) -> str:
    response = getattr(problem, "response", None)
    said = response.get("Error", {}).get("Code") if isinstance(response, dict) else None
    return str(said or type(problem).__name__)
