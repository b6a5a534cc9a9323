from django.urls import path

from giftshop.payments import views

urlpatterns = [
    path("payments/return/", views.come_back, name="payment-return"),
    path("webhooks/stripe/", views.stripe_webhook, name="stripe-webhook"),
]
