"""Sends the picture that an address says. It asks nothing of the database and changes nothing."""

from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from giftshop.http.outside_calls import NoAnswer
from giftshop.pictures import drawings, files
from giftshop.pictures.views import A_YEAR, NOTHING_TO_LOAD, RETRY_SECONDS
from giftshop.share_pictures import kept
from giftshop.share_pictures.draw import draw
from giftshop.share_pictures.sheet import Sheet, read


@require_safe
def share_picture(request: HttpRequest, signed: str) -> HttpResponse:
    """A JPEG for a year: its address says its content. No query."""
    try:
        sheet = read(signed)
    except BadSignature:
        raise Http404 from None
    try:
        content = kept.find(signed, lambda: draw(sheet, _art(sheet)))
    except (kept.Busy, NoAnswer):
        return HttpResponse(status=503, headers={"Retry-After": str(RETRY_SECONDS)})
    response = HttpResponse(
        content,
        content_type="image/jpeg",
        headers={
            "Cache-Control": f"public, max-age={A_YEAR}, immutable",
            "Content-Security-Policy": NOTHING_TO_LOAD,
        },
    )
    if sheet.is_gift:
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def _art(sheet: Sheet) -> bytes | None:
    """Ours, or what was made of an upload."""
    if files.NAME.fullmatch(sheet.art):
        return files.read(sheet.art)
    return drawings.content(sheet.art) if sheet.art else None
