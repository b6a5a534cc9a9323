"""Files go when nothing has shown them for a month, and never before."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from giftshop.catalog.models import Treat
from giftshop.operator import retention
from giftshop.outbox import relay
from giftshop.pictures import files
from giftshop.pictures.forget import KEPT_DAYS
from giftshop.pictures.models import Picture
from giftshop.pictures.place import Place
from giftshop.pictures.upload import upload
from redemption.audit.actors import SYSTEM
from tests.giftshop.pictures.uploads import photo

pytestmark = pytest.mark.django_db(transaction=True)


def uploaded(spot: Place) -> Picture:
    with scope(brand=spot.brand):
        return upload(place=spot, file=BytesIO(photo()), by=SYSTEM, now=timezone.now())


def folders(root: Path) -> set[str]:
    return {path.name for path in root.iterdir() if path.name != "uploads"}


def test_the_old_one_stays_a_month_and_the_shown_one_for_ever(
    spot: Place, treat: Treat, pictures_folder: Path
) -> None:
    old = uploaded(spot)
    relay.drain()
    new = uploaded(spot)
    relay.drain()
    assert folders(pictures_folder) == {old.folder, new.folder}
    for days, kept in [(KEPT_DAYS - 1, {old.folder, new.folder}), (KEPT_DAYS + 1, {new.folder})]:
        retention.run(now=timezone.now() + timedelta(days=days))
        assert folders(pictures_folder) == kept
    with scopes_disabled():
        assert [each.pk for each in Picture.objects.all()] == [new.pk]
        shown = Treat.objects.get(pk=treat.pk).picture
    assert all(files.read(name) for _width, _height, name in shown["wide"])


def test_one_that_was_cut_off_on_its_way_goes_with_its_file(
    spot: Place, pictures_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row is written first, so nothing lies there that nobody knows of."""
    monkeypatch.setattr("giftshop.pictures.upload._put_aside", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        uploaded(spot)
    with scopes_disabled():
        [left] = Picture.objects.all()
    assert (pictures_folder / left.upload_name).exists()
    retention.run(now=timezone.now() + timedelta(days=KEPT_DAYS + 1))
    assert not (pictures_folder / left.upload_name).exists()
    with scopes_disabled():
        assert not Picture.objects.exists()


def test_files_that_are_gone_already_keep_no_row(spot: Place, pictures_folder: Path) -> None:
    picture = uploaded(spot)
    with scopes_disabled():
        Picture.objects.filter(pk=picture.pk).update(unused_since=timezone.now())
    (pictures_folder / picture.upload_name).unlink()
    assert sum(retention.run(now=timezone.now() + timedelta(days=KEPT_DAYS + 1)).values()) >= 1
    with scopes_disabled():
        assert not Picture.objects.exists()
