"""From an upload to what pages show: once, whatever is called twice, fails, or comes in between."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from giftshop.catalog.models import Treat
from giftshop.outbox import relay
from giftshop.outbox.models import Message
from giftshop.pictures import files, prepare
from giftshop.pictures.models import Picture
from giftshop.pictures.place import Place
from giftshop.pictures.upload import change_words, take_away, upload
from redemption.audit.actors import SYSTEM
from redemption.models import AuditEntry
from tests.giftshop.pictures.uploads import encoded, photo, quarters

NOW = timezone.now()

pytestmark = pytest.mark.django_db(transaction=True)


def uploaded(spot: Place, content: bytes | None = None, **more: Any) -> Picture:
    with scope(brand=spot.brand):
        file = BytesIO(content or photo())
        return upload(place=spot, file=file, by=SYSTEM, now=timezone.now(), **more)


def fresh(picture: Picture) -> Picture:
    with scope(brand=picture.brand):
        return Picture.objects.get(pk=picture.pk)


def on_disk(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def of_treat(treat: Treat) -> Any:
    with scope(brand=treat.brand):
        return Treat.objects.get(pk=treat.pk).picture


def test_while_it_waits_nothing_changes_and_then_it_is_shown(
    spot: Place, treat: Treat, pictures_folder: Path
) -> None:
    picture = uploaded(spot, alt="Mint in a cone")
    assert of_treat(treat) == {}
    assert on_disk(pictures_folder) == [picture.upload_name]
    assert relay.drain() >= 1
    found = of_treat(treat)
    assert found["alt"] == "Mint in a cone"
    assert [width for width, _height, _name in found["wide"]] == [320, 640, 800]
    named = {name for shape in found.values() if isinstance(shape, list) for *_size, name in shape}
    assert set(on_disk(pictures_folder)) == named, "the upload is gone, and nothing else is there"
    assert all(files.NAME.fullmatch(name) for name in named)
    ready = fresh(picture)
    assert (ready.state, ready.shown, ready.unused_since) == ("ready", found, None)


def test_a_task_that_comes_twice_does_nothing_the_second_time(spot: Place, treat: Treat) -> None:
    picture = uploaded(spot)
    with scope(brand=spot.brand):
        prepare.prepare(picture_id=picture.pk, now=NOW)
        before = of_treat(treat), fresh(picture).prepared_at
        prepare.prepare(picture_id=picture.pk, now=NOW + timedelta(hours=1))
    assert (of_treat(treat), fresh(picture).prepared_at) == before


def test_one_that_was_cut_off_midway_is_made_whole_by_the_next_try(
    spot: Place, treat: Treat, monkeypatch: pytest.MonkeyPatch, pictures_folder: Path
) -> None:
    picture = uploaded(spot)
    keep, kept = files.keep, []

    def dies(*args: Any) -> str:
        if len(kept) == 3:
            raise OSError("the disk is full")
        kept.append(keep(*args))
        return kept[-1]

    with scope(brand=spot.brand):
        monkeypatch.setattr(files, "keep", dies)
        with pytest.raises(OSError, match="full"):
            prepare.prepare(picture_id=picture.pk, now=NOW)
        assert (fresh(picture).state, of_treat(treat)) == ("waiting", {})
        monkeypatch.setattr(files, "keep", keep)
        prepare.prepare(picture_id=picture.pk, now=NOW)
    assert set(kept) < set(on_disk(pictures_folder))
    assert of_treat(treat)["wide"]


@pytest.mark.parametrize(
    ("content", "failure"), [(photo()[:3000], "broken"), (b"\xff\xd8\xff" + b"x" * 100, "broken")]
)
def test_one_that_fails_says_why_and_leaves_what_was_shown(
    spot: Place, treat: Treat, content: bytes, failure: str, pictures_folder: Path
) -> None:
    good = uploaded(spot)
    relay.drain()
    before = of_treat(treat)
    bad = uploaded(spot, content)
    relay.drain()
    assert (fresh(bad).state, fresh(bad).failure) == ("failed", failure)
    assert of_treat(treat) == before
    assert fresh(good).unused_since is None
    assert bad.upload_name not in on_disk(pictures_folder)
    assert not Message.objects.filter(done_at=None).exists(), "it is not tried for ever"


def test_a_file_that_is_gone_is_told(spot: Place, pictures_folder: Path) -> None:
    picture = uploaded(spot)
    (pictures_folder / picture.upload_name).unlink()
    relay.drain()
    assert fresh(picture).failure == "gone"


def test_a_newer_one_takes_the_place_whichever_is_ready_first(spot: Place, treat: Treat) -> None:
    first = uploaded(spot, encoded(quarters(640, 480), "PNG"))
    second = uploaded(spot)
    with scope(brand=spot.brand):
        prepare.prepare(picture_id=second.pk, now=NOW)
        prepare.prepare(picture_id=first.pk, now=NOW)
    assert of_treat(treat) == fresh(second).shown
    assert fresh(first).state == "waiting"
    assert fresh(first).unused_since
    third = uploaded(spot)
    relay.drain()
    assert of_treat(treat) == fresh(third).shown
    assert fresh(second).unused_since


def test_taken_away_it_is_gone_and_what_was_on_its_way_too(spot: Place, treat: Treat) -> None:
    uploaded(spot)
    relay.drain()
    late = uploaded(spot)
    with scope(brand=spot.brand):
        take_away(place=spot, by=SYSTEM, now=NOW)
    relay.drain()
    assert of_treat(treat) == {}
    assert fresh(late).unused_since
    with scope(brand=spot.brand):
        take_away(place=spot, by=SYSTEM, now=NOW)  # once more: nothing to do, nothing told
        acts = list(AuditEntry.objects.order_by("pk").values_list("act", flat=True))
    assert acts == ["picture.uploaded", "picture.uploaded", "picture.removed"]


def test_words_are_there_at_once_and_told(spot: Place, treat: Treat) -> None:
    picture = uploaded(spot, alt="old")
    relay.drain()
    with scope(brand=spot.brand):
        for _twice in range(2):
            change_words(place=spot, alt="<b>new</b>", by=SYSTEM, now=NOW)
        [entry] = AuditEntry.objects.filter(act="picture.changed")
    assert of_treat(treat)["alt"] == fresh(picture).alt == "<b>new</b>"
    assert entry.details["changes"] == {"alt": ["old", "<b>new</b>"]}


@pytest.mark.parametrize(
    ("purpose", "shape", "widths"),
    [("logo", "square", [96, 256]), ("hero", "wide", [640, 1200, 1400])],
)
def test_a_brand_has_its_own_and_its_theme_stays(
    brand: Brand, purpose: str, shape: str, widths: list[int]
) -> None:
    Brand.objects.filter(pk=brand.pk).update(theme={"accent": "#aa3355"})
    uploaded(Place(brand, Picture.Purpose(purpose)), encoded(quarters(1400, 800), "PNG"))
    relay.drain()
    found = Brand.objects.get(pk=brand.pk)
    assert [width for width, *_more in found.pictures[purpose][shape]] == widths
    assert found.theme == {"accent": "#aa3355"}


def refused(**columns: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Picture.objects.create(created_at=NOW, **columns)


def test_what_the_database_refuses(brand: Brand, treat: Treat) -> None:
    with scope(brand=brand):
        of = {"brand": brand, "purpose": "treat", "treat": treat}
        ready = {"state": "ready", "prepared_at": NOW}
        refused(**of, focus_x=101)
        refused(brand=brand, purpose="logo", treat=treat)
        refused(brand=brand, purpose="treat")
        refused(**of, state="ready")
        refused(**of, prepared_at=NOW)
        refused(**of, state="failed")
        refused(**of, failure="broken")
        for one in (of, {"brand": brand, "purpose": "logo"}):
            Picture.objects.create(created_at=NOW, **one, **ready)
            refused(**one, **ready)
            Picture.objects.create(created_at=NOW, unused_since=NOW, **one, **ready)


def test_another_brand_sees_none(spot: Place, other_brand: Brand) -> None:
    uploaded(spot)
    with scope(brand=other_brand):
        assert not Picture.objects.exists()
