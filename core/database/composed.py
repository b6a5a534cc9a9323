"""Questions of the ORM whose SQL is composed once.

Django composes the SQL of a question anew each time that it is asked. Of one that finds a row by its key
that takes ten times as long as PostgreSQL takes to answer. Where every order asks the same, the SQL is
kept here, with names in the places of its values. Kept is text that follows from the models alone: no
value, no connection, no brand.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connection, models
from django.db.transaction import TransactionManagementError
from django_scopes import ScopeError, scope

from core.tenancy import scoped_to

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True)
class _Name:
    of: str


def given(name: str) -> Any:
    """Stands in a queryset for a value that comes with each question."""
    return models.Value(_Name(name))


def given_list(name: str, of: str) -> Any:
    """Stands behind `__in` for a list of them, of any length; `of`: their type in PostgreSQL."""
    return models.Func(given(name), template=f"(SELECT unnest(%(expressions)s::{of}[]))")


class Composed(Generic[M]):
    """What `compose` answers, as a queryset with given() where values stand; of values_list(), or of whole
    rows of one model. Each question is asked in a brand's scope, and is about that brand.

    `compose` is called once in the life of a process: it depends on nothing that may change.
    """

    def __init__(self, compose: "Callable[[], models.QuerySet[M, Any]]") -> None:
        self._compose = compose

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        """The columns, in their order. Raises ScopeError outside of a brand's scope, KeyError for a value
        that is missing."""
        brand = scoped_to()
        if brand is None:
            raise ScopeError("a composed question is about one brand")
        values["brand"] = getattr(brand, "pk", brand)
        if self._queryset.query.select_for_update and connection.get_autocommit():
            raise TransactionManagementError("it locks rows: ask it in a transaction")
        sql, params, converters = self._composed
        with connection.cursor() as cursor:
            cursor.execute(
                sql, [values[each.of] if isinstance(each, _Name) else each for each in params]
            )
            rows = cursor.fetchall()
        return [_converted(row, converters) for row in rows] if converters else rows

    def get(self, **values: Any) -> M:
        """The one row, as get() reads it. Raises the model's DoesNotExist, and whatever rows() does."""
        found = self.rows(**values)
        if not found:
            nobody: M = self._queryset.none().get()  # raises it, and asks no database
            return nobody
        [row] = found
        return self._model.from_db(connection.alias, self._names, row)

    @cached_property
    def _queryset(self) -> "models.QuerySet[M, Any]":
        with scope(brand=given("brand")):
            return self._compose()

    @cached_property
    def _composed(self) -> tuple[str, tuple[Any, ...], dict[int, tuple[list[Any], Any]]]:
        """The SQL, its parameters, and what is still to be done to columns, by their place."""
        compiler = self._queryset.query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        return sql, params, compiler.get_converters([column for column, *_rest in compiler.select])

    @cached_property
    def _model(self) -> type[M]:
        return self._queryset.model

    @cached_property
    def _names(self) -> list[str]:
        return [field.attname for field in self._model._meta.concrete_fields]


def _converted(
    row: tuple[Any, ...], converters: dict[int, tuple[list[Any], Any]]
) -> tuple[Any, ...]:
    columns = list(row)
    for at, (steps, expression) in converters.items():
        for step in steps:
            columns[at] = step(columns[at], expression, connection)
    return tuple(columns)
