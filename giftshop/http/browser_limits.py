"""What a browser is told to withhold from our pages, and from pages of others that name our files."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

CAMERA_PATHS = "/till/"
"""A device of the counter reads codes there."""

WITHHELD: tuple[str, ...] = (
    *("microphone", "geolocation", "payment", "usb", "serial", "hid", "midi"),
    *("display-capture", "accelerometer", "gyroscope", "magnetometer", "browsing-topics"),
)
"""What none of our pages asks for. A feature that a browser does not know is a warning on every page."""

UPLOADED = "/pictures/"
PICTURES_FOR_ALL = ("image/png", "image/jpeg")
"""Mails and previews of links show these from our address, on pages of whoever reads mail there."""


def limit_browsers(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Permissions-Policy and Cross-Origin-Resource-Policy on every answer, static files included."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers["Permissions-Policy"] = permissions(request.path_info)
        response.headers["Cross-Origin-Resource-Policy"] = (
            "cross-origin" if _is_for_all(request.path_info, response) else "same-origin"
        )
        return response

    return middleware


def permissions(path: str) -> str:
    """The Permissions-Policy of a path: the camera at the till, else nothing."""
    camera = "(self)" if path.startswith(CAMERA_PATHS) else "()"
    return ", ".join([f"camera={camera}", *[f"{name}=()" for name in WITHHELD]])


def _is_for_all(path: str, response: HttpResponse) -> bool:
    kind = response.headers.get("Content-Type", "")
    return path.startswith((settings.STATIC_URL, UPLOADED)) and kind.startswith(PICTURES_FOR_ALL)
