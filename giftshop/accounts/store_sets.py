"""The stores of a member: all of the brand's, or some, of which alone they see and change anything."""

from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

from brands.models import Store, StoreQuerySet
from giftshop.accounts.models import Membership
from redemption.models import StaffMember

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class StoreSet:
    """`ids` of the stores; None: whichever the brand has. An empty set is no store at all."""

    ids: frozenset[UUID] | None

    @classmethod
    def of(cls, membership: Membership) -> "StoreSet":
        """One query, none for a member of the whole brand."""
        if membership.all_stores:
            return cls(None)
        own = Membership.stores.through.objects.filter(membership_id=membership.pk)
        return cls(frozenset(own.values_list("store_id", flat=True)))

    @property
    def is_whole_brand(self) -> bool:
        return self.ids is None

    def within(self, rows: "QuerySet[M]", key: str = "store") -> "QuerySet[M]":
        """Those rows whose `key` is one of these stores."""
        return rows if self.ids is None else rows.filter(**{f"{key}__in": self.ids})

    def stores(self) -> StoreQuerySet:
        """Expects the brand's scope."""
        found: StoreQuerySet = Store.objects.all()
        return found if self.ids is None else found.filter(pk__in=self.ids)

    def staff(self) -> "QuerySet[StaffMember]":
        """Whoever works at one of these stores, perhaps elsewhere too. Expects the brand's scope."""
        if self.ids is None:
            return StaffMember.objects.all()
        works = StaffMember.stores.through.objects.filter(store_id__in=self.ids)
        return StaffMember.objects.filter(pk__in=works.values("staffmember_id"))


EVERYWHERE = StoreSet(None)
