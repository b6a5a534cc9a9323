"""Every answer says what browsers withhold: the camera but at the till, our files from other sites."""

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from giftshop.http.browser_limits import WITHHELD, limit_browsers
from tests.access.routes import every_route
from tests.deploy.test_compression import example


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_route_says_so(client: Client, method: str) -> None:
    """In one test for each method: to set up one for each route takes longer than to ask."""
    for route in every_route().values():
        headers = client.generic(method, example(route)).headers
        policy = dict(each.split("=") for each in headers["Permissions-Policy"].split(", "))
        camera = "(self)" if route.startswith("till/") else "()"
        assert policy == {"camera": camera, **dict.fromkeys(WITHHELD, "()")}, route
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin", route
        assert headers.get("Cross-Origin-Opener-Policy", "same-origin") == "same-origin", route


@pytest.mark.parametrize(
    ("path", "kind", "whose"),
    [
        ("/static/art/a.png", "image/png", "cross-origin"),
        ("/static/art/a.jpg", "image/jpeg", "cross-origin"),
        ("/static/art/a.svg", "image/svg+xml", "same-origin"),
        ("/static/js/till.js", "text/javascript", "same-origin"),
        ("/orders/x/picture/", "image/png", "same-origin"),
    ],
)
def test_only_a_picture_that_mails_show_is_for_other_sites(
    rf: RequestFactory, path: str, kind: str, whose: str
) -> None:
    answer = limit_browsers(lambda _: HttpResponse(b"", content_type=kind))(rf.get(path))
    assert answer.headers["Cross-Origin-Resource-Policy"] == whose
