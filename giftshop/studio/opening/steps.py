"""The guided opening of a shop: one step after the other, saved at each, left and resumed at will.

A step stands on the page where its thing is done at any other time, too. Kept is only how far its owner
has come.
"""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from brands.models import Brand
from giftshop.studio.opening import checklist
from giftshop.studio.opening.checklist import NEEDS, Checklist


@dataclass(frozen=True)
class Step:
    """One part of the opening."""

    key: str
    label: str | Promise
    page: str
    """The name of the address where it begins."""
    more: tuple[str, ...] = ()
    """Those below it, on which one is still at this step."""
    need: str = ""
    """The key of what the checklist wants of it; empty: nothing, and it can be passed as it is."""
    first: str = ""
    """Where it begins while nothing of it is there; empty: there as well."""


STEPS = (
    Step("words", _("Name"), "studio_brand"),
    Step("contact", _("Address"), "studio_brand_contact", need="name"),
    Step("home", _("Country"), "studio_brand_home"),
    Step("look", _("Look"), "studio_brand_look", ("studio_brand_picture",)),
    Step(
        "store",
        _("Store"),
        "studio_stores",
        ("studio_new_store", "studio_store"),
        need="store",
        first="studio_new_store",
    ),
    Step(
        "menu",
        _("Menu"),
        "studio_treats",
        ("studio_new_treat", "studio_ready_menu", "studio_treat", "studio_treat_picture"),
        need="treat",
    ),
    Step("payments", _("Payments"), "payments_trial", need="payments"),
    Step(
        "staff",
        _("Staff"),
        "studio_staff",
        ("studio_staff_new", "studio_person"),
        need="staff",
        first="studio_staff_new",
    ),
    Step("device", _("Device"), "devices", ("device_state",), need="device"),
    Step("open", pgettext_lazy("step of opening a shop", "Open"), "shop_opening"),
)
KEYS = [step.key for step in STEPS]
CAN_WAIT = {need.key for need in NEEDS if not need.is_for_sale}


@dataclass(frozen=True)
class Opening:
    """How far the opening of a brand's shop has come, and at which step a page stands."""

    brand: Brand
    checklist: Checklist
    current: Step | None = None

    @property
    def number(self) -> int:
        """Of the current step, from 1."""
        return KEYS.index(self.current.key) + 1 if self.current else 0

    @property
    def line(self) -> list[dict[str, Any]]:
        """All steps in order, as the line of them shows each."""
        return [
            {
                "label": step.label,
                "url": self.address(step),
                "current": step == self.current,
                "is_done": self.is_done(step),
            }
            for step in STEPS
        ]

    @property
    def back(self) -> str:
        """The address of the step before this one; empty at the first."""
        return self.address(STEPS[self.number - 2]) if self.number > 1 else ""

    @property
    def next(self) -> Step | None:
        """The one behind it."""
        return STEPS[self.number] if 0 < self.number < len(STEPS) else None

    @property
    def is_current_done(self) -> bool:
        return self.current is not None and (not self.current.need or self.is_done(self.current))

    @property
    def can_pass(self) -> bool:
        """Whether the current step may be left behind for now."""
        return self.current is not None and self.may_pass(self.current)

    @property
    def resumed_at(self) -> Step:
        """Where its owner left: the furthest step or, if that is done by now, the next that is not."""
        at = _place(self.brand)
        left = [step for step in STEPS[at:] if not (step.need and self.is_done(step))]
        return left[0] if left else STEPS[-1]

    def is_done(self, step: Step) -> bool:
        """What is there, or was passed where nothing is wanted."""
        if step.need:
            return step.need in self.checklist.met
        return KEYS.index(step.key) < _place(self.brand)

    def may_pass(self, step: Step) -> bool:
        """What no sale needs can wait."""
        return not step.need or step.need in CAN_WAIT or self.is_done(step)

    def address(self, step: Step) -> str:
        """Of the page where the step begins."""
        page = step.first if step.first and not self.is_done(step) else step.page
        return reverse(page, args=[self.brand.slug])


def read(brand: Brand, *, page: str = "") -> Opening:
    """As it is now, on the page of that name. One query; expects the brand's scope."""
    return Opening(brand, checklist.read(brand), of_page(page))


def of_page(page: str) -> Step | None:
    """The step at which one is on the page of that name."""
    return next((step for step in STEPS if page in (step.page, *step.more)), None)


def of_key(key: str) -> Step | None:
    """The step with that key."""
    return next((step for step in STEPS if step.key == key), None)


def pass_step(brand: Brand, step: Step) -> Step:
    """Whoever was at this step goes on to the next; how far they came is kept, and never less."""
    following = STEPS[min(KEYS.index(step.key) + 1, len(STEPS) - 1)]
    if KEYS.index(following.key) > _place(brand):
        Brand.objects.filter(pk=brand.pk).update(opening_step=following.key)
        brand.opening_step = following.key
    return following


def after_saving(brand: Brand, *, page: str) -> str:
    """Where saving on the page of that name leads while the shop is being opened: on, once that step is done.
    Empty: one stays. One query, and none once the shop is open; expects the brand's scope."""
    step = of_page(page)
    if step is None or brand.opened_at is not None:
        return ""
    opening = read(brand)
    return opening.address(pass_step(brand, step)) if opening.may_pass(step) else ""


def _place(brand: Brand) -> int:
    return KEYS.index(brand.opening_step) if brand.opening_step in KEYS else 0
