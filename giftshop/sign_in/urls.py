"""The pages of signing in. Of django-allauth's only those that we use, under the names that it looks for."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from giftshop.sign_in import account_views, address_views, password_views, views
from giftshop.sign_in.factors.urls import urlpatterns as factors
from giftshop.sign_in.social.urls import urlpatterns as social

sign_in = views.SignIn.as_view()

urlpatterns = [
    path("accounts/login/", sign_in, name="login"),
    path("accounts/login/", sign_in, name="account_login"),
    path("accounts/code/", views.code, name="account_confirm_login_code"),
    path("accounts/password/", password_views.forgotten_password, name="account_reset_password"),
    path(
        "accounts/password/<str:uidb36>/<str:key>/",
        password_views.new_password,
        name="account_reset_password_from_key",
    ),
    path("account/", account_views.account, name="account"),
    path("account/address/", address_views.account_address, name="account_address"),
    path(
        "account/address/codes/",
        address_views.account_address_codes,
        name="account_address_codes",
    ),
    path(
        "account/sessions/<uuid:session_id>/end/",
        account_views.browser_session_end,
        name="browser_session_end",
    ),
    path(
        "account/sessions/end/",
        account_views.other_browser_sessions_end,
        name="other_browser_sessions_end",
    ),
    *factors,
    *social,
    path("accounts/session/", views.keep_session, name="keep_session"),
    path("accounts/logout/", LogoutView.as_view(), name="logout"),
]
