"""Senders, who buy on the real pages and pay at Stripe's double, and recipients, who open what came."""

import itertools
import queue
import re
import time
from typing import Any

import requests

from bench.soak.client import Client, GaveUp, found
from bench.soak.record import Gift, Record

BRANDS = ("frosty-spoon", "harbor-bean")
CARD = {
    "cardNumber": "4242424242424242",
    "cardExpiry": "12 / 34",
    "cardCvc": "123",
    "billingName": "Amy Lind",
    "billingCountry": "US",
}
PAY_SECONDS = 60.0
SEEN_EVERY_SECONDS = 0.5
LINK = re.compile(r"http\S+/gift/[\w-]+/")

numbers = itertools.count(1)


class Sender:
    """Buys one or two gifts at a time, each time as somebody new.

    `clients`: taken in turns, for one address may not begin all too many presents in an hour.
    """

    def __init__(self, clients: list[Client], record: Record, gifts: "queue.Queue[Gift]") -> None:
        self.clients, self.record, self.gifts = itertools.cycle(clients), record, gifts

    def turn(self) -> None:
        for gift in self.buy(BRANDS[next(numbers) % len(BRANDS)], recipients=next(numbers) % 2 + 1):
            self.gifts.put(gift)

    def buy(self, brand: str, *, recipients: int = 1) -> list[Gift]:
        """From the shop to the order's page; the gifts that were paid."""
        self.client = next(self.clients)
        self.client.session.cookies.clear()
        addresses = [f"recipient-{next(numbers)}@friends.example" for _ in range(recipients)]
        pay = self._fill(brand, addresses)
        self._pay(pay, found(r'action="([^"]+/payment/)"', pay))
        gifts = [Gift(address, brand) for address in addresses]
        with self.record.lock:
            self.record.gifts += gifts
        self.record.count("orders")
        return gifts

    def _fill(self, brand: str, addresses: list[str]) -> requests.Response:
        """The form's three steps, to the page before paying."""
        client = self.client
        shop = client.get(f"/shop/{brand}/")
        page = client.post(f"/shop/{brand}/give/", shop)
        keys = [key for key in re.findall(r'name="row"\s+value="(\w+)"', page.text) if key != "KEY"]
        rows: dict[str, Any] = {"row": keys[: len(addresses)]}
        for key, address in zip(keys, addresses, strict=False):
            rows |= {f"{key}-name": "Ben", f"{key}-email": address}
        page = client.post(page.url, page, **rows)
        page = client.post(page.url, page, choice=found(r'name="choice"\s+value="([^"]+)"', page))
        words = {"message": "You carried the sofa.", "when": "now"}
        words |= {"sender_name": "Amy", "sender_email": "amy@senders.example"}
        return client.post(page.url, page, **words)

    def _pay(self, page: requests.Response, action: str) -> None:
        """To Stripe's page, as often as it takes to get there, and back to the order."""
        deadline = time.monotonic() + PAY_SECONDS
        while time.monotonic() < deadline:
            hosted = self.client.post(action, page)
            if "/c/pay/" in hosted.url:
                card = {"email": "amy@senders.example", **CARD}
                hosted = self.client.ask("POST", hosted.url, data=card)
            if "/orders/" in hosted.url:
                return
            time.sleep(1.0)  # "can't be reached right now": the sender tries again
        raise GaveUp("Stripe's page could not be reached")


class Recipients:
    """Open the mail, the present, and hand the code over to somebody at a till."""

    def __init__(
        self,
        client: Client,
        tray: str,
        record: Record,
        gifts: "queue.Queue[Gift]",
        codes: "queue.Queue[str]",
    ) -> None:
        self.client, self.tray, self.record = client, tray, record
        self.gifts, self.codes = gifts, codes

    def turn(self) -> None:
        try:
            gift = self.gifts.get_nowait()
        except queue.Empty:
            return
        link = link_in_the_mail(self.client, self.tray, gift)
        if not link:
            self.gifts.put(gift)  # not there yet
            return
        self.client.session.cookies.clear()  # each recipient has a browser of their own
        wrapped = self.client.get(link)
        present = self.client.post(f"{link}opening/", wrapped)
        code = "".join(re.findall(r"<span>(\w+)</span>", found(PRINTED, present)))
        self.record.count("opened")
        if gift.brand == BRANDS[0]:  # whose store the device stands in
            self.codes.put(code)


PRINTED = r'class="code-groups"[^>]*>(.*?)</p>'


def link_in_the_mail(client: Client, tray: str, gift: Gift) -> str:
    """Where the gift is, as its mail says; empty while there is none."""
    listed = client.ask("GET", f"{tray}/api/messages", params={"to": gift.address})
    messages = listed.json()["messages"]
    if not messages:
        return ""
    letter = client.ask("GET", f"{tray}/api/messages/{messages[0]['id']}").json()
    link = LINK.search(letter["text"])
    return link[0] if link else ""


def wait_for_mail(client: Client, tray: str, gift: Gift, *, seconds: float) -> bool:
    """Whether the gift's mail comes in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if link_in_the_mail(client, tray, gift):
            return True
        time.sleep(SEEN_EVERY_SECONDS)
    return False
