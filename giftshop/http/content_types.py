"""What a request says of the letters it is written in, taken from it before Django believes it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.http import parse_header_parameters

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LETTERS = "giftshop.letters"
"""Where the environ keeps what the content type said of letters."""

UNREADABLE = "\0"
"""What is kept there of a content type that cannot be taken apart."""


def read_as_utf8(application: WSGIApplication) -> WSGIApplication:
    """Takes the letters out of the content type before Django makes a request of it.

    Django reads query and form by any codec of Python's that is named there, `zlib` too, and stumbles
    where nothing catches it: the server would answer with a bare 500."""

    def wrapped(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        said = environ.get("CONTENT_TYPE", "")
        if "charset" in said.lower() or "*" in said:
            try:
                kind, parameters = parse_header_parameters(said)
            except (ValueError, LookupError):
                kind, parameters = "", {"charset": UNREADABLE}
            if "charset" in parameters:
                environ[LETTERS] = parameters.pop("charset")
            kept = [f'{name}="{value}"' for name, value in parameters.items() if '"' not in value]
            environ["CONTENT_TYPE"] = "; ".join([kind, *kept])
        return application(environ, start_response)

    return wrapped
