"""The one way in for something large: a picture, from somebody who is signed in and may.

Everything else has a small body that is read before a view runs (request_bodies.py). This one is read by the
view's own decorator, once it is known who sends it: straight to disk, within a size and a time, and by few
at once, so that tills find a thread. The proxy asks for the permit first (deploy/Caddyfile), so that a
stranger's 25 megabytes are not even listened to.
"""

import os
import time
from collections.abc import Callable
from functools import wraps
from tempfile import TemporaryFile
from threading import BoundedSemaphore
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

SECONDS_MAX = 120.0
"""For a whole upload: 20 megabytes at 1.4 megabits a second. The proxy holds the same."""

_slots = BoundedSemaphore(max(1, settings.WEB_THREADS // 4))

View = Callable[..., HttpResponse]


def _folder() -> str | None:
    """Beside the pictures, where they are on disk: /tmp may be memory."""
    folder: str | None = settings.STORAGES["pictures"]["OPTIONS"].get("location")
    if folder:
        os.makedirs(folder, exist_ok=True)
    return folder


class ToDisk(FileUploadHandler):
    """Keeps one file without a name on disk, which is gone with the process whatever happens. What is larger
    than `bytes_max` is read and dropped, what takes too long is not read on; both are told by `problem`."""

    chunk_size = 256 * 1024

    def __init__(self, request: HttpRequest, *, bytes_max: int, ends: float) -> None:
        super().__init__(request)
        self.bytes_max, self.ends = bytes_max, ends
        self.problem = ""
        self.count = self.size = 0
        self.kept: Any = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.count += 1
        if self.count > 1:
            raise SkipFile
        self.kept = TemporaryFile(dir=_folder())  # noqa: SIM115 - lives as long as the request

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if time.monotonic() > self.ends:
            self.problem = "late"
            raise StopUpload(connection_reset=True)
        self.size += len(raw_data)
        if self.size > self.bytes_max:
            self.problem = "large"
            self.kept.close()
            raise SkipFile
        self.kept.write(raw_data)

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":
        if self.count > 1 or self.problem:
            return None
        self.kept.seek(0)
        return UploadedFile(self.kept, self.file_name, "", self.size)

    def close(self) -> None:
        """Whatever became of it."""
        if self.kept is not None:
            self.kept.close()


def takes_upload(*, bytes_max: int, busy: View) -> Callable[[View], View]:
    """For a view behind a check of who may: its form's one file comes as `request.FILES`, and what was wrong
    with it as `request.upload_problem` ("", "large", "late", "cut off"). `busy` answers whoever comes while
    others are at it.

    Stands inside the check and outside of nothing: the whole is `csrf_exempt(check(takes_upload(...)(view)))`
    because the token in the form cannot be read before the body is. It is checked here all the same.
    """

    def decorate(view: View) -> View:
        checked = csrf_protect(view)

        @wraps(view)
        def taking(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method != "POST":
                return checked(request, *args, **kwargs)
            if not _slots.acquire(blocking=False):
                return busy(request, *args, **kwargs)
            ends = time.monotonic() + SECONDS_MAX
            handler = ToDisk(request, bytes_max=bytes_max, ends=ends)
            try:
                request.upload_handlers = [handler]
                whole = request.POST.get(WHOLE)
                request.upload_problem = handler.problem or ("" if whole else "cut off")
                return checked(request, *args, **kwargs)
            finally:
                handler.close()
                _slots.release()

        return taking

    return decorate


WHOLE = "whole"
"""The last field of such a form: where it is missing, the body ended before its end."""

without_token_yet = csrf_exempt
"""Outermost: the token is checked by takes_upload, once the body is read."""
