"""The double as one thing: start it, point the SDK's client at its ``url``, close it."""

from __future__ import annotations

import re
import threading
from collections import Counter
from pathlib import Path

from defusedxml import ElementTree

from sandbox.message_double import contents, numbers
from sandbox.message_double.answers import ApiError
from sandbox.message_double.callbacks import Callbacks
from sandbox.message_double.server import Server
from sandbox.message_double.store import Row, Store, moment

OUR_NUMBER = "+15005550006"
STOP = {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"}
START = {"START", "YES", "UNSTOP"}
"""Twilio's own default keywords: it blocks the number before anybody else hears of it."""


class MessageDouble:
    """Speaks Twilio's messaging API on 127.0.0.1. In-process::

    double = MessageDouble(account_sid="AC…", auth_token="…", inbound_url="http://…/inbound/")
    double.start()
    double.sent_to("+4915112345678")      # what a phone shows
    double.answer("+4915112345678", "STOP")
    double.close()
    """

    def __init__(
        self,
        *,
        account_sid: str,
        auth_token: str,
        port: int = 0,
        inbound_url: str = "",
        public_url: str = "",
        reach_url: str = "",
        state: Path | None = None,
        mail_url: str = "",
        callbacks: type[Callbacks] = Callbacks,
    ) -> None:
        self.account_sid, self.auth_token = account_sid, auth_token
        self.inbound_url, self.mail_url = inbound_url, mail_url
        self.store = Store(state)
        self.callbacks = callbacks(auth_token, public_url, reach_url)
        self.asked: Counter[str] = Counter()
        """Calls of the API, by what was asked."""
        self._once: set[str] = set()
        self._closing = threading.Event()
        self._server = Server(port, self)
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """http://127.0.0.1:PORT, known before ``start``."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def start(self) -> MessageDouble:
        self.callbacks.start()
        self._thread = threading.Thread(
            target=lambda: self._server.serve_forever(poll_interval=0.05), daemon=True
        )
        self._thread.start()
        return self

    def close(self) -> None:
        """Stop listening, break what hangs, keep the state."""
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self.callbacks.close()
        if self._thread:
            self._thread.join(timeout=5)

    def __enter__(self) -> MessageDouble:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- what the API does -----------------------------------------------------------------------

    def create(self, form: dict[str, str]) -> Row:
        """A message as the API takes it. Raises ApiError."""
        self.asked["create"] += 1
        to, body = form.get("To", ""), form.get("Body", "")
        if not re.fullmatch(r"(whatsapp:)?\+[1-9]\d{6,14}", to):
            raise ApiError(400, 21211, numbers.AT_ONCE[21211].format(to=to))
        if not (body or form.get("ContentSid")):
            raise ApiError(400, 21602, "Message body is required.")
        if not (form.get("MessagingServiceSid") or form.get("From")):
            raise ApiError(400, 21603, "A 'From' phone number is required.")
        code = numbers.ending(to)
        if code == numbers.UNAVAILABLE and self._first(to):
            raise ApiError(503, 20503, "Service unavailable")
        if to in self.store.stopped:
            raise ApiError(400, 21610, numbers.AT_ONCE[21610])
        if code in numbers.AT_ONCE:
            raise ApiError(400, code, numbers.AT_ONCE[code].format(to=to))
        content = self._content(form) if form.get("ContentSid") else None
        row = self.store.add({
            "to": to,
            "from": form.get("From") or None,
            "body": contents.rendered(content, form.get("ContentVariables", "")) if content else body,
            "content_sid": form.get("ContentSid", ""),
            "messaging_service_sid": form.get("MessagingServiceSid") or None,
            "status": "accepted",
            "direction": "outbound-api",
            "num_segments": "0",  # a service has not chosen a number yet
            "callback": form.get("StatusCallback", ""),
        })  # fmt: skip
        self.callbacks.later(lambda: self._carry(str(row["sid"])))
        if code == numbers.HANGS and self._first(to):
            self._closing.wait(60)
        return row

    def _content(self, form: dict[str, str]) -> Row:
        if found := self.store.contents.get(form["ContentSid"]):
            return found
        raise ApiError(400, 21655, "The ContentSid parameter is invalid.")

    def listed(self, query: dict[str, str]) -> list[Row]:
        """Messages to a number, the newest first. Of time it knows days, as Twilio's filter on calendar
        days."""
        self.asked["list"] += 1
        to = query.get("To", "")
        size = min(int(query.get("PageSize") or 50), 1000)
        found = (row for row in self.store.newest_first() if row["direction"] != "inbound")
        return [row for row in found if not to or row["to"] == to][:size]

    def _first(self, to: str) -> bool:
        with self.store.lock:
            known = to in self._once
            self._once.add(to)
            return not known

    def _carry(self, sid: str) -> None:
        """What the carrier makes of it: sent, then delivered or not."""
        kept, ours = self.store.rows.get(sid), OUR_NUMBER
        if kept and str(kept["to"]).startswith("whatsapp:"):
            ours = f"whatsapp:{OUR_NUMBER}"
            content = self.store.contents.get(str(kept.get("content_sid") or ""))
            if failed := contents.failure(content, str(kept["to"])):
                told = {"status": "failed", "error_code": failed, "from": ours}
                self._tell(self.store.change(sid, **told))
                return
        row = self.store.change(sid, status="sent", date_sent=moment(), **{"from": ours})
        self._tell(row)
        code = numbers.ending(str(row["to"])) if row else 0
        if code in numbers.LATER:
            row = self.store.change(sid, status="undelivered", error_code=code)
        else:
            row = self.store.change(sid, status="delivered")
        self._tell(row)

    def _tell(self, row: Row | None) -> None:
        if row and row["callback"]:
            self.callbacks.tell(str(row["callback"]), self.report_of(row))

    def report_of(self, row: Row) -> dict[str, str]:
        """The fields of a status callback."""
        told = {
            "AccountSid": self.account_sid,
            "ApiVersion": "2010-04-01",
            "From": str(row.get("from") or ""),
            "MessageSid": str(row["sid"]),
            "MessageStatus": str(row["status"]),
            "SmsSid": str(row["sid"]),
            "SmsStatus": str(row["status"]),
            "To": str(row["to"]),
        }
        if row.get("error_code"):
            told["ErrorCode"] = str(row["error_code"])
        return told

    # --- what people do on their phones -----------------------------------------------------------

    def sent_to(self, number: str) -> list[Row]:
        """What its phone shows, oldest first; also what was answered from it."""
        rows = self.store.newest_first()[::-1]
        return [row for row in rows if number in (row["to"], row.get("from"))]

    def answer(self, number: str, text: str) -> None:
        """Somebody writes back from that phone. Raises OSError when the product can't be reached."""
        ours = f"whatsapp:{OUR_NUMBER}" if number.startswith("whatsapp:") else OUR_NUMBER
        row = self.store.add({
            "to": ours, "from": number, "body": text, "status": "received", "direction": "inbound",
        })  # fmt: skip
        word = text.strip().upper()
        with self.store.lock:
            if word in STOP:
                self.store.stopped.add(number)
            elif word in START:
                self.store.stopped.discard(number)
            self.store.write()
        if not self.inbound_url:
            return
        told = {
            "AccountSid": self.account_sid, "ApiVersion": "2010-04-01", "Body": text, "From": number,
            "MessageSid": str(row["sid"]), "NumMedia": "0", "NumSegments": "1",
            "SmsMessageSid": str(row["sid"]), "SmsSid": str(row["sid"]), "SmsStatus": "received", "To": ours,
        }  # fmt: skip
        status, body = self.callbacks.post(self.inbound_url, told)
        if status == 200 and number not in self.store.stopped:
            self._reply(number, ours, body)
        elif status == 200 and word in STOP:
            words = "You have been unsubscribed. No more messages will be sent. Reply START to resubscribe."
            self._say(number, ours, words)

    def _reply(self, number: str, ours: str, twiml: str) -> None:
        """What the product's TwiML says."""
        try:
            answer = ElementTree.fromstring(twiml)
        except ElementTree.ParseError:
            return
        for message in answer.iter("Message"):
            self._say(number, ours, "".join(message.itertext()))

    def _say(self, number: str, ours: str, words: str) -> None:
        self.store.add({
            "to": number, "from": ours, "body": words, "status": "delivered",
            "direction": "outbound-reply", "callback": "",
        })  # fmt: skip
