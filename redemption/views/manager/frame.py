"""What is around every page of the console."""

from typing import Any

from redemption.till_access import TillRequest


def place(request: TillRequest, section: str, **more: Any) -> dict[str, Any]:
    """The context of a page: where it is, who looks at it, its part of the menu, and `more`."""
    return {
        "store": request.device.store,
        "brand": request.device.brand,
        "staff": request.staff,
        "section": section,
        **more,
    }
