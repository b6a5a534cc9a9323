"""Making codes: the value a sender paid for, or a promotion gives away, becomes something to redeem."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from brands.models import Brand
from core import crypto, validity
from core.database.insert import insert
from core.ids import uuid7
from redemption import code_format
from redemption.choices import Choice, Picked, picks_of
from redemption.ledger.posting import Leg, post
from redemption.models import Account, Code, JournalEntry, OptionList


@dataclass(frozen=True)
class CodeSpec:
    """What one code is to be good for. `amount` in minor units of the brand's currency."""

    reference: str
    label: str
    amount: int
    discount: int = 0
    """Of the amount, as much nobody pays: promotional expense."""
    kind: Code.Kind = Code.Kind.ITEM
    choices: Sequence[Choice] = ()
    option_list_id: UUID | None = None
    """Of the choices, where they are kept already, with what was picked of them."""
    picks: Picked = field(default_factory=dict)
    recipient_name: str = ""
    store_ids: Sequence[UUID] = field(default_factory=tuple)
    arrives_at: datetime | None = None
    """When its recipient gets it, if that is not at once: its days count from then."""
    good_from: datetime | None = None
    """Before that no till takes it; None: from now on."""
    issued_by: UUID | None = None
    """The staff member who gives it as goodwill, and may not redeem it."""


_FUNDING = {
    Code.Origin.PAID: (JournalEntry.Kind.SALE, Account.STRIPE_CLEARING),
    Code.Origin.PROMOTIONAL: (JournalEntry.Kind.PROMOTION, Account.PROMO_EXPENSE),
}


def issue(
    *,
    brand: Brand,
    reference: str,
    origin: Code.Origin,
    specs: Sequence[CodeSpec],
    now: datetime,
    expires_at: datetime | None = None,
    campaign_id: UUID | None = None,
) -> list[Code]:
    """Codes and the entry that makes the brand owe for them, in the caller's transaction.

    Once per reference: a second call answers the codes of the first, in the order of their specs.
    Expects the brand's scope. Raises validity.TooFar.
    """
    validity.check(expires_at, now)
    kind, _account = _FUNDING[origin]
    if JournalEntry.objects.filter(kind=kind, reference=reference).exists():
        known = {code.reference: code for code in _issued(specs)}
        return [known[spec.reference] for spec in specs]
    return issue_first(
        brand=brand,
        reference=reference,
        origin=origin,
        specs=specs,
        now=now,
        expires_at=expires_at,
        campaign_id=campaign_id,
    )


def issue_first(
    *,
    brand: Brand,
    reference: str,
    origin: Code.Origin,
    specs: Sequence[CodeSpec],
    now: datetime,
    expires_at: datetime | None = None,
    campaign_id: UUID | None = None,
) -> list[Code]:
    """As issue(), by a caller who holds what they are issued for and has seen that nothing was. Raises
    IntegrityError if something was."""
    kind, account = _FUNDING[origin]
    codes = [new_code(spec, brand, origin, now, expires_at, campaign_id) for spec in specs]
    with transaction.atomic(savepoint=False):
        OptionList.objects.keep(
            code.option_list
            for code, spec in zip(codes, specs, strict=True)
            if not spec.option_list_id
        )
        insert(codes)
        post(
            brand=brand,
            kind=kind,
            reference=reference,
            currency=brand.currency,
            legs=_opening(codes, account),
            now=now,
        )
    return codes


def _opening(codes: Sequence[Code], account: Account) -> list[Leg]:
    """What was paid for all of them in one leg; what was not, each its own."""
    return [
        Leg(account, sum(code.amount - code.discount for code in codes)),
        *(Leg(Account.GIFT_LIABILITY, -code.amount, code=code) for code in codes),
        *(Leg(Account.PROMO_EXPENSE, code.discount, code=code) for code in codes if code.discount),
    ]


def _issued(specs: Sequence[CodeSpec]) -> Iterable[Code]:
    references = [spec.reference for spec in specs]
    return Code.objects.filter(reference__in=references, batch_id=None)


def new_code(
    spec: CodeSpec,
    brand: Brand,
    origin: Code.Origin,
    now: datetime,
    expires_at: datetime | None = None,
    campaign_id: UUID | None = None,
) -> Code:
    """In memory: nobody owes for it until it is saved beside the entry that opens it."""
    plain = code_format.generate()
    code = Code(
        id=uuid7(),
        brand=brand,
        reference=spec.reference,
        campaign_id=campaign_id,
        kind=spec.kind,
        origin=origin,
        label=spec.label,
        amount=spec.amount,
        discount=spec.discount,
        balance=spec.amount,
        currency=brand.currency,
        picks=spec.picks or picks_of(spec.choices),
        store_ids=list(spec.store_ids),
        recipient_name=spec.recipient_name,
        issued_by=spec.issued_by,
        valid_from=spec.good_from or now,
        expires_at=expires_at or brand.expiry_for(max(now, spec.arrives_at or now)),
        state_at=now,
        digest=crypto.digest(plain),
        kid=crypto.current_kid(),
        last4=plain[-4:],
    )
    if spec.option_list_id:
        code.option_list_id = spec.option_list_id
    else:
        code.option_list = OptionList.of(brand, spec.choices)
    code.ciphertext = crypto.seal(plain, context=code.sealing_context)
    return code
