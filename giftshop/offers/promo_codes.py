"""Codes that a sender types to have something taken off: WELCOME10. No secret: whoever has it may use it."""

import re
import unicodedata

from django.db import models
from django.db.models import F, Value

LENGTH_MIN, LENGTH_MAX = 4, 20
TYPED_LENGTH_MAX = 64
FROM, TO = "OIL", "011"
"""Letters that are read for digits, and the digits: either is right."""
_CODE = re.compile(rf"[A-Z0-9]{{{LENGTH_MIN},{LENGTH_MAX}}}")
_KEY = str.maketrans(FROM, TO)

KEY = models.Func(
    F("promo_code"),
    Value(FROM),
    Value(TO),
    function="translate",
    output_field=models.CharField(max_length=LENGTH_MAX),
)
"""key_of(), as the database has it of a code that is kept."""


def read(typed: str) -> str:
    """As it is kept and shown: "welcome 10" -> WELCOME10; empty for what can be no code."""
    words = unicodedata.normalize("NFKC", typed[:TYPED_LENGTH_MAX]).upper()
    bare = re.sub(r"[\s\u2010-\u2015_-]", "", words)
    return bare if _CODE.fullmatch(bare) else ""


def key_of(typed: str) -> str:
    """As it is looked up: the same for WELCOME10 and WEICOMEl0."""
    return read(typed).translate(_KEY)
