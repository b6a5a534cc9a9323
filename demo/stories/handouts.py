"""What a shop handed out of an offer: a sheet of cards for a street fair, of which some were used, and a gift
by e-mail to a few regulars, of which one came back."""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from brands.models import Brand
from demo.replay import Act
from demo.setup.brand import INVITED
from giftshop.accounts.access import actor_of
from giftshop.accounts.models import User
from giftshop.catalog.models import Price, Treat
from giftshop.delivery import reports
from giftshop.delivery.models import Delivery, Report
from giftshop.handouts import hand_out, people, send_list
from giftshop.handouts.hand_out import SheetFacts
from giftshop.handouts.models import Handout, HandoutLine
from giftshop.offers import write
from giftshop.offers.models import Offer, OfferUse
from giftshop.offers.write import OfferFacts
from redemption.models import Device, StaffMember
from redemption.redeem.redeem import redeem

NAME, CARDS, USED = "For you, from all of us", 12, 3
REGULARS = """Ida Brandt, ida.brandt@example.com
Tom Reyes, tom.reyes@example.com
Nora Lind, bounce@example.com
Sam Okoro, sam.okoro@example.com"""
AGREED = (
    "The 4 people on this list agreed to get mail with offers from us, and I can show when and how."
)


def acts(brand: Brand, *, began: datetime, ended: datetime) -> Iterator[Act]:
    """Expects the brand's scope. Each knows that it was done."""
    at = began + 0.55 * (ended - began)
    yield Act(at, partial(_sheet, brand, at))
    for number in range(USED):
        later = at + timedelta(days=1, hours=2 + number)
        if later < ended:
            yield Act(later, partial(_use, number, later), commits=True)
    mailed = at + timedelta(days=1)
    yield Act(mailed, partial(_mail, brand, mailed))
    told = mailed + timedelta(days=1)  # the letters of a day leave at its end
    yield Act(told, partial(_came_back, told))


def _sheet(brand: Brand, at: datetime) -> None:
    if Offer.objects.filter(name=NAME).exists():
        return
    by, day = actor_of(User.objects.owning(brand)[0]), timezone.localdate(at, brand.tz)
    on_menu = Price.objects.filter(treat__in=Treat.objects.filter(is_active=True), most=None)
    price = on_menu.order_by("amount", "pk")[0]
    facts = OfferFacts(
        name=NAME,
        gives="treat",
        treat_id=price.treat_id,
        size=price.key,
        good_days=60,
        starts_on=day,
        budget=50 * price.amount,
    )
    offer = write.add(brand=brand, facts=facts, by=by, now=at)
    said = SheetFacts(
        number=CARDS,
        reason="The street fair",
        first_day=day,
        last_day=day + timedelta(days=60),
        terms="One for each person.",
    )
    key = uuid5(NAMESPACE_URL, f"demo:sheet:{offer.pk}")
    hand_out.sheet(brand=brand, offer_id=offer.pk, key=key, facts=said, by=by, now=at)


def _use(number: int, at: datetime) -> None:
    sheet = Handout.objects.filter(offer__name=NAME, kind=Handout.Kind.SHEET).get()
    uses = OfferUse.objects.filter(handout_id=sheet.pk).select_related("code__option_list")
    code = uses.order_by("pk")[number].code
    paired = Device.objects.paired().exclude(name=INVITED).select_related("brand", "store")
    devices = list(paired.order_by("store__name", "pk"))
    if code is None:
        return
    device = devices[number % len(devices)]
    answer = redeem(
        device=device,
        text=code.reveal() or "",
        key=f"demo:card:{code.pk}",
        picks={
            each["key"]: [option["key"] for option in each["options"][: each["min"]]]
            for each in code.choices
            if each["chooser"] == "recipient"
        },
        staff=StaffMember.objects.at(device.store).first(),
        now=at,
    )
    if not answer.redeemed:
        raise RuntimeError(f"the demo's history stumbled at a till: {answer.body['reason']}")


def _mail(brand: Brand, at: datetime) -> None:
    offer = Offer.objects.select_related("brand").get(name=NAME)
    if Handout.objects.filter(offer=offer, kind=Handout.Kind.LIST).exists():
        return
    owner = User.objects.owning(brand)[0]
    lines = people.typed(REGULARS)
    draft = send_list.keep(brand=brand, user_id=owner.pk, offer=offer, lines=lines, now=at)
    told, _left = send_list.dry_run(draft, at)
    send_list.send(
        brand=brand,
        user_id=owner.pk,
        draft_id=draft.pk,
        seen=told.version,
        reason="Our regulars",
        words=AGREED,
        by=actor_of(owner),
        now=at,
    )


def _came_back(at: datetime) -> None:
    line = HandoutLine.objects.filter(email="bounce@example.com").get()
    letter = Delivery.objects.filter(subject=f"handed_out:{line.pk}").get()
    report = Report.objects.create(
        key=hashlib.sha256(f"demo:{line.pk}".encode()).digest(),
        provider_id=f"demo-{line.pk}",
        delivery=letter,
        state=Report.State.BOUNCED,
        reason=Report.Reason.NOBODY,
        words="550 5.1.1 no such user",
        at=at,
        received_at=at,
    )
    reports.work_off(report, now=at)
