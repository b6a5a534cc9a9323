"""In which languages a brand's words can be read."""

from brands.models import Brand
from giftshop.catalog.brands import languages_of


def further_languages(brand: Brand) -> list[str]:
    """Those beside its own."""
    return [tag for tag in languages_of(brand) if tag != brand.language]
