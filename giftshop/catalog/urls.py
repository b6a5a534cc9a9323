from django.urls import path

from giftshop.catalog import views

urlpatterns = [
    path("", views.home, name="home"),
    path("shop/<slug:brand_slug>/", views.shop, name="shop"),
    path("shop/<slug:brand_slug>/legal/", views.legal_notice, name="legal_notice"),
    path("stores/<slug:brand_slug>/", views.stores, name="shop_stores"),
    path("theme/<slug:brand_slug>.css", views.theme, name="theme"),
]
