"""Sends the files of pictures."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from giftshop.http.outside_calls import NoAnswer
from giftshop.pictures import files

A_YEAR = 365 * 24 * 3600
NOTHING_TO_LOAD = "default-src 'none'; frame-ancestors 'none'; sandbox"
RETRY_SECONDS = 2


@require_safe
def picture_file(request: HttpRequest, folder: str, file: str) -> HttpResponse:
    """One size of one picture, for a year: its name says its content. It is sent as what we made of it,
    whatever was uploaded. No query."""
    try:
        content = files.read(f"{folder}/{file}")
    except NoAnswer:
        return HttpResponse(status=503, headers={"Retry-After": str(RETRY_SECONDS)})
    if content is None:
        raise Http404
    return HttpResponse(
        content,
        content_type=files.KINDS[file.rpartition(".")[2]],
        headers={
            "Cache-Control": f"public, max-age={A_YEAR}, immutable",
            "Content-Security-Policy": NOTHING_TO_LOAD,
        },
    )
