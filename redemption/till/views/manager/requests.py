"""What waits for a second person at this store: who asked, when and why. It is decided on the gift's page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from redemption.codes import void
from redemption.till.session import TillRequest, manager_at_the_till
from redemption.till.views.manager.frame import place

LIST_MAX = 100


@require_safe
@manager_at_the_till
def requests(request: TillRequest) -> HttpResponse:
    """Those that were asked for here; the studio lists those of all stores."""
    waiting = void.open_requests().filter(store=request.device.store)[:LIST_MAX]
    context = place(request, "requests", waiting=waiting)
    return render(request, "redemption/manager/requests.html", context)
