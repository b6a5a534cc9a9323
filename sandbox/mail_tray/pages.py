"""The tray's pages as plain functions that return HTML. Every foreign text is escaped here."""

from __future__ import annotations

from html import escape
from urllib.parse import urlencode

from sandbox.mail_tray.message import Message
from sandbox.mail_tray.store import Summary

ROWS_MAX = 200
TONES = 6
VIEWS = {"html": "As seen", "text": "Plain text", "source": "Source"}

PLAYED = {
    "bounce": "comes back: there is no such mailbox",
    "late-bounce": "is delivered, and comes back after five seconds",
    "full": "is put off: the mailbox is full for now",
    "complaint": "is delivered, and reported as spam",
    "no-answer": "is delivered, but the answer to the shop is lost",
}
"""What becomes of mail to them, at any domain; to all others it is delivered."""


def inbox(found: list[Summary], words: str, phones_url: str = "") -> str:
    """The list by itself."""
    nothing_chosen = """
      <section class="reader reader-empty" aria-label="Message">
        <img src="/static/icon.svg" alt="" width="96" height="96">
        <p>Choose a message to read it as its recipient does.</p>
      </section>"""
    return shell("Mail tray", "inbox", sidebar(found, words, None, phones_url) + nothing_chosen)


def reader(
    found: list[Summary], words: str, summary: Summary, message: Message, query: dict[str, str]
) -> str:
    """One message beside the list (on a phone: by itself)."""
    body = sidebar(found, words, summary.id) + opened(words, summary, message, query)
    return shell(summary.subject or "No subject", "reading", body)


def sidebar(found: list[Summary], words: str, chosen: int | None, phones_url: str = "") -> str:
    """Search and list. The page's heading is the tray's name until a message is open."""
    name = "h1" if chosen is None else "p"
    played = "".join(f"<dt>{box}@</dt><dd>{fate}</dd>" for box, fate in PLAYED.items())
    phones = f'<a class="quiet" href="{escape(phones_url)}">Phones</a>' if phones_url else ""
    return f"""
      <section class="tray" aria-label="Messages">
        <header class="tray-head">
          <{name} class="brand">
            <a href="/"><img src="/static/icon.svg" alt="" width="32" height="32">Mail tray</a>
          </{name}>
          {phones}<button type="button" class="quiet" data-clear>Empty</button>
        </header>
        <form class="search" role="search" action="/">
          <label for="to">Recipient or subject</label>
          <input id="to" name="to" type="search" value="{escape(words)}" autocomplete="off"
                 placeholder="ben@example.com">
        </form>
        <details class="played">
          <summary>Mailboxes with a fate of their own</summary>
          <dl>{played}</dl>
        </details>
        <p class="visually-hidden" role="status" data-news></p>
        <div data-rows data-chosen="{chosen or ""}">{rows(found, words, chosen)}</div>
      </section>"""


def rows(found: list[Summary], words: str, chosen: int | None) -> str:
    """The list's rows; also what the live refresh fetches."""
    if not found:
        title = "Nothing for this search" if words else "No mail yet"
        hint = "Try fewer letters." if words else "What the shop sends appears here by itself."
        return f'<div class="empty"><h2>{title}</h2><p>{hint}</p></div>'
    items = "".join(row(summary, words, chosen) for summary in found[:ROWS_MAX])
    rest = len(found) - ROWS_MAX
    more = f'<p class="more">and {rest:,} older: search for them</p>' if rest > 0 else ""
    return f'<ol class="rows" data-newest="{found[0].id}">{items}</ol>{more}'


def row(summary: Summary, words: str, chosen: int | None) -> str:
    """One message of the list."""
    to = ", ".join(summary.to)
    query = "?" + urlencode({"to": words}) if words else ""
    current = ' aria-current="true"' if summary.id == chosen else ""
    return f"""<li><a class="row" href="/messages/{summary.id}{escape(query)}"{current}>
      <span class="face tone-{tone(to)}" aria-hidden="true">{escape(to[:1].upper() or "?")}</span>
      <span class="row-to">{escape(to)}</span>
      {moment(summary)}
      <span class="row-subject">{escape(summary.subject or "No subject")}</span>
      <span class="row-preview">{escape(summary.preview)}</span></a></li>"""


def opened(words: str, summary: Summary, message: Message, query: dict[str, str]) -> str:
    """The chosen message: who, when, and one of three views."""
    view = query.get("view", "")
    if view not in VIEWS:
        view = "html" if message.html else "text"
    keep = {"to": words} if words else {}
    tabs = "".join(
        f'<a href="{link(summary, {**keep, "view": name})}"{_current(name == view)}>{title}</a>'
        for name, title in VIEWS.items()
        if name != "html" or message.html
    )
    shown = {"html": as_seen, "text": plain_text, "source": source}[view]
    to, back = ", ".join(summary.to), escape("/?" + urlencode(keep) if keep else "/")
    return f"""
      <article class="reader" aria-label="Message">
        <header class="reader-head">
          <a class="back" href="{back}">All mail</a>
          <h1>{escape(summary.subject or "No subject")}</h1>
          <p class="reader-who">
            <span class="face tone-{tone(to)}" aria-hidden="true">{escape(to[:1].upper())}</span>
            <span><span class="reader-to">To {escape(to)}</span>
            <span class="reader-from">from {escape(summary.sender)}</span></span>
            {moment(summary)}
          </p>
          <nav class="tabs" aria-label="Views">{tabs}</nav>
        </header>
        {shown(summary, message, query, keep)}
      </article>"""


def as_seen(summary: Summary, message: Message, query: dict[str, str], keep: dict[str, str]) -> str:
    """The HTML in a frame that can run nothing, at a desktop's or a phone's width."""
    state = {**keep, "view": "html"}
    phone, bare = query.get("width") == "phone", query.get("images") == "off"
    now = {
        **state,
        **({"width": "phone"} if phone else {}),
        **({"images": "off"} if bare else {}),
    }
    width = {**now, "width": "full" if phone else "phone"}
    images = {**now, "images": "on" if bare else "off"}
    address = f"/messages/{summary.id}/html" + ("?images=off" if bare else "")
    return f"""
        <p class="switches">
          {switch(link(summary, width), "Phone width", phone)}
          {switch(link(summary, images), "Images off", bare)}
          <a class="alone" href="{address}" target="_blank">Open alone</a>
        </p>
        <div class="paper{" paper-phone" if phone else ""}">
          <iframe title="The message as its recipient sees it" src="{address}"
                  sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>
        </div>"""


def plain_text(
    summary: Summary, message: Message, query: dict[str, str], keep: dict[str, str]
) -> str:
    """The text body."""
    text = escape(message.text) or "This message has no plain text."
    return f'<pre class="text" tabindex="0">{text}</pre>'


def source(summary: Summary, message: Message, query: dict[str, str], keep: dict[str, str]) -> str:
    """Headers as a list, parts, and the way to the raw message."""
    headers = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in message.headers
    )
    parts = "".join(
        f'<li><a href="/messages/{summary.id}/parts/{part.number}">{escape(part.name)}</a> '
        f"{escape(part.content_type)}, {len(part.content):,} bytes</li>"
        for part in message.parts()
    )
    listed = f"<h2>Parts</h2><ul>{parts}</ul>" if parts else ""
    raw = f'<p><a href="/api/messages/{summary.id}/source">The whole message as it came</a></p>'
    return f'<div class="source"><dl>{headers}</dl>{listed}{raw}</div>'


def switch(address: str, title: str, on: bool) -> str:
    """A link that reads as a switch; its state is in the URL."""
    state = "on" if on else "off"
    return (
        f'<a class="switch" href="{address}"{_current(on)}>{title}'
        f'<span class="visually-hidden">: {state}</span></a>'
    )


def link(summary: Summary, query: dict[str, str]) -> str:
    """A message's address with its view."""
    return escape(f"/messages/{summary.id}?{urlencode(query)}")


def moment(summary: Summary) -> str:
    """When it came, in UTC; the script puts it in the reader's time."""
    short = summary.received_at[11:16]
    return f'<time datetime="{escape(summary.received_at)}">{escape(short)}</time>'


def tone(text: str) -> int:
    """One of a few colours, the same each time for the same recipient."""
    return sum(text.encode()) % TONES


def shell(title: str, kind: str, body: str) -> str:
    """What every page shares."""
    return f"""<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>{escape(title)} · Mail tray</title>
    <link rel="icon" href="/static/icon.svg" type="image/svg+xml">
    <link rel="stylesheet" href="/static/tray.css">
    <script type="module" src="/static/tray.js"></script>
  </head>
  <body>
    <main class="{kind}">{body}
    </main>
  </body>
</html>
"""


def _current(on: bool) -> str:
    return ' aria-current="true"' if on else ""
