"""The books, told as a story: what each act does to every account. Debits positive, credits negative.

Olive runs the Frosty Spoon. The store at Pike Street is hers, the one in Ballard belongs to a
franchisee, and what is handed over there is owed on to them.
"""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection

from brands.models import Brand
from redemption.audit.actors import SYSTEM, Actor
from redemption.codes import expire, issue, void
from redemption.codes.issue_goodwill import issue_goodwill_gift
from redemption.ledger.posting import Leg, post
from redemption.models import (
    Account,
    Code,
    Device,
    JournalEntry,
    Posting,
    Redemption,
    StaffMember,
)
from redemption.redeem import redeem, reverse
from tests.cast import flavour, symbols
from tests.redemption import money_back
from tests.redemption.books import balances, issued

JUNE = datetime.fromisoformat("2026-06-10T12:00:00-07:00")
SEPTEMBER = datetime.fromisoformat("2026-09-01T12:00:00-07:00")
OCTOBER = SEPTEMBER + timedelta(days=30)

FLAVOUR = flavour(("vanilla", 0), ("pistachio", 50))


def test_three_gifts_and_what_became_of_them(
    in_brand: Brand, device: Device, device_b: Device, manager: StaffMember
) -> None:
    # Amy buys Ben a voucher of 10.00 and Cleo a sundae of 6.50. Stripe keeps 0.78 of it.
    bens, cleos = issue.issue(
        brand=in_brand,
        reference="order:1",
        origin=Code.Origin.PAID,
        specs=[
            issue.CodeSpec(reference="gift:1", label="Voucher", amount=1000, kind=Code.Kind.VALUE),
            issue.CodeSpec(reference="gift:2", label="Sundae", amount=650, choices=[FLAVOUR]),
        ],
        now=JUNE,
        expires_at=SEPTEMBER,
    )
    post(
        brand=in_brand,
        kind=JournalEntry.Kind.FEE,
        reference="payment:1",
        currency="USD",
        legs=[Leg(Account.STRIPE_FEES, 78), Leg(Account.STRIPE_CLEARING, -78)],
        now=JUNE,
    )
    assert (
        balances()
        == {
            Account.STRIPE_CLEARING: 1572,  # what Stripe will pay out
            Account.STRIPE_FEES: 78,
            Account.GIFT_LIABILITY: -1650,  # what is owed to two recipients; nothing is earned by selling
        }
    )

    # Ben has a coffee for 4.00 in Ballard: Olive owes that to the franchisee now, and Ben 6.00.
    assert redeem.redeem(
        device=device_b, text=symbols(bens), key="b", amount=400, now=JUNE
    ).redeemed
    assert balances() == {
        Account.STRIPE_CLEARING: 1572,
        Account.STRIPE_FEES: 78,
        Account.GIFT_LIABILITY: -1250,
        Account.STORE_PAYABLE: -400,
    }

    # Cleo's sundae is taken at Pike Street, with pistachio: 0.50 more, which goes into the till there.
    # It was no part of the gift, so the books don't have it; the redemption remembers it.
    answer = redeem.redeem(
        device=device, text=symbols(cleos), key="c", picks={"flavour": "pistachio"}, now=JUNE
    )
    assert Redemption.objects.get(pk=answer.body["id"]).extra_amount == 50
    assert balances() == {
        Account.STRIPE_CLEARING: 1572,
        Account.STRIPE_FEES: 78,
        Account.GIFT_LIABILITY: -600,
        Account.STORE_PAYABLE: -400,
        Account.SALES: -650,
    }

    # It was the wrong recipient. Undone within the minute, it is owed to Cleo again.
    reverse.reverse(
        device=device,
        redemption_id=UUID(answer.body["id"]),
        reason="wrong recipient",
        now=JUNE + timedelta(seconds=40),
    )
    assert balances() == {
        Account.STRIPE_CLEARING: 1572,
        Account.STRIPE_FEES: 78,
        Account.GIFT_LIABILITY: -1250,
        Account.STORE_PAYABLE: -400,
    }

    # Cleo moved away. Amy gets 6.50 back from Stripe; the sundae is cancelled.
    money_back.refund_left(
        code_id=cleos.pk, reference="refund:1", actor=SYSTEM, reason="asked for", now=JUNE
    )
    assert balances() == {
        Account.STRIPE_CLEARING: 922,
        Account.STRIPE_FEES: 78,
        Account.GIFT_LIABILITY: -600,
        Account.STORE_PAYABLE: -400,
    }

    # Ben forgot his 6.00. A month after its last day that counts as earned: breakage.
    assert expire.expire_due(now=OCTOBER) == 1
    earned_by_waiting = {
        Account.STRIPE_CLEARING: 922,
        Account.STRIPE_FEES: 78,
        Account.STORE_PAYABLE: -400,
        Account.BREAKAGE: -600,
    }
    assert balances() == earned_by_waiting

    # He was in hospital, so Mo gives him another month, and he comes: 6.00 at Pike Street.
    expire.extend(
        code_id=bens.pk,
        expires_at=OCTOBER + timedelta(days=30),
        actor=Actor.staff(manager),
        reason="was in hospital",
        now=OCTOBER,
    )
    assert redeem.redeem(device=device, text=symbols(bens), key="d", now=OCTOBER).redeemed
    assert balances() == {
        Account.STRIPE_CLEARING: 922,
        Account.STRIPE_FEES: 78,
        Account.STORE_PAYABLE: -400,
        Account.SALES: -600,
    }

    # The coffee in Ballard was cold. Amy gets those 4.00 back too, at Olive's cost.
    money_back.pay_back(brand=in_brand, reference="refund:2", amount=400, now=OCTOBER)
    after_goodwill = {
        Account.STRIPE_CLEARING: 522,
        Account.STRIPE_FEES: 78,
        Account.STORE_PAYABLE: -400,
        Account.SALES: -600,
        Account.GOODWILL_EXPENSE: 400,
    }
    assert balances() == after_goodwill

    # Somebody buys 8.00 with a stolen card and spends 3.00. The card's owner disputes all of it.
    stolen = issued(in_brand, 800, now=OCTOBER)
    redeem.redeem(device=device, text=symbols(stolen), key="e", amount=300, now=OCTOBER)
    money_back.open_dispute(
        brand=in_brand, dispute="dispute:1", amount=800, code_ids=[stolen.pk], now=OCTOBER
    )
    assert balances() == after_goodwill | {
        Account.SALES: -900,
        Account.GIFT_LIABILITY: -500,  # on hold, still owed
        Account.DISPUTE_LOSS: 800,  # 8.00 came in and went out again: clearing stands as before
    }

    # Lost: the 5.00 are owed to nobody, and the loss is what was eaten.
    money_back.lose(brand=in_brand, dispute="dispute:1", code_ids=[stolen.pk], now=OCTOBER)
    after_dispute = after_goodwill | {Account.SALES: -900, Account.DISPUTE_LOSS: 300}
    assert balances() == after_dispute

    # Mo makes up for a melted cone with 5.00: an expense, and a debt. Then takes it back: neither.
    sorry = issue_goodwill_gift(
        staff=manager,
        device=device,
        amount=500,
        label="With our apologies",
        reason="it melted",
        now=OCTOBER,
    )
    assert balances() == after_dispute | {
        Account.PROMO_EXPENSE: 500,
        Account.GIFT_LIABILITY: -500,
    }
    void.void(code_id=sorry.pk, actor=Actor.staff(manager), reason="wrong recipient", now=OCTOBER)
    assert balances() == after_dispute

    # No debt is left, nothing appeared or vanished, and the proof finds no difference.
    assert Account.GIFT_LIABILITY not in balances()
    assert sum(balances().values()) == 0
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    call_command("verify_ledger")


@pytest.mark.usefixtures("in_brand")
def test_each_posting_tells_its_code_or_its_store(in_brand: Brand, device_b: Device) -> None:
    """What a gift is worth, and what a franchisee is due, are sums over the postings that name them."""
    gift = issued(in_brand, 1000)
    redeem.redeem(device=device_b, text=symbols(gift), key="a", amount=400)
    assert -sum(Posting.objects.filter(code=gift).values_list("amount", flat=True)) == 600
    due = Posting.objects.filter(store=device_b.store, account=Account.STORE_PAYABLE)
    assert -sum(due.values_list("amount", flat=True)) == 400
