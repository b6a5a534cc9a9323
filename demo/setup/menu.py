"""A brand's menu, as its owner types it."""

from datetime import date, datetime, timedelta

from brands import slugs
from brands.models import Brand, Store
from demo import contents
from demo.brands import DemoBrand
from demo.menus import Entry, Group
from giftshop.accounts.access import actor_of
from giftshop.accounts.models import User
from giftshop.catalog.contents import Contents
from giftshop.catalog.models import Treat
from giftshop.studio.catalog.changes import add_treat
from giftshop.studio.catalog.contents import options_of, say_contents
from giftshop.studio.catalog.facts import GroupFacts, SizeFacts, TreatFacts
from giftshop.studio.catalog.stores import say_stores


def add(data: DemoBrand, brand: Brand, *, today: date, by: User, now: datetime) -> None:
    """Its treats, what is in each, and which stores have it. Expects the brand's scope, and the stores.
    `today`: the last day of the past."""
    actor = actor_of(by)
    for entry in data.menu:
        facts = _facts(data, entry, today)
        treat = add_treat(brand=brand, facts=facts, by=actor, now=now)
        say_contents(treat=treat, contents=_contents(treat), by=actor, now=now)
        if entry.stores:
            where = list(Store.objects.filter(slug__in=entry.stores))
            say_stores(treat=treat, where=where, by=actor, now=now)


def _facts(data: DemoBrand, entry: Entry, today: date) -> TreatFacts:
    first, last = (
        (today + timedelta(days=each) for each in entry.days) if entry.days else (None, None)
    )
    texts = {
        "name": entry.name,
        "description": entry.description,
        "category": entry.category,
    }
    return TreatFacts(
        **texts,
        art=f"art/{data.theme['art']}/{entry.art or slugs.stem(entry.name, otherwise='')}.svg",
        on_sale_from=first,
        on_sale_until=last,
        sizes=tuple(
            SizeFacts(
                name=name,
                amount=amount,
                most=entry.most,
                suggested=entry.suggested,
                translations=data.in_further(name=name),
            )
            for name, amount in entry.sizes
        ),
        groups=tuple(_group(data, group) for group in entry.groups),
        translations=data.in_further(**texts),
    )


def _group(data: DemoBrand, group: Group) -> GroupFacts:
    return GroupFacts(
        name=group.name,
        min_picks=group.least,
        max_picks=group.most,
        options=group.options,
        translations=data.in_further(name=group.name),
        option_translations=tuple(data.in_further(label=label) for label, _extra in group.options),
    )


def _contents(treat: Treat) -> list[Contents]:
    """Of the treat, then of each choice, without the marks that the treat rules out."""
    own = contents.TREATS.get(treat.name, Contents())
    told = [contents.CHOICES.get(each.label, Contents()) for each in options_of(treat)]
    return [own, *(_beside(own, each) for each in told)]


def _beside(own: Contents, choice: Contents) -> Contents:
    ruled_out = choice.ruled_out(own.allergens or ())
    return Contents(choice.allergens, tuple(mark for mark in choice.diet if mark not in ruled_out))
