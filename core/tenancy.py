"""Brands never see each other's rows, by construction.

A model that belongs to a brand has a BrandManager. Outside `with scope(brand=brand):` such a manager
refuses to answer (ScopeError); inside, every query carries the brand. An entry point that must look before it
knows the brand (a secret token, a webhook) says so with `scopes_disabled()`. Both come from
django-scopes.
"""

from typing import TypeVar, cast

from django.db import models
from django_scopes.manager import DisabledQuerySet
from django_scopes.state import get_scope

M = TypeVar("M", bound=models.Model)


class BrandManager(models.Manager[M]):
    """django-scopes' manager for the one dimension we have, in a form that type checkers can follow."""

    def get_queryset(self) -> models.QuerySet[M]:
        current = get_scope()
        if not current.get("_enabled", True):
            return super().get_queryset()
        if "brand" not in current:
            refusing = DisabledQuerySet(self.model, using=self._db, missing_scopes={"brand"})
            return cast("models.QuerySet[M]", refusing)
        return super().get_queryset().filter(brand=current["brand"])
