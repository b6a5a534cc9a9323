"""Django's backend for PostgreSQL, with a pool that loses no connection."""

import os
from typing import Any

from django.db import connections
from django.db.backends.base.base import NO_DB_ALIAS
from django.db.backends.postgresql import base

from giftshop.postgresql.pool import Pool


class DatabaseWrapper(base.DatabaseWrapper):
    _connection_pools: dict[str, Pool]

    @property
    def pool(self) -> Pool | None:
        """This process's; None where the settings name no pool."""
        options: dict[str, Any] | None = self.settings_dict["OPTIONS"].get("pool")
        if self.alias == NO_DB_ALIAS or not options:
            return None
        pool = self._connection_pools.get(self.alias)
        if pool is None:
            made = Pool(
                kwargs={**self.get_connection_params(), "autocommit": True},
                configure=self._configure_connection,  # type: ignore[attr-defined]
                **options,
            )
            pool = self._connection_pools.setdefault(self.alias, made)
        return pool


_of_parent: list[object] = []
"""Kept, so that nothing of it is closed here."""


def _leave_to_parent() -> None:
    """A fork shares its parent's sockets, and has none of the threads that look after a pool."""
    pools = DatabaseWrapper._connection_pools
    _of_parent.extend(pools.values())
    pools.clear()
    for wrapper in connections.all(initialized_only=True):
        _of_parent.append(wrapper.connection)
        wrapper.connection = None


os.register_at_fork(after_in_child=_leave_to_parent)
