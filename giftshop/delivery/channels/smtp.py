"""A letter over an open SMTP connection. smtplib's own `sendmail` would look through all of a letter for dots
that are doubled already."""

import smtplib

from giftshop.delivery.email_parts import Letter
from giftshop.delivery.shared import mime


def send(line: smtplib.SMTP, letter: Letter) -> None:
    """Raises smtplib.SMTPException, OSError, and ValueError for an address or header that no mail can carry.
    The connection is of no use then."""
    [to] = letter.to
    recipient = mime.address(to)
    content = letter.as_smtp()
    line.ehlo_or_helo_if_needed()
    size = [f"size={len(content)}"] if line.does_esmtp and line.has_extn("size") else []
    code, said = line.mail(letter.sender, size)
    if code != 250:
        raise smtplib.SMTPSenderRefused(code, said, letter.sender)
    code, said = line.rcpt(recipient)
    if code not in (250, 251):
        raise smtplib.SMTPRecipientsRefused({recipient: (code, said)})
    code, said = line.docmd("data")
    if code == 354:
        line.send(content + b".\r\n")
        code, said = line.getreply()
    if code != 250:
        raise smtplib.SMTPDataError(code, said)
