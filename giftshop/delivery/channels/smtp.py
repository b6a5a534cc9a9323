"""A letter over an open SMTP connection. smtplib's own `sendmail` would look through all of a letter for dots
that are doubled already, and wait for an answer to each of three commands."""

import smtplib
from contextlib import suppress

from giftshop.delivery.email_parts import Letter
from giftshop.delivery.shared import mime

Answer = tuple[int, bytes]


def send(line: smtplib.SMTP, letter: Letter) -> None:
    """Raises smtplib.SMTPException, OSError, and ValueError for an address or header that no mail can carry.
    The connection is of no use then."""
    [to] = letter.to
    sender, recipient, content = letter.sender, mime.address(to), letter.as_smtp()
    line.ehlo_or_helo_if_needed()
    size = [f"size={len(content)}"] if line.does_esmtp and line.has_extn("size") else []
    is_plain = mime.is_plain(sender) and mime.is_plain(recipient)
    announce = _at_once if is_plain and line.has_extn("pipelining") else _one_by_one
    code, said = announce(line, sender, recipient, size)
    if code == 354:
        line.send(content + b".\r\n")
        code, said = line.getreply()
    if code != 250:
        raise smtplib.SMTPDataError(code, said)


def _one_by_one(line: smtplib.SMTP, sender: str, recipient: str, size: list[str]) -> Answer:
    """The answer to DATA."""
    _check_sender(line.mail(sender, size), sender)
    _check_recipient(line.rcpt(recipient), recipient)
    return line.docmd("data")


def _at_once(line: smtplib.SMTP, sender: str, recipient: str, size: list[str]) -> Answer:
    """The same where the server takes several commands before it answers the first (RFC 2920)."""
    mail = " ".join([f"mail FROM:<{sender}>", *size])
    line.send(f"{mail}\r\nrcpt TO:<{recipient}>\r\ndata\r\n")
    _check_sender(line.getreply(), sender)
    try:
        _check_recipient(line.getreply(), recipient)
    except smtplib.SMTPRecipientsRefused:
        with suppress(smtplib.SMTPException, OSError):
            _send_nothing(line)
        raise
    return line.getreply()


def _send_nothing(line: smtplib.SMTP) -> None:
    """Some servers answer DATA with "go on" though there is nobody to send to. What ends it is a lone dot
    (RFC 2920, 3.1)."""
    code, _said = line.getreply()
    if code == 354:
        line.send(".\r\n")
        line.getreply()


def _check_sender(answer: Answer, sender: str) -> None:
    code, said = answer
    if code != 250:
        raise smtplib.SMTPSenderRefused(code, said, sender)


def _check_recipient(answer: Answer, recipient: str) -> None:
    code, said = answer
    if code not in (250, 251):
        raise smtplib.SMTPRecipientsRefused({recipient: (code, said)})
