"""The product in a process that ends after the work of a redemption is done, before its answer is given.

It leaves what it would have said in a file, for the test to compare with what a retry is told.
"""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from giftshop.wsgi import application as product


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    said = product(environ, start_response)
    if "redemptions" in environ["PATH_INFO"]:
        Path(os.environ["LAST_WORDS"]).write_bytes(b"".join(said))
        os._exit(9)
    return said
