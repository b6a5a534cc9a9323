"""Where whoever runs the installation helps people with an order, under /operator/support/."""

from django.urls import path

from giftshop.operator.support import acts, views

urlpatterns = [
    path("operator/support/", views.support, name="operator_support"),
    path("operator/support/orders/<uuid:order_id>/", views.order, name="operator_order"),
    path("operator/support/orders/<uuid:order_id>/receipt/", acts.receipt, name="operator_receipt"),
    path("operator/support/codes/<uuid:code_id>/", views.code, name="operator_code"),
    path("operator/support/codes/<uuid:code_id>/email/", acts.email, name="operator_code_email"),
    path(
        "operator/support/codes/<uuid:code_id>/correction/",
        acts.correction,
        name="operator_code_correction",
    ),
    path("operator/support/codes/<uuid:code_id>/hold/", acts.hold, name="operator_code_hold"),
    path(
        "operator/support/codes/<uuid:code_id>/release/", acts.release, name="operator_code_release"
    ),
    path("operator/support/codes/<uuid:code_id>/voiding/", acts.void, name="operator_code_voiding"),
]
