"""Log lines that can be kept: JSON in production, and nothing in them that opens a gift."""

import json
import logging
import re
from collections.abc import MutableMapping
from datetime import UTC, datetime
from typing import Any

import structlog

# What is logged may hold a stranger's text, so each pattern is linear: it looks at a bounded number of
# symbols from each place, or (an address) begins only where a run of its symbols does.
_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]+")
_SECRETS = re.compile(
    r"[0-9A-HJKMNP-TV-Z]{4}(?:-?[0-9A-HJKMNP-TV-Z]{4}){3}-?[0-9A-HJKMNP-TV-Z]\b"  # a gift code
    r"|(?<=/)[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])"  # a link token in a path
    r"|\b[sr]k_(?:test|live)_\w+|\bwhsec_\w+|\bcs_(?:test|live)_\w+"  # Stripe's keys and pages
)
# What PostgreSQL says after a refused row is the row: names, messages, addresses. It may go over lines.
_ROW = re.compile(r"DETAIL:.*?(?=\n\nThe above exception |\n\nDuring handling |\Z)", re.DOTALL)

MESSAGE_LENGTH_MAX = 4_000
ERROR_LENGTH_MAX = 2_000
TRACEBACK_LENGTH_MAX = 16_000

TELLING = ("method", "route", "status", "milliseconds")
"""The only extras that are written: others, a request for instance, show paths with tokens in them."""


def scrub(text: str, *, most: int = MESSAGE_LENGTH_MAX) -> str:
    """The text without codes, link tokens, keys, addresses and rows of tables, and cut to `most`
    characters first."""
    # Addresses first: a code within one would leave the rest of it standing.
    short = _ROW.sub("DETAIL: [removed]", _cut(text, most))
    return _SECRETS.sub("[removed]", _ADDRESS.sub("[removed]", short))


def scrub_error(error: BaseException) -> str:
    """An error as it may be kept in a table: its class and scrubbed words, ERROR_LENGTH_MAX at most."""
    return scrub(f"{type(error).__name__}: {error}")[:ERROR_LENGTH_MAX]


def _cut(text: str, most: int) -> str:
    """Cut between two words: half a secret is a secret that no pattern knows any more."""
    if len(text) <= most:
        return text
    words = text[: most + 1].rsplit(None, 1)
    whole = words[0] if len(words) > 1 else ""
    return f"{whole} [{len(text) - len(whole)} more characters]"


class Scrub(logging.Filter):
    """Removes codes, link tokens, keys and addresses from whatever anybody logs."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = scrub(record.getMessage())
        record.args = ()
        return True


class RequestFaults(logging.Filter):
    """What a stranger's request is refused for (too many fields, a wrong host) is no fault of ours: a warning
    in one line, without a trace that anybody could fill the log with."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("django.security"):
            record.levelno, record.levelname = logging.WARNING, "WARNING"
            record.exc_info = record.exc_text = None
        return True


def _scrub_traceback(
    _logger: Any, _name: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    if "exception" in event:
        event["exception"] = scrub(str(event["exception"]), most=TRACEBACK_LENGTH_MAX)
    return event


REQUESTS = "giftshop.requests"
"""The logger of one line for each request (middleware.py)."""

# No line says where in the source it was written or by which thread, so nobody looks for it
# (Logging HOWTO, "Optimization").
logging._srcfile = None
logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False


class RequestLine(logging.Formatter):
    """JSON of what the middleware tells: written for every redemption, so it takes the short way."""

    def format(self, record: logging.LogRecord) -> str:
        given = vars(record)
        at = datetime.fromtimestamp(record.created, UTC).isoformat().replace("+00:00", "Z")
        told = {name: given[name] for name in TELLING}
        line = {"event": "request", "level": "info", "logger": REQUESTS, **told, "timestamp": at}
        return json.dumps(line)


def request_formatter(*, as_json: bool) -> logging.Formatter:
    return RequestLine() if as_json else formatter(as_json=False)


def formatter(*, as_json: bool) -> logging.Formatter:
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(allow=TELLING),
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _scrub_traceback,
            renderer,
        ],
    )
