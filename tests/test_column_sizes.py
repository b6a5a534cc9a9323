"""Money is kept in 64 bits: whole numbers of 32 or 16 bits are counts, and each is named here."""

import pytest
from django.apps import apps
from django.db import connection, models

OURS = ("core", "brands", "redemption", "giftshop", "campaigns")

COUNTS = {
    "position": "A place in a list.",
    "version": "How often something was made or sent anew.",
    "kid": "The number of a key.",
    "pin_kid": "The number of a key.",
    "count": "How often somebody did something.",
    "codes": "How many codes an entry is about.",
    "attempt": "Which try it is.",
    "tries": "How many tries there were.",
    "attempts": "How many tries there were.",
    "attempts_made": "How many tries there were.",
    "times_short": "How often a balance did not reach.",
    "session_epoch": "How often somebody was signed out everywhere.",
    "term": "How often a lease changed hands.",
    "quantity": "Gifts of one order.",
    "gifts": "How many gifts a part of an amount makes redeemed.",
    "hour": "Of a day.",
    "stars": "Of a review, or of several.",
    "stars_lately": "Of several reviews.",
    "least_recipients": "People.",
    "shown": "Reviews.",
    "shown_lately": "Reviews.",
    "given_lately": "Gifts.",
    "focus_x": "Percent.",
    "focus_y": "Percent.",
    "min_picks": "Options to pick.",
    "max_picks": "Options to pick.",
    "gift_valid_days": "Days.",
    "withdrawal_days": "Days.",
    "breakage_after_days": "Days.",
    "people_kept_days": "Days.",
    "unopened_days": "Days.",
    "reversal_window_seconds": "Seconds.",
    "status_code": "Of HTTP.",
    "vat_rate": "Basis points.",
    "segments": "Parts of a text.",
    "generation": "Orders of a chain.",
    "asks": "How often somebody was asked.",
    "least_gifts": "Gifts of one order.",
    "good_days": "Days.",
    "number": "Codes of a handout.",
    "uses_max": "Uses of an offer.",
    "uses_a_day_max": "Uses of an offer.",
    "percent": "Off an order.",
    "used": "Uses of an offer.",
    "used_that_day": "Uses of an offer.",
    "latitude": "A place.",
    "longitude": "A place.",
    **dict.fromkeys(("likes", "comments", "shares"), "Of a post in its network, on one day."),
}
MONEY = {
    "amount",
    "balance",
    "extra_amount",
    "basket_total",
    "total",
    "fee",
    "budget",
    "spent",
    "cost",
}


def our_tables() -> list[str]:
    return [
        model._meta.db_table for model in apps.get_models() if model.__module__.startswith(OURS)
    ]


@pytest.mark.django_db
def test_no_column_of_32_bits_holds_money() -> None:
    """Whoever adds a column says with COUNTS that it counts, or makes it a BigIntegerField."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name || '.' || column_name, column_name, data_type"
            "  FROM information_schema.columns WHERE table_schema = 'public' AND table_name = ANY(%s)"
            "   AND data_type IN ('smallint', 'integer', 'real', 'double precision', 'numeric')",
            [our_tables()],
        )
        columns = cursor.fetchall()
    assert len(columns) > 20
    assert {where for where, name, _type in columns if name not in COUNTS} == set()
    assert {name for _where, name, kind in columns if kind not in ("smallint", "integer")} == {
        "latitude",
        "longitude",
    }
    assert not MONEY & COUNTS.keys()


def test_money_that_a_model_names_takes_64_bits() -> None:
    fields = [
        field
        for model in apps.get_models()
        if model.__module__.startswith(OURS)
        for field in model._meta.concrete_fields
        if field.name in MONEY or field.name.endswith(("_amount", "_limit", "_total"))
    ]
    assert {field.name for field in fields} >= MONEY
    assert [str(each) for each in fields if not isinstance(each, models.BigIntegerField)] == []
