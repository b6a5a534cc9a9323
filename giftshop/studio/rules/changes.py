"""An owner changes the brand's rules: reversing, voiding by two, expiry, breakage."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from brands.models import Brand
from brands.policy.countries import law_of, shortest_validity
from brands.policy.law import GiftKind, Rule
from core.forms.version import check_version
from core.row_diff import change
from redemption.audit.actors import Actor
from redemption.audit.log import Act, record


@dataclass(frozen=True, kw_only=True)
class Rules:
    """As on the brand's row. Limits in minor units; `breakage_after_days`: None is never; `withdrawal_days`:
    None is what holds without a word of the brand's. `vat_rate`: basis points; None: no VAT at the sale."""

    reversal_window_seconds: int
    managers_reverse_same_day: bool
    void_limit: int
    goodwill_person_limit: int
    goodwill_store_limit: int
    breakage_after_days: int | None
    gift_valid_days: int
    withdrawal_days: int | None
    returns_as: str
    unopened_days: int
    returns_unopened: bool
    people_kept_days: int
    vat_rate: int | None
    vat_on_amounts: bool
    shows_counter_link: bool

    @classmethod
    def of(cls, brand: Brand) -> "Rules":
        return cls(
            reversal_window_seconds=brand.reversal_window_seconds,
            managers_reverse_same_day=brand.managers_reverse_same_day,
            void_limit=brand.void_limit,
            goodwill_person_limit=brand.goodwill_person_limit,
            goodwill_store_limit=brand.goodwill_store_limit,
            breakage_after_days=brand.breakage_after_days,
            gift_valid_days=brand.gift_valid_days,
            withdrawal_days=brand.withdrawal_days,
            returns_as=brand.returns_as,
            unopened_days=brand.unopened_days,
            returns_unopened=brand.returns_unopened,
            people_kept_days=brand.people_kept_days,
            vat_rate=brand.vat_rate,
            vat_on_amounts=brand.vat_on_amounts,
            shows_counter_link=brand.shows_counter_link,
        )


class TooShort(ValueError):
    """The law gives more days. `field`: to which rule of the brand."""

    def __init__(self, field: str, rule: Rule[int]) -> None:
        super().__init__(rule.source)
        self.field, self.rule = field, rule


def change_rules(
    *, brand: Brand, rules: Rules, by: Actor, now: datetime | None = None, seen: str = ""
) -> list[str]:
    """Answers the names of the rules that changed; none when all was so already. Gifts that were
    issued keep the day until which they are good. Raises TooShort for fewer days than the law of the
    brand's country asks for, IntegrityError beyond what the row allows, and SavedSince where `seen`, the
    version of the rules that whoever asks was shown, is not the one kept."""
    with transaction.atomic():
        kept = Brand.objects.select_for_update(no_key=True).get(pk=brand.pk)
        check_version(seen, kept=asdict(Rules.of(kept)), wanted=asdict(rules))
        for field, floor in floors(kept.country).items():
            days = getattr(rules, field)
            if floor and days is not None and days < floor.value:
                raise TooShort(field, floor)
        changes = change(kept, asdict(rules))
        if changes:
            record(
                brand=kept,
                actor=by,
                act=Act.POLICY_CHANGED,
                subject=f"brand:{kept.pk}",
                now=now or timezone.now(),
                details={"changes": changes, "currency": kept.currency},
            )
    return list(changes)


def floors(country: str) -> dict[str, Rule[int] | None]:
    """How many days the law gives at least, by the name of the rule."""
    return {
        "gift_valid_days": shortest_validity(country, GiftKind.PAID),
        "withdrawal_days": law_of(country).withdrawal_days,
    }
