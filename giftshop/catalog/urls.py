from django.urls import URLPattern, URLResolver, include, path

from giftshop.catalog import store_views, till_views, views

in_the_studio: list[URLPattern | URLResolver] = [
    path("", store_views.stores, name="studio_stores"),
    path("new/", store_views.new_store, name="studio_new_store"),
    path("<slug:slug>/", store_views.store, name="studio_store"),
    path("<slug:slug>/sold-out/", store_views.sold_out, name="studio_sold_out"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("shop/<slug:brand_slug>/", views.shop, name="shop"),
    path("theme/<slug:brand_slug>.css", views.theme, name="theme"),
    path("studio/<slug:brand_slug>/stores/", include(in_the_studio)),
    path("till/manager/sold-out/", till_views.sold_out, name="till_sold_out"),
]
