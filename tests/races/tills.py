"""Thirty-two tills, each with its own connection, that press at the same moment."""

import http.client
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

TILLS = 32


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes
    replayed: bool

    @property
    def reason(self) -> str:
        return str(json.loads(self.body).get("reason", ""))


class Tills:
    """Keep-alive connections to one server; `press` lets all of them send at once."""

    def __init__(self, port: int, token: str, count: int = TILLS) -> None:
        self.token = token
        self.connections = [
            http.client.HTTPConnection("127.0.0.1", port, timeout=30) for _ in range(count)
        ]

    def press(self, request: Callable[[int], tuple[str, dict[str, Any]]]) -> list[Reply]:
        """`request(n)` gives the key and body of till n."""
        replies: list[Reply] = []
        barrier = threading.Barrier(len(self.connections))

        def send(n: int, connection: http.client.HTTPConnection) -> None:
            key, body = request(n)
            raw = json.dumps(body)
            headers = {
                "Authorization": f"Device {self.token}",
                "Content-Type": "application/json",
                "Idempotency-Key": key,
            }
            barrier.wait()
            connection.request("POST", "/api/v1/redemptions/", raw, headers)
            answer = connection.getresponse()
            replies.append(
                Reply(answer.status, answer.read(), "Idempotent-Replayed" in answer.headers)
            )

        threads = [threading.Thread(target=send, args=pair) for pair in enumerate(self.connections)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(replies) == len(self.connections), "a till got no answer"
        return replies

    def close(self) -> None:
        for connection in self.connections:
            connection.close()
