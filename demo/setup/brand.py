"""A brand is opened, filled and begins to sell, before the first sender comes."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django_scopes import scope

from brands.models import Brand, Store
from demo.brands import DemoBrand
from demo.setup import campaigns, menu, people
from demo.stores import Place
from giftshop.accounts.access import actor_of
from giftshop.accounts.models import User
from giftshop.operator.brands.open import BrandFacts, open_brand
from giftshop.studio.brand.changes import Contact, Look, Words, change_brand
from giftshop.studio.opening.open import open_shop
from giftshop.studio.stores.changes import StoreFacts, add_store
from redemption.models import Device
from redemption.till import devices

INVITED = "Demo tablet"


def begin(data: DemoBrand, *, first_day: date, days: int, now: datetime) -> Brand:
    """With team, stores, menu and campaigns, all of it or nothing."""
    with transaction.atomic():
        operator = people.operator(now=now)
        brand = open_brand(facts=_facts(data), by=operator, now=now)
        with scope(brand=brand):
            owner = people.owner(data, brand, by=operator, now=now)
            _say_who_it_is(data, brand, owner, now)
            for place in data.stores:
                store = _store(data, brand, place, owner, now)
                people.team(place, store, by=owner, now=now)
            colleagues = people.colleagues(data, brand, by=owner, now=now)
            today = first_day + timedelta(days=days)
            menu.add(data, brand, today=today, by=owner, now=now)
            by = actor_of(colleagues["marketer"])
            campaigns.add(data, brand, first_day=first_day, days=days, by=by, now=now)
            # Of the past nobody can ask Stripe: what is paid in it never went there.
            Brand.objects.filter(pk=brand.pk).update(payments_tried_at=now)
            open_shop(brand, by=actor_of(owner), now=now)
    brand.refresh_from_db()
    return brand


def pairing_link(store: Store) -> str:
    """A fresh one-time token for a device at the store; the last one, if nobody used it, is void."""
    waiting = Device.objects.filter(
        store=store, name=INVITED, pairing_digest__isnull=False, token_digest__isnull=True
    )
    waiting.delete()
    _device, token = devices.invite(store=store, name=INVITED)
    return token


def _facts(data: DemoBrand) -> BrandFacts:
    return BrandFacts(
        name=data.opened_as or data.name,
        country=data.country,
        currency=data.currency,
        time_zone=data.time_zone,
        language=data.language,
    )


def _say_who_it_is(data: DemoBrand, brand: Brand, owner: User, now: datetime) -> None:
    """As the steps of the guide ask for it."""
    said = {"tagline": data.tagline, "story": data.story}
    words = Words(name=data.name, **said, translations=data.in_further(**said))
    contact = Contact(
        legal_name=data.legal_name,
        representative=data.representative,
        legal_address=data.legal_address,
        register_entry=data.register_entry,
        tax_id="",
        support_email=data.support_email,
        support_phone="",
    )
    for facts in (words, contact, Look(theme=data.theme)):
        change_brand(brand=brand, facts=facts, by=actor_of(owner), now=now)


def _store(data: DemoBrand, brand: Brand, place: Place, owner: User, now: datetime) -> Store:
    facts = StoreFacts(
        name=place.name,
        street=place.street,
        city=place.city,
        region=place.region,
        postal_code=place.postal_code,
        country=data.country,
        phone=place.phone,
        latitude=place.latitude,
        longitude=place.longitude,
        time_zone=data.time_zone,
        hours=place.hours,
        operator=place.operator,
    )
    return add_store(brand=brand, facts=facts, by=actor_of(owner), now=now)
