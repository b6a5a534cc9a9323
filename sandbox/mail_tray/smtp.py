"""The SMTP side: take everything, refuse only what a test wants refused."""

from __future__ import annotations

import asyncio

from aiosmtpd.smtp import SMTP, Envelope, Session

from sandbox.mail_tray.reports import mailbox_of
from sandbox.mail_tray.store import Store


class Mailbox:
    """aiosmtpd calls these by their names."""

    def __init__(self, store: Store) -> None:
        self.store = store

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Accept the recipient, unless the mailbox is one that bounces, or is full for now."""
        if mailbox_of(address) == "bounce":
            return "550 5.1.1 There is no such mailbox"
        if mailbox_of(address) == "full":
            return "452 4.2.2 The mailbox is full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the message before saying that it is kept."""
        content = envelope.content or b""
        raw = content.encode() if isinstance(content, str) else content
        recipients = [str(address) for address in envelope.rcpt_tos]
        await asyncio.to_thread(self.store.add, raw, recipients)
        return "250 OK: in the tray"


async def listen(store: Store, port: int) -> asyncio.Server:
    """Listen on 127.0.0.1; port 0 takes a free one."""
    mailbox = Mailbox(store)
    return await asyncio.get_running_loop().create_server(
        lambda: SMTP(mailbox, enable_SMTPUTF8=True, hostname="mail-tray", ident="Mail tray"),
        host="127.0.0.1",
        port=port,
    )
