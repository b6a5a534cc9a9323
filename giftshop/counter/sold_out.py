"""At the counter a manager says what is gone, for today or for longer."""

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from brands.models import Store
from core.forms.version import SavedSince
from giftshop.catalog.forms import SoldOutForm, said_of
from giftshop.catalog.sold_out import mark_sold_out
from giftshop.orders.models import Gift
from redemption.audit.actors import Actor
from redemption.till.session import TillRequest, manager_at_the_till
from redemption.till.views.manager.frame import place


def _form(sent: QueryDict | None, store: Store) -> SoldOutForm:
    return SoldOutForm(sent, store=store, now=timezone.now(), still_out=Gift.objects.still_out())


@require_http_methods(["GET", "HEAD", "POST"])
@manager_at_the_till
def sold_out(request: TillRequest) -> HttpResponse:
    store = request.device.store
    sent = request.POST if request.method == "POST" else None
    form = _form(sent, store)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            changed = mark_sold_out(
                store=store,
                things=form.things(),
                until=form.cleaned_data["until"],
                by=Actor.staff(request.staff),
                device=request.device,
                seen=form.seen,
            )
            messages.success(request, said_of(form, changed))
            return redirect("till_sold_out")
        except SavedSince:
            form, status = _form(sent, store), 409
            form.show_over_saved()
    context = place(request, "sold-out", form=form)
    return render(request, "giftshop/counter/sold_out.html", context, status=status)
