"""The way in for a picture: by whom, how large, how slowly; and what the page says."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from brands.models import Brand
from giftshop.accounts.models import Membership
from giftshop.catalog.models import Treat
from giftshop.http import uploads
from giftshop.http.body_limits import BODY_LIMIT_MAX, limit_of
from giftshop.outbox import relay
from giftshop.pictures.models import Picture
from giftshop.pictures.place import Place
from giftshop.pictures.upload import upload
from redemption.audit.actors import SYSTEM
from tests.cast import make_user
from tests.giftshop.pictures.uploads import photo, promising

pytestmark = pytest.mark.django_db(transaction=True)

UPLOAD = "/uploads/frosty-spoon/menu/double-scoop/"
PAGE = "/studio/frosty-spoon/menu/double-scoop/picture/"


@pytest.fixture
def owner(brand: Brand, treat: Treat) -> Client:
    return signed_in(brand, Membership.Role.OWNER)


def signed_in(brand: Brand, role: str, **options: Any) -> Client:
    client = Client(**options)
    client.force_login(make_user(brand, f"{role}@{brand.slug}.example", role))
    return client


def send(client: Client, content: bytes | None = None, path: str = UPLOAD, **more: Any) -> Any:
    name, kind = "../../evil.svg", "image/svg+xml"  # what a browser says counts for nothing
    file = SimpleUploadedFile(name, photo() if content is None else content, kind)
    return client.post(path, {"file": file, "alt": "Mint", "whole": "1", **more})


def pictures() -> list[Picture]:
    with scopes_disabled():
        return list(Picture.objects.all())


def test_an_owner_uploads_one_and_sees_it_ready(owner: Client, treat: Treat) -> None:
    answer = send(owner)
    assert (answer.status_code, answer.headers["Location"]) == (302, PAGE)
    waiting = owner.get(PAGE).content.decode()
    assert "Being prepared" in waiting
    assert "double-scoop.svg" in waiting, "the drawing is shown meanwhile"
    assert owner.get(PAGE, headers={"HX-Request": "true"}).status_code == 204
    relay.drain()
    assert owner.get(PAGE, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    ready = owner.get(PAGE).content.decode()
    assert 'alt="Mint"' in ready
    assert "Being prepared" not in ready
    assert "double-scoop.svg" not in ready
    menu = owner.get("/studio/frosty-spoon/menu/").content.decode()
    assert "/pictures/" in menu


def test_a_storage_that_takes_nothing_is_told_in_words(
    owner: Client, pictures_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: Any) -> None:
        raise OSError("No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(FileSystemStorage, "save", full)
        answer = send(owner)
        assert answer.status_code == 503
        assert "We can&#x27;t keep pictures right now." in answer.content.decode()
    send(owner)
    relay.drain()
    monkeypatch.setattr(FileSystemStorage, "open", full)
    moved = owner.post(PAGE + "focus/", {"focus_x": "10", "focus_y": "20", "alt": ""})
    assert moved.status_code == 503
    assert "We can&#x27;t cut pictures right now." in moved.content.decode()


def test_nothing_of_what_the_browser_says_is_kept(owner: Client, pictures_folder: Path) -> None:
    send(owner)
    relay.drain()
    kept = [str(path) for path in pictures_folder.rglob("*") if path.is_file()]
    assert kept
    assert not [name for name in kept if "evil" in name or name.endswith(".svg")]


class Untouchable(BytesIO):
    """A body that nobody may read."""

    def read(self, *args: Any) -> bytes:
        raise AssertionError("it was read")


def raw(
    client: Client, path: str = UPLOAD, body: BytesIO | None = None, length: int = 20_000_000
) -> Any:
    more = {"wsgi.input": body or Untouchable(), "CONTENT_LENGTH": str(length)}
    return client.generic("POST", path, content_type="multipart/form-data; boundary=b", **more)


@pytest.mark.parametrize(
    "who", ["nobody", "finance", "marketer", "reader", "another brand's owner"]
)
def test_of_whoever_may_not_nothing_is_read(
    brand: Brand, other_brand: Brand, treat: Treat, who: str
) -> None:
    if who == "nobody":
        client, status = Client(), 302
    elif who in Membership.Role.values:
        client, status = signed_in(brand, who), 404
    else:
        client, status = signed_in(other_brand, Membership.Role.OWNER), 404
    assert raw(client).status_code == status
    permit = client.get("/uploads/frosty-spoon/menu/")
    assert permit.status_code == status
    assert not pictures()


def test_an_owner_has_the_permit(owner: Client) -> None:
    answer = owner.get("/uploads/frosty-spoon/menu/")
    assert (answer.status_code, answer.content) == (204, b"")


def test_more_than_this_address_takes_is_not_read(owner: Client) -> None:
    assert raw(owner, length=limit_of(UPLOAD) + 1).status_code == 413
    assert limit_of(UPLOAD) == 25_000_000
    assert limit_of("/studio/frosty-spoon/menu/") == BODY_LIMIT_MAX == 1_000_000
    assert raw(owner, PAGE + "focus/", length=BODY_LIMIT_MAX + 1).status_code == 413


def test_a_form_without_its_token_is_refused(brand: Brand, treat: Treat) -> None:
    client = signed_in(brand, Membership.Role.OWNER, enforce_csrf_checks=True)
    assert send(client).status_code == 403
    assert not pictures()
    client.get(PAGE)
    token = client.cookies["csrf"].value
    assert send(client, csrfmiddlewaretoken=token).status_code == 302
    assert len(pictures()) == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "no JPEG, PNG or WebP"),
        (b"GIF89a" + b"x" * 500, "no JPEG, PNG or WebP"),
        (promising(50_000, 50_000), "2500 million pixels"),
        (photo() + b"<script>", "more in this file than a picture"),
        (b"\xff\xd8\xff" + b"x" * 21_000_000, "larger than 20 MB"),
        (b"", "This file is empty"),
    ],
)
def test_what_is_not_taken_is_said_in_words(owner: Client, content: bytes, words: str) -> None:
    answer = send(owner, content)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert 'value="Mint"' in answer.content.decode(), "what was typed is still there"
    assert not pictures()


def test_half_a_form_is_no_picture(owner: Client) -> None:
    """The server hands on what came before a connection broke."""
    file = SimpleUploadedFile("a.jpg", photo())
    answer = owner.post(UPLOAD, {"file": file, "alt": ""})
    assert answer.status_code == 422
    assert "did not arrive whole" in answer.content.decode()
    assert not pictures()


def test_one_that_takes_too_long_is_not_read_on(
    owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "SECONDS_MAX", -1.0)
    answer = send(owner)
    assert answer.status_code == 422
    assert "took too long" in answer.content.decode()


def test_a_second_file_is_not_kept(owner: Client) -> None:
    second = SimpleUploadedFile("b.jpg", b"x" * 3_000_000)
    assert send(owner, another=second).status_code == 302
    assert len(pictures()) == 1


def test_few_upload_at_once_and_each_gives_its_place_back(
    owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also one that was refused, or met a fault: as many as may be at once, one after the other, twice."""
    taken = 0
    while uploads._slots.acquire(blocking=False):
        taken += 1
    answer = raw(owner)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "Somebody else is uploading" in answer.content.decode()
    for _ in range(taken):
        uploads._slots.release()
    owner.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr("giftshop.studio.pictures.views.upload", lambda **named: 1 / 0)
        for _ in range(taken + 1):
            assert send(owner).status_code == 500
    for _ in range(taken + 1):
        assert send(owner, b"nothing").status_code == 422
        assert send(owner).status_code == 302


def test_no_file_is_left_open_or_lies_about(owner: Client, pictures_folder: Path) -> None:
    for content in (photo(), b"no picture", b"x" * 21_000_000):
        send(owner, content)
    relay.drain()
    assert not list(pictures_folder.glob("tmp*"))
    assert not list((pictures_folder / "uploads").iterdir())


def ready(brand: Brand, treat: Treat) -> Picture:
    with scope(brand=brand):
        place = Place(brand, Picture.Purpose.TREAT, treat)
        made = upload(place=place, file=BytesIO(photo()), by=SYSTEM, now=timezone.now())
    relay.drain()
    return made


def test_another_focus_has_it_cut_anew(owner: Client, brand: Brand, treat: Treat) -> None:
    first = ready(brand, treat)
    said = {"focus_x": "0", "focus_y": "100", "alt": "Left"}
    assert owner.post(PAGE + "focus/", said).status_code == 302
    relay.drain()
    new = next(each for each in pictures() if each.pk != first.pk)
    assert (new.focus_x, new.focus_y, new.alt, new.state) == (0, 100, "Left", "ready")
    with scope(brand=brand):
        assert Treat.objects.get(pk=treat.pk).picture == new.shown
    assert new.shown["square"] != first.shown


def test_the_same_focus_only_changes_the_words(owner: Client, brand: Brand, treat: Treat) -> None:
    ready(brand, treat)
    said = {"focus_x": "50", "focus_y": "50", "alt": '"><script>alert(1)</script>'}
    assert owner.post(PAGE + "focus/", said).status_code == 302
    assert len(pictures()) == 1
    assert "<script>alert" not in owner.get(PAGE).content.decode()
    assert "<script>alert" not in Client().get("/shop/frosty-spoon/").content.decode()


@pytest.mark.parametrize("wrong", [{"focus_x": "101"}, {"focus_y": "-1"}, {"alt": "x" * 161}])
def test_a_focus_outside_of_it_is_refused(
    owner: Client, brand: Brand, treat: Treat, wrong: dict[str, str]
) -> None:
    ready(brand, treat)
    said = {"focus_x": "50", "focus_y": "50", "alt": "", **wrong}
    assert owner.post(PAGE + "focus/", said).status_code == 422
    assert len(pictures()) == 1


def test_taken_away_the_drawing_is_back(owner: Client, brand: Brand, treat: Treat) -> None:
    ready(brand, treat)
    assert owner.post(PAGE + "removal/").status_code == 302
    assert "double-scoop.svg" in owner.get(PAGE).content.decode()
    assert owner.post(PAGE + "focus/", {}).status_code == 302, "there is nothing to move"


def test_it_says_why_one_failed(owner: Client, brand: Brand, treat: Treat) -> None:
    with scope(brand=brand):
        place = Place(brand, Picture.Purpose.TREAT, treat)
        upload(place=place, file=BytesIO(photo()[:3000]), by=SYSTEM, now=timezone.now())
    relay.drain()
    page = owner.get(PAGE).content.decode()
    assert "This picture can&#x27;t be used" in page or "This picture can't be used" in page
    assert "It is damaged, or was cut off on its way." in page


def test_who_reloads_the_way_in_is_led_to_the_page(owner: Client) -> None:
    assert owner.get(UPLOAD).headers["Location"] == PAGE
