"""The SDK's client, made to give up in time whatever the other side does."""

from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any, TypeVar

import stripe
from django.conf import settings

from giftshop.http import outside_calls, patient_sessions

NETWORK_RETRIES = 2

T = TypeVar("T")


class StripeUnavailable(Exception):
    """Stripe could not be asked. Nothing is known; ask again later."""


@cache
def client() -> stripe.StripeClient:
    """One for the process; its threads share the kept connections."""
    return stripe.StripeClient(
        settings.STRIPE_SECRET_KEY,
        base_addresses={"api": settings.STRIPE_API_BASE} if settings.STRIPE_API_BASE else {},
        max_network_retries=NETWORK_RETRIES,
        http_client=PatientClient(session=patient_sessions.session()),
    )


def ask(call: Callable[[], T]) -> T:
    """What Stripe answers. Raises StripeUnavailable when it does not, or has trouble of its own."""
    try:
        return ask_or_wait(call)
    except stripe.APIError as error:
        raise StripeUnavailable(type(error).__name__) from error


def ask_or_wait(call: Callable[[], T]) -> T:
    """As `ask`, but an error on Stripe's side comes through: after a POST it is a final answer."""
    try:
        return outside_calls.ask(call)
    except (
        stripe.APIConnectionError,
        stripe.RateLimitError,
        stripe.AuthenticationError,
        stripe.PermissionError,
    ) as error:
        raise StripeUnavailable(type(error).__name__) from error
    except outside_calls.NoAnswer as error:
        raise StripeUnavailable(str(error)) from error


def id_of(expanded: Any) -> str:
    """The id of what may be an id, an expanded object or nothing."""
    return str(getattr(expanded, "id", expanded) or "")


def pages(ask_for: Callable[[dict[str, str]], Any]) -> Iterator[Any]:
    """What a list holds, page after page, each a call with its own time."""
    after: dict[str, str] = {}
    more = True
    while more:
        listed = ask(partial(ask_for, after))
        yield from listed.data
        more = listed.has_more and bool(listed.data)
        after = {"starting_after": listed.data[-1].id} if more else {}


class PatientClient(stripe.RequestsClient):
    """Each try gets what is left of the call's time, and none begins after it."""

    @property
    def _timeout(self) -> float:
        return max(0.05, outside_calls.time_left())

    @_timeout.setter
    def _timeout(self, _seconds: Any) -> None:
        """The SDK's constructor sets one for ever; ours depends on the call."""

    def request(self, *request: Any, **more: Any) -> Any:
        if outside_calls.time_left() <= 0:
            words = "the time for this call is over"
            raise stripe.APIConnectionError(words, should_retry=False)  # type: ignore[no-untyped-call]
        return super().request(*request, **more)
