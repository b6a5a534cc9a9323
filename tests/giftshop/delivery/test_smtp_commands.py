"""What announces a letter to a mail server goes at once where it takes that (RFC 2920), and whatever it
answers is understood as if each command had been answered by itself."""

import smtplib
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest

from giftshop.delivery.channels import smtp

FIRST = b"220 here\r\n"
ABLE = b"250-here\r\n250-SIZE 1000000\r\n250 PIPELINING\r\n"
COMMANDS = [
    b"mail FROM:<gifts@example.com> size=9",
    b"rcpt TO:<ben@friends.example>",
    b"data",
]
CONTENT = b"words\r\n\r\n"
OK, GO_ON, NO = b"250 OK\r\n", b"354 go on\r\n", b"550 5.1.1 no such person\r\n"


class Server:
    """Answers all that announces a letter at once, and its last dot with `then`."""

    def __init__(self, announced: bytes, then: bytes | None, *, ends: bool) -> None:
        self.announced, self.then, self.ends = announced, then, ends
        self.heard: list[bytes] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self) -> None:
        line, _from = self.listener.accept()
        with line, line.makefile("rb") as told:
            line.sendall(FIRST)
            told.readline()
            line.sendall(ABLE)
            self.heard = [told.readline().rstrip() for _ in COMMANDS]
            line.sendall(self.announced)
            if self.ends:
                return
            while (more := told.readline()) and not more.startswith(b"quit"):
                self.heard.append(more.rstrip())
                if more == b".\r\n" and self.then:
                    line.sendall(self.then)

    def close(self) -> None:
        self.thread.join(10)
        self.listener.close()
        assert not self.thread.is_alive()


Serve = Callable[..., Server]


@pytest.fixture
def serve() -> Iterator[Serve]:
    servers: list[Server] = []

    def begin(announced: bytes, then: bytes | None = None, *, ends: bool = False) -> Server:
        servers.append(Server(announced, then, ends=ends))
        return servers[-1]

    yield begin
    for server in servers:
        server.close()


def send(server: Server, to: str = "ben@friends.example") -> None:
    letter: Any = SimpleNamespace(to=[to], sender="gifts@example.com", as_smtp=lambda: CONTENT)
    line = smtplib.SMTP("127.0.0.1", server.port, timeout=10)
    try:
        smtp.send(line, letter)
    finally:
        line.close()


def test_all_commands_go_before_the_first_answer(serve: Serve) -> None:
    """This server says nothing before it has heard the three of them."""
    server = serve(OK + OK + GO_ON, OK)
    send(server)
    server.close()
    assert server.heard == [*COMMANDS, b"words", b"", b"."]


def test_to_nobody_goes_nothing_though_the_server_would_take_it(serve: Serve) -> None:
    server = serve(OK + NO + GO_ON, b"554 no valid recipients\r\n")
    with pytest.raises(smtplib.SMTPRecipientsRefused) as told:
        send(server)
    assert told.value.recipients == {"ben@friends.example": (550, b"5.1.1 no such person")}
    server.close()
    assert server.heard == [*COMMANDS, b"."]


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        (OK + NO + b"503 no recipients\r\n", smtplib.SMTPRecipientsRefused),
        (OK + NO, smtplib.SMTPRecipientsRefused),
        (b"421 enough\r\n", smtplib.SMTPSenderRefused),
        (b"421 enough\r\n" + NO + NO, smtplib.SMTPSenderRefused),
        (OK + OK + b"451 later\r\n", smtplib.SMTPDataError),
        (OK + OK, smtplib.SMTPServerDisconnected),
        (b"", smtplib.SMTPServerDisconnected),
    ],
)
def test_whatever_it_refuses_is_heard_though_it_ends_the_call(
    serve: Serve, answers: bytes, error: type[Exception]
) -> None:
    server = serve(answers, ends=True)
    with pytest.raises(error):
        send(server)
    server.close()
    assert server.heard == COMMANDS, "and nothing of the letter left"


class Line(smtplib.SMTP):
    """A call in which nothing is said but yes."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.ehlo_resp, self.does_esmtp, self.esmtp_features = b"here", True, {"pipelining": ""}

    def send(self, said: Any) -> None:
        self.said.append(said)

    def getreply(self) -> tuple[int, bytes]:
        return 250, b"OK"


def commands(to: str) -> list[str]:
    letter: Any = SimpleNamespace(to=[to], sender="gifts@example.com", as_smtp=lambda: CONTENT)
    line = Line()
    with suppress(ValueError):
        smtp.send(line, letter)
    return line.said


def test_what_is_no_plain_address_is_left_to_the_library() -> None:
    """It quotes what is to be quoted, and refuses the rest; nothing of it stands in a command of ours."""
    assert len(commands("ben@friends.example")) == 1
    assert len(commands('"a b"@friends.example')) == len(COMMANDS)
    assert commands("ben@x.example>\r\nrcpt TO:<eve@x.example") == []
