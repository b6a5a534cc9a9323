"""Every file of a release goes out under a name that says its content, and may be kept for ever."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ReleaseStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # no types
    """Also what a script imports is named by its hash: a page never runs the modules of two releases."""

    support_js_module_import_aggregation = True
