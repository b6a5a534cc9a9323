from django.urls import path

from giftshop.delivery.texts.webhook import text_answer, text_report

urlpatterns = [
    path("webhooks/messages/", text_report, name="text-report"),
    path("webhooks/messages/answers/", text_answer, name="text-answer"),
]
