"""What is around every page of the console."""

from typing import Any

from redemption.codes import void
from redemption.till.session import TillRequest


def place(request: TillRequest, section: str, **more: Any) -> dict[str, Any]:
    """The context of a page: where it is, who looks at it, its part of the menu, how much waits for a
    second person, and `more`. 1 query."""
    return {
        "store": request.device.store,
        "brand": request.device.brand,
        "staff": request.staff,
        "section": section,
        "open_requests": void.open_requests().filter(store=request.device.store).count(),
        **more,
    }
