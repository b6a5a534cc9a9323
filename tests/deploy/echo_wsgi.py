"""A product that says what it was told, for tests of the proxy in front: JSON of the request."""

import json
import sys
from collections.abc import Callable, Iterable
from typing import Any


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Reads its body to the end, as a form's view does; says so on stderr before and after."""
    sys.stderr.write(f"began {environ['REQUEST_METHOD']} {environ['PATH_INFO'][:60]}\n")
    sys.stderr.flush()
    if environ["PATH_INFO"] == "/uploads/denied/menu/":
        start_response("404 Not Found", [])
        return [b""]
    body = environ["wsgi.input"].read()
    if environ["PATH_INFO"] == "/large":
        return _large(start_response, environ["QUERY_STRING"])
    told = {
        "method": environ["REQUEST_METHOD"],
        "path": environ["PATH_INFO"],
        "body": len(body),
        "peer": environ["REMOTE_ADDR"],
        "headers": {name: value for name, value in environ.items() if name.startswith("HTTP_")},
    }
    start_response("200 OK", [("Content-Type", "application/json"), ("Server", "echo")])
    return [json.dumps(told).encode()]


def _large(start_response: Callable[..., Any], size: str) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/csv"), ("Content-Length", size)])
    return [b"x" * int(size)]
