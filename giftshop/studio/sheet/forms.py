"""What an owner hands in as a sheet."""

from django.utils.translation import gettext_lazy as _

from giftshop.sheets.file_form import SheetFileForm, file_field


class SheetForm(SheetFileForm):
    too_large = _("This file is larger than 5 MB. Keep only the menu in it and try again.")

    file = file_field(help_text=_("XLSX or CSV, 5 MB and 2000 rows at most."))
