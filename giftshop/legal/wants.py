"""What the pages that a law wants need to know of a brand, and what of that is missing."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
from brands.policy.countries import law_of
from brands.policy.law import Page

ALWAYS = ("legal_name", "legal_address", "support_email")
"""Columns without which nobody can say whom a sender buys from, whatever the country."""

FACTS: dict[str, str | Promise] = {
    "legal_name": _("legal name"),
    "representative": _("who represents it"),
    "legal_address": _("address"),
    "support_email": _("e-mail for questions"),
    "support_phone": _("phone for questions"),
    "tax_id": _("tax id"),
}

PAGES: dict[Page, str | Promise] = {
    Page.LEGAL_NOTICE: _("Legal notice"),
    Page.PRIVACY: _("Privacy"),
    Page.TERMS: _("Terms"),
    Page.ACCESSIBILITY: _("Accessibility"),
}


def missing(brand: Brand) -> list[str]:
    """Columns of the brand that its country's law wants to see on its pages, and that are empty."""
    wanted = dict.fromkeys([*ALWAYS, *law_of(brand.country).notice_facts])
    return [column for column in wanted if not getattr(brand, column)]
