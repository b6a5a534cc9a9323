"""Does the process answer, and can it serve a till? For whoever sends it requests or starts it again.

How the rest is doing, that tills can wait for, says giftshop/operator/status.py.
"""

from collections.abc import Callable

from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from giftshop.operator.probe import Probe

READY_SECONDS = 2.0
"""For everything: a connection of the pool or a new one, and the answer."""


def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the process answers at all."""
    return JsonResponse({"status": "alive"})


def readyz(request: HttpRequest) -> JsonResponse:
    """200 when this process can serve a till, which takes the database and nothing else; or else 503."""
    database = _database.answer() or "silent"
    if database == "ok":
        return JsonResponse({"status": "ready", "database": database})
    return JsonResponse(
        {"status": "unready", "database": database}, status=503, headers={"Retry-After": "2"}
    )


def ask_database() -> str:
    """`ok`, or `unreachable`."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except (DatabaseError, InterfaceError):
        return "unreachable"
    return "ok"


_database = Probe(ask_database, seconds=READY_SECONDS)


def answer_probes(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Before all other middleware, which could fail, and which a load balancer's Host would not pass."""
    pages = {"/healthz": healthz, "/readyz": readyz}

    def middleware(request: HttpRequest) -> HttpResponse:
        page = pages.get(request.path_info)
        return page(request) if page else get_response(request)

    return middleware


urlpatterns = [path("healthz", healthz), path("readyz", readyz)]
