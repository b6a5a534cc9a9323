"""The idiomatic way: how a good Django developer writes it, by the documentation's book.

Django REST framework with a token class that asks the database, serializers in and out,
transaction.atomic, select_for_update, save and create, the usual middleware, psycopg's pool. Same tables
through the product's models, same rows behind it (the outbox's row is written by the same trigger).
One module: settings, view, URL, WSGI application.
"""

import hashlib
import hmac
import json
import os
from typing import Any, cast

import environ
from django.conf import settings

env = environ.Env()
_database = env.db("DATABASE_URL")
_kid, _colon, _pepper = os.environ["CODE_PEPPERS"].partition(",")[0].partition(":")

settings.configure(
    SECRET_KEY=env.str("SECRET_KEY"),
    ALLOWED_HOSTS=["gifts.example.com", "127.0.0.1"],
    SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https"),
    ROOT_URLCONF=__name__,
    CODE_PEPPERS={int(_kid): bytes.fromhex(_pepper)},
    INSTALLED_APPS=[
        "core",
        "brands",
        "redemption",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "rest_framework",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.locale.LocaleMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    DATABASES={
        "default": {
            **_database,
            "ENGINE": "django.db.backends.postgresql",
            "OPTIONS": {
                **_database.get("OPTIONS", {}),
                "pool": {"min_size": 1, "max_size": env.int("DATABASE_POOL_SIZE", 8)},
            },
        }
    },
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
    REST_FRAMEWORK={"DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"]},
)

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from django.db import transaction
from django.urls import path
from django.utils import timezone
from django_scopes import scope, scopes_disabled
from rest_framework import authentication, exceptions, permissions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from redemption.models import (
    Account,
    Code,
    Device,
    IdempotencyRecord,
    JournalEntry,
    Posting,
    Redemption,
)
from redemption.till import device_profiles


def keyed(text: str) -> bytes:
    return hmac.digest(settings.CODE_PEPPERS[int(_kid)], text.encode(), "sha256")


class DeviceAuthentication(authentication.TokenAuthentication):
    keyword = "Device"

    def authenticate_credentials(self, key: str) -> tuple[Any, Device]:
        with scopes_disabled():
            try:
                device = Device.objects.select_related("brand", "store").get(
                    token_digest=hashlib.sha256(key.encode()).digest(),
                    revoked_at__isnull=True,
                    store__is_active=True,
                )
            except Device.DoesNotExist:
                raise exceptions.AuthenticationFailed from None
        return None, device


class MayRedeem(permissions.BasePermission):
    def has_permission(self, request: Request, view: APIView) -> bool:
        return isinstance(request.auth, Device) and device_profiles.may_open(
            request.auth.profile, "api-redemptions"
        )


class Refused(exceptions.APIException):
    status_code = 409
    default_detail = "This gift can't be redeemed."


class RedemptionRequest(serializers.Serializer[Any]):
    code = serializers.CharField(max_length=64)
    amount = serializers.IntegerField(required=False, min_value=1)
    basket_total = serializers.IntegerField(required=False, min_value=0)
    client_time = serializers.DateTimeField(required=False)

    def validate_code(self, value: str) -> str:
        return value.replace("-", "").replace(" ", "").upper()


class GiftSerializer(serializers.ModelSerializer[Code]):
    class Meta:
        model = Code
        fields = ("label", "kind", "recipient_name", "balance", "currency")


class RedemptionSerializer(serializers.ModelSerializer[Redemption]):
    status = serializers.CharField(default="redeemed", read_only=True)
    gift = GiftSerializer(source="code")
    reversible_until = serializers.SerializerMethodField()

    class Meta:
        model = Redemption
        fields = (
            *("id", "status", "amount", "currency", "extra_amount", "gift", "choices"),
            *("redeemed_at", "reversible_until"),
        )

    def get_reversible_until(self, redemption: Redemption) -> str:
        return (redemption.redeemed_at + redemption.brand.reversal_window).isoformat()


class RedemptionView(APIView):
    authentication_classes = (DeviceAuthentication,)
    permission_classes = (MayRedeem,)

    def post(self, request: Request) -> Response:
        reader = RedemptionRequest(data=request.data)
        reader.is_valid(raise_exception=True)
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            raise exceptions.ValidationError({"Idempotency-Key": ["This header is required."]})
        asked = reader.validated_data
        device = cast(Device, request.auth)
        digest = keyed(json.dumps(asked, sort_keys=True, default=str))
        with transaction.atomic(), scope(brand=device.brand):
            record, is_new = IdempotencyRecord.objects.get_or_create(
                device=device, key=key, defaults={"request_digest": digest}
            )
            if not is_new:
                if bytes(record.request_digest) != digest:
                    return Response({"detail": "The key was used before."}, status=422)
                return Response(json.loads(record.body), status=record.status_code)
            redemption = self.redeem(device, key, asked)
            body = RedemptionSerializer(redemption).data
            record.status_code, record.body = 201, json.dumps(body)
            record.save()
        return Response(body, status=201)

    def redeem(self, device: Device, key: str, asked: dict[str, Any]) -> Redemption:
        now = timezone.now()
        try:
            code = Code.objects.select_for_update().get(digest=keyed(asked["code"]))
        except Code.DoesNotExist:
            raise exceptions.NotFound from None
        amount = asked.get("amount", code.balance)
        if (
            code.state != Code.State.ACTIVE
            or not code.valid_from <= now < code.expires_at
            or code.brand_id != device.brand_id
            or (code.store_ids and device.store_id not in code.store_ids)
            or amount > code.balance
        ):
            raise Refused
        redemption = Redemption.objects.create(
            brand=device.brand,
            code=code,
            store=device.store,
            device=device,
            amount=amount,
            currency=code.currency,
            basket_total=asked.get("basket_total"),
            client_time=asked.get("client_time"),
            idempotency_key=key,
            redeemed_at=now,
        )
        code.balance -= amount
        if code.balance == 0:
            code.state, code.state_at = Code.State.REDEEMED, now
        code.save()
        entry = JournalEntry.objects.create(
            brand=device.brand,
            kind=JournalEntry.Kind.REDEMPTION,
            reference=f"redemption:{redemption.pk}",
            occurred_at=now,
        )
        Posting.objects.create(
            entry=entry,
            brand=device.brand,
            account=Account.GIFT_LIABILITY,
            amount=amount,
            currency=code.currency,
            code=code,
        )
        Posting.objects.create(
            entry=entry,
            brand=device.brand,
            account=Account.STORE_PAYABLE if device.store.operator else Account.SALES,
            amount=-amount,
            currency=code.currency,
            store=device.store,
        )
        return redemption


urlpatterns = [path("api/v1/redemptions/", RedemptionView.as_view())]
