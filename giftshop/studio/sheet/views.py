"""The menu as a sheet: downloaded, uploaded, looked at line by line, taken over.

Who may stands in urls.py.
"""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from giftshop.accounts.access import BrandRequest
from giftshop.http.uploads import takes_upload
from giftshop.sheets import read
from giftshop.sheets.models import MenuImport
from giftshop.studio.sheet import files, upload
from giftshop.studio.sheet.forms import SheetForm
from giftshop.studio.sheet.menu.take_over import ChangedSince, NothingWaits, take_over
from giftshop.studio.sheet.plan import State

PER_PAGE = 50
RETRY_SECONDS = 30


def page(request: BrandRequest) -> HttpResponse:
    return _page(request, SheetForm())


def menu_file(request: BrandRequest, kind: str) -> HttpResponse:
    return _download(files.menu(request.brand, kind), f"{request.brand.slug}-menu", kind)


def example_file(request: BrandRequest, kind: str) -> HttpResponse:
    return _download(files.example(request.brand, kind), "menu-example", kind)


def permit(request: BrandRequest) -> HttpResponse:
    """204 for whoever may upload: the proxy asks before it listens to a large body."""
    return HttpResponse(status=204)


def _busy(request: BrandRequest) -> HttpResponse:
    form = SheetForm({})
    form.add_error("file", _("Somebody else is uploading right now. Try again in half a minute."))
    answer = _page(request, form, status=503)
    answer["Retry-After"] = str(RETRY_SECONDS)
    return answer


@takes_upload(bytes_max=read.BYTES_MAX, busy=_busy)
def uploaded(request: Any) -> HttpResponse:
    """Takes a sheet and shows what it would change; who comes here by reloading is led to the page."""
    if request.method != "POST":
        return redirect("studio_sheet", brand_slug=request.brand.slug)
    form = SheetForm(request.POST, request.FILES, problem=request.upload_problem)
    if form.is_valid():
        try:
            table = read.read(form.cleaned_data["file"].file)
            upload.keep(table, brand=request.brand, user=request.user, now=timezone.now())
        except ValidationError as refused:
            form.add_error("file", refused)
    if form.errors:
        return _page(request, form, status=422)
    return redirect("studio_menu_import", brand_slug=request.brand.slug)


def menu_import(request: BrandRequest) -> HttpResponse:
    """What would change. 3 queries, where it is read in the language that it was uploaded in."""
    found = upload.find(user=request.user, now=timezone.now())
    if found is None:
        return _nothing_waits(request)
    if request.method == "POST":
        return _take_over(request, found)
    return _dry_run(request, found, upload.dry_run(found, request.brand))


def names(request: BrandRequest) -> HttpResponse:
    """Rows without an ID change the treat of their name."""
    found = upload.find(user=request.user, now=timezone.now())
    if found is None:
        return _nothing_waits(request)
    upload.run_again(found, request.brand, by_name=True)
    return redirect("studio_menu_import", brand_slug=request.brand.slug)


def removal(request: BrandRequest) -> HttpResponse:
    upload.drop(user=request.user)
    messages.success(request, _("Nothing was changed."))
    return redirect("studio_sheet", brand_slug=request.brand.slug)


def _take_over(request: BrandRequest, found: MenuImport) -> HttpResponse:
    seen = str(request.POST.get("version", ""))
    try:
        plan = take_over(
            brand=request.brand,
            user=request.user,
            seen=seen,
            by=request.actor,
            now=timezone.now(),
        )
    except NothingWaits:
        return _nothing_waits(request)
    except ChangedSince:
        told = upload.run_again(found, request.brand)
        return _dry_run(request, found, told, status=409)
    count = changes_of(plan.counts())
    said = ngettext("%(count)d change is taken over.", "%(count)d changes are taken over.", count)
    messages.success(request, said % {"count": count})
    return redirect("studio_treats", brand_slug=request.brand.slug)


def _nothing_waits(request: BrandRequest) -> HttpResponse:
    messages.info(request, _("No sheet waits here. Upload one."))
    return redirect("studio_sheet", brand_slug=request.brand.slug)


def changes_of(counts: dict[str, int]) -> int:
    """How many lines are new or other."""
    return counts[State.NEW] + counts[State.CHANGED]


def _dry_run(
    request: BrandRequest, found: MenuImport, told: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    counts = told["counts"]
    asked = request.GET.get("show", "")
    state = asked if asked in counts else ""
    wanted = {state} if state else set(counts) - {State.UNCHANGED}
    lines = [line for line in told["lines"] if line["state"] in wanted]
    context = {
        **_common(request),
        "found": found,
        "told": told,
        "state": state,
        "states": [(each, _label(each), counts[each]) for each in State if counts[each]],
        "page": Paginator(lines, PER_PAGE).get_page(request.GET.get("page")),
        "changes": changes_of(counts),
        "is_outdated": status == 409,
        "separator": {",": _("comma"), ";": _("semicolon"), "\t": _("tab")}.get(
            found.separator, ""
        ),
    }
    return render(request, "giftshop/studio/sheet/import.html", context, status=status)


def _label(state: State) -> str:
    return {
        State.NEW: _("New"),
        State.CHANGED: _("Changed"),
        State.UNCHANGED: _("Unchanged"),
        State.REFUSED: _("Refused"),
    }[state]


def _page(request: BrandRequest, form: SheetForm, *, status: int = 200) -> HttpResponse:
    found = None
    if "change_menu" in request.may:
        found = upload.find(user=request.user, now=timezone.now())
    context = {**_common(request), "form": form, "found": found}
    return render(request, "giftshop/studio/sheet/sheet.html", context, status=status)


def _common(request: BrandRequest) -> dict[str, Any]:
    return {"brand": request.brand, "section": "menu"}


def _download(content: bytes, name: str, kind: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=files.TYPES[kind],
        headers={"Content-Disposition": f'attachment; filename="{name}.{kind}"'},
    )
