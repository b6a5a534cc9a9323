"""The menu as a sheet, under /studio/<brand>/menu/sheet/, and its way in under /uploads/<brand>/sheet/."""

from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from giftshop.accounts.access import member_of_brand
from giftshop.accounts.permissions import Permission
from giftshop.http.uploads import without_token_yet
from giftshop.studio.sheet import views
from giftshop.studio.sheet.files import CSV, XLSX

seeing = member_of_brand(Permission.SEE_MENU)
changing = member_of_brand(Permission.CHANGE_MENU)
shows_or_takes = require_http_methods(["GET", "HEAD", "POST"])

urlpatterns = [
    path("", require_safe(seeing(views.page)), name="studio_sheet"),
    *[
        path(f"menu.{kind}", require_safe(seeing(views.menu_file)), {"kind": kind}, f"menu_{kind}")
        for kind in (CSV, XLSX)
    ],
    *[
        path(
            f"example.{kind}",
            require_safe(seeing(views.example_file)),
            {"kind": kind},
            f"menu_example_{kind}",
        )
        for kind in (CSV, XLSX)
    ],
    path("import/", shows_or_takes(changing(views.menu_import)), name="studio_menu_import"),
    path("import/names/", require_POST(changing(views.names)), name="studio_menu_import_names"),
    path(
        "import/removal/", require_POST(changing(views.removal)), name="studio_menu_import_removal"
    ),
]

uploads = [
    path("sheet/", require_safe(changing(views.permit)), name="menu_sheet_permit"),
    path(
        "sheet/menu/",
        without_token_yet(shows_or_takes(changing(views.uploaded))),
        name="menu_sheet_upload",
    ),
]
"""Under /uploads/<brand>/: where large bodies are let in."""
