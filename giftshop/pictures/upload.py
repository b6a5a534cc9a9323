"""An owner uploads a picture, moves its focus, or takes it away again."""

from datetime import datetime
from typing import IO, Any

from django.db import transaction

from brands.shown_picture import no_picture
from giftshop.outbox.outbox import emit
from giftshop.outbox.topics import Topic
from giftshop.pictures import files
from giftshop.pictures.models import Picture
from giftshop.pictures.place import Place
from redemption.audit.actors import Actor
from redemption.audit.log import Act, record


def upload(
    *,
    place: Place,
    file: IO[bytes],
    alt: str = "",
    focus: tuple[int, int] = (50, 50),
    by: Actor,
    now: datetime,
) -> Picture:
    """Keep a judged file and have its sizes made; until then the place shows what it shows. Expects the
    brand's scope and no transaction. What is still on its way for the place is put aside.

    The row stands before the file: whatever is cut off in between goes by it (forget.py). Raises PlaceGone,
    and outside_calls.NoAnswer when the storage fails.
    """
    with transaction.atomic():
        place.held()
        picture = Picture.objects.create(
            brand=place.brand,
            purpose=place.purpose,
            treat=place.treat,
            news=place.news,
            campaign_id=place.campaign.pk if place.campaign else None,
            alt=alt,
            focus_x=focus[0],
            focus_y=focus[1],
            created_at=now,
            unused_since=now,
        )
    files.take_in(picture.upload_name, file)
    with transaction.atomic():
        place.held()
        _put_aside(place, {Picture.State.WAITING, Picture.State.FAILED}, now)
        picture.state, picture.unused_since = Picture.State.WAITING, None
        picture.save(update_fields=["state", "unused_since"])
        emit(
            topic=Topic.PICTURE_UPLOADED,
            brand_id=place.brand.pk,
            payload={"picture_id": str(picture.pk)},
            now=now,
        )
        _record(place, Act.PICTURE_UPLOADED, by, now)
    return picture


def change_words(*, place: Place, alt: str, by: Actor, now: datetime) -> None:
    """What is read to who cannot see it. Expects the brand's scope. Raises PlaceGone."""
    with transaction.atomic():
        held = place.held()
        shown = held.shown()
        old = shown.get("alt", "")
        if not shown or old == alt:
            return
        held.show({**shown, "alt": alt})
        held.pictures().filter(state=Picture.State.READY, unused_since=None).update(alt=alt)
        _record(held, Act.PICTURE_CHANGED, by, now, {"alt": [old, alt]})


def take_away(*, place: Place, by: Actor, now: datetime) -> None:
    """Show the drawing again, or nothing; also what is still on its way is dropped. Expects the brand's
    scope. The files stay a while: see forget.py."""
    with transaction.atomic():
        held = place.held()
        if _put_aside(held, set(Picture.State), now):
            held.show(no_picture())
            _record(held, Act.PICTURE_REMOVED, by, now)


def drop(*, place: Place, now: datetime) -> None:
    """What it is of is deleted: nothing shows its pictures from now on. Expects the brand's scope, and the
    transaction in which it goes."""
    _put_aside(place, set(Picture.State), now)


def _put_aside(place: Place, states: set[Any], now: datetime) -> int:
    kept = place.pictures().filter(state__in=states, unused_since=None)
    return kept.update(unused_since=now)


def _record(
    place: Place, act: Act, by: Actor, now: datetime, changes: dict[str, Any] | None = None
) -> None:
    record(
        brand=place.brand,
        actor=by,
        act=act,
        subject=place.subject,
        now=now,
        details={
            "name": place.name,
            "picture": place.purpose,
            **({"changes": changes} if changes else {}),
        },
    )
