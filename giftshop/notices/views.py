"""The pages of a shop that laws want: terms and their versions, privacy, accessibility."""

from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from giftshop.catalog.brands import ShopRequest, of_brand
from giftshop.legal import terms as legal_terms
from giftshop.legal.documents import Document
from giftshop.legal.models import TermsVersion
from giftshop.notices import accessibility as audit
from giftshop.notices import privacy as data_protection
from giftshop.notices import wcag

own_copy = cache_control(private=True, max_age=0, must_revalidate=True)


@require_safe
@own_copy
@of_brand
def terms(request: ShopRequest) -> HttpResponse:
    """As they hold now, dated from the day on which somebody first accepted them; until then today."""
    document, zone = legal_terms.compose(request.brand), request.brand.tz
    version = legal_terms.known(request.brand, document)
    return _show(request, document, timezone.localdate(version.kept_at if version else None, zone))


@require_safe
@own_copy
@of_brand
def terms_version(request: ShopRequest, version_id: UUID) -> HttpResponse:
    """As somebody accepted them, word for word, in the language they were read in."""
    version = get_object_or_404(TermsVersion, pk=version_id)
    day = timezone.localdate(version.kept_at, request.brand.tz)
    response = _show(request, version.words(), day, language=version.language)
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
@own_copy
@of_brand
def privacy(request: ShopRequest) -> HttpResponse:
    document, day = data_protection.compose(request.brand), data_protection.WRITTEN_ON
    return _show(request, document, day, shows_visitor=True)


@require_safe
@own_copy
@of_brand
def accessibility(request: ShopRequest) -> HttpResponse:
    return _show(request, audit.compose(request.brand), wcag.AUDITED_ON)


def _show(
    request: ShopRequest,
    document: Document,
    day: date,
    *,
    language: str = "",
    shows_visitor: bool = False,
) -> HttpResponse:
    """`language`: what the document is in, if that may be another than the reader's. `shows_visitor`: whether
    it says what this browser keeps of a link that was followed, and takes it back."""
    context = {
        "brand": request.brand,
        "document": document,
        "day": day,
        "language": language,
        "shows_visitor": shows_visitor,
    }
    return render(request, "giftshop/notices/document.html", context)
