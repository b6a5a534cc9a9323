from django.urls import path

from giftshop.order_page import card, find, reasons, unopened, views, withdrawal

urlpatterns = [
    path("shop/<slug:brand_slug>/orders/find/", find.find, name="find-orders"),
    path("orders/<str:token>/", views.order, name="order"),
    path(
        "orders/<str:token>/gifts/<int:position>/passing-on/",
        views.passing_on,
        name="order-gift-passing-on",
    ),
    path("orders/<str:token>/gifts/<int:position>/card/", card.card, name="order-gift-card"),
    path("orders/<str:token>/reasons/", reasons.order_reasons, name="order-reasons"),
    path("orders/<str:token>/withdrawal/", withdrawal.withdrawal, name="order-withdrawal"),
    path("orders/<str:token>/unopened/<uuid:gift_id>/", unopened.unopened, name="order-unopened"),
]
