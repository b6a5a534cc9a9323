"""E-mails, by the mail server."""

import smtplib
import threading
import time
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from giftshop.delivery.channels.outcomes import Refused, TryLater
from giftshop.logs import scrub

CALL_LASTS_SECONDS = 20.0
CALL_CARRIES = 50


class _Line(threading.local):
    """This thread's open call to the mail server, used for several e-mails in a row."""

    backend: Any = None
    place: tuple[str, str, int] | None = None
    since: float = 0.0
    carried: int = 0


_line = _Line()


def send(message: EmailMessage) -> None:
    """Hand one e-mail to the mail server. Raises TryLater or Refused."""
    try:
        try:
            _hand_over(message)
        except smtplib.SMTPSenderRefused:
            if not _line.carried:
                raise
            hang_up()  # some servers take only so many in one call; of this one they took nothing yet
            _hand_over(message)
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        hang_up()
        raise _judged(code, words) from None
    except smtplib.SMTPDataError as error:
        hang_up()
        raise _judged(error.smtp_code, error.smtp_error) from None
    except (smtplib.SMTPException, OSError) as error:
        hang_up()
        raise TryLater(_describe(error)) from None
    except ValueError as error:  # an address or header that no mail can carry
        raise Refused(type(error).__name__) from None


def _hand_over(message: EmailMessage) -> None:
    message.connection = _call()
    message.send()
    _line.carried += 1


def hang_up() -> None:
    """End this thread's call, if there is one."""
    backend, _line.backend, _line.place = _line.backend, None, None
    if backend is not None:
        with suppress(smtplib.SMTPException, OSError):
            backend.close()


def _call() -> Any:
    """An open connection: the last one while it is young, not worn out, and still answers."""
    place = (settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT)
    if _line.backend is not None and not (_line.place == place and _still_good(_line.backend)):
        hang_up()
    if _line.backend is None:
        backend = get_connection()
        backend.open()
        _line.backend, _line.place = backend, place
        _line.since, _line.carried = time.monotonic(), 0
    return _line.backend


def _still_good(backend: Any) -> bool:
    if time.monotonic() - _line.since > CALL_LASTS_SECONDS or _line.carried >= CALL_CARRIES:
        return False
    smtp = getattr(backend, "connection", None)
    if smtp is None:
        return False
    try:
        return bool(smtp.noop()[0] == 250)
    except (smtplib.SMTPException, OSError):
        return False


def _judged(code: int, words: bytes | str) -> TryLater | Refused:
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    described = scrub(f"{code} {text}")[:200]
    return Refused(described) if 500 <= code < 600 else TryLater(described)


def _describe(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{type(error).__name__} {error.smtp_code}"
    return type(error).__name__
