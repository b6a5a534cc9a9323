"""A shop's page for who lost the link to their order: it is sent to the address that they ordered with."""

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from giftshop.catalog.brands import ShopRequest, of_brand
from giftshop.delivery.orders_found import seek
from giftshop.friends.form_fields import address_field
from giftshop.http.said_on import say_on


class FindOrdersForm(forms.Form):
    email = address_field(
        label=gettext_lazy("Your e-mail"),
        invalid=gettext_lazy("This does not look like an e-mail address. Perhaps ana@example.com?"),
        help_text=gettext_lazy("The one that you ordered with: the receipt went there."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        error_messages={"required": gettext_lazy("Which address did you order with?")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@of_brand
def find(request: ShopRequest) -> HttpResponse:
    """Says the same of every address."""
    if request.brand.opened_at is None:
        shop = reverse("shop", args=[request.brand.slug])
        return redirect(say_on(request, request.brand, shop))
    if request.method != "POST":
        return _page(request, FindOrdersForm(), 200)
    form = FindOrdersForm(request.POST)
    if not form.is_valid():
        return _page(request, form, 422)
    seek(brand=request.brand, address=form.cleaned_data["email"], now=timezone.now())
    here = reverse("find-orders", args=[request.brand.slug])
    return HttpResponseRedirect(say_on(request, request.brand, f"{here}?sent=yes"))


def _page(request: ShopRequest, form: FindOrdersForm, status: int) -> HttpResponse:
    context = {"brand": request.brand, "form": form, "is_sent": "sent" in request.GET}
    return render(request, "giftshop/order_page/find.html", context, status=status)
