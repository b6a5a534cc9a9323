"""What recipients say of a treat, for whoever thinks of giving it."""

from django.core.paginator import Paginator
from django.db.models import Count, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from giftshop.catalog.brands import ShopRequest, of_brand
from giftshop.catalog.models import Treat
from giftshop.reviews.models import Review
from giftshop.reviews.rank import Rating

PER_PAGE = 20


@require_safe
@of_brand
def reviews(request: ShopRequest, treat_slug: str) -> HttpResponse:
    """Those that are shown, the newest first, and how many are not and why. 6 queries."""
    treat = get_object_or_404(Treat, slug=treat_slug, is_active=True)
    of_treat = Review.objects.filter(treat=treat)
    shown = of_treat.shown()
    sums = shown.aggregate(count=Count("pk"), stars=Sum("stars", default=0))
    others = of_treat.exclude(state=Review.State.SHOWN)
    context = {
        "brand": request.brand,
        "treat": treat,
        "page": Paginator(shown.order_by("-changed_at", "pk"), PER_PAGE).get_page(
            request.GET.get("page")
        ),
        "rating": Rating(sums["count"], sums["stars"]),
        "hidden": [
            (many, Review.Reason(because).label if because else "")
            for because, many in others.values_list("hidden_because")
            .annotate(many=Count("pk"))
            .order_by("hidden_because")
        ],
    }
    return render(request, "giftshop/reviews/page.html", context)
