"""Somebody on another machine who buys a gift and opens it; knows the demo by what its screen says.

    python -m tests.sandbox.lan_visitor SCREEN

prints as JSON what was seen. A test runs it in a network namespace of its own.
"""

import json
import queue
import re
import sys
import tempfile
import time
from pathlib import Path

import requests

from bench.soak.client import Client
from bench.soak.record import Record
from bench.soak.senders import Recipients, Sender, link_in_the_mail

MAIL_SECONDS = 60
ORIGIN = re.compile(r"""https?://[^/\s"'<>]+""")


def main(said: str) -> dict[str, object]:
    """Every page by TLS, trusting the root certificate that was handed out and nothing else."""
    shop, till, tray, double = (
        re.findall(rf"{name} +(https://\S+)", said)[0]
        for name in ("Giftshop", "Till", "Mail tray", "Stripe double")
    )
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "root.crt"
        handed_out = re.findall(r"http://\S+/root\.crt", said)[0]
        root.write_bytes(requests.get(handed_out, timeout=5).content)
        record = Record()
        client = Client(shop, record, Origin=shop)  # browsers say it, and over TLS it is asked for
        client.session.verify = str(root)
        pages = [client.get(url) for url in (shop, till, tray, double)]
        gifts = queue.Queue()
        (gift,) = Sender([client], record, gifts).buy("frosty-spoon")
        gifts.put(gift)
        deadline = time.monotonic() + MAIL_SECONDS
        while not link_in_the_mail(client, tray, gift) and time.monotonic() < deadline:
            time.sleep(0.5)
        codes: queue.Queue[str] = queue.Queue()
        Recipients(client, tray, record, gifts, codes).turn()
        listed = client.get(f"{tray}/api/messages").json()["messages"]
        letters = [client.get(f"{tray}/api/messages/{each['id']}").json() for each in listed]
        texts = [letter["text"] + letter["html"] for letter in letters]
        texts += [
            page.text for page in pages[:3]
        ]  # the double's names the webhook, which is ours alone
        return {
            "base": shop,
            "pages": {page.url: page.status_code for page in pages},
            "code": codes.get_nowait(),
            "to": [letter["to"] for letter in letters],
            "deliveries": client.get(f"{double}deliveries").json(),
            "origins": sorted({origin for text in texts for origin in ORIGIN.findall(text)}),
        }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]).read_text())))
