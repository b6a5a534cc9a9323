"""The brand itself in its studio, section by section: its words, who is behind it, home, mail, look."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from core.forms.locked import lock
from core.forms.version import SavedSince
from giftshop.accounts.access import BrandRequest, actor_of, member_of_brand
from giftshop.accounts.permissions import Permission
from giftshop.studio.brand import contrast, forms
from giftshop.studio.brand.changes import BrandRefusal, BrandRefused, change_brand
from giftshop.studio.brand.law_pages import missing_words
from giftshop.studio.brand.look_form import BrandLookForm
from giftshop.studio.opening import steps


@dataclass(frozen=True)
class Section:
    """A page of settings: its address below brand/, its route, what menus call it, its form and template."""

    address: str
    route: str
    label: str | Promise
    form: type[forms.SectionForm]
    template: str
    can_preview: bool = True
    """A look has a preview of its own."""


SECTIONS = (
    Section(
        "",
        "studio_brand",
        gettext_lazy("Name and story"),
        forms.BrandWordsForm,
        "giftshop/studio/brand/words.html",
    ),
    Section(
        "contact/",
        "studio_brand_contact",
        gettext_lazy("Who is behind it"),
        forms.BrandContactForm,
        "giftshop/studio/brand/contact.html",
    ),
    Section(
        "home/",
        "studio_brand_home",
        gettext_lazy("Country and languages"),
        forms.BrandHomeForm,
        "giftshop/studio/brand/home.html",
    ),
    Section(
        "mail/",
        "studio_brand_mail",
        gettext_lazy("E-mails and statements"),
        forms.BrandMailForm,
        "giftshop/studio/brand/mail.html",
    ),
    Section(
        "pages/",
        "studio_brand_pages",
        gettext_lazy("Pages by law"),
        forms.BrandPagesForm,
        "giftshop/studio/brand/pages.html",
    ),
    Section(
        "look/",
        "studio_brand_look",
        gettext_lazy("Look"),
        BrandLookForm,
        "giftshop/studio/brand/look.html",
        can_preview=False,
    ),
)


def page_of(section: Section) -> Callable[..., HttpResponse]:
    """The view of a section."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @member_of_brand(Permission.SEE_BRAND, change=Permission.CHANGE_BRAND)
    def page(request: BrandRequest) -> HttpResponse:
        sent = request.POST if request.method == "POST" else None
        form = section.form(sent, brand=request.brand, whole="all" in request.GET)
        if Permission.CHANGE_BRAND not in request.may:
            lock(form)
        if not form.is_valid():
            return show(request, section, form, 422 if form.is_bound else 200)
        try:
            changed = change_brand(
                brand=request.brand,
                facts=form.facts(),
                by=actor_of(request.user),
                now=timezone.now(),
                seen=form.seen,
            )
        except BrandRefused as refused:
            is_country = refused.reason == BrandRefusal.TOO_SHORT
            form.add_error("country" if is_country else "currency", refused.reason.label)
            return show(request, section, form, 409)
        except SavedSince:
            request.brand.refresh_from_db()
            form = section.form(request.POST, brand=request.brand)
            form.show_over_saved()
            return show(request, section, form, 409)
        return _saved(request, section, changed)

    return page


def _saved(request: BrandRequest, section: Section, changed: bool) -> HttpResponse:
    """Back to the section; while the shop is being opened, on to the next step once this one is done."""
    if request.brand.opened_at is None:
        request.brand.refresh_from_db()
    onward = steps.after_saving(request.brand, page=section.route)
    messages.success(request, _("Saved.") if changed or onward else _("Nothing had changed."))
    step = steps.of_page(section.route)
    if not onward and step is not None and request.brand.opened_at is None:
        messages.warning(
            request, _("Missing: %(facts)s.") % {"facts": missing_words(request.brand)}
        )
    return redirect(onward or reverse(section.route, args=[request.brand.slug]))


def show(
    request: BrandRequest, section: Section, form: forms.SectionForm, status: int
) -> HttpResponse:
    """The page of a section with this form."""
    context = {
        "brand": request.brand,
        "section": "brand",
        "sections": SECTIONS,
        "current": section,
        "form": form,
        "contrast": contrast.of_brand(request.brand),
    }
    return render(request, section.template, context, status=status)
