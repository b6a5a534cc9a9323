"""Makes the sizes of an uploaded picture and shows them: a worker's act, which may be called twice."""

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, Any
from uuid import UUID

from django.db import transaction

from brands.shown_picture import ShownPicture
from giftshop.pictures import child, files, upload_rules
from giftshop.pictures.models import Picture
from giftshop.pictures.place import place_of

WHOLE = {"name": "whole", "ratio": None, "widths": [2048], "format": "WEBP"}
SHAPES: dict[str, list[dict[str, Any]]] = {
    Picture.Purpose.TREAT: [
        {"name": "wide", "ratio": [4, 3], "widths": [320, 640, 1280], "format": "WEBP"},
        {"name": "square", "ratio": [1, 1], "widths": [160, 480], "format": "WEBP"},
        {"name": "mail", "ratio": [4, 3], "widths": [600], "format": "JPEG"},
        WHOLE,
    ],
    Picture.Purpose.NEWS: [
        {"name": "wide", "ratio": [4, 3], "widths": [320, 640, 1280], "format": "WEBP"},
        WHOLE,
    ],
    Picture.Purpose.LOGO: [
        {
            "name": "square",
            "ratio": [1, 1],
            "is_set_in": True,
            "widths": [96, 256],
            "format": "WEBP",
        },
        {"name": "mail", "ratio": [1, 1], "is_set_in": True, "widths": [180], "format": "PNG"},
        WHOLE,
    ],
    Picture.Purpose.HERO: [
        {"name": "wide", "ratio": [15, 8], "widths": [640, 1200, 2048], "format": "WEBP"},
        {"name": "share", "ratio": [40, 21], "widths": [1200], "format": "JPEG"},
        WHOLE,
    ],
}
SHAPES[Picture.Purpose.CAMPAIGN] = SHAPES[Picture.Purpose.HERO]
"""What is made of each. Widths in pixels; none is made larger than the upload is."""
KINDS = {"WEBP": "webp", "JPEG": "jpg", "PNG": "png"}


def prepare(*, picture_id: UUID, now: datetime) -> None:
    """Expects the brand's scope and no transaction. Nothing happens to one that is prepared, or that another
    has taken the place of meanwhile."""
    picture = Picture.objects.select_related("brand", "treat", "news").filter(pk=picture_id).first()
    if picture is None or not _is_waiting(picture):
        return None
    with TemporaryFile() as upload, TemporaryDirectory() as folder:
        if not _copy(picture, upload):
            return _fail(picture, Picture.Failure.GONE)
        answer = child.ask(
            upload,
            folder=folder,
            focus=[picture.focus_x, picture.focus_y],
            pixels_max=max(upload_rules.PIXELS_MAX.values()),
            shapes=SHAPES[picture.purpose],
        )
        if "refused" in answer:
            return _fail(picture, Picture.Failure(answer["refused"]))
        shown = _kept(picture, answer["files"], Path(folder))
    _show(picture, shown, now)
    return None


def _copy(picture: Picture, target: IO[bytes]) -> bool:
    with suppress(FileNotFoundError), files.storage().open(picture.upload_name) as file:
        for chunk in file.chunks():
            target.write(chunk)
        target.flush()
        return True
    return False


def _kept(picture: Picture, made: list[dict[str, Any]], folder: Path) -> ShownPicture:
    formats = {shape["name"]: KINDS[shape["format"]] for shape in SHAPES[picture.purpose]}
    shown: dict[str, Any] = {"alt": picture.alt}
    for each in made:
        content = (folder / each["file"]).read_bytes()
        name = files.keep(picture.folder, content, formats[each["shape"]])
        shown.setdefault(each["shape"], []).append([each["width"], each["height"], name])
    return shown  # type: ignore[return-value]


def _show(picture: Picture, shown: ShownPicture, now: datetime) -> None:
    with transaction.atomic():
        place = place_of(picture).held()
        fresh = Picture.objects.select_for_update().get(pk=picture.pk)
        if not _is_waiting(fresh):
            return
        shown_before = place.pictures().filter(state=Picture.State.READY, unused_since=None)
        shown_before.update(unused_since=now)
        fresh.state, fresh.shown, fresh.prepared_at = Picture.State.READY, shown, now
        fresh.save(update_fields=["state", "shown", "prepared_at"])
        place.show(shown)
    files.storage().delete(picture.upload_name)


def _fail(picture: Picture, failure: Picture.Failure) -> None:
    """The owner reads it on the picture's page; what was shown before stays."""
    waiting = Picture.objects.filter(pk=picture.pk, state=Picture.State.WAITING)
    if waiting.update(state=Picture.State.FAILED, failure=failure):
        files.storage().delete(picture.upload_name)


def _is_waiting(picture: Picture) -> bool:
    return picture.state == Picture.State.WAITING and picture.unused_since is None
