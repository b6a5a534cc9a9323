"""The mail server and the browser of delivery's tests: a gift's page begins with a mail."""

from tests.giftshop.delivery.conftest import delivered, sink, unwrapped, url  # noqa: F401
