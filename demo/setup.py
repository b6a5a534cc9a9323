"""A brand with all that belongs to it before the first sender comes. Made once; a second call finds it."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from brands.models import Brand, Store
from campaigns.links import links
from campaigns.models import Campaign
from campaigns.planning import campaigns
from demo import contents
from demo.brands import FURTHER, OPERATOR, PASSWORD, Account, DemoBrand
from demo.menus import Entry
from demo.promotions import Promotion
from demo.stores import Place
from giftshop.accounts.models import Membership, User
from giftshop.catalog.contents import Contents
from giftshop.catalog.models import Option, OptionGroup, Price, Treat
from giftshop.catalog.translations import cleaned
from redemption.models import Device, StaffMember
from redemption.till import devices

INVITED = "Demo tablet"
NO_SECOND_FACTOR_FOR = timedelta(days=3650)
"""The demo's people sign in with their password alone, as long as a demo lives; each may add a passkey."""


def operator() -> User:
    """Who runs the demo; made once."""
    found = User.objects.filter(email=OPERATOR.email).first()
    found = found or User.objects.create_user(
        OPERATOR.email, PASSWORD, name=OPERATOR.name, is_staff=True
    )
    found.grace_from = timezone.now() + NO_SECOND_FACTOR_FOR
    found.save(update_fields=["grace_from"])
    return found


def brand(data: DemoBrand) -> Brand:
    """The brand's own row; the rest belongs inside its scope."""
    found, _created = Brand.objects.get_or_create(
        slug=data.slug,
        defaults={
            "name": data.name,
            "tagline": data.tagline,
            "language": data.language,
            "currency": data.currency,
            "country": data.country,
            "time_zone": data.time_zone,
            "support_email": data.support_email,
            "legal_name": data.legal_name,
            "legal_address": data.legal_address,
            "opened_at": timezone.now(),
            "theme": data.theme,
        },
    )
    return found


def found(data: DemoBrand, owned: Brand, *, first_day: date, days: int) -> None:
    """Menu, stores with teams and devices, accounts, campaigns with links. Expects the brand's scope."""
    today = first_day + timedelta(days=days)
    new = [
        entry
        for position, entry in enumerate(data.menu, start=1)
        if _treat(data, owned, entry, position, today)
    ]
    for place in data.stores:
        _store(data, owned, place)
    for entry in new:
        _keep_to_its_stores(entry)
    users = {account.role: _user(owned, account) for account in data.accounts}
    for promotion in data.promotions:
        _campaign(owned, promotion, first_day=first_day, days=days, by=users["marketer"])


def pairing_link(store: Store) -> str:
    """A fresh one-time token for a device at the store; the last one, if nobody used it, is void."""
    waiting = Device.objects.filter(
        store=store, name=INVITED, pairing_digest__isnull=False, token_digest__isnull=True
    )
    waiting.delete()
    _device, token = devices.invite(store=store, name=INVITED)
    return token


def _keep_to_its_stores(entry: Entry) -> None:
    if entry.stores:
        with transaction.atomic():
            Treat.objects.filter(slug=entry.slug).update(all_stores=False)
            Treat.objects.get(slug=entry.slug).stores.set(
                Store.objects.filter(slug__in=entry.stores)
            )


def _treat(data: DemoBrand, owned: Brand, entry: Entry, position: int, today: date) -> bool:
    """Whether it is new."""
    first, last = (
        (today + timedelta(days=each) for each in entry.days) if entry.days else (None, None)
    )
    treat, created = Treat.objects.get_or_create(
        brand=owned,
        slug=entry.slug,
        defaults={
            **_said(data, name=entry.name, description=entry.description, category=entry.category),
            "art": entry.art or f"art/{owned.theme['art']}/{entry.slug}.svg",
            "position": position,
            "on_sale_from": first,
            "on_sale_until": last,
            **_contents(contents.TREATS.get(entry.slug, Contents())),
        },
    )
    if not created:
        return False
    Price.objects.bulk_create(
        Price(
            treat=treat,
            key=key,
            **_said(data, name=name),
            amount=amount,
            position=place,
            most=entry.most,
            suggested=list(entry.suggested),
        )
        for place, (key, name, amount) in enumerate(entry.sizes, start=1)
    )
    for place, group in enumerate(entry.groups, start=1):
        offered = OptionGroup.objects.create(
            treat=treat,
            key=group.key,
            **_said(data, name=group.name),
            min_picks=group.least,
            max_picks=group.most,
            position=place,
        )
        Option.objects.bulk_create(
            Option(
                group=offered,
                key=key,
                **_said(data, label=label),
                extra=extra,
                position=row,
                **_contents(contents.CHOICES.get(key, Contents()), treat),
            )
            for row, (key, label, extra) in enumerate(group.options, start=1)
        )
    return True


def _said(data: DemoBrand, **texts: str) -> dict[str, Any]:
    """Columns: the texts, and what they are in further languages."""
    further = {
        language: {field: data.words[text][place] for field, text in texts.items() if text}
        for place, language in enumerate(FURTHER)
    }
    return {**texts, "translations": cleaned(further)}


def _contents(told: Contents, treat: Treat | None = None) -> dict[str, Any]:
    """Columns; of a choice without the marks that its treat rules out."""
    allergens = None if told.allergens is None else list(told.allergens)
    ruled_out = told.ruled_out(treat.allergens or ()) if treat else {}
    return {"allergens": allergens, "diet": [each for each in told.diet if each not in ruled_out]}


def _store(data: DemoBrand, owned: Brand, place: Place) -> None:
    store, created = Store.objects.get_or_create(
        brand=owned,
        slug=place.slug,
        defaults={
            "name": place.name,
            "street": place.street,
            "city": place.city,
            "region": place.region,
            "postal_code": place.postal_code,
            "country": data.country,
            "latitude": place.latitude,
            "longitude": place.longitude,
            "time_zone": data.time_zone,
            "hours": list(place.hours),
            "operator": place.operator,
            "phone": place.phone,
        },
    )
    if created:
        _team(store, place.team)
        devices.pair_directly(store=store, name=place.device)


def _team(store: Store, team: Iterable[tuple[str, str, str]]) -> None:
    for name, role, pin in team:
        member = StaffMember(brand_id=store.brand_id, name=name, role=role)
        member.set_pin(pin)
        member.save()
        member.stores.add(store)


def _user(owned: Brand, account: Account) -> User:
    user = User.objects.filter(email=account.email).first()
    if user is None:
        user = User.objects.create_user(account.email, PASSWORD, name=account.name)
    with transaction.atomic():
        member, created = Membership.objects.get_or_create(
            user=user,
            brand=owned,
            defaults={
                "role": account.role,
                "all_stores": not account.stores,
            },
        )
        # Also of a demo that is older than second factors.
        member.grace_from = timezone.now() + NO_SECOND_FACTOR_FOR
        member.save(update_fields=["grace_from"])
        if created:
            member.stores.set(Store.objects.filter(slug__in=account.stores))
    return user


def _campaign(owned: Brand, promotion: Promotion, *, first_day: date, days: int, by: User) -> None:
    if Campaign.objects.filter(name=promotion.name).exists():
        return
    campaign = campaigns.plan(
        brand=owned,
        name=promotion.name,
        headline=promotion.headline,
        starts_on=first_day + timedelta(days=round(promotion.starts * days)),
        ends_on=(
            None
            if promotion.ends is None
            else first_day + timedelta(days=round(promotion.ends * days))
        ),
        budget=promotion.budget,
        spent=promotion.spent,
        treats=Treat.objects.filter(slug__in=promotion.treats),
        by=by,
    )
    for way in promotion.ways:
        treat = Treat.objects.get(slug=way.treat) if way.treat else None
        links.add(campaign=campaign, channel=way.channel, name=way.name, treat=treat)
