"""Staff of all stores, under /studio/<brand>/staff/."""

from django.urls import path

from giftshop.studio.staff import views

urlpatterns = [
    path("", views.people, name="studio_staff"),
    path("new/", views.new, name="studio_staff_new"),
    path("<uuid:staff_id>/", views.person, name="studio_person"),
    path("<uuid:staff_id>/pin/", views.pin, name="studio_person_pin"),
    path("<uuid:staff_id>/role/", views.role, name="studio_person_role"),
    path("<uuid:staff_id>/stores/", views.stores, name="studio_person_stores"),
    path("<uuid:staff_id>/unlocking/", views.unlocking, name="studio_person_unlocking"),
    path("<uuid:staff_id>/deactivation/", views.deactivation, name="studio_person_deactivation"),
    path("<uuid:staff_id>/reactivation/", views.reactivation, name="studio_person_reactivation"),
]
