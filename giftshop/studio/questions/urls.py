"""Questions of visitors in the studio, under /studio/<brand>/questions/."""

from django.urls import path

from giftshop.studio.questions import views

urlpatterns = [
    path("", views.questions, name="studio_questions"),
    path("<uuid:question_id>/", views.question, name="studio_question"),
    path("<uuid:question_id>/closure/", views.closure, name="studio_question_closure"),
    path("<uuid:question_id>/return/", views.reopening, name="studio_question_return"),
    path("<uuid:question_id>/display/", views.display, name="studio_question_display"),
]
