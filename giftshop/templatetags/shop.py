"""What a shop's templates ask of a treat, a store or a brand."""

from typing import Protocol

from django import template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import SuspiciousFileOperation
from django.urls import reverse
from django.utils import timezone

from brands import phone_numbers
from brands.models import Brand, Store
from giftshop.catalog import hours, menu, themes
from giftshop.catalog.brands import languages_of
from giftshop.catalog.contents import Told, told
from giftshop.catalog.models import Price, Treat
from giftshop.news.models import News
from giftshop.news.write import ON_SHOW_MAX
from giftshop.reviews import rank

register = template.Library()


class Drawn(Protocol):
    """What has a drawing of ours, in whatever room."""

    @property
    def art(self) -> str: ...


@register.simple_tag
def theme_url(brand: Brand) -> str:
    """The brand's stylesheet, addressed by its content so that it can be kept for ever."""
    return f"{reverse('theme', args=[brand.slug])}?v={themes.version(brand)}"


@register.simple_tag
def brand_art(brand: Brand, name: str) -> str:
    """Address of a drawing in the brand's folder ("hero.svg"), or an empty text when there is none."""
    folder = themes.art_folder(brand)
    return _address(f"{folder}/{name}") if folder else ""


@register.filter
def picture(treat: Treat | News | Drawn | None) -> str:
    """Address of its drawing, or an empty text when the file is missing, or where a page is about
    no treat."""
    return _address(treat.art) if treat and treat.art else ""


@register.filter
def phone(store: Store, country: str) -> str:
    """The store's number for readers of that country; what was typed, where that is no number."""
    return phone_numbers.shown(store.phone, country)


@register.filter
def call_link(store: Store) -> str:
    """tel:+12065550162, or an empty text."""
    return phone_numbers.link(store.phone)


@register.simple_tag
def shown_languages(brand: Brand) -> list[str]:
    """Those that a reader may choose on its pages."""
    return languages_of(brand)


@register.filter
def support_phone(brand: Brand) -> str:
    """The brand's number for questions, as people of its country write it."""
    return phone_numbers.shown(brand.support_phone, brand.country)


@register.filter
def support_call(brand: Brand) -> str:
    """Its tel: address, or an empty text."""
    return phone_numbers.link(brand.support_phone)


@register.filter
def cheapest(treat: Treat) -> Price:
    return menu.cheapest(treat)


@register.filter
def chosen_by_recipient(treat: Treat) -> str:
    return menu.chosen_by_recipient(treat)


@register.filter
def sizes(treat: Treat) -> list[str]:
    return menu.sizes(treat)


@register.filter
def offers(treat: Treat, of_menu: menu.Menu) -> list[menu.Offer]:
    """What of it can be picked: sizes, or amounts. No query after `on_the_menu()`."""
    return of_menu.offers_of(treat)


@register.filter
def contents(treat: Treat) -> Told:
    """Of it and its choices. No query after `on_the_menu()`."""
    groups = treat.option_groups.all()
    return told(
        treat.contents, [option.contents for group in groups for option in group.options.all()]
    )


@register.filter
def are_told(of_menu: menu.Menu) -> bool:
    """Whether anything is said of what is in any treat. No query."""
    return any(contents(treat) for treat in of_menu.treats)


@register.filter
def is_sold_out(treat: Treat, of_menu: menu.Menu) -> bool:
    """Today, in all stores. No query."""
    return treat.pk in of_menu.nowhere.treats


@register.filter
def is_size_sold_out(price: Price, of_menu: menu.Menu) -> bool:
    """Today, in all stores. No query."""
    return price.pk in of_menu.nowhere.sizes


@register.simple_tag
def news_on_show(brand: Brand) -> list[News]:
    """What the shop tells today, by the brand's calendar. One query, in the brand's scope."""
    today = timezone.localdate(timezone.now(), brand.tz)
    return list(News.objects.on_show(today)[:ON_SHOW_MAX])


@register.simple_tag
def standings(brand: Brand) -> rank.Standings:
    """What is told of the treats: reviews and ranking. One query, in the brand's scope."""
    return rank.read(timezone.localdate(timezone.now(), brand.tz))


@register.filter
def rating(treat: Treat, known: rank.Standings) -> rank.Rating | None:
    return known.ratings.get(treat.pk)


@register.filter
def today(store: Store) -> hours.Today:
    return hours.today(store, timezone.now())


@register.filter
def address(store: Store) -> str:
    return ", ".join(part for part in (store.street, store.city, store.region) if part)


def _address(path: str) -> str:
    try:
        return staticfiles_storage.url(path)
    except (ValueError, SuspiciousFileOperation):  # an unknown file must not take the page down
        return ""
