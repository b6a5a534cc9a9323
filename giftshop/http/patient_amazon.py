"""Amazon's library (boto3) signs what is asked of it, and our sessions carry that: its own wait for as long
as something comes, however slowly, and ours end in time (patient_sessions.py)."""

import io
from collections.abc import Iterator
from typing import Any

import requests
from botocore.awsrequest import AWSResponse

from giftshop.http import outside_calls

SECONDS = 10.0


def carry(client: Any, session: requests.Session) -> None:
    """From now on what this client of boto3's asks leaves by the session, once. Calls raise OSError where no
    answer comes in time."""

    def send(request: Any, **_more: Any) -> AWSResponse:
        left = outside_calls.time_left()
        if left <= 0:
            raise TimeoutError("the time for this call is over")
        answer = session.request(
            request.method,
            request.url,
            data=request.body,
            headers={name: _text(value) for name, value in request.headers.items()},
            auth=_as_signed,
            allow_redirects=False,
            timeout=min(SECONDS, left),
        )
        return AWSResponse(answer.url, answer.status_code, answer.headers, _Read(answer.content))

    client.meta.events.register("before-send", send)


def _text(value: str | bytes) -> str:
    return value.decode("ascii") if isinstance(value, bytes) else value


def _as_signed(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Instead of a password from a .netrc, which would take the signature's place."""
    return request


class _Read(io.BytesIO):
    """An answer that is here already, as botocore reads one."""

    def stream(self, **_how: Any) -> Iterator[bytes]:
        yield self.read()
