"""Start the tray, say where it listens, and wait for a signal."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
import threading
from pathlib import Path

from sandbox.mail_tray.mailgun import Mailgun
from sandbox.mail_tray.reports import Reports
from sandbox.mail_tray.smtp import listen
from sandbox.mail_tray.store import KEPT_MAX, Store
from sandbox.mail_tray.web import web_server


def main(words: list[str]) -> int:
    """Run until SIGINT or SIGTERM; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.mail_tray", description=__doc__)
    parser.add_argument("--smtp-port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--web-port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--state", type=Path, required=True, help="where messages are kept")
    parser.add_argument("--keep", type=int, default=KEPT_MAX, help="how many messages are kept")
    parser.add_argument("--api-key", default="", help="take mails by Mailgun's API with this key")
    parser.add_argument("--webhook-url", default="", help="who is told what became of those")
    parser.add_argument("--signing-key", default="", help="what that is signed with")
    parser.add_argument("--phones-url", default="", help="the drawn phones, to stand beside")
    options = parser.parse_args(words)
    store = Store(options.state, kept_max=options.keep)
    reports = Reports(url=options.webhook_url, signing_key=options.signing_key)
    api = Mailgun(store, reports, key=options.api_key) if options.api_key else None
    asyncio.run(serve(store, options.smtp_port, options.web_port, api, options.phones_url))
    return 0


async def serve(
    store: Store, smtp_port: int, web_port: int, api: Mailgun | None, phones_url: str = ""
) -> None:
    """Both servers, until a signal comes."""
    leaving = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, leaving.set)
    smtp = await listen(store, smtp_port)
    web = web_server(store, web_port, api, phones_url)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    print(f"smtp 127.0.0.1:{smtp.sockets[0].getsockname()[1]}", flush=True)
    print(f"web http://127.0.0.1:{web.server_address[1]}", flush=True)
    async with smtp:
        await leaving.wait()
    web.shutdown()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
