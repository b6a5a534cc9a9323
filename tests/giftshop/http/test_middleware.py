import logging
from ipaddress import ip_network
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from giftshop.http.middleware import (
    ADDRESS_LENGTH_MAX,
    CONTENT_TYPE_LENGTH_MAX,
    HEADER_LENGTH_MAX,
    client_ip,
    drop_forwarded_headers,
    refuse_long_headers,
    remember_address,
)
from giftshop.logs import Scrub


@pytest.mark.django_db
class TestNul:
    @pytest.mark.parametrize(
        "path", ["/payments/return/?session_id=%00", "/accounts/login/?next=%00"]
    )
    def test_a_nul_in_a_query_is_bad_input(self, client: Client, path: str) -> None:
        assert client.get(path).status_code == 400

    @pytest.mark.parametrize("name", ["visitor", "session"])
    def test_a_cookie_with_a_nul_is_no_cookie_at_all(self, client: Client, name: str) -> None:
        answer = client.get("/accounts/login/", headers={"Cookie": f'{name}="a\\000b"'})
        assert (answer.status_code, answer.wsgi_request.COOKIES) == (200, {})


@pytest.mark.django_db
class TestLongHeads:
    """What no browser sends is refused before anything reads it; whatever is as long as may be is read."""

    @pytest.mark.parametrize(
        ("header", "length"),
        [("Referer", HEADER_LENGTH_MAX), ("Content-Type", CONTENT_TYPE_LENGTH_MAX)],
    )
    def test_a_header_has_a_length(self, client: Client, header: str, length: int) -> None:
        for more, status in ((0, 200), (1, 431)):
            answer = client.get("/accounts/login/", headers={header: "a" * (length + more)})
            assert answer.status_code == status

    def test_all_headers_together_have_one(self, client: Client) -> None:
        headers = {f"X-{number}": "a" * HEADER_LENGTH_MAX for number in range(5)}
        answer = client.get("/accounts/login/", headers=headers)
        assert (answer.status_code, "our cookies" in answer.content.decode()) == (431, True)

    def test_an_address_has_one_and_a_program_is_told_as_programs_are(self, client: Client) -> None:
        assert client.get("/?q=" + "a" * ADDRESS_LENGTH_MAX).status_code == 414
        answer = client.get("/api/v1/docs/?q=" + "a" * ADDRESS_LENGTH_MAX)
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["reason"] == "address_too_long"

    def test_a_cookie_that_is_none_of_ours_is_left_out_and_the_others_are_read(self) -> None:
        seen = {}

        def answer(request: HttpRequest) -> HttpResponse:
            seen.update(request.COOKIES)
            return HttpResponse()

        cookies = 'visitor=abc; theirs="a\\"b"; session=def'
        refuse_long_headers(answer)(RequestFactory().get("/", headers={"Cookie": cookies}))
        assert seen == {"visitor": "abc", "session": "def"}


@pytest.mark.django_db
class TestTillsPass:
    """The API's paths are not led through the middleware of pages, and nothing is lost by it."""

    PATH = "/api/v1/redemptions/"

    def test_what_a_caller_speaks_is_its_own_and_not_the_last_callers(self, client: Client) -> None:
        client.get("/accounts/login/", headers={"Accept-Language": "de"})  # leaves German behind
        token = {"Authorization": "Device nobody"}
        plain = client.post(self.PATH, headers=token).json()["detail"]
        german = client.post(self.PATH, headers=token | {"Accept-Language": "de"}).json()["detail"]
        assert plain == "This device is not paired, or was revoked."
        assert german not in {"", plain}

    def test_its_answers_load_nothing_and_say_how_long_they_are(self, client: Client) -> None:
        answer = client.post(self.PATH)
        assert answer.headers["Content-Length"] == str(len(answer.content))
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert not answer.cookies

    def test_a_fault_of_ours_is_told_as_a_problem(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def stumble(*_args: Any, **_kwargs: Any) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr("redemption.api.plain.read", stumble)
        client.raise_request_exception = False
        answer = client.post(self.PATH)
        assert answer.status_code == 500
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["reason"] == "error"

    def test_its_other_addresses_are_pages_like_any(self, client: Client) -> None:
        assert client.get("/api/v1/docs/").headers["Content-Language"] == "en"
        assert client.get(f"{self.PATH}nowhere/").status_code == 404


def remembered(request: HttpRequest) -> HttpRequest:
    remember_address(lambda _request: HttpResponse())(request)
    return request


class TestClientIp:
    def test_without_a_proxy_nobody_is_believed(self, settings: Any) -> None:
        settings.TRUSTED_PROXY_COUNT = 0
        request = RequestFactory().get("/", headers={"X-Forwarded-For": "6.6.6.6"})
        assert client_ip(request) == "127.0.0.1"

    def test_behind_two_proxies_the_second_last_hop_counts(self, settings: Any) -> None:
        settings.TRUSTED_PROXY_COUNT = 2
        settings.TRUSTED_PROXIES = [ip_network("127.0.0.0/8"), ip_network("10.0.0.0/8")]
        forwarded = "6.6.6.6, 203.0.113.9, 10.0.0.1"
        request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded})
        assert client_ip(request) == "203.0.113.9"

    def test_no_hop_is_believed_that_is_not_named(self, settings: Any) -> None:
        """Somebody past the outer proxy, at the inner one's port, says what they like."""
        settings.TRUSTED_PROXY_COUNT = 2
        for forged in range(50):
            forwarded = f"198.51.100.{forged}, 203.0.113.9"
            request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded})
            assert client_ip(request) == "203.0.113.9"
            assert client_ip(remembered(request)) == "203.0.113.9", "and asked again, as axes does"


@pytest.mark.parametrize(
    "secret",
    [
        "7Q4K-9XWM-2HTD-P6VC-R",
        "7Q4K9XWM2HTDP6VCR",
        "/gift/" + "a" * 43 + "/",
        "sk_test_51abc",
        "whsec_abc",
        "cs_live_a1b2",
        "ben@friends.example",
    ],
)
def test_a_log_line_never_shows_what_opens_a_gift(secret: str) -> None:
    record = logging.LogRecord("x", logging.INFO, "x", 1, "saw %s", (secret,), None)
    Scrub().filter(record)
    assert secret.strip("/").rpartition("/")[2] not in record.getMessage()
    assert "[removed]" in record.getMessage()


class TestProxies:
    """What is forwarded is believed of the proxy alone."""

    FORGED = {
        "X-Forwarded-For": "6.6.6.6",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "evil",
    }

    def asked(self, peer: str, **headers: str) -> HttpRequest:
        """The request as views see it, sent by this peer."""
        seen: list[HttpRequest] = []
        request = RequestFactory().get("/", headers=headers or self.FORGED, REMOTE_ADDR=peer)

        def view(request: HttpRequest) -> HttpResponse:
            seen.append(request)
            return HttpResponse()

        drop_forwarded_headers(remember_address(view))(request)
        return seen[0]

    @pytest.mark.parametrize("peer", ["203.0.113.9", "10.0.0.1", "::2", "no address"])
    def test_a_stranger_who_reaches_our_port_is_who_it_is(self, settings: Any, peer: str) -> None:
        settings.TRUSTED_PROXY_COUNT = 1
        request = self.asked(peer)
        assert request.META["REMOTE_ADDR"] == client_ip(request) == peer
        assert not [name for name in request.META if name.startswith("HTTP_X_FORWARDED")]
        assert not request.is_secure()

    @pytest.mark.parametrize("peer", ["", "127.0.0.1", "::1"])
    def test_of_the_proxy_the_address_is_believed(self, settings: Any, peer: str) -> None:
        settings.TRUSTED_PROXY_COUNT = 1
        request = self.asked(peer, **{"X-Forwarded-For": "6.6.6.6, 203.0.113.9"})
        assert request.META["REMOTE_ADDR"] == client_ip(request) == "203.0.113.9"

    def test_a_network_of_proxies_can_be_named(self, settings: Any) -> None:
        settings.TRUSTED_PROXY_COUNT = 1
        settings.TRUSTED_PROXIES = [ip_network("10.0.0.0/8")]
        assert self.asked("10.9.8.7").META["REMOTE_ADDR"] == "6.6.6.6"
        assert self.asked("127.0.0.1").META["REMOTE_ADDR"] == "127.0.0.1"

    def test_where_there_is_no_proxy_nobody_is_one(self, settings: Any) -> None:
        settings.TRUSTED_PROXY_COUNT = 0
        assert self.asked("127.0.0.1").META["REMOTE_ADDR"] == "127.0.0.1"
