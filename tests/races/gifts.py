"""Gifts to race for."""

from collections.abc import Sequence

from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from core.ids import uuid7
from redemption.choices import Choice
from redemption.codes import issue as issue_codes
from redemption.models import Code


def issue(
    brand: Brand,
    count: int,
    *,
    amount: int = 100,
    kind: Code.Kind = Code.Kind.ITEM,
    choices: Sequence[Choice] = (),
) -> list[Code]:
    """Paid codes of `amount` minor units each."""
    batch = uuid7()
    with scope(brand=brand):
        return issue_codes.issue(
            brand=brand,
            reference=f"race:{batch}",
            origin=Code.Origin.PAID,
            specs=[
                issue_codes.CodeSpec(
                    reference=f"race:{batch}:{n}",
                    label="Scoop",
                    amount=amount,
                    kind=kind,
                    choices=choices,
                )
                for n in range(count)
            ],
            now=timezone.now(),
        )
