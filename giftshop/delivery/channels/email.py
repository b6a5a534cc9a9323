"""E-mails, by the mail server or by the API of a provider of mails: whoever EMAIL_URL names."""

import json
import re
import select
import smtplib
import threading
import time
from contextlib import suppress
from typing import Any

from anymail.exceptions import (
    AnymailAPIError,
    AnymailError,
    AnymailInvalidAddress,
    AnymailRecipientsRefused,
)
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend

from giftshop import mail_providers
from giftshop.delivery.channels import smtp
from giftshop.delivery.channels.outcomes import NOT_REACHED, Refused, TryLater
from giftshop.delivery.email_parts import Letter
from giftshop.http import outside_calls
from giftshop.http.patient_sessions import make_patient
from giftshop.logs import scrub

NAMED = "delivery"
"""Under which a mail tells a provider what it is, and a provider's report tells us again."""
CALL_LASTS_SECONDS = 20.0
CALL_CARRIES = 50
FRESH_SECONDS = 1.0
"""So soon after a mail the server is not asked whether it is still there: what the kernel knows is enough."""

ABOUT_THE_MAIL = {400, 413, 422}
"""What a provider answers when something of the mail itself is wrong."""
ABOUT_ITS_ADDRESS = re.compile(
    r"\bto\b[^.]*\b(valid|address|param)|recipient|invalid[^.]*\b(e-?mail|address)|larger|too large"
    r"|invalid .?to\b"  # Resend
    r"|illegal address|final '@|domain (contains|starts|ends)|local (address|part)",  # Amazon
    re.IGNORECASE,
)


class _NotReached(OSError):
    """No call to the mail server came about: it took nothing."""


class _Line(threading.local):
    """This thread's open call to the mail server, used for several e-mails in a row."""

    backend: Any = None
    place: tuple[str, str, int, str] | None = None
    since: float = 0.0
    used_at: float = 0.0
    carried: int = 0


_line = _Line()


def send(message: EmailMessage) -> str:
    """Hand one e-mail over. Answers the id by which its provider will report of it; empty where nobody will.
    Raises TryLater or Refused."""
    try:
        try:
            outside_calls.ask(lambda: _hand_over(message))
        except smtplib.SMTPSenderRefused:
            if not _line.carried:
                raise
            hang_up()  # some servers take only so many in one call; of this one they took nothing yet
            outside_calls.ask(lambda: _hand_over(message))
    except AnymailError as error:
        hang_up()
        raise _judged_by_api(error) from None
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        hang_up()
        raise _judged(code, words) from None
    except smtplib.SMTPDataError as error:
        hang_up()
        raise _judged(error.smtp_code, error.smtp_error) from None
    except _NotReached as error:
        hang_up()
        raise TryLater(f"{NOT_REACHED}{error}") from None
    except (smtplib.SMTPException, OSError) as error:
        hang_up()
        raise TryLater(_describe(error)) from None
    except ValueError as error:  # an address or header that no mail can carry
        raise Refused(type(error).__name__) from None
    return _provider_id(message)


def _hand_over(message: EmailMessage) -> None:
    backend = _call()
    provider = mail_providers.PROVIDERS.get(settings.MAIL_PROVIDER)
    if provider and isinstance(message, Letter):
        _name(message, provider.named_by)
    if isinstance(message, Letter) and isinstance(backend, SmtpBackend) and backend.connection:
        smtp.send(backend.connection, message)
    else:
        message.connection = backend
        message.send()
    _line.used_at = time.monotonic()
    _line.carried += 1


def _name(message: Letter, by: str) -> None:
    """Have it say which delivery it is (mail_providers.Provider.named_by)."""
    if by == mail_providers.METADATA:
        message.metadata = {NAMED: message.delivery_id}
    elif by == mail_providers.TAGS:
        message.esp_extra = {"tags": [{"name": NAMED, "value": message.delivery_id}]}
    elif by:
        message.extra_headers[by] = json.dumps({NAMED: message.delivery_id})


def hang_up() -> None:
    """End this thread's call, if there is one."""
    backend, _line.backend, _line.place = _line.backend, None, None
    if backend is not None:
        with suppress(smtplib.SMTPException, OSError):
            backend.close()


def _call() -> Any:
    """An open connection: the last one while it is young, not worn out, and still answers."""
    place = (
        settings.EMAIL_BACKEND,
        settings.EMAIL_HOST,
        settings.EMAIL_PORT,
        str(settings.ANYMAIL),
    )
    if _line.backend is not None and not (_line.place == place and _still_good(_line.backend)):
        hang_up()
    if _line.backend is None:
        backend = get_connection()
        try:
            backend.open()
        except (smtplib.SMTPException, OSError) as error:
            raise _NotReached(_describe(error)) from None
        if session := getattr(backend, "session", None):
            make_patient(session)
        _line.backend, _line.place = backend, place
        _line.since, _line.carried = time.monotonic(), 0
    return _line.backend


def _still_good(backend: Any) -> bool:
    if time.monotonic() - _line.since > CALL_LASTS_SECONDS or _line.carried >= CALL_CARRIES:
        return False
    if getattr(backend, "session", None):
        return True  # over HTTP each mail stands alone
    connection = getattr(backend, "connection", None)
    if connection is None:
        return False
    if time.monotonic() - _line.used_at < FRESH_SECONDS and _is_silent(connection.sock):
        return True
    try:
        return bool(connection.noop()[0] == 250)
    except (smtplib.SMTPException, OSError):
        return False


def _is_silent(sock: Any) -> bool:
    """Nothing came since the last answer: a mail server that nobody asked speaks up to say goodbye."""
    try:
        poll = select.poll()
        poll.register(sock, select.POLLIN)
        return not poll.poll(0)
    except (OSError, ValueError, TypeError):
        return False


def _judged(code: int, words: bytes | str) -> TryLater | Refused:
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    described = scrub(f"{code} {text}")[:200]
    return Refused(described) if 500 <= code < 600 else TryLater(described)


def _judged_by_api(error: AnymailError) -> TryLater | Refused:
    """What is wrong with the address or the mail is refused for good. A wrong key, a domain that is not
    proven yet, an account that is overdrawn: such trouble is ours, the mail waits for its end."""
    status, words = _answer(error)
    described = scrub(words)[:200]
    if isinstance(error, AnymailRecipientsRefused):
        return Refused(described)
    is_of_mail = isinstance(error, AnymailAPIError) and status in ABOUT_THE_MAIL
    if is_of_mail and ABOUT_ITS_ADDRESS.search(words):
        return Refused(described)
    if isinstance(error, AnymailInvalidAddress):
        return Refused(type(error).__name__)
    return TryLater(described)


def _answer(error: AnymailError) -> tuple[int, str]:
    """What the provider said, without what we sent it: the status, or 0, and its words."""
    said = error.response
    if said is None:
        return 0, type(error.__cause__ or error).__name__
    if isinstance(said, dict):  # boto3's
        problem = said.get("Error", {})
        status = int(said.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
        words = f"{status} {problem.get('Code', '')} {problem.get('Message', '')}"
    else:
        status = error.status_code or 0
        words = f"{getattr(said, 'status_code', '')} {said.text[:2000]}"
    return status, " ".join(words[:2000].split())


def _provider_id(message: EmailMessage) -> str:
    told = getattr(message, "anymail_status", None)
    ids = getattr(told, "message_id", None)
    return ids[:255] if isinstance(ids, str) else ""


def _describe(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{type(error).__name__} {error.smtp_code}"
    return type(error).__name__
