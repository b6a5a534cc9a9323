"""Every file of a release goes out under a name that says its content, and may be kept for ever.

What a kind of page needs is joined first (bundles.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

from giftshop.static_files import bundles


class ReleaseStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # no types
    """Also what a script imports is named by its hash: a page never runs the modules of two releases."""

    support_js_module_import_aggregation = True

    def post_process(self, paths: dict[str, Any], *args: Any, **options: Any) -> Iterator[Any]:
        """Adds the bundles before names are made; raises CannotJoinError for what can't be joined."""
        if not options.get("dry_run"):
            self._join(paths)
        yield from super().post_process(paths, *args, **options)

    def _join(self, paths: dict[str, Any]) -> None:
        def read(name: str) -> str:
            storage, path = paths[name]
            with storage.open(path) as file:
                return str(file.read().decode())

        for name, text in bundles.joined(read).items():
            if self.exists(name):
                self.delete(name)
            self.save(name, ContentFile(text.encode()))
            paths[name] = (self, name)
