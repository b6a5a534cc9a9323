"""The menu of a brand, under /studio/<brand>/menu/."""

from django.urls import path

from giftshop.studio.catalog import views

urlpatterns = [
    path("", views.treats, name="studio_treats"),
    path("new/", views.new_treat, name="studio_new_treat"),
    path("new/amount/", views.new_amount, name="studio_new_amount"),
    path("ready/<slug:key>/", views.ready_menu, name="studio_ready_menu"),
    path("<slug:slug>/", views.treat, name="studio_treat"),
    path("<slug:slug>/stores/", views.treat_stores, name="studio_treat_stores"),
    path("<slug:slug>/contents/", views.contents, name="studio_treat_contents"),
    path("<slug:slug>/archival/", views.archival, name="studio_treat_archival"),
    path("<slug:slug>/restoration/", views.restoration, name="studio_treat_restoration"),
    path("<slug:slug>/copy/", views.copy, name="studio_treat_copy"),
    path("<slug:slug>/place/", views.place, name="studio_treat_place"),
]
