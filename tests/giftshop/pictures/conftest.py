"""A storage of pictures of the test's own."""

from pathlib import Path
from typing import Any

import pytest

from brands.models import Brand
from giftshop.catalog.models import Treat
from giftshop.pictures.models import Picture
from giftshop.pictures.place import Place


@pytest.fixture(autouse=True)
def pictures_folder(tmp_path: Path, settings: Any) -> Path:
    folder = tmp_path / "pictures"
    options = {**settings.STORAGES["pictures"]["OPTIONS"], "location": str(folder)}
    kept = {**settings.STORAGES["pictures"], "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "pictures": kept}
    return folder


@pytest.fixture
def spot(brand: Brand, treat: Treat) -> Place:
    return Place(brand, Picture.Purpose.TREAT, treat)
