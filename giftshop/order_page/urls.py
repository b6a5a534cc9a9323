from django.urls import path

from giftshop.order_page import views, withdrawal

urlpatterns = [
    path("orders/<str:token>/", views.order, name="order"),
    path("orders/<str:token>/withdrawal/", withdrawal.withdrawal, name="order-withdrawal"),
]
