"""A mail server in this process, and the ways a recipient comes to the page."""

import asyncio
import email
import socket
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage as Parsed

import pytest
from aiosmtpd.controller import Controller
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from django_scopes import scope

from giftshop.delivery import channels
from giftshop.delivery.models import Delivery
from giftshop.orders.models import Gift
from giftshop.outbox import relay
from giftshop.outbox.models import Message


class Sink:
    """Keeps what it is sent; refuses or defers when told to."""

    def __init__(self) -> None:
        self.envelopes = []
        self.answer_to_recipient = "250 OK"
        self.answer_to_data = "250 OK"
        self.answers_to: dict[str, str] = {}
        self.calls = 0
        self.most_in_a_call = 1000
        self.most_to_finish = 1000
        self.pipelines = False
        self.transport: asyncio.Transport | None = None

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802
        self.calls += 1
        self.transport, self.controller_loop = server.transport, asyncio.get_running_loop()
        session.host_name, session.taken = hostname, 0
        return [responses[0], "250-PIPELINING", *responses[1:]] if self.pipelines else responses

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        if session.taken >= self.most_in_a_call:
            return "421 4.7.0 that was enough for one call"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        answer = self.answers_to.get(address, self.answer_to_recipient)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if len(self.envelopes) >= self.most_to_finish:
            return "421 4.3.0 shutting down"
        if self.answer_to_data.startswith("250"):
            self.envelopes.append(envelope)
            session.taken += 1
        return self.answer_to_data


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def sink(settings) -> Iterator[Sink]:
    handler, port = Sink(), free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    yield handler
    channels.hang_up()
    controller.stop()


@pytest.fixture
def dead_mail_server(settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9


@pytest.fixture
def url(gift: Gift) -> str:
    return f"/gift/{gift.link_token()}/"


@pytest.fixture
def unwrapped(client: Client, url: str) -> Client:
    """The browser in which Ben opened his gift."""
    client.post(f"{url}opening/")
    return client


def letters_to(address: str) -> list[EmailMessage]:
    return [message for message in mail.outbox if message.to == [address]]


def parsed(message: EmailMessage) -> Parsed:
    return email.message_from_bytes(message.message().as_bytes(), policy=policy.default)


def html_of(message: EmailMessage) -> str:
    return parsed(message).get_body(("html",)).get_content()


def fresh(gift: Gift) -> Gift:
    with scope(brand=gift.order.brand):
        return Gift.objects.with_everything().get(pk=gift.pk)


@pytest.fixture
def delivered(gift: Gift) -> EmailMessage:
    """Ben's gift e-mail, as it left the house."""
    relay.drain()
    (message,) = letters_to("ben@friends.example")
    return message


@pytest.fixture
def ready(gift: Gift) -> Message:
    """The outbox's message that Ben's gift is due."""
    return Message.objects.get(
        topic="gift.ready", subscriber="delivery.gift", payload={"gift_id": str(gift.pk)}
    )


def delivery_of(gift: Gift) -> Delivery:
    with scope(brand=gift.order.brand):
        return Delivery.objects.get(subject=f"gift:{gift.pk}", purpose="gift")


def outcomes(gift: Gift) -> list[str]:
    return [attempt.outcome for attempt in delivery_of(gift).attempts.all()]
