"""Brands never see each other's rows, by construction.

A model that belongs to a brand has a BrandManager. Outside `with scope(brand=brand):` such a manager
refuses to answer (ScopeError); inside, every query carries the brand. An entry point that must look before it
knows the brand (a secret token, a webhook) says so with `scopes_disabled()`. Both come from
django-scopes.
"""

from functools import lru_cache
from typing import Any, TypeVar, cast

from django.db import models
from django_scopes.manager import DisabledQuerySet
from django_scopes.state import get_scope

M = TypeVar("M", bound=models.Model)


def scoped_to() -> object:
    """What the scope that one is in was opened with: a brand or its id. None outside of any."""
    current = get_scope()
    return current.get("brand") if current.get("_enabled", True) else None


@lru_cache(maxsize=1024)
def _of_brand(rows_of: Any, model: type[models.Model], using: str | None, brand: Any) -> Any:
    """That rows are the brand's, by its id, is composed once. What reads any of them begins with a copy."""
    return rows_of(model=model, using=using).filter(brand=brand)


class BrandManager(models.Manager[M]):
    """django-scopes' manager for the one dimension we have, in a form that type checkers can follow."""

    def get_queryset(self) -> models.QuerySet[M]:
        current = get_scope()
        if not current.get("_enabled", True):
            return super().get_queryset()
        if "brand" not in current:
            refusing = DisabledQuerySet(self.model, using=self._db, missing_scopes={"brand"})
            return cast("models.QuerySet[M]", refusing)
        brand = getattr(current["brand"], "pk", current["brand"])
        return cast(
            "models.QuerySet[M]", _of_brand(self._rows_of, self.model, self._db, brand).all()
        )

    @property
    def _rows_of(self) -> Any:
        return cast("Any", self)._queryset_class
