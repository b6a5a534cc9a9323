"""A shop's page of questions: those that are answered and shown, and a form for another."""

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from giftshop.catalog.brands import ShopRequest, of_brand
from giftshop.http.said_on import say_on
from giftshop.questions.ask import Asked, AskRefused, ask
from giftshop.questions.forms import QuestionForm
from giftshop.questions.models import Question

PER_PAGE = 20


@require_http_methods(["GET", "HEAD", "POST"])
@of_brand
def questions(request: ShopRequest) -> HttpResponse:
    """`treat` in the query: what it is about. A program is thanked, too, and nothing is kept. A shop that
    opens soon is asked nothing yet."""
    if request.brand.opened_at is None:
        shop = reverse("shop", args=[request.brand.slug])
        return redirect(say_on(request, request.brand, shop))
    if request.method != "POST":
        about = {"treat": request.GET.get("treat", "")[:60]}
        return _page(request, QuestionForm(initial=about, brand=request.brand), 200)
    form = QuestionForm(request.POST, brand=request.brand)
    if form.is_by_a_program and form.is_valid():
        return _thanks(request)
    if not form.is_valid():
        return _page(request, form, 422)
    said = form.cleaned_data
    asked = Asked(
        words=said["words"],
        name=said["name"],
        email=said["email"],
        language=get_language() or "en",
        may_be_shown=said["may_be_shown"],
        treat=said["treat"],
    )
    try:
        ask(brand=request.brand, asked=asked, now=timezone.now())
    except AskRefused as refused:
        form.add_error(None, refused.reason.label)
        return _page(request, form, 409)
    return _thanks(request)


def _thanks(request: ShopRequest) -> HttpResponse:
    here = reverse("questions", args=[request.brand.slug])
    return HttpResponseRedirect(say_on(request, request.brand, f"{here}?asked=yes"))


def _page(request: ShopRequest, form: QuestionForm, status: int) -> HttpResponse:
    shown = Question.objects.shown().select_related("treat")
    context = {
        "brand": request.brand,
        "form": form,
        "page": Paginator(shown, PER_PAGE).get_page(request.GET.get("page")),
        "treats": form.treats(),
        "is_asked": "asked" in request.GET,
    }
    return render(request, "giftshop/questions/page.html", context, status=status)
