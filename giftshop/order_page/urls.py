from django.urls import path

from giftshop.order_page import views

urlpatterns = [path("orders/<str:token>/", views.order, name="order")]
