"""A copied treat gets a picture of its own: that of the other may be replaced, and its files go."""

from io import BytesIO

import pytest
from django.utils import timezone
from django_scopes import scope

from giftshop.catalog.models import Treat
from giftshop.pictures import files, prepare
from giftshop.pictures.models import Picture
from giftshop.pictures.place import Place
from giftshop.pictures.upload import upload
from giftshop.studio.catalog.copy import copy_treat
from redemption.audit.actors import SYSTEM
from tests.giftshop.pictures.uploads import photo

pytestmark = pytest.mark.django_db(transaction=True)


def test_its_files_stay_when_those_of_the_first_go(spot: Place, treat: Treat) -> None:
    now = timezone.now()
    with scope(brand=spot.brand):
        first = upload(
            place=spot, file=BytesIO(photo()), alt="Ice", focus=(10, 20), by=SYSTEM, now=now
        )
        prepare.prepare(picture_id=first.pk, now=now)
        treat = Treat.objects.select_related("brand").get(pk=treat.pk)
        copied = copy_treat(treat=treat, by=SYSTEM, now=now)
        own = Picture.objects.get(treat=copied)
        assert (own.alt, own.focus_x, own.focus_y) == ("Ice", 10, 20)
        assert copy_treat(treat=treat, by=SYSTEM, now=now).pk == copied.pk
        assert Picture.objects.filter(treat=copied).count() == 1
        prepare.prepare(picture_id=own.pk, now=now)
        files.remove(first.folder)
        shown = Treat.objects.get(pk=copied.pk).picture
        assert files.read(shown["wide"][0][2])
