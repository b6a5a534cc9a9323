"""What is done with a body that cannot be read.

The proxy in front gives each body ten seconds and a size, before the product hears of it. The size is
asked again here, for those who run the product without that proxy and for what slips by.
"""

import codecs
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.http.request import UnreadablePostError

from giftshop.http import errors
from giftshop.http.body_limits import BODY_LIMITS, UPLOADS, limit_of
from giftshop.http.content_types import LETTERS, UNREADABLE

MORE_THAN_ANY = max(limit for _prefix, limit in BODY_LIMITS) + 1
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def refuse_unreadable(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Answers a body that is too large (413), of unknown length (411), cut off, or a form in letters
    other than UTF-8 (400). What passes has been read whole, so that no view waits for its sender; but an
    upload, which is read once it is known whose it is (uploads.py)."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        status = _refusal(request)
        return errors.refuse(request, status) if status else get_response(request)

    return middleware


def _refusal(request: HttpRequest) -> int:
    """The status to refuse with, or 0."""
    if "HTTP_TRANSFER_ENCODING" in request.META:
        return 411  # Django reads by Content-Length alone: it would take such a body for none
    length = _length(request)
    if length > limit_of(request.path_info):
        return 413
    is_upload = request.path_info.startswith(UPLOADS)
    if length and not is_upload and _is_cut_off(request, length):
        return 400
    return 400 if _is_in_foreign_letters(request) else 0


def _length(request: HttpRequest) -> int:
    word = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(word) if len(word) < 20 and word.isdecimal() else MORE_THAN_ANY


def _is_cut_off(request: HttpRequest, length: int) -> bool:
    """The server hands on as much as came before a connection broke: half a form is not a short one."""
    try:
        return len(request.body) < length
    except UnreadablePostError:
        return True


def _is_in_foreign_letters(request: HttpRequest) -> bool:
    """UTF-8 by another of its names is UTF-8. Where it is not a form, we read it as UTF-8 anyway."""
    named = request.META.get(LETTERS)
    if named is None or request.content_type not in FORMS:
        return named == UNREADABLE
    try:
        return codecs.lookup(named).name != "utf-8"
    except LookupError:
        return False  # no letters that we know: Django too takes the form for UTF-8 then
