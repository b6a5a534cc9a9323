"""Every fault of a form is told in one round: no fault hides another until it is put right.

Each form that judges several fields together is filled in rightly, then with one fault, then with each two
of them: what is told of both is what is told of each.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from typing import Any
from uuid import uuid4

import pytest
from django import forms
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from campaigns.dashboard.period_form import PeriodForm
from campaigns.links import links
from campaigns.models import Campaign, Link
from campaigns.path.forms import LinkDayForm
from campaigns.planning import campaigns
from campaigns.planning.campaign_form import CampaignForm
from campaigns.planning.forms import LinkForm
from giftshop.catalog.menu import Offer
from giftshop.catalog.models import Price, Treat
from giftshop.counter.forms import DecisionForm as TillDecisionForm
from giftshop.giving.forms import RecipientForm, TreatForm
from giftshop.giving.moment_form import MomentForm
from giftshop.orders.models import Gift, Order
from giftshop.refunds.models import Refund
from giftshop.studio.brand.forms import BrandMailForm
from giftshop.studio.catalog.amounts import AmountsForm
from giftshop.studio.catalog.contents_form import ContentsForm
from giftshop.studio.catalog.forms import EntryForm, OptionGroupForm, SizeForm
from giftshop.studio.catalog.ready_menu_forms import ReadyMenuForm
from giftshop.studio.catalog.ready_menus import READY_MENUS
from giftshop.studio.catalog.stores import TreatStoresForm
from giftshop.studio.handouts.forms import CardsForm
from giftshop.studio.news.forms import NewsForm
from giftshop.studio.offers.forms import OfferForm
from giftshop.studio.refunds.evidence_form import EvidenceForm
from giftshop.studio.refunds.forms import ChoiceForm, LostForm, RefundForm
from giftshop.studio.refunds.order_money import GiftMoney, OrderMoney
from giftshop.studio.requests.views import DecisionForm as VoidDecisionForm
from giftshop.studio.rules.forms import RulesForm
from giftshop.studio.rules.vat_fields import VatFields
from giftshop.studio.stores.forms import DAYS, StoreForm
from giftshop.studio.team.forms import MemberForm
from redemption.models import Code
from redemption.till.views.forms import ReversalForm
from redemption.till.views.manager.forms import NewPinForm
from tests.cast import make_free_treat
from tests.giftshop.test_forms import our_forms

NOW = datetime(2026, 5, 14, 9, tzinfo=UTC)
Answers = dict[str, str]


@dataclass(frozen=True)
class Case:
    """A form, what is right to answer, and single faults: the answers that each changes."""

    make: Callable[[Answers, Brand], forms.Form]
    right: Answers
    faults: list[Answers]
    hidden: list[tuple[Answers, Answers]] = field(default_factory=list)
    """Of these two the second is none any more where the first is."""

    def told(self, brand: Brand, *faults: Answers) -> set[tuple[str, str]]:
        """Each field with each thing that is said at it."""
        answers = dict(self.right)
        for fault in faults:
            answers |= fault
        return {
            (name, str(text))
            for name, texts in self.make(answers, brand).errors.items()
            for text in texts
        }


def _offered(brand: Brand) -> dict[str, Offer]:
    treat = Treat(brand=brand, slug="a-gift", name="A gift")
    offer = Offer(treat, Price(treat=treat, key="one", amount=500, most=20_000))
    return {offer.key: offer}


def _gift(position: int, kind: str, left: int) -> GiftMoney:
    code = Code(amount=650, balance=left)
    gift = Gift(position=position, label=f"Gift {position}", amount=650, kind=kind, code=code)
    return GiftMoney(gift=gift, left=left, owed=0, sent=0, is_under_way=False)


def _money(brand: Brand) -> OrderMoney:
    """A treat, an amount, and one that was used."""
    return OrderMoney(
        order=Order(brand=brand, currency="USD"),
        payments=[],
        gifts=[_gift(1, "item", 650), _gift(2, "value", 650), _gift(3, "item", 0)],
        refunds=[],
        disputes=[],
        warnings=[],
    )


def _link_day_form(sent: Any, brand: Brand) -> LinkDayForm:
    campaign = Campaign.objects.first() or campaigns.plan(
        brand=brand, name="Summer", starts_on=datetime.now(UTC).date()
    )
    link = Link.objects.select_related("campaign__brand").first() or links.add(
        campaign=campaign, channel=Link.Channel.POSTER, name="Door"
    )
    return LinkDayForm(sent, link=link, today=date(2026, 5, 14))


def _link_form(sent: Answers, brand: Brand) -> LinkForm:
    """Of a campaign of a shop that sells one gift of any amount, to which the link leads."""
    campaign = Campaign.objects.first() or campaigns.plan(
        brand=brand, name="May", starts_on=NOW.date()
    )
    treat = Treat.objects.first() or make_free_treat(brand)
    return LinkForm({"treat": str(treat.pk), **sent}, campaign=campaign)


_IN_A_MONTH = (timezone.now() + timedelta(days=31)).date().isoformat()
SENT_BACK = Refund(amount=650, currency="USD")
TICKED_2 = {"amount-2": "much"}
TOO_MUCH_2 = {"amount-2": "9"}

HOURS = {f"{name}_{day}": at for day in DAYS for name, at in (("opens", "9"), ("closes", "18"))}
NOWHERE, NO_LONGITUDE = {"latitude": "nowhere"}, {"longitude": ""}
CASES = {
    StoreForm: Case(
        lambda sent, brand: StoreForm(sent, brand=brand, zones=[]),
        {
            "name": "Pike",
            "street": "1 Pike St",
            "city": "Seattle",
            "country": "US",
            "phone": "+1 206 555 0162",
            "latitude": "47.6",
            "longitude": "-122.3",
            "time_zone": "America/Los_Angeles",
            "is_active": "on",
            **HOURS,
        },
        [
            {"name": ""},
            {"street": "x" * 121},
            {"country": "XX"},
            {"phone": "12"},
            NOWHERE,
            {"latitude": "999"},
            {"latitude": "inf"},
            NO_LONGITUDE,
            {"longitude": "west"},
            {"longitude": "-181"},
            {"opens_0": "dawn"},
            {"opens_0": ""},
            {"closes_0": ""},
            {"closes_0": "dusk"},
            {"opens_3": "", "closes_3": ""},
            {"closes_6": "25:00"},
            {"time_zone": "Mars/Base"},
        ],
        [
            (NOWHERE, NO_LONGITUDE),  # a whole position is pasted into the first box
            ({"opens_0": ""}, {"closes_0": ""}),  # what is asked at the first is of both
        ],
    ),
    OfferForm: Case(
        lambda sent, brand: OfferForm(sent, brand=brand),
        {
            "name": "A gift on us",
            "whom": "anybody",
            "gives": "amount",
            "amount": "5",
            "good_days": "30",
            "starts_on": "2026-05-01",
            "budget": "100",
        },
        [
            {"name": ""},
            {"whom": "everybody"},
            {"whom": "sender"},
            *({"least_gifts": wrong} for wrong in ("0", "many", "21")),
            *({"least_total": wrong} for wrong in ("0", "much")),
            {"gives": "nothing"},
            {"gives": "treat"},
            {"treat": "none of the menu"},
            *({"amount": wrong} for wrong in ("", "much", "0")),
            *({"good_days": wrong} for wrong in ("", "many", "0", "400")),
            *({"starts_on": day} for day in ("", "soon")),
            *({"ends_on": day} for day in ("soon", "2026-04-01")),
            *({"budget": wrong} for wrong in ("", "much", "0")),
            {"uses_max": "0"},
            {"uses_max": "many"},
            {"uses_a_day_max": "0"},
            {"terms": "x" * 401},
            *({"gives": gives} for gives in ("off", "percent")),
            *({"percent": wrong} for wrong in ("0", "100", "some")),
            *({"promo_code": wrong} for wrong in ("abc", "Grüße", "x" * 21, "SPRING")),
        ],
        [
            # Without a first day nothing is known of their order.
            *(({"starts_on": day}, {"ends_on": "2026-04-01"}) for day in ("", "soon")),
            *(({"whom": "sender"}, {"least_gifts": wrong}) for wrong in ("0", "many", "21")),
            *(({"whom": "sender"}, {"least_total": wrong}) for wrong in ("0", "much")),
            # What is not given needs no amount; what is wrong is not missing.
            ({"gives": "nothing"}, {"amount": ""}),
            ({"gives": "treat"}, {"amount": ""}),
            ({"gives": "treat"}, {"treat": "none of the menu"}),
            *(({"budget": ""}, {"uses_max": wrong}) for wrong in ("0", "many")),
            # What is taken off is always for senders, and a percentage asks for nothing.
            *(({"whom": "sender"}, {"gives": gives}) for gives in ("off", "percent")),
            *(({"least_total": wrong}, {"gives": "off"}) for wrong in ("0", "much")),
            ({"amount": ""}, {"gives": "percent"}),
            *(({"gives": "percent"}, {"percent": wrong}) for wrong in ("0", "100", "some")),
            *(({"gives": gives}, {"promo_code": "SPRING"}) for gives in ("off", "percent")),
        ],
    ),
    CardsForm: Case(
        lambda sent, brand: CardsForm(sent, today=date(2026, 5, 1)),
        {
            "number": "50",
            "reason": "The fair",
            "first_day": "2026-05-01",
            "last_day": "2026-06-01",
        },
        [
            *({"number": wrong} for wrong in ("", "many", "0", "501")),
            *({"reason": wrong} for wrong in ("", "x" * 201)),
            *({"first_day": day} for day in ("", "soon", "2027-06-01")),
            *({"last_day": day} for day in ("", "soon", "2026-04-01", "2027-06-01")),
            {"terms": "x" * 401},
            {"key": "no key"},
        ],
        [
            # Of a first day that is too late no last one is told.
            *(
                ({"first_day": "2027-06-01"}, {"last_day": day})
                for day in ("2026-04-01", "2027-06-01")
            ),
        ],
    ),
    NewsForm: Case(
        lambda sent, brand: NewsForm(sent, brand=brand),
        {
            "title": "Mint",
            "words": "All week.",
            "shown_from": "2026-05-01",
            "shown_until": "2026-05-09",
        },
        [
            {"title": ""},
            {"words": "x" * 401},
            {"happens_on": "soon"},
            {"art": "no such drawing"},
            *({"shown_from": day} for day in ("", "soon", "2026-06-01")),
            *({"shown_until": day} for day in ("", "soon", "2026-04-01")),
        ],
        [
            # Without a first or a last day nothing is known of their order.
            *(({"shown_from": day}, {"shown_until": "2026-04-01"}) for day in ("", "soon")),
            *(({"shown_from": "2026-06-01"}, {"shown_until": day}) for day in ("", "soon")),
        ],
    ),
    MomentForm: Case(
        lambda sent, brand: MomentForm(
            sent, now=NOW, default_zone="Europe/Berlin", is_required=True
        ),
        {"date": "2026-06-01", "time": "09:30", "zone": "Europe/Berlin"},
        [
            *({"date": day} for day in ("", "soon", "2020-01-01", "2999-01-01")),
            *({"time": time} for time in ("", "noonish")),
            {"zone": "Mars/Base"},
        ],
    ),
    RecipientForm: Case(
        lambda sent, brand: RecipientForm(sent),
        {"name": "Ben", "email": "ben@b.example"},
        [{"name": ""}, {"name": "x" * 200}, {"email": ""}, {"email": "ben"}],
    ),
    PeriodForm: Case(
        lambda sent, brand: PeriodForm(sent, today=NOW.date()),
        {"from": "2026-05-01", "to": "2026-05-09"},
        [
            *({"from": day} for day in ("", "soon", "1999-01-01", "2026-06-01")),
            *({"to": day} for day in ("", "soon", "2026-04-01", "2029-01-01")),
        ],
        [
            # Of the order and the number of days nothing is known without a first day.
            ({"from": first}, {"to": last})
            for first in ("", "soon", "1999-01-01", "2026-06-01")
            for last in ("2026-04-01", "2029-01-01")
        ],
    ),
    RulesForm: Case(
        lambda sent, brand: RulesForm(sent, brand=brand),
        {
            "reversal_window_seconds": "60",
            "void_limit": "50",
            "goodwill_person_limit": "50",
            "goodwill_store_limit": "200",
            "breakage": "after",
            "breakage_after_days": "90",
            "gift_valid_days": "1830",
            "withdrawal_days": "14",
            "returns_as": "money",
            "unopened_days": "60",
            "people_kept_days": "90",
            "vat": "sale",
            "vat_rate": "19",
            "vat_on_amounts": "on",
        },
        [
            *({"vat": said} for said in ("", "never")),
            *({"vat_rate": rate} for rate in ("", "much", "-1", "100.01", "1.234")),
            *({"withdrawal_days": days} for days in ("-1", "9999", "few")),
            *({"unopened_days": days} for days in ("", "13", "9999", "few")),
            *({"people_kept_days": days} for days in ("", "-1", "9999", "few")),
            *({name: "much"} for name in ("reversal_window_seconds", "void_limit")),
            *({"breakage_after_days": days} for days in ("", "9999", "few")),
            {"breakage_after_days": "6", "returns_unopened": "on"},
            *({"gift_valid_days": days} for days in ("", "0")),
            {"goodwill_store_limit": "-1"},
            *({"returns_as": said} for said in ("", "coins")),
        ],
        [
            # Of no choice nobody knows whether it needs a rate.
            *(({"vat": said}, {"vat_rate": ""}) for said in ("", "never")),
        ],
    ),
    VatFields: Case(
        lambda sent, brand: VatFields(sent),
        {"vat": "sale", "vat_rate": "19"},
        [
            *({"vat": said} for said in ("", "never")),
            *({"vat_rate": rate} for rate in ("", "much", "-1", "100.01", "1.234")),
        ],
        [*(({"vat": said}, {"vat_rate": ""}) for said in ("", "never"))],
    ),
    MemberForm: Case(
        lambda sent, brand: MemberForm(sent),
        {"role": "reader", "where": "all"},
        [
            *({"role": role} for role in ("", "boss")),
            *({"where": where} for where in ("", "nowhere", "some")),
            {"where": "some", "role": "owner"},
        ],
        [
            # What an owner's stores are is asked of nobody.
            *(({"role": role}, {"where": "some", "role": "owner"}) for role in ("", "boss")),
        ],
    ),
    NewPinForm: Case(
        lambda sent, brand: NewPinForm(sent),
        {"pin": "4826", "pin_again": "4826"},
        [
            {"pin": "1111", "pin_again": "1111"},
            {"pin": ""},
            {"pin_again": "4827"},
            {"pin_again": "48"},
        ],
        [({"pin": ""}, {"pin_again": "4827"})],  # there is nothing to compare
    ),
    ReversalForm: Case(
        lambda sent, brand: ReversalForm(sent),
        {"reason": "wrong_code", "other": ""},
        [{"reason": "x" * 201}, {"other": "x" * 201}, {"reason": "", "other": ""}],
        [({"other": "x" * 201}, {"reason": "", "other": ""})],
    ),
    ReadyMenuForm: Case(
        lambda sent, brand: ReadyMenuForm(sent, menu=READY_MENUS[0], brand=brand),
        {
            "two-scoops": "on",
            "two-scoops-0": "5",
            "sundae": "on",
            "sundae-0": "6",
            "sundae-1": "7",
            "milkshake": "",
        },
        [
            *({"two-scoops-0": amount} for amount in ("", "much", "0")),
            *({"sundae-1": amount} for amount in ("", "-1")),
        ],
    ),
    EntryForm: Case(
        lambda sent, brand: EntryForm(sent, brand=brand),
        {"name": "Float"},
        [
            {"name": ""},
            {"category": "x" * 41},
            {"art": "no such drawing"},
            *({"on_sale_from": day} for day in ("soon", "1999-01-01", "2999-01-01")),
            *({"on_sale_until": day} for day in ("soon", "1999-01-01", "2999-01-01")),
        ],
    ),
    ContentsForm: Case(
        lambda sent, brand: ContentsForm(sent),
        {},
        [
            {"allergens": "pollen"},  # refused as a list: the form takes several
            {"diet": "tasty"},
        ],
    ),
    TreatStoresForm: Case(
        lambda sent, brand: TreatStoresForm(sent),
        {"where": "all"},
        [{"where": where} for where in ("", "nowhere", "some")],
    ),
    SizeForm: Case(
        lambda sent, brand: SizeForm(sent, brand=brand),
        {"name": "Regular", "amount": "4.50"},
        [
            *({"name": name} for name in ("", "x" * 41)),
            *({"amount": amount} for amount in ("", "much", "-1")),
        ],
        [({"name": ""}, {"amount": ""})],  # a row that is left empty
    ),
    OptionGroupForm: Case(
        lambda sent, brand: OptionGroupForm(sent, brand=brand),
        {"name": "Syrup", "min_picks": "1", "max_picks": "1", "options": "Cola\nRoot beer"},
        [
            *({"name": name} for name in ("", "x" * 41)),
            *({"options": text} for text in ("", "Cola\nCola", "Cola +much")),
            *({"min_picks": least} for least in ("x", "2")),
            {"max_picks": "0"},
        ],
        [
            ({"name": ""}, {"options": ""}),  # a group that is left empty
            ({"options": ""}, {"min_picks": "2"}),  # there are none to count
        ],
    ),
    AmountsForm: Case(
        lambda sent, brand: AmountsForm(sent, brand=brand),
        {"amount": "5", "most": "200", "first": "10"},
        [
            *({"amount": text} for text in ("", "much", "0.10")),
            *({"most": text} for text in ("", "5", "1,000,000")),
            *({"first": text} for text in ("much", "4", "201")),
        ],
        [
            # What lies between two amounts is known once both are.
            *(
                (limit, {"first": text})
                for limit in (
                    *({"amount": text} for text in ("", "much", "0.10")),
                    *({"most": text} for text in ("", "5", "1,000,000")),
                )
                for text in ("4", "201")
            ),
            *(({"amount": text}, {"most": "5"}) for text in ("", "much", "0.10")),
        ],
    ),
    TreatForm: Case(
        lambda sent, brand: TreatForm(sent, offered=_offered(brand), currency="USD"),
        {"choice": "a-gift:one", "amount": "37.50"},
        [
            {"choice": ""},
            {"choice": "gone:one"},
            *({"amount": text} for text in ("", "much", "4")),
        ],
        [
            # Of what is not on the menu no amount is asked for.
            *(
                ({"choice": choice}, {"amount": text})
                for choice in ("", "gone:one")
                for text in ("", "much", "4")
            ),
        ],
    ),
    RefundForm: Case(
        lambda sent, brand: RefundForm(sent, money=_money(brand)),
        {"gift-1": "on", "reason": "wrong friend"},
        [{"gift-1": ""}, {"reason": ""}, TICKED_2, TOO_MUCH_2, {"gift-3": "on"}],
        # Where another is ticked, something is.
        [({"gift-1": ""}, other) for other in (TICKED_2, TOO_MUCH_2, {"gift-3": "on"})],
    ),
    ChoiceForm: Case(
        lambda sent, brand: ChoiceForm(sent, money=_money(brand), refund=SENT_BACK),
        {"gift-1": "on"},
        [{"gift-1": ""}, {"none": "on"}, TICKED_2, TOO_MUCH_2],
        # One or the other is said, and what is more than is left of one is more than all.
        [({"gift-1": ""}, other) for other in ({"none": "on"}, TICKED_2, TOO_MUCH_2)],
    ),
    LostForm: Case(
        lambda sent, brand: LostForm(sent, money=_money(brand)),
        {"gift-1": "on"},
        [{"gift-1": ""}, {"none": "on"}],
        [({"gift-1": ""}, {"none": "on"})],
    ),
    EvidenceForm: Case(
        lambda sent, brand: EvidenceForm(sent),
        {"uncategorized_text": "They had it."},
        [
            {"uncategorized_text": ""},
            {"customer_name": "x" * 201},
            {"customer_email_address": "nobody"},
            {"service_date": "x" * 41},
            {"access_activity_log": "x" * 20_001},
        ],
        [
            ({"uncategorized_text": ""}, other)
            for other in (
                {"customer_name": "x" * 201},
                {"customer_email_address": "nobody"},
                {"service_date": "x" * 41},
                {"access_activity_log": "x" * 20_001},
            )
        ],
    ),
    VoidDecisionForm: Case(
        lambda sent, brand: VoidDecisionForm(sent, asks_money=True),
        {"decision": "approved", "money": "yes"},
        [{"money": ""}, {"note": "x" * 201}],
    ),
    TillDecisionForm: Case(
        lambda sent, brand: TillDecisionForm(sent, asks_money=True),
        {
            "decision": "approve",
            "money": "no",
            "request": str(uuid4()),
            "staff": str(uuid4()),
            "pin": "2468",
        },
        [{"money": ""}, {"note": "x" * 201}, {"pin": ""}, {"staff": "?"}],
    ),
    CampaignForm: Case(
        lambda sent, brand: CampaignForm(sent, brand=brand),
        {"name": "Summer", "starts_on": _IN_A_MONTH, "ends_on": "", "budget": "10"},
        [
            {"name": ""},
            {"headline": "x" * 91},
            {"least_recipients": "4"},
            *({"starts_on": day} for day in ("", "soon", "1999-01-01", "2999-01-01")),
            *({"ends_on": day} for day in ("soon", "1999-01-02", "2999-01-01")),
            *({"budget": "much"}, {"spent": "-1"}),
        ],
        [
            # Whether one day is before the other is known of two days.
            *(
                ({"starts_on": day}, {"ends_on": "1999-01-02"})
                for day in ("", "soon", "1999-01-01")
            ),
        ],
    ),
}
CASES[BrandMailForm] = Case(
    lambda sent, brand: BrandMailForm(sent, brand=brand),
    {"mail_name": "Frosty", "reply_email": "hello@frosty.example", "statement_suffix": "FROSTY"},
    [
        {"mail_name": "a@b.example"},
        {"reply_email": "hello"},
        {"statement_suffix": "<>"},
        {"texts": "moon"},
    ],
)
CASES[LinkDayForm] = Case(
    _link_day_form,
    {"day": "2026-05-01", "likes": "12", "cost": "2.50"},
    [
        *({"day": "soon"}, {"day": "2999-05-01"}, {"day": "1999-05-01"}, {"likes": "-1"}),
        *({"comments": "x"}, {"shares": "1000000001"}, {"cost": "lots"}),
    ],
)
CASES[LinkForm] = Case(
    _link_form,
    {"channel": "instagram", "name": "Window", "amount": "25"},
    [{"channel": "moon"}, {"name": ""}, {"treat": "0"}, {"amount": "much"}, {"amount": "1"}],
    # Which amounts a treat takes is known of the treat.
    [({"treat": "0"}, {"amount": "much"}), ({"treat": "0"}, {"amount": "1"})],
)


def test_every_form_that_judges_fields_together_is_tried() -> None:
    judging = {form for form in our_forms() if "clean" in vars(form)}
    assert judging == set(CASES)


@pytest.mark.django_db
@pytest.mark.parametrize("form", CASES, ids=lambda form: form.__name__)
def test_each_two_faults_are_told_at_once(form: type[Any], brand: Brand) -> None:
    case, wrong = CASES[form], list[str]()
    with scope(brand=brand):
        assert case.told(brand) == set(), "what is right is taken"
        alone = [(fault, case.told(brand, fault)) for fault in case.faults]
        wrong += [f"{fault}: nothing is told" for fault, told in alone if not told]
        for (first, of_first), (second, of_second) in combinations(alone, 2):
            if next(iter(first)) == next(iter(second)) or (first, second) in case.hidden:
                continue
            if missing := (of_first | of_second) - case.told(brand, first, second):
                wrong.append(f"{first} and {second}: {missing}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.django_db
def test_a_fault_of_opening_hours_names_its_day(brand: Brand) -> None:
    right = CASES[StoreForm].right
    form = StoreForm({**right, "opens_0": "dawn", "closes_6": ""}, brand=brand, zones=[])
    assert [form[name].label for name in form.errors] == ["Monday, opens", "Sunday, closes"]
