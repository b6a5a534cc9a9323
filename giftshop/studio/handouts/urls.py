"""What is handed out of an offer, under /studio/<brand>/offers/."""

from django.urls import path
from django.views.decorators.http import require_http_methods, require_safe

from giftshop.http.uploads import without_token_yet
from giftshop.studio.handouts import lists, views
from giftshop.studio.handouts.views import handing_out

urlpatterns = [
    path("handouts/", views.handout_list, name="studio_handouts"),
    path("handouts/<uuid:handout_id>/", views.handout, name="studio_handout"),
    path("handouts/<uuid:handout_id>/sheet/", views.sheet_file, name="studio_handout_sheet"),
    path("handouts/<uuid:handout_id>/end/", views.handout_end, name="studio_handout_end"),
    path("list/", lists.list_draft, name="studio_list_draft"),
    path("list/removal/", lists.list_removal, name="studio_list_removal"),
    path("<uuid:offer_id>/list/", lists.new_list, name="studio_new_list"),
    path("<uuid:offer_id>/sheet/", views.new_sheet, name="studio_new_sheet"),
]

uploads = [
    path("list/", require_safe(handing_out(lists.permit)), name="studio_list_permit"),
    path(
        "list/<uuid:offer_id>/",
        without_token_yet(
            require_http_methods(["GET", "HEAD", "POST"])(handing_out(lists.uploaded))
        ),
        name="studio_list_upload",
    ),
]
"""Under /uploads/<brand>/: where large bodies are let in."""
