"""The mail server and the browser of delivery's tests: pages begin with a mail."""

from tests.giftshop.delivery.conftest import (  # noqa: F401
    dead_mail_server,
    delivered,
    sink,
    unwrapped,
    url,
)
