"""Money that goes back and disputes in the studio, under /studio/<brand>/money/."""

from django.urls import path

from giftshop.studio.refunds import acts, dispute, views, which_gifts

urlpatterns = [
    path("", views.money_back, name="money_back"),
    path("orders/<uuid:order_id>/", views.order_money, name="order_money"),
    path("orders/<uuid:order_id>/refund/", acts.refund, name="order_refund"),
    path("refunds/<uuid:refund_id>/gifts/", which_gifts.refund_gifts, name="refund_gifts"),
    path("refunds/<uuid:refund_id>/decision/", acts.decision, name="refund_decision"),
    path("refunds/<uuid:refund_id>/notice/", acts.notice, name="refund_notice"),
    path("disputes/<uuid:dispute_id>/", dispute.dispute, name="dispute"),
    path("disputes/<uuid:dispute_id>/gifts/", which_gifts.dispute_gifts, name="dispute_gifts"),
    path("warnings/<uuid:warning_id>/clearance/", acts.clearance, name="warning_clearance"),
]
