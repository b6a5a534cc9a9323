"""The brand's rules in the studio: reversing, voiding, expiry."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.forms.locked import lock
from core.forms.version import SavedSince
from giftshop.accounts.access import BrandRequest, actor_of, member_of_brand
from giftshop.accounts.permissions import Permission
from giftshop.studio.rules import law_words
from giftshop.studio.rules.changes import TooShort, change_rules
from giftshop.studio.rules.forms import RulesForm


@require_http_methods(["GET", "HEAD", "POST"])
@member_of_brand(Permission.SEE_BRAND, change=Permission.CHANGE_BRAND)
def rules(request: BrandRequest) -> HttpResponse:
    form = RulesForm(request.POST if request.method == "POST" else None, brand=request.brand)
    if Permission.CHANGE_BRAND not in request.may:
        lock(form)
    if form.is_bound and form.is_valid():
        by = actor_of(request.user)
        try:
            changed = change_rules(brand=request.brand, rules=form.rules(), by=by, seen=form.seen)
        except SavedSince:
            request.brand.refresh_from_db()
            form = RulesForm(request.POST, brand=request.brand)
            form.show_over_saved()
            return _render(request, form, 409)
        except TooShort as short:  # the brand moved to another country meanwhile
            form.add_error(short.field, law_words.TOO_SHORT[short.field](short.rule))
            return _render(request, form, 409)
        messages.success(request, _("Saved.") if changed else _("Nothing had changed."))
        return redirect("rules", brand_slug=request.brand.slug)
    return _render(request, form, 422 if form.is_bound else 200)


def _render(request: BrandRequest, form: RulesForm, status: int) -> HttpResponse:
    law = law_words.of_country(request.brand.country)
    context = {"brand": request.brand, "section": "rules", "form": form, "law": law}
    return render(request, "giftshop/studio/rules/form.html", context, status=status)
