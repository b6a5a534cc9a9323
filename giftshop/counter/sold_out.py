"""At the counter a manager says which treats are gone for today."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.forms.version import SavedSince
from giftshop.catalog.sold_out import mark_sold_out, said_of, sold_out_context, sold_out_form
from redemption.audit.actors import Actor
from redemption.till.session import TillRequest, manager_at_the_till
from redemption.till.views.manager.frame import place


@require_http_methods(["GET", "HEAD", "POST"])
@manager_at_the_till
def sold_out(request: TillRequest) -> HttpResponse:
    store = request.device.store
    form = sold_out_form(store, request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        treats = list(form.cleaned_data["treats"])
        try:
            mark_sold_out(
                store=store,
                treats=treats,
                by=Actor.staff(request.staff),
                device=request.device,
                seen=form.seen,
            )
            messages.success(request, said_of(treats))
            return redirect("till_sold_out")
        except SavedSince:
            form, status = sold_out_form(store, request.POST), 409
            form.show_over_saved()
    context = place(request, "sold-out", **sold_out_context(store, form))
    return render(request, "giftshop/counter/sold_out.html", context, status=status)
