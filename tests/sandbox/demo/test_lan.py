"""The proxy that `make demo LAN=1` opens to the local network, and what is then printed.

127.0.0.2 stands for the address: for every program but a router it is one like any other.
"""

import io
import json
import re
import shutil
import ssl
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import psutil
import pytest

from sandbox.demo import console
from sandbox.demo.lan import Lan, root_certificate
from sandbox.demo.proxy import Proxy
from tests.redemption.codes.qr_reader import read, rows_drawn
from tests.server import free_port, stop, wait_for

ADDRESS = "127.0.0.2"
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="127.0.0.2 is Linux's")


class Echo(BaseHTTPRequestHandler):
    """Says which headers it got."""

    def do_GET(self) -> None:
        body = json.dumps({**self.headers, "path": self.path}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        """For who sends all that was announced."""
        length = int(self.headers["Content-Length"])
        if len(self.rfile.read(length)) == length:
            self.do_GET()

    def log_message(self, *_: object) -> None:
        """Nothing."""


@dataclass(frozen=True)
class Front:
    """A proxy that runs, and what it stands before."""

    lan: Lan
    proxy: Proxy
    process: subprocess.Popen[bytes]

    def get(self, url: str, body: bytes | None = None, **headers: str) -> dict[str, str]:
        """What the echo behind it got."""
        trusting = ssl.create_default_context(cafile=str(root_certificate(self.proxy.state)))
        request = urllib.request.Request(url, data=body, headers=headers)
        with urllib.request.urlopen(request, timeout=5, context=trusting) as answer:
            told: dict[str, str] = json.loads(answer.read() or "{}")
            return told

    def shop(self, path: str = "/") -> str:
        return f"https://{ADDRESS}:{self.lan.port}{path}"


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """In a folder whose name has a space, where no socket can be: the product is found by its port."""
    folder = tmp_path_factory.mktemp("a folder")
    servers = [ThreadingHTTPServer(("127.0.0.1", 0), Echo) for _ in range(3)]
    product, mail, stripe = (server.server_address[1] for server in servers)
    lan = Lan(ADDRESS, free_port(), certificate=free_port(), mail=mail, stripe=stripe)
    proxy = Proxy(state=folder, sockets=folder, port=lan.port, lan=lan)
    proxy.inner_port = product
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    with (folder / "proxy.log").open("wb") as log:
        process = subprocess.Popen(
            proxy.command(), env=proxy.environment(), stdout=log, stderr=log, start_new_session=True
        )
    try:
        wait_for(proxy.listens, "the proxy did not come", process)
        yield Front(lan, proxy, process)
    finally:
        stop(process)
        for server in servers:
            server.shutdown()
            server.server_close()


class TestProxy:
    def test_the_shop_has_a_certificate_for_the_address_and_is_told_of_it(self, front):
        told = front.get(front.shop("/shop/"))
        assert told["Host"] == f"{ADDRESS}:{front.lan.port}"
        assert told["X-Forwarded-Proto"] == "https"
        assert told["path"] == "/shop/"

    def test_without_the_root_certificate_nobody_is_convinced(self, front):
        with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
            urllib.request.urlopen(front.shop(), timeout=5)

    def test_the_root_certificate_can_be_had_unwarned_and_nothing_else(self, front):
        with urllib.request.urlopen(front.lan.certificate_url, timeout=5) as answer:
            assert answer.headers["Content-Type"] == "application/x-x509-ca-cert"
            handed_out = answer.read()
        root = root_certificate(front.proxy.state)
        assert handed_out == root.read_bytes()
        assert root.with_name("root.key").exists()
        base = front.lan.certificate_url.removesuffix("/root.crt")
        for path in ("/root.key", "/intermediate.key", "/..%2froot.key", "/root.crt/../root.key"):
            with pytest.raises(urllib.error.HTTPError, match="404"):
                urllib.request.urlopen(base + path, timeout=5)

    def test_the_mail_tray_is_asked_by_a_name_of_this_machine_and_the_double_by_its_own(
        self, front
    ):
        assert front.get(f"https://{ADDRESS}:{front.lan.mail}/")["Host"] == "127.0.0.1"
        told = front.get(f"https://{ADDRESS}:{front.lan.stripe}/_double/")
        assert told["Host"] == f"{ADDRESS}:{front.lan.stripe}"

    def test_what_others_send_there_is_bounded(self, front):
        url = f"https://{ADDRESS}:{front.lan.stripe}/c/pay/x"
        assert front.get(url, body=b"x" * 1_000_000)["path"] == "/c/pay/x"
        with pytest.raises(urllib.error.HTTPError, match="413"):
            front.get(url, body=b"x" * 1_000_001)

    def test_a_name_that_leads_here_reads_no_mail(self, front):
        """A page of the web whose name is made to point here has our address and its own Host."""
        url = f"https://{ADDRESS}:{front.lan.mail}/api/messages"
        with pytest.raises(urllib.error.HTTPError, match="421"):
            front.get(url, Host="rebound.example.com")

    def test_another_host_is_told_that_it_is_not_here(self, front):
        lan = front.lan
        behind_tls = [f"https://{ADDRESS}:{port}/" for port in (lan.port, lan.mail, lan.stripe)]
        in_the_clear = [lan.certificate_url, f"http://127.0.0.1:{lan.port}/healthz"]
        for url in [*behind_tls, *in_the_clear]:
            with pytest.raises(urllib.error.HTTPError) as told:
                front.get(url, Host="evil.example.com")
            assert told.value.code == 421, url
            assert b"does not answer for that name" in told.value.read()

    def test_on_loopback_are_the_probes_and_the_webhook_and_the_way_to_the_address(self, front):
        inside = f"http://127.0.0.1:{front.lan.port}"
        for path in ("/readyz", "/healthz", "/status", "/webhooks/stripe/", "/webhooks/mail/"):
            told = front.get(inside + path, X_Forwarded_Proto="ftp")
            assert told["path"] == path
            assert told["X-Forwarded-Proto"] == "https"
            assert told["X-Forwarded-For"] == "127.0.0.1"
            assert "X_Forwarded_Proto" not in told
        told = front.get(inside + "/shop/?a=1")
        assert told["Host"] == f"{ADDRESS}:{front.lan.port}"
        assert told["path"] == "/shop/?a=1"

    def test_it_listens_there_and_on_loopback_alone(self, front):
        sockets = psutil.Process(front.process.pid).net_connections("inet")
        there = {each.laddr for each in sockets if each.status == psutil.CONN_LISTEN}
        lan = front.lan
        ports = {lan.port, lan.mail, lan.stripe, lan.certificate}
        assert there == {("127.0.0.1", lan.port), *((ADDRESS, port) for port in ports)}

    def test_services_of_the_callers_own_are_not_served(self, front, tmp_path):
        lan = Lan(ADDRESS, 8000, certificate=8001, mail=None, stripe=None)
        proxy = Proxy(state=tmp_path, sockets=tmp_path, port=8000, lan=lan)
        command = [word if word != "run" else "adapt" for word in proxy.command()]
        done = subprocess.run(command, env=proxy.environment(), capture_output=True, check=True)
        servers = json.loads(done.stdout)["apps"]["http"]["servers"].values()
        listening = sorted(each for server in servers for each in server["listen"])
        assert listening == ["127.0.0.1:8000", f"{ADDRESS}:8000", f"{ADDRESS}:8001"]


BLOCKS = {"█": (False, False), "▀": (False, True), "▄": (True, False), " ": (True, True)}
"""Dark is True: on black, a block is light."""


def printed(monkeypatch: pytest.MonkeyPatch, front: Front, **more: object) -> str:
    out = io.StringIO()
    shown = console.Console()
    monkeypatch.setattr(shown.out, "file", out)
    monkeypatch.setattr(shown.out, "width", 80)
    words = front.proxy.state / "words"
    words.write_text("Sign in as ana.")
    opened = SimpleNamespace(
        base_url=front.shop(""),
        mail_url=f"https://{ADDRESS}:{front.lan.mail}",
        stripe_url=f"https://{ADDRESS}:{front.lan.stripe}",
        phones_url="",
        logs="/logs",
        seed_words=words,
        state=front.proxy.state.parent,
        lan=front.lan,
    )
    vars(opened).update(more)
    shown.summary(opened)  # type: ignore[arg-type]
    return out.getvalue()


class TestConsole:
    def test_each_address_is_printed_with_a_qr_that_says_the_same(self, front, monkeypatch):
        said = printed(monkeypatch, front)
        lan = front.lan
        for name, url in (
            ("Giftshop", front.shop("")),
            ("Till", front.shop("/till/")),
            ("Mail tray", f"https://{ADDRESS}:{lan.mail}"),
            ("Stripe double", f"https://{ADDRESS}:{lan.stripe}/_double/"),
        ):
            assert re.search(rf"^  {name} +{re.escape(url)}\s*$", said, re.MULTILINE)
            assert read(rows_drawn(matrix_below(said, name), quiet_zone=0)).text == url

    def test_a_fingerprint_is_said_letter_for_letter(self, front, monkeypatch):
        """Some of its bytes are names of pictures between colons."""
        monkeypatch.setattr(console, "fingerprint", lambda _certificate: "AB:CD:8B:ID:UP")
        assert "SHA-256 AB:CD:8B:ID:UP\n" in printed(monkeypatch, front)

    def test_it_says_that_others_get_in_and_how_its_certificate_is_known(self, front, monkeypatch):
        said = printed(monkeypatch, front)
        assert "Open to everybody in this network, with sign-ins that everybody knows." in said
        assert f"certificate: {front.lan.certificate_url}\n" in said
        openssl = ["openssl", "x509", "-noout", "-fingerprint", "-sha256", "-in"]
        if shutil.which("openssl"):
            shown = subprocess.run(
                [*openssl, str(root_certificate(front.proxy.state))],
                capture_output=True,
                text=True,
                check=True,
            ).stdout
            assert f"SHA-256 {shown.strip().rpartition('=')[2]}\n" in said

    def test_otherwise_there_is_none_of_it(self, front, monkeypatch):
        said = printed(monkeypatch, front, lan=None)
        assert "█" not in said
        assert "everybody in this network" not in said


def matrix_below(said: str, title: str) -> list[list[bool]]:
    """The QR that is printed below its title, two rows of it a line; its first line is all light."""
    lines = said.splitlines()
    head = next(
        i
        for i, line in enumerate(lines)
        if re.search(rf"(^|  ){title}( |$)", line) and lines[i + 1].startswith("██")
    )
    left = lines[head].index(title)
    light = re.match("█+", lines[head + 1][left:])
    assert light
    size = len(light[0])
    rows: list[list[bool]] = []
    for line in lines[head + 1 : head + 1 + (size + 1) // 2]:
        pairs = [BLOCKS[block] for block in line[left : left + size].ljust(size)]
        rows += [[top for top, _ in pairs], [bottom for _, bottom in pairs]]
    return rows[:size]
