from django.urls import include, path

from giftshop.gift_changes import acts, look, views

gift_urls = [
    path("", views.change, name="order-gift"),
    path("repeat/", acts.again, name="order-gift-repeat"),
    path("dispatch/", acts.now, name="order-gift-dispatch"),
    path("preview/", look.preview, name="order-gift-preview"),
    path("preview/letter/", look.letter, name="order-gift-letter"),
    path("preview/page/", look.page, name="order-gift-page"),
]

urlpatterns = [path("orders/<str:token>/gifts/<int:position>/", include(gift_urls))]
