"""A body that cannot be read is answered with a page or a problem of ours, and nothing reads it twice."""

from io import BytesIO
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.client import ClientHandler

from giftshop.http.body_limits import BODY_LIMITS, limit_of
from giftshop.http.content_types import read_as_utf8
from giftshop.http.request_bodies import FORMS, refuse_unreadable

FORM, MULTIPART = FORMS
LETTERS = ["utf-16", "zlib", "idna", "hex", "cp037", "rot13", "latin-1", "undefined"]
PATHS = ["/", "/accounts/login/", "/webhooks/stripe/", "/api/v1/lookups/", "/nothing/here/"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    """As the server calls us: from the WSGI entry point on."""
    return as_deployed(raise_request_exception=False)


class FromTheServer(ClientHandler):
    """The test client's handler, but what it is given goes through the wrapper of wsgi.py first."""

    def __call__(self, environ: dict[str, Any]) -> Any:
        passed: list[dict[str, Any]] = []
        read_as_utf8(lambda environ, _start: passed.append(environ) or [])(environ, print)
        return super().__call__(passed[0])


def as_deployed(**options: Any) -> Client:
    found = Client(**options)
    found.handler = FromTheServer(found.handler.enforce_csrf_checks)
    return found


def post(client: Client, path: str, **more: Any) -> Any:
    """A form of one field, with what the test wants to be said of it."""
    options = {"content_type": FORM, "data": "x=1", **more}
    return client.generic("POST", path, **options)


def assert_is_ours(answer: Any, path: str, status: int) -> None:
    assert answer.status_code == status
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    if path.startswith("/api/"):
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["status"] == status
    else:
        assert "<h1>" in answer.content.decode()


class TestLetters:
    @pytest.mark.parametrize("kind", FORMS)
    @pytest.mark.parametrize("letters", LETTERS)
    @pytest.mark.parametrize("path", PATHS)
    def test_a_form_in_foreign_letters_is_bad_input(
        self, client: Client, path: str, letters: str, kind: str
    ) -> None:
        answer = post(client, path, content_type=f"{kind}; boundary=b; charset={letters}")
        assert_is_ours(answer, path, 400)

    @pytest.mark.parametrize(
        "kind", ["a/b; c*=nothing''%ff", "a/b; charset*=zlib''%00", "; charset", "a/b; charset=\0"]
    )
    def test_a_content_type_that_nobody_can_read_is_never_a_fault_of_ours(
        self, client: Client, kind: str
    ) -> None:
        assert post(client, "/nothing/here/?a=1", content_type=kind).status_code in {400, 404}

    @pytest.mark.parametrize("letters", ["utf8", "UTF-8", "u8", "utf_8", "no-such-letters"])
    def test_utf_8_by_any_name_is_utf_8(self, client: Client, letters: str) -> None:
        """A mail program's one click that stops mails says it in its own way."""
        answer = post(client, "/nothing/here/", content_type=f"{FORM}; charset={letters}")
        assert answer.status_code == 404

    @pytest.mark.parametrize("letters", LETTERS)
    def test_letters_of_what_is_no_form_do_not_reach_the_query(
        self, client: Client, letters: str
    ) -> None:
        kind = f"application/json; charset={letters}"
        answer = client.get("/accounts/login/?next=%ff", headers={"Content-Type": kind})
        assert answer.status_code == 200


class TestSize:
    def test_each_page_has_its_own(self) -> None:
        assert [limit_of(path) for path, _ in BODY_LIMITS] == [limit for _, limit in BODY_LIMITS]
        assert limit_of("/api/v1/redemptions/") < limit_of("/give/")

    @pytest.mark.parametrize("path", PATHS)
    @pytest.mark.parametrize("length", ["{more}", "9" * 30, "x"])
    def test_what_is_too_large_is_not_read(self, client: Client, path: str, length: str) -> None:
        said = length.format(more=limit_of(path) + 1)
        answer = post(client, path, **{"wsgi.input": Untouchable(), "CONTENT_LENGTH": said})
        assert_is_ours(answer, path, 413)

    @pytest.mark.parametrize("path", PATHS)
    def test_a_length_that_is_not_said_is_asked_for(self, client: Client, path: str) -> None:
        answer = post(client, path, headers={"Transfer-Encoding": "chunked"})
        assert_is_ours(answer, path, 411)


class TestCutOff:
    @pytest.mark.parametrize("path", PATHS)
    def test_half_a_body_is_not_taken_for_a_short_one(self, client: Client, path: str) -> None:
        half = {"wsgi.input": BytesIO(b"x=1"), "CONTENT_LENGTH": "30"}
        assert_is_ours(post(client, path, **half), path, 400)

    def test_a_broken_connection_is_not_a_fault_of_ours(self) -> None:
        broken = RequestFactory().post("/", "x=1", content_type=FORM)
        broken._stream = Broken()
        answer = refuse_unreadable(lambda _request: HttpResponse())(broken)
        assert answer.status_code == 400


class TestHandlers:
    @pytest.mark.parametrize("path", ["/nothing/here/", "/api/v1/nothing/"])
    def test_what_is_not_there(self, client: Client, path: str) -> None:
        assert_is_ours(client.get(path), path, 404)

    def test_a_host_of_somebody_else(self, client: Client) -> None:
        for host in ["evil.example", "a" * 3000, "x y", "[::1", "127.0.0.1:0x"]:
            answer = client.get("/accounts/login/", headers={"Host": host, "Accept-Language": "de"})
            assert_is_ours(answer, "/", 400)
            assert "Das konnten wir nicht lesen" in answer.content.decode()

    def test_a_form_from_elsewhere(self) -> None:
        answer = post(as_deployed(enforce_csrf_checks=True), "/accounts/login/")
        assert_is_ours(answer, "/", 403)
        assert "Nothing is lost" in answer.content.decode()


class Untouchable:
    """A body that must not be read."""

    def read(self, *_: object) -> bytes:
        raise AssertionError("it was read")

    readline = read


class Broken:
    """A body whose sender is gone."""

    def read(self, *_: object) -> bytes:
        raise OSError("gone")

    def close(self) -> None:
        """As streams have."""
