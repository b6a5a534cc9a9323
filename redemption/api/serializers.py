"""The shapes of requests and answers. Reading is strict; a wrong field is named."""

import re
from typing import Any, NamedTuple

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core import money
from redemption.code_format import TEXT_LENGTH_MAX
from redemption.models.redemption import IDEMPOTENCY_KEY_LENGTH_MAX

CODE_TEXT_LENGTH_MAX = TEXT_LENGTH_MAX
AMOUNT_MAX = money.MINOR_UNITS_MAX
PICKS_MAX = 20
UNKNOWN_NAMED_MAX = 20
"""Unknown fields that an answer names: a misspelt one is among the first, a flood is not told in full."""


def idempotency_key(header: str) -> str:
    """The key in an Idempotency-Key header, or an empty text for what can be none. `"k"`, as the draft
    of the IETF has it, is the same key as `k`."""
    quoted = len(header) > 1 and header[0] == header[-1] == '"'
    key = header[1:-1] if quoted else header
    return key if IDEMPOTENCY_KEY.fullmatch(key) else ""


class Sum(NamedTuple):
    """Minor units, and the currency if it was named."""

    amount: int
    currency: str = ""


class Strict(serializers.Serializer[Any]):
    """Refuses fields it does not know, so that a misspelt one is never silently ignored."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            unknown = sorted(set(map(str, data)) - set(self.fields))[:UNKNOWN_NAMED_MAX]
            if unknown:
                raise serializers.ValidationError({name: ["Unknown field."] for name in unknown})
        return super().to_internal_value(data)


class MoneySerializer(Strict):
    amount = serializers.IntegerField(min_value=0, max_value=AMOUNT_MAX, help_text="Minor units.")
    currency = serializers.RegexField(r"^[A-Z]{3}$", help_text="ISO 4217.")


def _money_schema(least: int) -> dict[str, Any]:
    money: dict[str, Any] = {"$ref": "#/components/schemas/Money"}
    if least:
        money = {"allOf": [money, {"properties": {"amount": {"minimum": least}}}]}
    number = {
        "type": "integer",
        "minimum": least,
        "maximum": AMOUNT_MAX,
        "description": "Minor units of the gift's currency.",
    }
    return {"oneOf": [money, number]}


@extend_schema_field(_money_schema(0))
class MoneyField(serializers.Field[Any, Any, Any, Any]):
    """{"amount": 650, "currency": "USD"}, or 650 in the brand's currency."""

    default_error_messages = {"nothing": "Nothing is not an amount."}
    least = 0

    def to_internal_value(self, data: Any) -> Sum:
        sum_ = self._sum(data)
        if sum_.amount < self.least:
            self.fail("nothing")
        return sum_

    def _sum(self, data: Any) -> Sum:
        if isinstance(data, dict):
            money = MoneySerializer(data=data)
            money.is_valid(raise_exception=True)
            return Sum(**money.validated_data)
        field = serializers.IntegerField(min_value=0, max_value=AMOUNT_MAX)
        if isinstance(data, bool | float | str):
            field.fail("invalid")
        return Sum(int(field.run_validation(data)))

    def to_representation(self, value: Any) -> Any:
        return value


@extend_schema_field(_money_schema(1))
class PartField(MoneyField):
    """So much of a gift: nothing is no part."""

    least = 1


@extend_schema_field(
    {
        "type": "object",
        "maxProperties": PICKS_MAX,
        "additionalProperties": {
            "oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]
        },
        "example": {"flavour": "mint"},
    }
)
class PicksField(serializers.Field[Any, Any, Any, Any]):
    """{"flavour": "mint"} or {"toppings": ["nuts", "fudge"]}."""

    default_error_messages = {
        "shape": 'Give option keys by choice: {{"flavour": "mint"}} or {{"toppings": ["nuts"]}}.'
    }

    def to_internal_value(self, data: Any) -> dict[str, list[str]]:
        if not isinstance(data, dict) or len(data) > PICKS_MAX:
            self.fail("shape")
        return {str(key): self._options(value) for key, value in data.items()}

    def _options(self, value: Any) -> list[str]:
        options = [value] if isinstance(value, str) else value
        if not isinstance(options, list) or not all(isinstance(o, str) for o in options):
            self.fail("shape")
        return list(options)

    def to_representation(self, value: Any) -> Any:
        return value


def _staff(help_text: str) -> serializers.UUIDField:
    """A label: what a person may do comes from who signed in, and nobody signs in at a program."""
    return serializers.UUIDField(required=False, help_text=help_text)


class LookupRequest(Strict):
    code = serializers.CharField(max_length=CODE_TEXT_LENGTH_MAX)
    staff = _staff("Who asks, as the till says: a staff member's id.")


class RedemptionRequest(Strict):
    code = serializers.CharField(max_length=CODE_TEXT_LENGTH_MAX)
    amount = PartField(
        required=False, help_text="When absent: what is left, or the basket if that is less."
    )
    choices = PicksField(required=False)
    basket_total = MoneyField(required=False, help_text="What the recipient bought in all.")
    staff = _staff("Who served, as the till says: a staff member's id.")
    client_time = serializers.DateTimeField(required=False)


class ReversalRequest(Strict):
    reason = serializers.CharField(max_length=200)
    staff = _staff("Who did it, as the till says: a staff member's id.")


IDEMPOTENCY_KEY = re.compile(rf"[\x21-\x7e]{{1,{IDEMPOTENCY_KEY_LENGTH_MAX}}}")


# --- Answers, for the schema; redemption.redeem.payloads writes them --------------------------------------


class OptionAnswer(serializers.Serializer[Any]):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field, not the option
    extra = serializers.IntegerField()


class ChoiceAnswer(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField()
    chooser = serializers.ChoiceField(choices=["sender", "recipient"])
    min = serializers.IntegerField()
    max = serializers.IntegerField()
    options = OptionAnswer(many=True)
    picked = serializers.ListField(child=serializers.CharField())


class UseAnswer(serializers.Serializer[Any]):
    redeemed_at = serializers.DateTimeField()
    store = serializers.CharField()
    amount = MoneySerializer()


class GiftAnswer(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]  # a field, not the option
    kind = serializers.ChoiceField(choices=["item", "value"])
    recipient_name = serializers.CharField(allow_blank=True)
    balance = MoneySerializer()
    choices = ChoiceAnswer(many=True)
    expires_at = serializers.DateTimeField()
    last_day = serializers.DateField(help_text="To be shown: on the brand's calendar.")
    first_use = UseAnswer(required=False)
    valid_from = serializers.DateTimeField(required=False)


class LookupAnswer(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=["redeemable", "refused"])
    reason = serializers.CharField(required=False)
    detail = serializers.CharField(required=False)
    gift = GiftAnswer(required=False)


class RedeemedGift(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]  # a field, not the option
    kind = serializers.ChoiceField(choices=["item", "value"])
    recipient_name = serializers.CharField(allow_blank=True)


class RedemptionAnswer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=["redeemed"])
    redeemed = MoneySerializer()
    balance = MoneySerializer()
    extra = MoneySerializer()
    gift = RedeemedGift()
    choices = ChoiceAnswer(many=True)
    redeemed_at = serializers.DateTimeField()
    reversible_until = serializers.DateTimeField()


class ReversalAnswer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    redemption = serializers.UUIDField()
    status = serializers.ChoiceField(choices=["reversed"])
    reason = serializers.CharField()
    balance = MoneySerializer()
    reversed_at = serializers.DateTimeField()


class ProblemAnswer(serializers.Serializer[Any]):
    """RFC 9457."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    reason = serializers.CharField(help_text="Stable; for programs.")
    detail = serializers.CharField(help_text="For people.")
    first_use = UseAnswer(required=False)
    choices = ChoiceAnswer(many=True, required=False)
    balance = MoneySerializer(required=False)
    expires_at = serializers.DateTimeField(required=False)
    last_day = serializers.DateField(required=False)
    valid_from = serializers.DateTimeField(required=False)
    problem = serializers.CharField(required=False, help_text="What does not fit the gift.")
    detail_of = serializers.CharField(required=False, help_text="The choice that it is about.")
    retry_after = serializers.IntegerField(required=False, help_text="Seconds.")
    errors = serializers.DictField(required=False)  # type: ignore[assignment]  # a field
