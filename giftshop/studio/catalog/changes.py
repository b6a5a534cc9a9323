"""An owner adds a treat or changes one: its words, its picture, its sizes with prices, what is chosen.

What was sold keeps what was promised: a gift's code carries its own choices, an order its own amounts.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from brands import slugs
from brands.models import Brand
from core import money
from core.forms.version import check_version, version_of
from core.row_diff import Changes, change
from giftshop.catalog.models import SIZE_KEY, Option, OptionGroup, Price, Treat
from giftshop.catalog.translations import Translated, Translations, further_languages
from giftshop.studio.catalog.facts import GroupFacts, SizeFacts, TreatFacts
from giftshop.studio.catalog.renames import renames
from redemption.audit.actors import Actor
from redemption.audit.log import Act, record

KEY_LENGTH_MAX = 36
RESERVED = {"new", "ready", "sheet"}
"""Words that stand in the studio's addresses where a treat's would."""


def add_treat(
    *, brand: Brand, facts: TreatFacts, by: Actor, now: datetime, is_active: bool = True
) -> Treat:
    """A new treat at the end of the menu, or the one that is just so already: it was sent twice. Expects the
    brand's scope."""
    with transaction.atomic():
        _take_turns(brand)
        if twin := _just_so(facts, brand, now, is_active):
            return twin
        last = Treat.objects.aggregate(last=Max("position"))["last"] or 0
        stem = slugs.stem(facts.name, otherwise="treat")
        taken = set(Treat.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
        treat = Treat.objects.create(
            brand=brand,
            slug=slugs.free(stem, taken | RESERVED),
            position=last + 1,
            is_active=is_active,
            translations=facts.translations,
            **facts.columns(),
        )
        _write_first(treat, facts)
        told = {**facts.columns(), **_said(treat)}
        first: Changes = {name: [None, value] for name, value in told.items() if value}
        _record(treat, Act.TREAT_ADDED, by, now, first)
    return treat


def change_treat(
    *, treat: Treat, facts: TreatFacts, by: Actor, now: datetime, seen: str = ""
) -> bool:
    """Whether anything changed. Its address stays. Expects the brand's scope. `seen`: the version of the
    facts that whoever asks was shown; raises SavedSince where that is not the one kept."""
    with transaction.atomic():
        kept = held(treat)
        as_kept = TreatFacts.of(kept, now.astimezone(kept.brand.tz).date()).said()
        check_version(seen, kept=as_kept, wanted=facts.said())
        if version_of(as_kept) == version_of(facts.said()):
            return False  # else a second click would give the sizes new keys
        before = _said(kept)
        changes = change(kept, facts.columns())
        _translate(kept, facts.translations, kept.brand)
        _write_sizes(kept, facts.sizes)
        _write_groups(kept, facts.groups)
        after = _said(kept)
        changes |= {
            name: [before[name], after[name]] for name in after if before[name] != after[name]
        }
        if changes:
            record_change(kept, by, now, changes)
    return bool(changes)


def archive_treat(*, treat: Treat, by: Actor, now: datetime) -> None:
    """Off the menu; gifts of it that are out stay good. Expects the brand's scope."""
    _turn(treat, False, Act.TREAT_ARCHIVED, by, now)


def restore_treat(*, treat: Treat, by: Actor, now: datetime) -> None:
    """On the menu again, where it stood. Expects the brand's scope."""
    _turn(treat, True, Act.TREAT_RESTORED, by, now)


def move_treat(*, treat: Treat, up: bool) -> None:
    """One place up or down among those on the menu; nothing at its end. Expects the brand's scope."""
    with transaction.atomic():
        _take_turns(treat.brand)
        order = list(Treat.objects.in_menu_order())
        place = next((at for at, other in enumerate(order) if other.pk == treat.pk), None)
        if place is None:
            return
        there = place - 1 if up else place + 1
        if not 0 <= there < len(order):
            return
        order[place], order[there] = order[there], order[place]
        for position, other in enumerate(order, start=1):
            other.position = position
        Treat.objects.bulk_update(order, ["position"])


def _turn(treat: Treat, is_active: bool, act: Act, by: Actor, now: datetime) -> None:
    with transaction.atomic():
        kept = held(treat)
        if change(kept, {"is_active": is_active}):
            _record(kept, act, by, now, {})


def _just_so(facts: TreatFacts, brand: Brand, now: datetime, is_active: bool) -> Treat | None:
    """The treat of the menu, or off it, of which all this is said, word for word."""
    day = now.astimezone(brand.tz).date()
    named = Treat.objects.filter(name=facts.name, is_active=is_active).select_related("brand")
    wanted = version_of(facts.said())
    for treat in named.prefetch_related("prices", "option_groups__options"):
        if version_of(TreatFacts.of(treat, day).said()) == wanted:
            return treat
    return None


def _take_turns(brand: Brand) -> None:
    """One change of a brand's menu at a time."""
    Brand.objects.select_for_update(no_key=True).get(pk=brand.pk)


def held(treat: Treat) -> Treat:
    """As it is now, locked; nobody else changes the menu until the end of the transaction."""
    _take_turns(treat.brand)
    return Treat.objects.select_for_update(of=("self",)).select_related("brand").get(pk=treat.pk)


def _write_first(treat: Treat, facts: TreatFacts) -> None:
    """The parts of a treat that has none yet: 3 statements however many."""
    Price.objects.bulk_create(
        Price(
            treat=treat,
            key=key,
            translations=size.translations,
            position=position,
            **size.columns(),
        )
        for position, (key, size) in enumerate(
            zip(_keys(facts.sizes, set()), facts.sizes, strict=True), start=1
        )
    )
    groups = OptionGroup.objects.bulk_create(
        OptionGroup(
            treat=treat,
            key=key,
            name=group.name,
            min_picks=group.min_picks,
            max_picks=group.max_picks,
            position=position,
            translations=group.translations,
        )
        for position, (key, group) in enumerate(
            zip(_keys(facts.groups, set()), facts.groups, strict=True), start=1
        )
    )
    Option.objects.bulk_create(
        option
        for group, said in zip(groups, facts.groups, strict=True)
        for option in _first_options(group, said)
    )


def _first_options(group: OptionGroup, said: GroupFacts) -> Iterable[Option]:
    taken: set[str] = set()
    for at, (label, extra) in enumerate(said.options):
        key = _free_key(label, taken, "option")
        taken.add(key)
        words = said.option_translations[at] if said.option_translations else {}
        yield Option(
            group=group,
            key=key,
            label=label,
            extra=extra,
            position=at + 1,
            translations=words,
        )


def _write_sizes(treat: Treat, sizes: Sequence[SizeFacts]) -> None:
    kept = {price.key: price for price in treat.prices.all()}
    keys = _keys(sizes, set(kept))
    gone = set(kept) - set(keys)
    Price.objects.filter(treat=treat, key__in=gone).delete()
    for position, (key, size) in enumerate(zip(keys, sizes, strict=True), start=1):
        values = {**size.columns(), "position": position}
        if key in kept:
            change(kept[key], values)
            _translate(kept[key], size.translations, treat.brand)
        else:
            Price.objects.create(treat=treat, key=key, translations=size.translations, **values)


def _write_groups(treat: Treat, groups: Sequence[GroupFacts]) -> None:
    kept = {group.key: group for group in treat.option_groups.all()}
    keys = _keys(groups, set(kept))
    OptionGroup.objects.filter(treat=treat, key__in=set(kept) - set(keys)).delete()
    for position, (key, facts) in enumerate(zip(keys, groups, strict=True), start=1):
        values = {
            "name": facts.name,
            "min_picks": facts.min_picks,
            "max_picks": facts.max_picks,
            "position": position,
        }
        if key in kept:
            group = kept[key]
            change(group, values)
        else:
            group = OptionGroup.objects.create(treat=treat, key=key, **values)
        _translate(group, facts.translations, treat.brand)
        _write_options(group, facts)


def _write_options(group: OptionGroup, facts: GroupFacts) -> None:
    """An option is known by its label, or by one that reads like it: then it keeps its key, and what stores
    told of it."""
    options = facts.options
    words = dict(zip((label for label, _extra in options), facts.option_translations, strict=False))
    kept = {option.label: option for option in group.options.all()}
    labels = [label for label, _extra in options]
    renamed = renames(kept.keys() - set(labels), set(labels) - kept.keys())
    kept |= {label: kept[old] for label, old in renamed.items()}
    stays = {kept[label].pk for label in labels if label in kept}
    Option.objects.filter(group=group).exclude(pk__in=stays).delete()
    taken = {option.key for option in kept.values() if option.pk in stays}
    for position, (label, extra) in enumerate(options, start=1):
        if label in kept:
            unsaid: dict[str, Any] = {"allergens": None, "diet": []} if label in renamed else {}
            told = {"label": label, "extra": extra, "position": position, **unsaid}
            change(kept[label], told)  # under another name it may be made of other things
            _translate(kept[label], words.get(label, {}), group.treat.brand)
            continue
        key = _free_key(label, taken, "option")
        taken.add(key)
        Option.objects.create(
            group=group,
            key=key,
            label=label,
            extra=extra,
            position=position,
            translations=words.get(label, {}),
        )


def _translate(row: Translated, said: Translations, brand: Brand) -> None:
    """In the languages that are shown; words in one that the brand left wait until it comes back to it."""
    shown = {*further_languages(brand), brand.language}
    unseen = {tag: words for tag, words in row.translations.items() if tag not in shown}
    change(row, {"translations": {**unseen, **said}})


def _keys(rows: Iterable[SizeFacts | GroupFacts], kept: set[str]) -> list[str]:
    """Of each row: its own where it has one, else one made from its name."""
    wanted = list(rows)
    taken = {row.key for row in wanted if row.key in kept} | {SIZE_KEY}
    keys: list[str] = []
    for row in wanted:
        is_own = row.key in kept and row.key not in keys  # a row may be sent twice
        key = row.key if is_own else _free_key(row.name, taken | kept, "one")
        taken.add(key)
        keys.append(key)
    return keys


def _free_key(name: str, taken: set[str], otherwise: str) -> str:
    return slugs.free(slugs.stem(name, otherwise=otherwise, length=KEY_LENGTH_MAX), taken)


def _said(treat: Treat) -> dict[str, list[str]]:
    """Sizes and groups as the audit log tells them: ["Large 8.50 USD"], ["Flavour: Mint, Vanilla"]."""
    fresh = Treat.objects.prefetch_related("prices", "option_groups__options").get(pk=treat.pk)
    currency = treat.brand.currency
    return {
        "sizes": [_price_said(price, currency) for price in fresh.prices.all()],
        "translations": sorted(_translated(fresh)),
        "option_groups": [
            f"{group.name}: {', '.join(option.label for option in group.options.all())}"
            for group in fresh.option_groups.all()
        ],
    }


def _price_said(price: Price, currency: str) -> str:
    if price.most is not None:
        most = money.number(price.most, currency)
        return f"{money.number(price.amount, currency)} to {most} {currency}"
    said = f"{price.name} {money.number(price.amount, currency)} {currency}"
    if price.later_amount is None:
        return said
    return f"{said}, {money.number(price.later_amount, currency)} from {price.later_from}"


def _translated(treat: Treat) -> set[str]:
    """["de: Eisbecher"]: of all its parts."""
    rows: list[Translated] = [treat, *treat.prices.all(), *treat.option_groups.all()]
    rows += [option for group in treat.option_groups.all() for option in group.options.all()]
    return {
        f"{language}: {words}"
        for row in rows
        for language, said in row.translations.items()
        for words in said.values()
    }


def record_change(treat: Treat, by: Actor, now: datetime, changes: Changes) -> None:
    """On the audit log."""
    _record(treat, Act.TREAT_CHANGED, by, now, changes)


def _record(treat: Treat, act: Act, by: Actor, now: datetime, changes: Changes) -> None:
    record(
        brand=treat.brand,
        actor=by,
        act=act,
        subject=f"treat:{treat.pk}",
        now=now,
        details={"name": treat.name, **({"changes": _written(changes)} if changes else {})},
    )


def _written(changes: Changes) -> Changes:
    """With days as the audit log keeps them: "2026-12-05"."""
    return {
        name: [value.isoformat() if isinstance(value, date) else value for value in pair]
        for name, pair in changes.items()
    }
