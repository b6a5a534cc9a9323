"""Brands never see each other's rows, by construction.

A model that belongs to a brand gets its manager from `scoped(...)`. Outside `with scope(brand=brand):`
such a manager refuses to answer (ScopeError); inside, every query carries the brand. A door that must
look before it knows the brand (a secret token, a webhook) says so with `scopes_disabled()`.
"""

from typing import TypeVar, cast

from django.db import models
from django_scopes import ScopedManager

Q = TypeVar("Q", bound="models.QuerySet[models.Model]")


def scoped(queryset: type[Q]) -> Q:
    """A manager with the queryset's words, bound to the brand in scope.

    Typed as the queryset itself: that is what callers use it as.
    """
    manager = models.Manager.from_queryset(queryset)
    return cast(Q, ScopedManager(_manager_class=manager, brand="brand"))
