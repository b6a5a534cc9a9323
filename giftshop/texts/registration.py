"""Whether phone companies take a brand's texts at all: what the provider said last."""

from datetime import datetime

from brands.models import Brand


def note_refused(*, brand: Brand, code: int, now: datetime) -> None:
    """Nobody is texted by this brand until an owner or its operator says that it was put right."""
    Brand.objects.filter(pk=brand.pk).exclude(texts_refused=str(code)).update(
        texts_refused=str(code), texts_refused_at=now
    )
    brand.texts_refused, brand.texts_refused_at = str(code), now
