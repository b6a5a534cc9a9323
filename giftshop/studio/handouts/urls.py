"""What is handed out of an offer, under /studio/<brand>/offers/."""

from django.urls import path

from giftshop.studio.handouts import views

urlpatterns = [
    path("handouts/", views.handout_list, name="studio_handouts"),
    path("handouts/<uuid:handout_id>/", views.handout, name="studio_handout"),
    path("handouts/<uuid:handout_id>/sheet/", views.sheet_file, name="studio_handout_sheet"),
    path("handouts/<uuid:handout_id>/end/", views.handout_end, name="studio_handout_end"),
    path("<uuid:offer_id>/sheet/", views.new_sheet, name="studio_new_sheet"),
]
