"""A provider of texts that these tests play."""

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.message_double import MessageDouble
from tests.messages import ACCOUNT, TOKEN, Silent, account


@pytest.fixture
def message_double(settings: Any) -> Iterator[MessageDouble]:
    """It takes what is sent, and tells nothing by itself: a test tells what became of a text."""
    with MessageDouble(account_sid=ACCOUNT, auth_token=TOKEN, callbacks=Silent) as double:
        settings.TWILIO = account(double)
        yield double


@pytest.fixture
def double(message_double: MessageDouble) -> MessageDouble:
    """The same by its short name, where no other is played."""
    return message_double
