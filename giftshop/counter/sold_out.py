"""At the counter a manager says what is gone, for today or for longer."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core.forms.version import SavedSince
from giftshop.catalog.forms import SoldOutForm, said_of
from giftshop.catalog.sold_out import mark_sold_out
from redemption.audit.actors import Actor
from redemption.till.session import TillRequest, manager_at_the_till
from redemption.till.views.manager.frame import place


@require_http_methods(["GET", "HEAD", "POST"])
@manager_at_the_till
def sold_out(request: TillRequest) -> HttpResponse:
    store = request.device.store
    sent = request.POST if request.method == "POST" else None
    form = SoldOutForm(sent, store=store, now=timezone.now())
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
            form, status = SoldOutForm(sent, store=store, now=timezone.now()), 409
            form.show_over_saved()
    context = place(request, "sold-out", form=form)
    return render(request, "giftshop/counter/sold_out.html", context, status=status)
