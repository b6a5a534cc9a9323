"""News in the studio, under /studio/<brand>/news/."""

from django.urls import path

from giftshop.studio.news import views

urlpatterns = [
    path("", views.news_list, name="studio_news"),
    path("new/", views.new_news, name="studio_new_news"),
    path("<uuid:news_id>/", views.news, name="studio_one_news"),
    path("<uuid:news_id>/publication/", views.publication, name="studio_news_publication"),
    path("<uuid:news_id>/removal/", views.removal, name="studio_news_removal"),
]
