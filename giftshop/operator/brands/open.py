"""Opening a brand: its own row, with an address for its shop. What it sells comes from its studio."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django_scopes import scope

from brands import slugs
from brands.models import Brand
from brands.policy.limits import first_limits
from giftshop.accounts.access import actor_of
from giftshop.accounts.models import AccountLetter, User
from giftshop.sign_in import letters
from redemption.audit.log import Act, record

TRIES_MAX = 5
RESERVED = {"new"}
"""Words that stand in the operator's addresses where a brand's would."""


@dataclass(frozen=True, kw_only=True)
class BrandFacts:
    """What has to be known of a brand before it is there. As in the model."""

    name: str
    country: str
    """ISO 3166-1, two letters."""
    currency: str
    """ISO 4217; for ever once something was sold."""
    time_zone: str
    language: str
    """In which it writes, as BCP 47 has it."""


def open_brand(
    *, facts: BrandFacts, by: User, now: datetime, awaits_approval: bool = False
) -> Brand:
    """A new brand without stores, treats and members. Its shop sells nothing yet and, where it awaits
    approval, not before an operator looked at it."""
    for _try in range(TRIES_MAX):
        try:
            with transaction.atomic():
                brand = Brand.objects.create(
                    slug=_free_slug(facts.name),
                    awaits_approval=awaits_approval,
                    **asdict(facts),
                    **first_limits(facts.currency),
                )
                with scope(brand=brand):
                    record(
                        brand=brand,
                        actor=actor_of(by),
                        act=Act.BRAND_OPENED,
                        subject=f"brand:{brand.pk}",
                        now=now,
                        details=asdict(facts),
                    )
            return brand
        except IntegrityError:  # two of one name in the same moment: the next number is free
            continue
    raise RuntimeError("no free address for this brand was found")


def approve_brand(brand: Brand, *, by: User, now: datetime) -> bool:
    """Its operator looked at it: from now on its owner may open the shop. Whether that was still to be
    said. Its owners are told."""
    with transaction.atomic():
        if not Brand.objects.filter(pk=brand.pk, awaits_approval=True).update(
            awaits_approval=False
        ):
            return False
        with scope(brand=brand):
            record(
                brand=brand,
                actor=actor_of(by),
                act=Act.BRAND_APPROVED,
                subject=f"brand:{brand.pk}",
                now=now,
                details={"name": brand.name},
            )
        for owner in User.objects.owning(brand):
            kind = AccountLetter.Kind.BRAND_APPROVED
            letters.write(owner, kind=kind, secret=str(brand.pk), now=now, by_brand=False)
    return True


def _free_slug(name: str) -> str:
    """frosty-spoon, frosty-spoon-2, ...; `shop` for a name without Latin letters."""
    stem = slugs.stem(name, otherwise="shop")
    taken = Brand.objects.filter(slug__startswith=stem).values_list("slug", flat=True)
    return slugs.free(stem, {*taken, *RESERVED})
