"""What a gift offers to choose from, once for all gifts that offer the same."""

import json
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import models

from brands.models import Brand
from core.database.insert import insert
from core.ids import uuid8
from core.tenancy import BrandManager
from redemption import choices as gift_choices
from redemption.choices import Choice, Group, Picked

_in_one_way = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


class OptionListQuerySet(models.QuerySet["OptionList"]):
    def keep(self, lists: "Iterable[OptionList | None]") -> None:
        """Write those that no gift has had before. One statement, none for no list."""
        wanted = {each.pk: each for each in lists if each}
        # In one order for everybody: two who write the same lists at once wait one way only.
        insert([wanted[pk] for pk in sorted(wanted)], ignore_conflicts=True)


class OptionList(models.Model):
    """The database refuses to edit or delete one. Its key is the digest of what is in it, so that a gift
    which names it says what it offers, and a changed list no longer fits its key (`fits`)."""

    id = models.UUIDField(primary_key=True, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+")
    groups = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    objects = BrandManager.from_queryset(OptionListQuerySet)()

    def __str__(self) -> str:
        return ", ".join(group["name"] for group in self.groups)

    @classmethod
    def of(cls, brand: Brand, choices: Sequence[Choice]) -> "OptionList | None":
        """As it would be kept, whoever keeps it; None for nothing to choose."""
        if not choices:
            return None
        groups = gift_choices.without_picks(choices)
        return cls(id=cls._digest(brand.pk, groups), brand=brand, groups=groups)

    @staticmethod
    def _digest(brand_id: UUID, groups: Sequence[Group]) -> UUID:
        return uuid8(brand_id.bytes + _in_one_way(groups).encode())

    def fits(self) -> bool:
        """Whether it is what it was when it was written."""
        return bool(self.pk == self._digest(self.brand_id, self.groups))

    def with_picks(self, picked: Picked) -> list[Choice]:
        return gift_choices.with_picks(self.groups, picked)

    def with_words(self, picked: Picked) -> list[Choice]:
        return gift_choices.with_words(self.groups, picked)
