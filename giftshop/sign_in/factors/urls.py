"""Second factors: signing in with them, and one's own."""

from django.urls import path

from giftshop.sign_in.factors import account_views, proof_views, sign_in_views

urlpatterns = [
    path("accounts/login/passkey/", sign_in_views.passkey_sign_in, name="passkey_sign_in"),
    path(
        "accounts/login/passkey/challenge/",
        sign_in_views.passkey_challenge,
        name="passkey_challenge",
    ),
    # django-allauth looks for this name.
    path("accounts/second-step/", sign_in_views.second_step, name="mfa_authenticate"),
    path("account/proof/", proof_views.account_proof, name="account_proof"),
    path("account/proof/letter/", proof_views.account_proof_letter, name="account_proof_letter"),
    path("account/factors/", account_views.account_factors, name="account_factors"),
    path(
        "account/factors/challenge/",
        account_views.account_passkey_challenge,
        name="account_passkey_challenge",
    ),
    path(
        "account/factors/passkeys/<int:passkey_id>/",
        account_views.account_passkey,
        name="account_passkey",
    ),
    path(
        "account/factors/passkeys/<int:passkey_id>/removal/",
        account_views.account_passkey_removal,
        name="account_passkey_removal",
    ),
    path("account/factors/app/", account_views.account_app, name="account_app"),
    path(
        "account/factors/app/removal/",
        account_views.account_app_removal,
        name="account_app_removal",
    ),
    path(
        "account/factors/recovery-codes/",
        account_views.account_recovery_codes,
        name="account_recovery_codes",
    ),
    path(
        "account/factors/recovery-codes/file/",
        account_views.account_recovery_codes_file,
        name="account_recovery_codes_file",
    ),
]
