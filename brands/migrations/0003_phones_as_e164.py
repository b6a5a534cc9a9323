"""Phones that can be read become +12065550162; any other text stays as somebody typed it."""

from typing import Any

import phonenumbers
from django.db import migrations
from phonenumbers import NumberParseException, PhoneNumberFormat


def read_phones(apps: Any, schema_editor: Any) -> None:
    stores = apps.get_model("brands", "Store").objects
    for pk, phone, country in stores.exclude(phone="").values_list("pk", "phone", "country"):
        kept = as_e164(phone, country)
        if kept != phone:
            stores.filter(pk=pk, phone=phone).update(phone=kept)


def as_e164(phone: str, country: str) -> str:
    try:
        number = phonenumbers.parse(phone, country or None)
    except NumberParseException:
        return phone
    if not phonenumbers.is_valid_number(number):
        return phone
    kept = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    if number.extension:
        kept += f";ext={number.extension}"
    return kept if len(kept) <= 32 else phone


class Migration(migrations.Migration):
    dependencies = [("brands", "0002_brand_language")]

    operations = [
        # Back again nothing is done: older versions show this form too.
        migrations.RunPython(read_phones, migrations.RunPython.noop, elidable=True),
    ]
