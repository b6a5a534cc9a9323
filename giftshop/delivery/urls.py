from django.urls import path

from giftshop.delivery.webhook import mail_webhook

urlpatterns = [path("webhooks/mail/", mail_webhook, name="mail-webhook")]
