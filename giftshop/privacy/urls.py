from django.urls import path

from giftshop.privacy import views

urlpatterns = [
    path("your-data/<str:proof>/", views.your_data, name="your-data"),
    path("your-data/<str:proof>/letters/", views.no_letters, name="your-data-letters"),
    path("your-data/<str:proof>/not-me/", views.not_me, name="your-data-not-me"),
    path("your-data/<str:proof>/erasure/", views.erasure, name="your-data-erasure"),
]
