"""Files go out for a year under their content's name, as pictures and nothing else, from disk or a bucket."""

import hashlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from giftshop.env import Env
from giftshop.pictures import files
from tests.giftshop.pictures.uploads import encoded, quarters

FOLDER = "0" * 32
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("kind", "format_"), [("webp", "WEBP"), ("jpg", "JPEG"), ("png", "PNG")])
def test_a_file_is_sent_for_a_year_and_runs_nothing(
    client: Client, kind: str, format_: str
) -> None:
    content = encoded(quarters(), format_)
    name = files.keep(FOLDER, content, kind)
    assert name == f"{FOLDER}/{hashlib.sha256(content).hexdigest()[:32]}.{kind}"
    answer = client.get(f"/pictures/{name}")
    assert answer.content == content
    assert answer.headers["Content-Type"] == {"jpg": "image/jpeg"}.get(kind, f"image/{kind}")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "Set-Cookie" not in answer.headers
    assert client.head(f"/pictures/{name}").headers["Content-Length"] == str(len(content))
    is_for_mails = answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert is_for_mails == (kind != "webp")


def test_it_asks_no_database(client: Client, django_assert_num_queries: Any) -> None:
    name = files.keep(FOLDER, b"x", "webp")
    with django_assert_num_queries(0):
        assert client.get(f"/pictures/{name}").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "uploads/" + FOLDER,
        f"{FOLDER}/{'a' * 32}.webp",
        f"{FOLDER}/{'a' * 32}.svg",
        f"{FOLDER}/{'a' * 32}.html",
        f"{FOLDER}/../../{'a' * 32}.webp",
        f"{FOLDER}/%2e%2e/{'a' * 32}.webp",
        f"{FOLDER}/",
        "",
    ],
)
def test_nothing_else_is_sent(client: Client, path: str, pictures_folder: Path) -> None:
    (pictures_folder / "uploads").mkdir(parents=True)
    (pictures_folder / "uploads" / FOLDER).write_bytes(b"as it came")
    assert client.get(f"/pictures/{path}").status_code == 404


def test_files_on_disk_are_no_others_to_read(pictures_folder: Path) -> None:
    name = files.keep(FOLDER, b"x", "webp")
    assert (pictures_folder / name).stat().st_mode & 0o007 == 0


class Bucket(BaseHTTPRequestHandler):
    """As much of S3 as is asked of it: put, get, head, delete, list."""

    kept: dict[str, bytes] = {}

    def log_message(self, *args: Any) -> None:
        pass

    def answer(self, status: int, body: bytes = b"", kind: str = "application/xml") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Type", kind)
        self.send_header("Last-Modified", "Sun, 29 Nov 2026 12:00:00 GMT")
        self.send_header("ETag", '"x"')
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    @property
    def key(self) -> str:
        assert self.headers["Authorization"].startswith("AWS4-HMAC-SHA256 Credential=KEY/")
        return self.path.partition("?")[0].removeprefix("/treats").lstrip("/")

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "aws-chunked":
            size, _, rest = body.partition(b"\r\n")
            body = rest[: int(size.partition(b";")[0], 16)]
        self.kept[self.key] = body
        self.answer(200)

    def do_GET(self) -> None:
        if not self.key:
            keys = "".join(f"<Contents><Key>{key}</Key></Contents>" for key in self.kept)
            self.answer(200, f"<ListBucketResult>{keys}</ListBucketResult>".encode())
        elif self.key in self.kept:
            self.answer(200, self.kept[self.key], "application/octet-stream")
        else:
            self.answer(404)

    do_HEAD = do_GET  # noqa: N815 - as http.server asks for it

    def do_DELETE(self) -> None:
        self.kept.pop(self.key, None)
        self.answer(204)


@pytest.fixture
def bucket(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, bytes]]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Bucket)
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    Bucket.kept = {}
    address = f"s3+http://KEY:SEC%2FRET@127.0.0.1:{server.server_port}/treats?region=eu-central-1"
    monkeypatch.setenv("PICTURES_STORE", address)
    store = Env().picture_store("PICTURES_STORE", default="")
    settings.STORAGES = {**settings.STORAGES, "pictures": store}
    yield Bucket.kept
    server.shutdown()
    server.server_close()


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_a_bucket_keeps_them_as_well(client: Client, bucket: dict[str, bytes]) -> None:
    name = files.keep(FOLDER, b"a picture", "webp")
    assert bucket == {name: b"a picture"}
    assert files.keep(FOLDER, b"a picture", "webp") == name
    assert client.get(f"/pictures/{name}").content == b"a picture"
    assert client.get(f"/pictures/{FOLDER}/{'a' * 32}.webp").status_code == 404
    bucket["uploads/one"] = b"as it came"
    files.remove(FOLDER, "uploads/one")
    assert bucket == {}


def test_a_bucket_that_does_not_answer_is_no_fault_of_the_page(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from giftshop.http.outside_calls import NoAnswer

    def silent(name: str) -> bytes:
        raise NoAnswer

    monkeypatch.setattr(files, "_read", silent)
    answer = client.get(f"/pictures/{FOLDER}/{'a' * 32}.webp")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")


def test_a_storage_that_fails_is_no_fault_of_the_page(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In whatever words of its own: a bucket that refuses, a disk that can't be read."""

    def failing(name: str) -> bytes:
        raise PermissionError(name)

    monkeypatch.setattr(files, "_read", failing)
    answer = client.get(f"/pictures/{FOLDER}/{'a' * 32}.webp")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")


@pytest.mark.parametrize(
    "address", ["s3+https://", "ftp://host/x", "s3+https://K:S@host/", "s3+https://K:S@host/a/b"]
)
def test_an_address_that_is_none_is_refused_by_name(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PICTURES_STORE", address)
    with pytest.raises(ImproperlyConfigured, match="PICTURES_STORE must be a folder"):
        Env().picture_store("PICTURES_STORE", default="")
