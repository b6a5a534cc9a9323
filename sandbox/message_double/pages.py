"""A drawn phone as plain functions that return HTML. Every foreign text is escaped here."""

from __future__ import annotations

import re
from html import escape
from urllib.parse import urlencode

from sandbox.message_double import contents
from sandbox.message_double.store import Row

PHONES_SHOWN = 100
LINK = re.compile(r"https?://[^\s<>\"']+")
STATES = {
    "accepted": "On its way", "sent": "Sent", "delivered": "Delivered", "undelivered": "Not delivered",
    "failed": "Failed", "received": "Answered",
}  # fmt: skip


def phones(rows: list[Row], chosen: str, mail_url: str) -> str:
    """All phones that anything was sent to, and what one of them shows."""
    numbers = list(dict.fromkeys(_theirs(row) for row in rows))
    number = chosen or (numbers[0] if numbers else "")
    listed = "".join(_listed(each, rows, each == number) for each in numbers[:PHONES_SHOWN])
    mail = f'<a href="{escape(mail_url)}">Mail tray</a>' if mail_url else ""
    nothing = '<p class="empty">No message yet. What the shop sends rings here.</p>'
    return f"""<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>Phones</title>
    <link rel="stylesheet" href="/static/phone.css">
    <script type="module" src="/static/phone.js"></script>
  </head>
  <body data-newest="{escape(rows[0]["sid"] + str(rows[0]["status"]) if rows else "")}">
    <nav aria-label="Phones">
      <p class="head"><strong>Phones</strong> <a href="/templates">Templates</a> {mail}</p>
      <ul>{listed}</ul>
    </nav>
    <main>{_phone(number, rows) if number else nothing}</main>
  </body>
</html>
"""


def templates(rows: list[Row]) -> str:
    """What was submitted to WhatsApp; whoever looks at it decides."""
    listed = "".join(_template(row) for row in rows)
    nothing = '<p class="empty">Nothing was submitted yet.</p>'
    return f"""<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>WhatsApp's templates</title>
    <link rel="stylesheet" href="/static/phone.css">
  </head>
  <body class="review">
    <main>
      <p class="head"><a href="/">Phones</a></p>
      <h1>WhatsApp's templates</h1>
      <p>You are the reviewer: what you say here is what WhatsApp says from now on.</p>
      {listed or nothing}
    </main>
  </body>
</html>
"""


def _template(row: Row) -> str:
    said, sid = row["approval"], escape(row["sid"])
    name, state = escape(row["friendly_name"]), escape(said["status"])
    language = escape(row["language"])
    statuses = _options(contents.STATUSES, said["status"])
    categories = _options(contents.CATEGORIES, said["category"])
    return f"""<form method="post" action="/templates" class="template" aria-label="{name}">
      <input type="hidden" name="sid" value="{sid}">
      <p><strong>{name}</strong> <small>{language}, {state}</small></p>
      <p dir="auto" lang="{language}">{escape(row["body"])}</p>
      <p><label>Status <select name="status">{statuses}</select></label>
      <label>Category <select name="category">{categories}</select></label>
      <label>Reason <input name="reason" maxlength="300" value="{escape(said["rejection_reason"])}"></label>
      <button>Say so</button></p>
    </form>"""


def _options(values: tuple[str, ...], chosen: str) -> str:
    return "".join(
        f"<option{' selected' if each == chosen else ''}>{escape(each)}</option>" for each in values
    )


def _theirs(row: Row) -> str:
    return str(row["from"] if row["direction"] == "inbound" else row["to"])


def _listed(number: str, rows: list[Row], current: bool) -> str:
    last = next(row for row in rows if _theirs(row) == number)
    here = ' aria-current="true"' if current else ""
    address = "/?" + urlencode({"number": number})
    kind = " <em>WhatsApp</em>" if number.startswith("whatsapp:") else ""
    return f"""<li><a href="{escape(address)}"{here}><strong>{escape(_shown(number))}{kind}</strong>
      <span>{escape(str(last["body"])[:70])}</span></a></li>"""


def _phone(number: str, rows: list[Row]) -> str:
    shown = "".join(_bubble(row) for row in rows[::-1] if _theirs(row) == number)
    kind = "WhatsApp" if number.startswith("whatsapp:") else "Messages"
    quick = "".join(
        f'<button name="text" value="{word}" class="quick" formnovalidate>{word}</button>'
        for word in ("YES", "STOP", "START", "HELP")
    )
    return f"""<section class="phone" aria-labelledby="whose" data-kind="{kind.lower()}">
      <header><h1 id="whose">{escape(_shown(number))}</h1><p>{kind}</p></header>
      <ol class="talk">{shown}</ol>
      <form method="post" action="/answers">
        <input type="hidden" name="number" value="{escape(number)}">
        <p class="quicks">{quick}</p>
        <p class="write"><label for="text">Answer</label>
        <input id="text" name="text" maxlength="1600" autocomplete="off" required>
        <button>Send</button></p>
      </form>
    </section>"""


def _bubble(row: Row) -> str:
    mine = row["direction"] == "inbound"
    code = f" ({row['error_code']})" if row.get("error_code") else ""
    state = STATES.get(str(row["status"]), str(row["status"])) + code
    body = LINK.sub(
        lambda found: f'<a href="{found[0]}" target="_blank" rel="noopener">{found[0]}</a>',
        escape(str(row["body"])),
    )
    return f"""<li class="{"mine" if mine else "theirs"}"><p dir="auto">{body}</p>
      <small>{escape(state)}</small></li>"""


def _shown(number: str) -> str:
    return number.removeprefix("whatsapp:")
