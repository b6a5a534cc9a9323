"""What a brand still needs before its first sale, and before its first gift is handed over."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from brands.models import Brand, Store
from giftshop.catalog.models import Treat
from giftshop.legal.wants import missing
from giftshop.studio.brand import law_pages
from redemption.models import Device, StaffMember


@dataclass(frozen=True)
class Need:
    """One line of the checklist."""

    key: str
    title: str | Promise
    why: str | Promise
    page: str
    """The name of the address where it is done."""
    is_for_sale: bool = True
    """Nothing is sold before; else it can wait until the first gift is shown."""


NEEDS = (
    Need(
        "name",
        _("Say who you are"),
        _("The name and address that the law wants to see, and where questions go."),
        "studio_brand_contact",
    ),
    Need(
        "store",
        _("Add a store"),
        _("Where a gift is enjoyed, with its hours."),
        "studio_stores",
    ),
    Need(
        "treat",
        _("Add a treat with a price"),
        _("What friends give. One is enough to begin with."),
        "studio_treats",
    ),
    Need(
        "payments",
        _("Try the payments"),
        _("We ask Stripe whether it takes money for you. Nothing is charged."),
        "payments_trial",
    ),
    Need(
        "approval",
        _("We look at your shop"),
        _("Whoever runs this site says yes once, before it sells. You read it here."),
        "shop_opening",
    ),
    Need(
        "staff",
        _("Add somebody who hands over"),
        _("With a PIN of four digits, for the device at the counter."),
        "studio_staff",
        is_for_sale=False,
    ),
    Need(
        "device",
        _("Connect a device"),
        _("Any phone will do, or something larger. It scans the gifts."),
        "devices",
        is_for_sale=False,
    ),
)


@dataclass(frozen=True)
class Step:
    need: Need
    url: str
    is_done: bool
    missing: str = ""
    """In words: what of it is not there yet."""
    note: str = ""


@dataclass(frozen=True)
class Checklist:
    """All needs in the order in which they are met."""

    steps: list[Step]
    met: frozenset[str]
    """The keys of all that is there."""

    @property
    def can_open(self) -> bool:
        return all(step.is_done for step in self.steps if step.need.is_for_sale)

    @property
    def is_done(self) -> bool:
        return all(step.is_done for step in self.steps)

    @property
    def done(self) -> int:
        return sum(step.is_done for step in self.steps)

    @property
    def next(self) -> Step | None:
        return next((step for step in self.steps if not step.is_done), None)


def read(brand: Brand) -> Checklist:
    """As it is now. Of a shop that has opened: what it needs to hand over, and what it sold with and has no
    more. One query; expects the brand's scope."""
    met = _met(brand)
    steps = [
        Step(
            need,
            reverse(need.page, args=[brand.slug]),
            need.key in met,
            law_pages.missing_words(brand) if need.key == "name" else "",
            law_pages.wanted_words(brand) if need.key == "name" else "",
        )
        for need in NEEDS
        if (brand.opened_at is None or not need.is_for_sale or _is_lost(need, met))
        and (need.key != "approval" or brand.awaits_approval)
    ]
    return Checklist(steps, met)


def _is_lost(need: Need, met: frozenset[str]) -> bool:
    """What an open shop sold with, and has no more."""
    return need.key in {"treat", "store"} and need.key not in met


def _met(brand: Brand) -> frozenset[str]:
    """The keys of what is there."""
    own, today = OuterRef("pk"), timezone.localdate(timezone.now(), brand.tz)
    row = (
        Brand.objects.filter(pk=brand.pk)
        .annotate(
            has_treat=Exists(Treat.objects.on_sale(today).filter(brand=own)),
            has_store=Exists(Store.objects.open_for_gifts().filter(brand=own)),
            has_staff=Exists(StaffMember.objects.filter(brand=own, is_active=True)),
            has_device=Exists(Device.objects.paired().filter(brand=own)),
        )
        .get()
    )
    found = {key for key in ("treat", "store", "staff", "device") if getattr(row, f"has_{key}")}
    if not missing(row):
        found.add("name")
    if row.payments_tried_at is not None:
        found.add("payments")
    if not row.awaits_approval:
        found.add("approval")
    return frozenset(found)
