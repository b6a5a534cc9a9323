"""Twilio's SDK, made to give up in time whatever the other side does. Nobody else imports it."""

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from requests import RequestException
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from twilio.twiml.messaging_response import MessagingResponse

from giftshop.http import outside_calls, patient_sessions

T = TypeVar("T")


class Unavailable(Exception):
    """Twilio could not be asked, or has trouble of its own. Nothing is known; whether it took a message
    neither."""


class Answered(Exception):
    """Twilio answered that it will not: `code` is its own number of the error."""

    def __init__(self, code: int) -> None:
        super().__init__(f"Twilio {code}")
        self.code = code


def ask(call: Callable[[Client], T]) -> T:
    """What Twilio answers. Raises Unavailable and Answered."""
    try:
        return outside_calls.ask(lambda: call(_client()))
    except TwilioRestException as error:
        if error.status < 400 or error.status >= 500 or error.status in {401, 403, 408, 429}:
            raise Unavailable(f"Twilio {error.status} {error.code or ''}".strip()) from error
        raise Answered(int(error.code or 0)) from error
    except (RequestException, OSError, ValueError) as error:
        raise Unavailable(type(error).__name__) from error
    except outside_calls.NoAnswer as error:
        raise Unavailable(str(error)) from error


def is_signed(url: str, fields: Any, signature: str) -> bool:
    """Whether Twilio sent these fields (a QueryDict) to this address of ours."""
    validator = RequestValidator(settings.TWILIO["auth_token"])
    return bool(validator.validate(url, fields, signature))


def reply(words: str) -> str:
    """TwiML that answers a text; without words one that says nothing."""
    answer = MessagingResponse()
    if words:
        answer.message(words)
    return str(answer)


def _client() -> Client:
    given = settings.TWILIO
    return _made(given["account_sid"], given["auth_token"], given["api_base"])


@cache
def _made(account_sid: str, auth_token: str, api_base: str) -> Client:
    """One for the process; its threads share the kept connections."""
    return Client(account_sid, auth_token, http_client=PatientClient(api_base))


class PatientClient(TwilioHttpClient):  # type: ignore[misc]  # it has no types
    """Each call gets what is left of its time. The SDK knows no other host than Twilio's; here it is put
    in."""

    def __init__(self, api_base: str) -> None:
        super().__init__()
        self.api_base, self.session = api_base, patient_sessions.session()

    def request(self, method: str, url: str, *told: Any, **more: Any) -> Response:
        left = outside_calls.time_left()
        if left <= 0:
            raise TimeoutError("the time for this call is over")
        more["timeout"] = max(0.05, left)
        return super().request(method, self._at(url), *told, **more)

    def _at(self, url: str) -> str:
        parts = urlsplit(url)
        query = f"?{parts.query}" if parts.query else ""
        return f"{self.api_base}{parts.path}{query}" if self.api_base else url

    def log_request(self, kwargs: Any) -> None:
        """Numbers of people stand in it."""

    def log_response(self, status_code: int, response: Any) -> None:
        """Nothing of it is for a log."""
