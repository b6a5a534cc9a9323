"""Pictures that were drawn, kept in this process: drawn once, also when several ask at the same time.

They are small and drawn in a tenth of a second, so nothing is written down: no file holds a sender's name,
and a process that ends loses nothing that is not drawn again. Whoever fetched one keeps it for a year.
"""

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from threading import BoundedSemaphore, Lock

KEPT_MAX = 64
"""At most 8 MB."""
DRAWN_AT_ONCE = 2
"""The others ask again in a moment: a till waits for no picture."""
SECONDS_MAX = 10.0


class Busy(Exception):
    """Others are being drawn."""


_lock = Lock()
_slots = BoundedSemaphore(DRAWN_AT_ONCE)
_kept: "OrderedDict[str, Future[bytes]]" = OrderedDict()


def find(key: str, make: Callable[[], bytes]) -> bytes:
    """What `make` answered for this key, now or before. Raises Busy, and what `make` raises: that is not
    kept."""
    with _lock:
        found = _kept.get(key)
        if found:
            _kept.move_to_end(key)
        else:
            if not _slots.acquire(blocking=False):
                raise Busy
            mine: Future[bytes] = Future()
            _kept[key] = mine
            if len(_kept) > KEPT_MAX:
                _kept.popitem(last=False)
    if found:
        try:
            return found.result(timeout=SECONDS_MAX)
        except TimeoutError:
            raise Busy from None
    try:
        mine.set_result(make())
    except BaseException as error:
        with _lock:
            if _kept.get(key) is mine:
                del _kept[key]
        mine.set_exception(error)
    finally:
        _slots.release()
    return mine.result()


def forget() -> None:
    """All of them."""
    with _lock:
        _kept.clear()
