"""What is nobody's mistake and passes: the database is away, restarts, or has no connection to spare."""

import logging

from django.db import InterfaceError, OperationalError


def is_outage(error: BaseException | None) -> bool:
    """Whether the same request may well succeed in a moment."""
    return isinstance(error, OperationalError | InterfaceError)


def describe(error: BaseException | None) -> str:
    """In one line without a value of ours: the kind of error, PostgreSQL's code for it if it gave one."""
    cause = getattr(error, "__cause__", None) or error
    return " ".join(filter(None, [type(cause).__name__, getattr(cause, "sqlstate", None)]))


class WithoutOutages(logging.Filter):
    """For Django's log of failed requests: giftshop.http.errors writes one line for an outage, no trace."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not (record.exc_info and is_outage(record.exc_info[1]))
