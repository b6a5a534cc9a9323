"""Pictures that nothing shows any more, and their files. Pages that somebody left open, previews of links and
copies in caches show them a while longer; e-mails bring their own."""

from datetime import datetime
from typing import Any

from giftshop.pictures import files
from giftshop.pictures.models import Picture

KEPT_DAYS = 30


def forget(keys: list[Any], *, cutoff: datetime) -> int:
    """Delete these if they are unused since before the cutoff; how many went. The files first: what is cut
    off in between is found again by its row."""
    gone = 0
    for picture in Picture.objects.filter(pk__in=keys, unused_since__lt=cutoff):
        files.remove(picture.folder, picture.upload_name)
        gone += Picture.objects.filter(pk=picture.pk).delete()[0]
    return gone
