"""Files of pictures: in a storage of their own, under names of ours that say their content."""

import hashlib
import logging
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import IO, Any, TypeVar

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages

from brands.shown_picture import Rendition, ShownPicture
from giftshop.http import outside_calls

URL = "/pictures/"
KINDS = {"webp": "image/webp", "jpg": "image/jpeg", "png": "image/png"}
"""All that is ever sent, by how its name ends."""
T = TypeVar("T")
log = logging.getLogger(__name__)

NAME = re.compile(rf"[0-9a-f]{{32}}/[0-9a-f]{{32}}\.(?:{'|'.join(KINDS)})")


def storage() -> Storage:
    """On disk, or in a bucket: STORAGES["pictures"]."""
    return storages["pictures"]


def keep(folder: str, content: bytes, kind: str) -> str:
    """The name under which it stands in the storage from now on; the same content has one name."""
    name = f"{folder}/{hashlib.sha256(content).hexdigest()[:32]}.{kind}"
    if not storage().exists(name):
        storage().save(name, ContentFile(content))
    return name


def read(name: str) -> bytes | None:
    """What a name of ours stands for; None where there is no such file. For a page or a task: raises
    outside_calls.NoAnswer when the storage keeps it waiting, or fails."""
    return _answered(partial(_read, name)) if NAME.fullmatch(name) else None


def take_in(name: str, file: IO[bytes]) -> None:
    """An upload, as it came. Raises NoAnswer when the storage fails."""
    try:
        storage().save(name, File(file))
    except Exception as failed:
        raise _no_answer(failed) from failed


def _answered(call: Callable[[], T]) -> T:
    try:
        return outside_calls.ask(call)
    except outside_calls.NoAnswer:
        raise
    except Exception as failed:
        raise _no_answer(failed) from failed


def _no_answer(failed: Exception) -> outside_calls.NoAnswer:
    """A disk that is full and a bucket that refuses raise errors of their own, which only say it in other
    words: there is no picture now. Who runs the machine reads which it was."""
    log.error("the storage of pictures fails: %s", type(failed).__name__)
    return outside_calls.NoAnswer("the storage of pictures fails")


def _read(name: str) -> bytes | None:
    with suppress(FileNotFoundError), storage().open(name) as file:
        return bytes(file.read())
    return None


def remove(folder: str, *others: str) -> None:
    """All that stands in a folder, and these; what is gone already is no fault."""
    kept = storage()
    with suppress(FileNotFoundError):
        for name in kept.listdir(folder)[1]:
            kept.delete(f"{folder}/{name}")
        kept.delete(folder)  # of a disk; a bucket has no folders
    for name in others:
        kept.delete(name)


def address(rendition: Sequence[Any]) -> str:
    """Where a browser finds it."""
    return f"{URL}{rendition[2]}"


def srcset(renditions: Sequence[Rendition]) -> str:
    """As an <img> names its sizes: "/pictures/a.webp 320w, /pictures/b.webp 640w"."""
    return ", ".join(f"{address(each)} {each[0]}w" for each in renditions)


def mail_picture(shown: ShownPicture) -> bytes | None:
    """The JPEG or PNG that goes into e-mails, or None. Raises as `read` does."""
    found = shown.get("mail")
    return read(found[-1][2]) if found else None
